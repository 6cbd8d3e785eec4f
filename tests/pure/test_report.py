"""What a screen and a program are told of a turn."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from nearfield.events import Asked, Call, Called, Spoken, Stage, TurnRecord
from nearfield.ports import Heard
from nearfield.recordings import Played
from nearfield.report import JsonReport, Recorder, TextReport, stages_ms, turn_json, waterfall
from nearfield.session import HeardAnswer

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
CALLED = Called(Call("c1", "write_file", {"name": "liste d'\u00e9t\u00e9"}), "done", "It is on the list.")
STAGES = (Stage("transcribe", 0, 400), Stage("choose", 400, 900.04), Stage("voice", 900, 950), Stage("voice", 960, 990))
TURN = TurnRecord("Add milk.", "It is on the list.", "Shall I?", (CALLED,), STAGES, first_sound_ms=912.34)


def test_a_turn_for_programs_has_these_keys_and_no_others():
    """What `--json` prints is a promise: names, types, nothing besides."""
    turn = turn_json(TURN)
    assert turn.keys() == {"heard", "said", "asked", "calls", "stages_ms", "interrupted"}
    assert turn["calls"] == [
        {
            "tool": "write_file",
            "arguments": {"name": "liste d'\u00e9t\u00e9"},
            "outcome": "done",
            "result": "It is on the list.",
        }
    ]
    assert (turn["heard"], turn["said"], turn["asked"]) == ("Add milk.", "It is on the list.", "Shall I?")
    assert turn["interrupted"] is False


def test_a_turn_without_calls_or_question():
    """Nothing asked is null, nothing called an empty list, no stages an empty object."""
    turn = turn_json(TurnRecord("Hi.", "Hello.", None, (), (), interrupted=True))
    assert (turn["asked"], turn["calls"], turn["stages_ms"], turn["interrupted"]) == (None, [], {}, True)


def test_stages_of_one_name_add_up():
    """Two clauses voiced in turn are one figure; the first sound stands beside the stages, in tenths."""
    assert stages_ms(TURN) == {"transcribe": 400, "choose": 500, "voice": 80, "first_sound": 912.3}


def test_json_is_one_line_a_turn_and_nothing_else():
    """Only finished turns are printed, each as one object on one line, in the letters it was said with."""
    out = io.StringIO()
    report = JsonReport(out)
    for event in (Heard("Add milk.", NOW), Spoken("Yes."), CALLED, Asked("Shall I?"), TURN, TURN):
        report(event)
    first, second = out.getvalue().splitlines()
    assert json.loads(first) == json.loads(second) == turn_json(TURN)
    assert "\u00e9t\u00e9" in first


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Played(Path("/a/b/1-calendar.flac")), "\u266a playing  1-calendar.flac"),
        (Heard("Add milk.", NOW), "heard  \u201cAdd milk.\u201d"),
        (Heard("What is this?", NOW, "/a/notice.jpg"), "heard  \u201cWhat is this?\u201d   (looking at notice.jpg)"),
        (CALLED, 'tool  write_file {"name": "liste d\'\u00e9t\u00e9"} \u2192 done'),
        (Asked("Shall I?"), "asked  Shall I?"),
        (HeardAnswer("Yes.", "yes"), "answer  \u201cYes.\u201d \u2192 yes"),
        (HeardAnswer("", "nothing"), "answer  nothing"),
        (Spoken(" It is on the list. "), "said  It is on the list."),
    ],
)
def test_the_conversation_as_it_happens(event, line):
    """Everything that is heard, called, asked, answered and said is one line, with its kind before it."""
    out = io.StringIO()
    TextReport(out)(event)
    assert out.getvalue().strip() == line
    assert out.getvalue().count("\n") == 1


def test_what_a_screen_does_not_know_is_left_out():
    """Other events print nothing."""
    out = io.StringIO()
    TextReport(out)(object())
    assert out.getvalue() == ""


def test_a_turn_ends_in_its_waterfall():
    """After the last word come the stages as bars and an empty line; without stages only the empty line."""
    out = io.StringIO()
    TextReport(out)(TURN)
    assert out.getvalue().splitlines() == [*waterfall(TURN), ""]
    out = io.StringIO()
    TextReport(out)(TurnRecord("a", "b", None, (), ()))
    TextReport(out, waterfall=False)(TURN)
    assert out.getvalue() == "\n\n"


def test_the_waterfall_shows_what_followed_what():
    """Each stage is a bar from its beginning to its end; stages of one name in a row are one bar."""
    transcribe, choose, voice, sound = waterfall(TURN)
    assert transcribe.split()[0] == "transcribe"
    assert transcribe.endswith("400 ms")
    assert transcribe.index("\u2588") < choose.index("\u2588") < voice.index("\u2588")
    assert choose.count("\u2588") > transcribe.count("\u2588") > voice.count("\u2588") > 0
    assert voice.endswith("90 ms")
    assert "912 ms" in sound


MOMENTS = st.floats(0, 600_000, allow_nan=False)
NAMES = st.sampled_from(["transcribe", "choose", "plan", "tool", "answer", "voice", "waiting for the answer"])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(NAMES, MOMENTS, MOMENTS), min_size=1, max_size=20), MOMENTS)
def test_the_waterfall_fits_a_terminal(stages, sound):
    """However long a turn took and whatever it did, no line is wider than 80 columns and every bar can be seen."""
    steps = tuple(Stage(name, min(a, b), max(a, b)) for name, a, b in stages)
    lines = waterfall(TurnRecord("", "", None, (), steps, first_sound_ms=sound))
    assert all(len(line) <= 80 for line in lines)
    assert all("\u2588" in line for line in lines if "first sound" not in line)


def test_what_was_spoken_in_a_turn_becomes_a_file(tmp_path):
    """Each turn that sounded leaves one WAV file, and its own sound only; its place is shown."""
    seen, out, tape = [], io.StringIO(), []
    recorder = Recorder(seen.append, tape, 16_000, tmp_path / "replies", out)
    recorder(Spoken("Hm."))
    tape += [np.full(800, 0.5, np.float32), np.full(800, -0.5, np.float32)]
    recorder(TURN)
    recorder(TURN)
    tape.append(np.full(400, 0.25, np.float32))
    recorder(TURN)
    files = sorted((tmp_path / "replies").iterdir())
    assert [f.name for f in files] == ["reply-01.wav", "reply-02.wav"]
    sounds = [soundfile.read(f) for f in files]
    assert [(len(samples), rate) for samples, rate in sounds] == [(1600, 16_000), (400, 16_000)]
    assert sounds[0][0][0] == pytest.approx(0.5, abs=1e-3)
    assert sounds[0][0][-1] == pytest.approx(-0.5, abs=1e-3)
    assert [line.split()[-1] for line in out.getvalue().splitlines()] == [str(f) for f in files]
    assert seen == [Spoken("Hm."), TURN, TURN, TURN]


def test_for_programs_the_files_are_not_mentioned(tmp_path):
    """With nowhere to print, the file is written all the same."""
    recorder = Recorder(lambda _: None, [np.zeros(10, np.float32)], 16_000, tmp_path, None)
    recorder(TURN)
    assert (tmp_path / "reply-01.wav").is_file()

"""The main job, on real weights: a whole conversation from recordings, judged by what it said, sounded and changed."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from datetime import datetime, time
from pathlib import Path
from typing import NamedTuple

import icalendar
import numpy as np
import pytest
import soundfile

from nearfield.audio.resample import resample
from nearfield.config import Config
from nearfield.events import Utterance
from nearfield.home import find_home
from nearfield.registry import STT

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 900
"""Seconds; the first run on a machine reads the tools once, which takes most of a minute."""
KEYS = {"heard", "said", "asked", "calls", "stages_ms", "interrupted"}


class Demo(NamedTuple):
    """What one run of the demo left behind."""

    ran: subprocess.CompletedProcess
    turns: list[dict]
    home: Path

    def replies(self):
        """(samples, rate) of each spoken reply."""
        return [soundfile.read(file, dtype="float32") for file in sorted((self.home / "replies").glob("*.wav"))]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    paths = f"{ROOT / 'agent'}{os.pathsep}{ROOT / 'tools'}"
    ran = subprocess.run(
        [sys.executable, "-m", "nearfield", "demo", "--json", "--home", home], env=os.environ | {"PYTHONPATH": paths},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    return Demo(ran, [json.loads(line) for line in ran.stdout.splitlines()], home / "demo")


def outcomes(turn):
    return [(call["tool"], call["outcome"]) for call in turn["calls"]]


def test_it_ends_well_and_prints_turns_only(demo):
    """Exit 0; standard output is one object a turn and nothing else; nobody was interrupted."""
    assert demo.ran.returncode == 0, demo.ran.stderr
    assert "Traceback" not in demo.ran.stderr
    assert len(demo.turns) >= 5
    for turn in demo.turns:
        assert turn.keys() == KEYS
        assert turn["heard"]
        assert turn["said"]
        assert not turn["interrupted"]
        assert {"transcribe", "choose", "voice", "first_sound"} <= turn["stages_ms"].keys()


def test_the_calendar_is_read(demo):
    """Asked for tomorrow's calendar, it looks there and names both events with their times."""
    turn = demo.turns[0]
    assert "calendar" in turn["heard"]
    assert outcomes(turn) == [("list_events", "done")]
    for word in ("Breakfast with Sam", "8 in the morning", "Choir practice", "7:30"):
        assert word in turn["said"]
    assert turn["asked"] is None


def test_an_event_is_added_after_a_spoken_yes(demo):
    """It asks, hears the yes, and then the dentist stands in the calendar for tomorrow at half past nine."""
    turn = demo.turns[1]
    assert "9:30" in turn["asked"]
    assert outcomes(turn) == [("add_event", "done")]
    events = [
        component
        for file in (demo.home / "calendar").glob("*.ics")
        for component in icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    ]
    begins = {str(event["SUMMARY"]): event["DTSTART"].dt for event in events}
    assert len(begins) == 3
    [dentist] = [start for title, start in begins.items() if "dentist" in title.lower()]
    day = begins["Breakfast with Sam"].date()
    assert isinstance(dentist, datetime)
    assert (dentist.date(), dentist.time()) == (day, time(9, 30))


def test_a_spoken_no_leaves_the_list_as_it_was(demo):
    """It asks before it writes; the answer is no, so the shopping list has no milk and it says so."""
    turn = demo.turns[2]
    assert "milk" in turn["asked"]
    assert outcomes(turn) == [("write_file", "refused")]
    files = list((demo.home / "workspace").iterdir())
    assert [file.read_text() for file in files] == ["bread\neggs\n"]


def test_the_picture_is_read(demo):
    """Asked what the picture says, it reads the notice."""
    [turn] = [turn for turn in demo.turns if ("read_text", "done") in outcomes(turn)]
    assert "pool closed" in turn["said"].lower()
    assert turn["asked"] is None


def test_a_question_of_knowledge_is_answered_in_words(demo):
    """The last question needs no tool: the model answers it by itself."""
    turn = demo.turns[-1]
    assert turn["calls"] == []
    assert "Paris" in turn["said"]


def test_every_turn_sounds(demo):
    """Each reply is a recording of speech: not silent, not clipped, as long as its words take, and no single tone."""
    replies = demo.replies()
    assert len(replies) == len(demo.turns)
    for (samples, rate), turn in zip(replies, demo.turns, strict=True):
        assert len(samples) / rate > 0.5
        assert len(samples) / rate > len(turn["said"]) / 40
        assert 0.01 < np.sqrt(np.mean(np.square(samples))) < 0.5
        assert np.mean(np.abs(samples) > 0.99) < 0.001
        levels = [np.abs(part).max() for part in np.array_split(samples, 50)]
        assert min(levels) < 0.3 * max(levels)


def words(text):
    return re.findall(r"[a-z]+", text.lower())


def test_what_was_spoken_can_be_understood(demo):
    """Played to the ears, the first reply is heard as the words that were said."""
    samples, rate = demo.replies()[0]
    sound = resample(samples, rate, 16_000)[: 29 * 16_000]
    ears = STT["whisper"](Config(), find_home())

    async def listen():
        heard = await ears.transcribe(Utterance(sound, 0, len(sound), 0.9))
        await ears.aclose()
        return heard.text

    heard = words(asyncio.run(listen()))
    said = [word for word in words(demo.turns[0]["said"]) if len(word) > 3]
    assert sum(word in heard for word in said) >= 0.7 * len(said), (heard, said)

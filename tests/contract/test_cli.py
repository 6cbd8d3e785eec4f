"""The command line as someone at a shell meets it, when what they give can be used."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from .shell import CALENDAR, DEMO, DENTIST, MILK, NO, PATIENCE, YES, command, environment, sentence


def test_asking_prints_one_object_and_nothing_else(shell):
    """`ask --json` is for programs: one turn, one line, with exactly these keys."""
    [turn] = shell.turns("ask", "what", "time is it")
    assert turn.keys() == {"heard", "said", "asked", "calls", "stages_ms", "interrupted"}
    assert turn["heard"] == "what time is it"
    assert turn["said"].startswith("It is ")
    assert [(c["tool"], c["outcome"]) for c in turn["calls"]] == [("get_time", "done")]


@pytest.mark.parametrize(
    ("answer", "outcome", "files"), [("yes", "done", ["shopping list.txt"]), ("no", "refused", [])]
)
def test_only_a_yes_changes_anything(shell, answer, outcome, files):
    """--answer yes writes the file, --answer no leaves everything as it was; both are told."""
    [turn] = shell.turns("ask", "Add milk to the shopping list.", "--answer", answer)
    assert turn["asked"]
    assert [c["outcome"] for c in turn["calls"]] == [outcome]
    assert shell.owned() == files


def test_without_an_answer_nothing_is_changed(shell):
    """A question nobody answers is left, said so, and the command is content."""
    [turn] = shell.turns("ask", "Add milk to the shopping list.")
    assert [c["outcome"] for c in turn["calls"]] == ["unanswered"]
    assert turn["said"]
    assert shell.owned() == []


def test_recordings_are_answered_aloud(shell):
    """Three recordings, the third the answer to a question: two turns, an event, and a sound file for each reply."""
    first, second = shell.turns("wav", CALENDAR, DENTIST, YES, "--out", shell.folder / "replies")
    assert [c["tool"] for c in first["calls"]] == ["list_events"]
    assert [c["outcome"] for c in second["calls"]] == ["done"]
    assert second["asked"]
    [event] = shell.owned()
    assert event.endswith(".ics")
    files = sorted((shell.folder / "replies").iterdir())
    assert [f.name for f in files] == ["reply-01.wav", "reply-02.wav"]
    for file in files:
        samples, rate = soundfile.read(file)
        assert len(samples) > rate
        assert np.sqrt(np.mean(np.square(samples))) > 0.01


def test_a_spoken_no_and_no_answer_at_all(shell):
    """A recorded no is a no; a conversation that ends with a question open changes nothing either."""
    *_, refused = shell.turns("wav", CALENDAR, DENTIST, YES, MILK, NO)
    assert [c["outcome"] for c in refused["calls"]] == ["refused"]
    *_, left = shell.turns("wav", CALENDAR, DENTIST)
    assert [c["outcome"] for c in left["calls"]] == ["unanswered"]
    assert [name[-4:] for name in shell.owned()] == [".ics"]


def test_an_answer_for_every_question(shell):
    """With --answer no recording is needed for it, and the replies lie in the home."""
    *_, turn = shell.turns("wav", CALENDAR, DENTIST, "--answer", "yes")
    assert [c["outcome"] for c in turn["calls"]] == ["done"]
    assert len(list((shell.home / "replies").glob("*.wav"))) == 2


def test_silence_is_no_request(shell):
    """A recording without speech: Nearfield says that it heard nothing, and the command that it was of no use."""
    soundfile.write(shell.folder / "silence.wav", np.zeros(32_000), 16_000)
    ran = shell("wav", "silence.wav", "--json")
    [turn] = [json.loads(line) for line in ran.stdout.splitlines()]
    assert (turn["heard"], turn["calls"]) == ("", [])
    assert "heard nothing" in turn["said"]
    assert ran.returncode == 2
    assert "record it again" in sentence(ran.stderr)
    assert shell.owned() == []


def test_a_picture_at_hand_is_read(shell):
    """With --image, what is printed on it is read."""
    [turn] = shell.turns("ask", "What does this say?", "--image", DEMO / "notice.jpg")
    assert "POOL CLOSED" in turn["said"]


def test_help(shell):
    """Alone it shows what there is; every command explains itself, its options and the ones for all."""
    alone = subprocess.run(command(), env=environment(), capture_output=True, text=True, check=True, timeout=PATIENCE)
    assert alone.stderr == ""
    for name in ("demo", "wav", "ask", "models", "doctor", "bench"):
        assert name in alone.stdout
        ran = shell(name, "--help")
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout.startswith(f"usage: nearfield {name}")
        assert "--home" in ran.stdout


def test_options_for_every_command_stand_before_it_or_after(shell):
    """Home, profile and settings count wherever they are written, and settings of both places together."""
    before = subprocess.run(
        command("--profile", "fake", "--home", shell.home, "-c", "ask.timers=false", "ask", "set a timer for 3 minutes",
                "--json", "-c", "zone=Asia/Tokyo"),
        env=environment(), capture_output=True, text=True, check=True, timeout=PATIENCE,
    )  # fmt: skip
    turn = json.loads(before.stdout)
    assert turn["asked"] is None
    assert [c["outcome"] for c in turn["calls"]] == ["done"]
    assert "voice.sped" in shell.refused("-c", "voice.sped=1", "ask", "hi", "-c", "voice.speed=1")


def test_the_demo_is_a_conversation_to_read(shell):
    """`demo` shows what was played, heard, called, asked, answered and said, and touches nothing of the user's."""
    ran = shell("demo")
    assert (ran.returncode, ran.stderr) == (0, "")
    kinds = {line.split()[0] for line in ran.stdout.splitlines() if line.strip()}
    assert {"heard", "tool", "asked", "answer", "said", "choose", "voice"} <= kinds
    assert "POOL CLOSED" in ran.stdout
    assert "refused" in ran.stdout
    assert shell.owned() == []


def test_the_demo_can_be_repeated_and_read_by_programs(shell):
    """A second demo starts afresh and prints turns only."""
    shell("demo")
    turns = shell.turns("demo")
    assert len(turns) == 5
    assert [c["outcome"] for t in turns for c in t["calls"]] == ["done", "done", "refused", "done"]


def test_the_doctor_finds_stand_ins_in_order(shell):
    """`doctor --json` is one object and exits with 0 when all is ready, with 1 when weights are missing."""
    ran = shell("doctor", "--json")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["ready"] is True
    ran = shell("doctor", profile="desk", NEARFIELD_MODELS=str(shell.folder))
    assert ran.returncode == 1
    assert "nearfield models pull joe" in ran.stdout
    assert not shell.home.exists()


def started(shell, *arguments):
    return subprocess.Popen(
        command(*arguments, "--profile", "fake", "--home", shell.home), env=environment(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_ctrl_c_ends_a_run_at_once(shell):
    """Interrupted in the middle of a long conversation: exit 130, one line, no trace of the inside."""
    with started(shell, "wav", *[CALENDAR] * 300) as running:
        assert running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    assert sentence(told) == "stopped."


def test_a_reader_that_goes_away_is_no_error(shell):
    """`nearfield demo | head -1` ends quietly."""
    with started(shell, "demo") as running:
        assert running.stdout.readline()
        running.stdout.close()
        told = running.stderr.read()
        assert running.wait(PATIENCE) == 0
    assert told == ""


def test_a_full_disk_ends_in_one_sentence(shell):
    """When the answer cannot be written anywhere the command says so and ends; it never waits for ever."""
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            command("ask", "what time is it", "--profile", "fake", "--home", shell.home), env=environment(), text=True,
            stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE, check=False,
        )  # fmt: skip
    assert ran.returncode == 2
    assert "space" in sentence(ran.stderr)


def test_letters_a_terminal_does_not_know(shell):
    """A terminal without Unicode, or bytes that are no text on the command line, end no conversation."""
    ran = shell("ask", os.fsdecode(b"h\xff"), "--json", PYTHONIOENCODING="utf-8:strict")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["heard"] == "h?"
    ran = shell("demo", PYTHONIOENCODING="ascii:strict")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "POOL CLOSED" in ran.stdout


def test_the_stages_of_a_turn_can_be_measured(shell):
    """`bench turns` plays the demo several times and prints median and p90 of every stage, and the machine."""
    ran = shell("bench", "turns", "--json")
    found = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert found["turns"] == 5 * found["runs"]
    assert found["machine"]
    assert {"transcribe", "choose", "tool", "voice", "first_sound"} <= found["stages_ms"].keys()
    assert all(0 <= of["p50"] <= of["p90"] for of in found["stages_ms"].values())

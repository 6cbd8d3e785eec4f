"""The command line as someone at a shell meets it: with stand-in engines, in processes of its own."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import soundfile

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "agent" / "nearfield" / "demo"
CALENDAR, DENTIST, YES, MILK, NO = sorted(DEMO.glob("[1-5]-*.flac"))
PATIENCE = 60
"""Seconds after which a command counts as hanging."""


def environment(**more):
    """This process's, but for what would lead a command elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NEARFIELD_", "PYTHONIOENCODING"))}
    return kept | {"PYTHONPATH": f"{ROOT / 'agent'}{os.pathsep}{ROOT / 'tools'}", **more}


def command(*arguments):
    return [sys.executable, "-m", "nearfield", *map(str, arguments)]


class Shell:
    """Runs commands for one user, in a home of its own, with stand-in engines unless told otherwise."""

    def __init__(self, folder):
        self.folder, self.home = folder, folder / "home"

    def __call__(self, *arguments, profile="fake", **env):
        dial = ["--profile", profile] if profile else []
        return subprocess.run(
            command(*arguments, "--home", self.home, *dial), cwd=self.folder, env=environment(**env),
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip

    def turns(self, *arguments):
        """The turns that `--json` prints; nothing else may stand on either stream."""
        ran = self(*arguments, "--json")
        assert (ran.returncode, ran.stderr) == (0, "")
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def refused(self, *arguments, **more):
        """The one sentence with which a command refuses; nothing may have been said, printed or changed before it."""
        ran = self(*arguments, **more)
        assert ran.returncode == 2, ran
        assert ran.stdout == ""
        assert not self.owned()
        return sentence(ran.stderr)

    def owned(self):
        """The user's events and files."""
        return sorted(f.name for part in ("calendar", "workspace") for f in (self.home / part).glob("*"))


def sentence(stderr):
    [line] = stderr.strip().splitlines()
    assert line.startswith("nearfield: ")
    assert "Traceback" not in line
    return line.removeprefix("nearfield: ")


@pytest.fixture
def shell(tmp_path):
    return Shell(tmp_path)


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


def test_a_recording_that_cannot_be_heard_is_refused(shell):
    """Missing, a text, a folder, empty: each in one sentence that names it, and also when it is the last of several."""
    (shell.folder / "letter.txt").write_text("Dear all,")
    (shell.folder / "letter.wav").write_text("Dear all,")
    (shell.folder / "empty.wav").touch()
    assert "no recording" in shell.refused("wav", "missing.wav")
    assert "letter.txt is not a recording" in shell.refused("wav", "letter.txt")
    assert "letter.wav is damaged" in shell.refused("wav", CALENDAR, DENTIST, YES, "letter.wav")
    assert "folder" in shell.refused("wav", shell.folder)
    assert "empty" in shell.refused("wav", "empty.wav")


def huge_png():
    """The header of a picture of 200 megapixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 20_000, 10_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def test_a_picture_that_cannot_be_seen_is_refused(shell):
    """Missing, broken or far too large: found out before anything is loaded, with ask as with wav."""
    real = ["-c", "eyes.engine=rapidocr"]
    (shell.folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    (shell.folder / "huge.png").write_bytes(huge_png())
    assert "no picture" in shell.refused("ask", "read it", "--image", "missing.jpg", *real)
    assert "broken.jpg is not a picture" in shell.refused("wav", CALENDAR, "--image", "broken.jpg", *real)
    told = shell.refused("ask", "read it", "--image", "huge.png", *real)
    assert "200 megapixels" in told
    assert "eyes.longest_megapixels" in told


def test_mistyped_settings_are_refused_with_the_nearest(shell):
    """An unknown profile, key, model or zone is named; where something is near, that is named as well."""
    assert "Did you mean 'glasses'?" in shell.refused("ask", "hi", profile="glases")
    assert "Did you mean 'voice.speed'?" in shell.refused("ask", "hi", "-c", "voice.sped=2")
    assert "Did you mean 'joe'?" in shell.refused("wav", CALENDAR, "-c", "voice=joes", "-c", "voice.engine=piper")
    assert "'Mars'" in shell.refused("ask", "hi", "-c", "zone=Mars")
    assert "voice.speed" in shell.refused("ask", "hi", "-c", "voice.speed=fast")


@pytest.mark.parametrize(("setting", "kind"), [("ears", "voice"), ("voice", "ears"), ("brain", "voice")])
def test_a_model_in_the_wrong_place_is_refused(shell, setting, kind):
    """A voice is no ears: what a model is for is known before it is opened."""
    name = {"voice": "joe", "ears": "whisper-base"}[kind]
    told = shell.refused("wav", CALENDAR, "-c", f"{setting}={name}", profile="desk")
    assert f"{name} is for the {kind}" in told or "models pull" in told


def test_a_broken_settings_file_is_named(shell):
    """HOME/config.yaml with bad YAML, or a key that is none, is told with its path."""
    shell.home.mkdir()
    file = shell.home / "config.yaml"
    file.write_text("voice: {speed")
    assert str(file) in shell.refused("ask", "hi")
    file.write_text("voize: 3")
    assert "Did you mean 'voice'?" in shell.refused("ask", "hi")


def test_missing_weights_are_named_with_the_command_that_helps(shell):
    """On a fresh machine every command that needs weights says how to get them."""
    none = str(shell.folder / "none")
    for arguments in (["ask", "hi"], ["wav", CALENDAR], ["bench", "choosing"]):
        assert "nearfield models pull" in shell.refused(*arguments, profile=None, NEARFIELD_MODELS=none)
    assert not (shell.folder / "none").exists()


def test_damaged_weights_are_never_loaded(shell):
    """A file of the right name with other bytes is refused, and stays where it is."""
    file = shell.folder / "models" / "qwen2.5-coder-0.5b" / "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"GGUF, or so it says")
    told = shell.refused("ask", "hi", profile="desk", NEARFIELD_MODELS=str(shell.folder / "models"))
    assert "damaged" in told
    assert "nearfield models pull qwen2.5-coder-0.5b" in told
    assert file.read_bytes() == b"GGUF, or so it says"


def test_a_home_that_cannot_be_written_is_refused(shell):
    """A file in the home's place: one sentence that says what to do."""
    shell.home.write_text("in the way")
    assert "--home" in shell.refused("ask", "hi")
    assert shell.home.read_text() == "in the way"


@pytest.mark.parametrize("words", [[""], ["  ", "\n"]])
def test_nothing_to_answer_is_refused(shell, words):
    """Empty words are no request."""
    assert "nearfield ask" in shell.refused("ask", *words)


def test_wrong_words_on_the_command_line_are_refused(shell):
    """A command or option that does not exist ends with 2, and shows how it is meant."""
    for arguments in (["listen"], ["ask"], ["ask", "hi", "--loud"], ["ask", "hi", "--answer", "maybe"]):
        ran = shell(*arguments)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith("usage: nearfield")


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

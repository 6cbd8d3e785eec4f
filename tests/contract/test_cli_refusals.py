"""What cannot be used is refused in one sentence, with exit code 2, before anything has been said or changed."""

from __future__ import annotations

import struct
import zlib

import pytest

from .shell import CALENDAR, DENTIST, YES


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
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + b"\0\0\0\0IDAT"


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


def test_a_folder_for_replies_that_is_none_is_refused(shell):
    """Replies cannot be written: nothing is done either, not even what was agreed to."""
    (shell.folder / "letter.txt").write_text("in the way")
    assert "--out" in shell.refused("wav", CALENDAR, DENTIST, "--answer", "yes", "--out", shell.folder / "letter.txt")


def test_a_folder_that_only_bears_the_demos_name_is_not_emptied(shell):
    """Where HOME/demo is the user's own, the demo refuses and nothing in it is touched."""
    (shell.home / "demo").mkdir(parents=True)
    (shell.home / "demo" / "band.txt").write_text("our first tape")
    assert "not the demo's own folder" in shell.refused("demo")
    assert (shell.home / "demo" / "band.txt").read_text() == "our first tape"

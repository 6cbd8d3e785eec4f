"""What cannot be heard is refused in one sentence that says what to do, before anything is decoded."""

from __future__ import annotations

import os

import av
import numpy as np
import pytest
import soundfile

from nearfield.audio.wav import check_recording, read_recording
from nearfield.errors import InputError

RATE = 16_000
SOUND = (0.3 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)).astype(np.float32)


def refusal(path, longest_minutes=10):
    with pytest.raises(InputError) as caught:
        check_recording(path, longest_minutes)
    with pytest.raises(InputError) as again:
        read_recording(path, longest_minutes)
    assert str(caught.value) == str(again.value)
    return str(caught.value)


def video(path):
    """A second of black, without sound."""
    with av.open(str(path), "w") as container:
        track = container.add_stream("mpeg4", rate=10)
        track.width, track.height, track.pix_fmt = 64, 64, "yuv420p"
        for _ in range(10):
            container.mux(track.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))))
        container.mux(track.encode(None))


def test_missing_file(tmp_path):
    """A name that is not there is named."""
    said = refusal(tmp_path / "talk.wav")
    assert said == f"There is no recording {tmp_path / 'talk.wav'}; check its name and folder."


def test_folder(tmp_path):
    """A folder is not a recording."""
    assert refusal(tmp_path) == f"{tmp_path} is a folder; give me one recording from it."


def test_pipe(tmp_path):
    """A pipe is refused instead of being waited on for ever."""
    os.mkfifo(tmp_path / "a.wav")
    assert "is not a file" in refusal(tmp_path / "a.wav")


def test_empty_file(tmp_path):
    """A file of no bytes is told from a damaged one."""
    (tmp_path / "talk.wav").touch()
    assert refusal(tmp_path / "talk.wav") == "talk.wav is empty; record it again."


def test_header_without_samples(tmp_path):
    """A proper file that holds no sample says so."""
    soundfile.write(tmp_path / "talk.wav", np.zeros(0), RATE)
    assert refusal(tmp_path / "talk.wav") == "talk.wav holds no sound at all; record it again."


@pytest.mark.parametrize("name", ["notes.txt", "notes", "notes.raw", "list.m3u8"])
def test_text(tmp_path, name):
    """A text, whatever its name, is not a recording."""
    (tmp_path / name).write_text("#EXTM3U\nfile:///etc/passwd\nhttp://127.0.0.1/a.mp3\n" * 30)
    assert refusal(tmp_path / name) == (f"{name} is not a recording I can read; give me a WAV, FLAC, OGG or MP3 file.")


def test_text_that_calls_itself_sound(tmp_path):
    """A name that promises sound makes it a damaged file."""
    (tmp_path / "talk.wav").write_text("ffconcat version 1.0\nfile other.wav\n")
    assert refusal(tmp_path / "talk.wav") == (
        "talk.wav is damaged, or not really WAV: I cannot read it. Record or export it again."
    )


def test_random_bytes(tmp_path):
    """Bytes without meaning are refused under every name."""
    for name in ("a.bin", "a.mp3", "a.ogg", "a.m4a", "a.wav"):
        (tmp_path / name).write_bytes(np.random.default_rng(3).bytes(60_000))
        assert name in refusal(tmp_path / name)


@pytest.mark.parametrize("kept", [4, 12, 20, 36])
def test_truncated_header(tmp_path, kept):
    """A file cut off inside its header is damaged."""
    soundfile.write(tmp_path / "a.wav", SOUND, RATE)
    (tmp_path / "talk.wav").write_bytes((tmp_path / "a.wav").read_bytes()[:kept])
    assert refusal(tmp_path / "talk.wav").startswith("talk.wav is damaged")


def test_video_without_sound(tmp_path):
    """A film without a sound track is told from a file that is no recording."""
    video(tmp_path / "clip.mp4")
    assert refusal(tmp_path / "clip.mp4") == "clip.mp4 has no sound track; give me a recording with speech in it."


def test_unreadable_by_permission(tmp_path):
    """A file that may not be opened says why."""
    soundfile.write(tmp_path / "a.wav", SOUND, RATE)
    (tmp_path / "a.wav").chmod(0)
    user = os.geteuid()
    if user == 0:  # root may read everything, so nobody reads it
        os.seteuid(65534)
    try:
        assert "ermission" in refusal(tmp_path / "a.wav")
    finally:
        os.seteuid(user)


def test_fifty_minutes_are_refused_at_once(tmp_path):
    """A long recording is refused by its header, with both lengths, before any of it is decoded."""
    with soundfile.SoundFile(tmp_path / "talk.flac", "w", 8000, 1) as file:
        for _ in range(50):
            file.write(np.zeros(60 * 8000, np.int16))
    assert refusal(tmp_path / "talk.flac") == (
        "talk.flac is 50 minutes long; I take requests of up to 10 minutes. Cut it, or raise ears.longest_minutes."
    )
    assert check_recording(tmp_path / "talk.flac", 60).seconds == 3000


@pytest.mark.parametrize(
    ("seconds", "limit", "said"),
    [(31.2, 0.5, "32 seconds long; I take requests of up to 30 seconds"), (62, 1, "1.1 minutes long")],
)
def test_lengths_are_said_as_people_say_them(tmp_path, seconds, limit, said):
    """Seconds under a minute, minutes above, and never "10 minutes is more than 10 minutes"."""
    soundfile.write(tmp_path / "a.wav", np.zeros(int(seconds * 8000)), 8000)
    assert said in refusal(tmp_path / "a.wav", limit)


def test_a_recording_of_exactly_the_limit_is_taken(tmp_path):
    """Encoders pad; a few milliseconds over the limit are not too long."""
    soundfile.write(tmp_path / "a.wav", np.zeros(int(30.05 * 8000)), 8000)
    total = sum(len(frame.samples) for frame in read_recording(tmp_path / "a.wav", 0.5))
    assert total == pytest.approx(30.05 * RATE, abs=2)

"""Recordings of every kind become 16 kHz mono, and what is written can be played anywhere."""

from __future__ import annotations

import io
import itertools
import logging
import os
import tracemalloc
import wave
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from nearfield.audio.resample import Resampler, resample
from nearfield.audio.wav import check_recording, read_recording, write_wav
from nearfield.errors import InputError, UserError

RATE = 16_000
TONE = 440


def tone(seconds=1.0, rate=RATE, hertz=TONE, peak=0.3):
    return (peak * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def read(path, longest_minutes=10):
    frames = list(read_recording(path, longest_minutes))
    assert [f.start for f in frames] == [0, *itertools.accumulate(len(f.samples) for f in frames)][: len(frames)]
    assert all(f.samples.dtype == np.float32 and f.samples.ndim == 1 for f in frames)
    return np.concatenate([f.samples for f in frames])


def pitch(samples):
    """The strongest frequency, Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return np.argmax(spectrum) * RATE / len(samples)


def loudness(samples):
    """RMS of the middle half, away from the codecs' edges."""
    quarter = len(samples) // 4
    return float(np.sqrt(np.mean(samples[quarter:-quarter] ** 2)))


def encode(path, codec, rate=48_000, layout="stereo", seconds=1.0):
    """A file as a phone or a browser makes it: one sound track in a container."""
    samples = np.stack([tone(seconds, rate)] * (2 if layout == "stereo" else 1))
    with av.open(str(path), "w") as container:
        track = container.add_stream(codec, rate=rate, layout=layout)
        for at in range(0, samples.shape[1], 1024):
            piece = np.ascontiguousarray(samples[:, at : at + 1024])
            frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
            frame.sample_rate, frame.pts = rate, at
            container.mux(track.encode(frame))
        container.mux(track.encode(None))


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])
def test_any_rate_becomes_16_khz(tmp_path, rate):
    """A tone keeps its pitch, its loudness and its length whatever rate it was recorded at."""
    soundfile.write(tmp_path / "a.wav", tone(1, rate), rate)
    samples = read(tmp_path / "a.wav")
    assert len(samples) == pytest.approx(RATE, abs=2)
    assert pitch(samples) == pytest.approx(TONE, abs=2)
    assert loudness(samples) == pytest.approx(0.3 / np.sqrt(2), rel=0.02)


@pytest.mark.parametrize(
    ("name", "subtype"),
    [
        ("a.wav", "PCM_U8"),
        ("a.wav", "PCM_16"),
        ("a.wav", "PCM_24"),
        ("a.wav", "PCM_32"),
        ("a.wav", "FLOAT"),
        ("a.wav", "DOUBLE"),
        ("a.wav", "ULAW"),
        ("a.flac", "PCM_24"),
        ("a.ogg", "VORBIS"),
        ("a.opus", "OPUS"),
        ("a.mp3", "MPEG_LAYER_III"),
        ("a.aiff", "PCM_16"),
    ],
)
def test_formats_libsndfile_reads(tmp_path, name, subtype):
    """Every bit depth and coding is heard with the same loudness."""
    path = tmp_path / name
    soundfile.write(path, tone(1, 48_000), 48_000, subtype=subtype, format="OGG" if name == "a.opus" else None)
    samples = read(path)
    assert len(samples) == pytest.approx(RATE, rel=0.1)
    assert pitch(samples) == pytest.approx(TONE, abs=3)
    assert loudness(samples) == pytest.approx(0.3 / np.sqrt(2), rel=0.2)
    assert check_recording(path, 10).channels == 1


@pytest.mark.parametrize(
    ("name", "codec", "layout"),
    [
        ("a.m4a", "aac", "stereo"),
        ("a.aac", "aac", "mono"),
        ("a.webm", "libopus", "stereo"),
        ("a.mkv", "aac", "stereo"),
        ("a.mp4", "aac", "mono"),
    ],
)
def test_formats_of_phones_and_browsers(tmp_path, name, codec, layout):
    """What libsndfile does not know is read as well."""
    encode(tmp_path / name, codec, layout=layout)
    samples = read(tmp_path / name)
    assert len(samples) == pytest.approx(RATE, rel=0.1)
    assert pitch(samples) == pytest.approx(TONE, abs=3)
    assert loudness(samples) == pytest.approx(0.3 / np.sqrt(2), rel=0.1)


def test_name_and_content_may_disagree(tmp_path):
    """A FLAC called .wav is read for what it is."""
    soundfile.write(tmp_path / "a.flac", tone(), RATE)
    (tmp_path / "a.flac").rename(tmp_path / "a.wav")
    assert len(read(tmp_path / "a.wav")) == RATE


def test_two_channels_become_their_mean(tmp_path):
    """A voice in one channel of two is still heard."""
    soundfile.write(tmp_path / "a.wav", np.stack([tone(), 0 * tone()], axis=1), RATE)
    assert loudness(read(tmp_path / "a.wav")) == pytest.approx(0.15 / np.sqrt(2), rel=0.02)


def test_channels_that_cancel_are_not_silence(tmp_path):
    """A second microphone wired upside down does not take the voice away."""
    soundfile.write(tmp_path / "a.wav", np.stack([tone(), -tone()], axis=1), RATE)
    assert loudness(read(tmp_path / "a.wav")) == pytest.approx(0.3 / np.sqrt(2), rel=0.02)


def test_a_voice_in_one_of_eight_channels_keeps_its_strength(tmp_path):
    """Among many silent channels the one that carries sound is taken."""
    channels = np.zeros((RATE, 8), np.float32)
    channels[:, 3] = tone()
    soundfile.write(tmp_path / "a.wav", channels, RATE)
    assert loudness(read(tmp_path / "a.wav")) == pytest.approx(0.3 / np.sqrt(2), rel=0.02)


def test_samples_that_are_not_numbers_are_silence(tmp_path):
    """NaN and infinity in a float file do not reach the engines."""
    soundfile.write(tmp_path / "a.wav", np.array([np.nan, np.inf, -np.inf, 7, 0.5] * 800, np.float32), RATE, "FLOAT")
    samples = read(tmp_path / "a.wav")
    assert np.isfinite(samples).all()
    assert samples.max() <= 1


@pytest.mark.parametrize("length", [0, 0x7FFFF000, 0xFFFFFFFF])
def test_a_wav_whose_length_was_never_written(tmp_path, length):
    """A recorder that was killed leaves a wrong length in the header; what it recorded is heard."""
    soundfile.write(tmp_path / "a.wav", tone(), RATE)
    data = bytearray((tmp_path / "a.wav").read_bytes())
    data[40:44] = length.to_bytes(4, "little")
    (tmp_path / "a.wav").write_bytes(data)
    assert len(read(tmp_path / "a.wav")) == RATE


def test_a_length_that_only_shows_while_reading(tmp_path):
    """Without a length in the header, reading stops as soon as the limit is passed."""
    encode(tmp_path / "a.aac", "aac", layout="mono", seconds=8)
    assert check_recording(tmp_path / "a.aac", 10).seconds is None
    heard = []
    with pytest.raises(InputError, match=r"a\.aac goes on and on; I take requests of up to 3 seconds"):
        heard.extend(read_recording(tmp_path / "a.aac", 0.05))
    assert 3 <= sum(len(frame.samples) for frame in heard) / RATE < 4.2


def test_damage_in_the_middle_keeps_what_comes_before(tmp_path, caplog):
    """The good beginning of a damaged file is heard, and the log says how much that was."""
    soundfile.write(tmp_path / "a.flac", np.random.default_rng(5).normal(0, 0.1, RATE * 4), RATE)
    data = bytearray((tmp_path / "a.flac").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4000] = bytes(4000)
    (tmp_path / "a.flac").write_bytes(data)
    with caplog.at_level(logging.WARNING):
        assert 1 < len(read(tmp_path / "a.flac")) / RATE < 2.5
    assert "a.flac is damaged after" in caplog.text


def test_a_truncated_recording_is_heard_to_its_end(tmp_path):
    """Half a WAV is half the sound."""
    soundfile.write(tmp_path / "a.wav", tone(4), RATE)
    data = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "a.wav").write_bytes(data[: len(data) // 2])
    assert len(read(tmp_path / "a.wav")) / RATE == pytest.approx(2, abs=0.01)


def test_reading_holds_one_moment_at_a_time(tmp_path):
    """Five minutes of stereo pass through in less memory than ten seconds of them take."""
    with soundfile.SoundFile(tmp_path / "a.flac", "w", 44_100, 2) as file:
        for _ in range(300):
            file.write(np.zeros((44_100, 2), np.int16))
    for frame in read_recording(tmp_path / "a.flac", 10):  # loads what is loaded once
        assert len(frame.samples)
        break
    tracemalloc.start()
    try:
        total = sum(len(frame.samples) for frame in read_recording(tmp_path / "a.flac", 10))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == pytest.approx(300 * RATE, abs=2)
    assert peak < 10 * 44_100 * 2 * 4


def test_resampling_leaves_no_seams():
    """However a stream is cut, the resampled sound is the same."""
    samples = tone(0.5, 44_100)
    stream = Resampler(44_100, RATE)
    pieces = [stream.feed(samples[at : at + 333]) for at in range(0, len(samples), 333)]
    joined = np.concatenate([*pieces, stream.finish()])
    assert np.allclose(joined, resample(samples, 44_100, RATE), atol=1e-4)
    assert len(joined) == pytest.approx(8000, abs=2)


def test_a_written_file_is_plain_pcm(tmp_path):
    """What is written is mono 16-bit at its rate; louder than full scale is clipped, never wrapped around."""
    write_wav(tmp_path / "a.wav", np.array([0, 0.5, 1, 3, -3, np.nan], np.float32), 22_050)
    with wave.open(io.BytesIO((tmp_path / "a.wav").read_bytes())) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
        assert np.frombuffer(file.readframes(9), "<i2").tolist() == [0, 16384, 32767, 32767, -32767, 0]
    assert [p.name for p in tmp_path.iterdir()] == ["a.wav"]


def test_writing_replaces_a_file_whole(tmp_path):
    """An older answer under the same name is replaced; a link keeps pointing where it did."""
    (tmp_path / "real.wav").write_text("old")
    (tmp_path / "a.wav").symlink_to(tmp_path / "real.wav")
    write_wav(tmp_path / "a.wav", tone(), RATE)
    assert (tmp_path / "a.wav").is_symlink()
    assert len(read(tmp_path / "real.wav")) == RATE


@pytest.mark.parametrize("where", ["no/such/folder/a.wav", ""])
def test_writing_where_nothing_can_be_written(tmp_path, where):
    """A place that cannot take the file is named, and nothing is left behind."""
    with pytest.raises(UserError, match="cannot be written"):
        write_wav(tmp_path / where, tone(), RATE)
    assert list(tmp_path.iterdir()) == []
    assert not list(tmp_path.parent.glob(".*.part"))


def test_writing_into_a_device_does_not_replace_it():
    """/dev/null stays what it is."""
    write_wav(Path(os.devnull), tone(), RATE)
    assert Path(os.devnull).is_char_device()

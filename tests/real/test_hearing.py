"""The real ears on real sound: people's words come out right, and noise never becomes words."""

from __future__ import annotations

import asyncio
import re
from contextlib import contextmanager

import numpy as np
import pytest
import soundfile

from nearfield.audio.resample import resample
from nearfield.audio.wav import read_recording
from nearfield.ears import Ears
from nearfield.engines.silero import Silero
from nearfield.engines.whisper import Whisper
from nearfield.errors import EngineError, WeightsError
from nearfield.events import AudioFrame, SpeechStarted, Utterance
from nearfield.home import find_home
from nearfield.weights import Store, load_catalogue, pull

from .human_speech import recording

RATE = 16_000
BECKETT = "ever tried ever failed no matter try again fail again fail better"
FOX = "the quick brown fox jumps over the lazy dog"


@pytest.fixture(scope="module")
def weights():
    """The folder of Whisper's weights."""
    home = find_home()
    model, store = load_catalogue(home).get("whisper-base"), Store(home.weights)
    pull(model, store)
    return store.find(model)["model.bin"].parent


@contextmanager
def whisper_at(folder):
    engine = Whisper(folder)
    try:
        yield engine
    finally:
        asyncio.run(engine.aclose())


@pytest.fixture(scope="module")
def whisper(weights):
    with whisper_at(weights) as engine:
        asyncio.run(engine.load())
        yield engine


@pytest.fixture
def fox():
    samples, rate = soundfile.read(recording("quick_brown_fox.wav"), dtype="float32")
    assert rate == RATE
    return np.pad(samples, (RATE // 2, RATE // 2))


def listen(frames, pause_ms=1000):
    ears = Ears(Silero(), pause_ms)
    return [*(event for frame in frames for event in ears.feed(frame)), *ears.flush()]


def utterances(events):
    return [event for event in events if isinstance(event, Utterance)]


def transcripts(whisper, frames):
    async def transcribe():
        return [await whisper.transcribe(said) for said in utterances(listen(frames))]

    return asyncio.run(transcribe())


def heard(whisper, samples):
    """All the words heard in 16 kHz samples or a file, in small letters without punctuation."""
    frames = [AudioFrame(samples, 0)] if isinstance(samples, np.ndarray) else read_recording(samples, 10)
    text = " ".join(t.text for t in transcripts(whisper, frames))
    return " ".join(re.findall(r"[a-z0-9']+", text.lower()))


@pytest.mark.parametrize(
    ("name", "words"),
    [("hello_world.wav", "hello world"), ("quick_brown_fox.wav", FOX), ("beckett.wav", BECKETT)],
)
def test_words_of_people(whisper, name, words):
    """Recorded people are understood word for word."""
    assert heard(whisper, recording(name)) == words


def test_counting(whisper):
    """Spoken numbers are understood, as digits or as words."""
    names = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    said = heard(whisper, recording("counting.wav")).split()
    assert [str(names.index(word) + 1) if word in names else word for word in said] == [str(n) for n in range(1, 11)]


def test_three_quarters_of_a_minute_without_a_pause(whisper):
    """A reading longer than Whisper's window is cut between words: none is lost, none is doubled."""
    words = heard(whisper, recording("two_cities.wav"))
    assert words.startswith("it was the best of times it was the worst of times")
    assert "the other way in short the period" in words
    assert words.endswith("in the superlative degree of comparison only")


@pytest.mark.parametrize("change", ["quiet", "very quiet", "offset", "quiet with an offset", "clipped", "noisy"])
def test_bad_recordings_of_good_speech(whisper, fox, change):
    """Far too quiet, off centre, overdriven or with a hiss below it: the words are the same."""
    samples = fox / np.abs(fox).max()
    changed = {
        "quiet": samples * 0.01,
        "very quiet": samples * 0.003,
        "offset": samples * 0.3 + 0.3,
        "quiet with an offset": samples * 0.01 + 0.03,
        "clipped": np.clip(samples * 8, -1, 1),
        "noisy": samples * 0.3 + np.random.default_rng(1).normal(0, 0.005, len(samples)),
    }
    assert heard(whisper, changed[change].astype(np.float32)) == FOX


FORMATS = {"a.wav": (8_000, 1), "a.flac": (44_100, 2), "a.ogg": (48_000, 2), "a.mp3": (48_000, 1)}


@pytest.mark.parametrize("name", list(FORMATS))
def test_words_survive_formats(whisper, fox, tmp_path, name):
    """The same words come out of a telephone's rate and of lossy files, with the second channel upside down."""
    rate, channels = FORMATS[name]
    samples = resample(fox, RATE, rate)
    soundfile.write(tmp_path / name, np.stack([samples, -samples][:channels], axis=1), rate)
    assert heard(whisper, tmp_path / name) == FOX


def test_two_requests_in_one_recording(whisper, fox):
    """A pause longer than the limit makes two utterances, each with its own words."""
    twice = np.concatenate([fox, np.zeros(RATE, np.float32), fox])
    said = transcripts(whisper, [AudioFrame(twice, 0)])
    assert [re.sub(r"[^a-z ]", "", t.text.lower()) for t in said] == [FOX, FOX]


def noises():
    """Ten seconds each of sounds that are no speech, by name."""
    rng = np.random.default_rng(7)
    length = 10 * RATE
    time = np.arange(length) / RATE
    white = rng.normal(0, 1, length)
    spectrum = np.fft.rfft(white)
    pink = np.fft.irfft(spectrum / np.sqrt(np.arange(1, len(spectrum) + 1)))
    clicks = np.zeros(length)
    for at in rng.integers(0, length - 400, 60):
        clicks[at : at + 400] += rng.normal(0, 0.5, 400) * np.exp(-np.arange(400) / 60)
    knocks = np.zeros(length)
    for at in range(0, length - 4000, RATE // 2):
        knocks[at : at + 4000] += 0.7 * np.sin(2 * np.pi * 120 * time[:4000]) * np.exp(-np.arange(4000) / 500)
    return {
        "silence": np.zeros(length),
        "hiss": white * 0.0005,
        "white": white * 0.05,
        "loud white": np.clip(white * 0.3, -1, 1),
        "pink": 0.3 * pink / np.abs(pink).max(),
        "hum": 0.2 * np.sin(2 * np.pi * 50 * time) + 0.1 * np.sin(2 * np.pi * 150 * time),
        "beep": 0.3 * np.sin(2 * np.pi * 1000 * time) * (time % 1 < 0.2),
        "sweep": 0.3 * np.sin(2 * np.pi * (100 + 150 * time) * time),
        "keys": clicks,
        "knocks": knocks,
    }


@pytest.mark.parametrize("name", sorted(noises().keys() - {"sweep"}))
def test_noise_is_no_speech(name):
    """Noise starts no turn: neither the beginning of speech nor an utterance. (A gliding tone may be taken for a voice.)"""
    assert listen([AudioFrame(noises()[name].astype(np.float32), 0)]) == []


@pytest.mark.parametrize("name", list(noises()))
def test_noise_gives_no_words(whisper, name):
    """Noise that a detector took for speech still gives no words, and a reason."""
    samples = noises()[name][: 5 * RATE].astype(np.float32)
    said = asyncio.run(whisper.transcribe(Utterance(samples, 0, len(samples), speech=0.5)))
    assert said.text == ""
    assert said.doubt


def test_an_utterance_of_nothing(whisper):
    """No samples are no words, and no error."""
    said = asyncio.run(whisper.transcribe(Utterance(np.zeros(0, np.float32), 0, 0, speech=0)))
    assert (said.text, said.doubt) == ("", "there was no sound")


def test_an_utterance_longer_than_the_window(whisper):
    """What does not fit is refused rather than heard in part."""
    with pytest.raises(EngineError, match="an utterance of 31 s does not fit"):
        asyncio.run(whisper.transcribe(Utterance(np.zeros(31 * RATE, np.float32), 0, 31 * RATE, speech=1)))


def test_speech_starts_while_it_goes_on(fox):
    """The beginning of speech is known within 300 ms of it."""
    ears, first, silence = Ears(Silero(), 1000), None, RATE // 2
    for at in range(0, len(fox), 160):
        events = ears.feed(AudioFrame(fox[at : at + 160], at))
        if any(isinstance(event, SpeechStarted) for event in events):
            first = at
            break
    assert first is not None
    assert first - silence < 0.3 * RATE


def test_weights_that_are_not_all_there(tmp_path):
    """A folder without the model's files is named, and nothing is fetched from anywhere."""
    with whisper_at(tmp_path) as engine, pytest.raises(WeightsError, match=r"lack model\.bin, config\.json"):
        asyncio.run(engine.load())

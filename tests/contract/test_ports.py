"""What a turn may rely on, whichever engine a string in the configuration picks: stand-ins and real ones alike.

The real ones run on the weights that `make setup` fetched.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing

import numpy as np
import pytest
import soundfile
from human_speech import recording

from nearfield.config import Config
from nearfield.events import Utterance
from nearfield.home import find_home
from nearfield.ports import Generate
from nearfield.registry import LLM, STT, TTS, VAD

RATE = 16_000
SHORT = "Yes."
LONG = "The first sentence is about rain. The second one is about the wind. And then the sun comes out. " * 4
PROMPT = "<|im_start|>user\nCount from one to twenty in words.<|im_end|>\n<|im_start|>assistant\n"


def opened(make):
    """A loaded engine, closed after the module's last test."""
    engine = make()
    if hasattr(engine, "load"):
        asyncio.run(engine.load())
    yield engine
    asyncio.run(engine.aclose())


@pytest.fixture(scope="module", params=list(STT))
def stt(request):
    yield from opened(lambda: STT[request.param](Config(), find_home()))


@pytest.fixture(scope="module", params=list(TTS))
def tts(request):
    yield from opened(lambda: TTS[request.param](Config(), find_home()))


@pytest.fixture(scope="module", params=list(LLM))
def llm(request):
    config = Config.model_validate({"brain": {"threads": 1}})  # two would wait for each other where others work too
    yield from opened(lambda: LLM[request.param](config, find_home(), None))


@pytest.fixture(params=list(VAD))
def vad(request):
    return VAD[request.param]()


@pytest.fixture(scope="module")
def speech():
    """A person saying "hello world", mono at 16 kHz."""
    samples, rate = soundfile.read(recording("hello_world.wav"), dtype="float32")
    assert rate == RATE
    return samples


def utterance(samples):
    return Utterance(samples, 0, len(samples), 0.8)


def test_words_are_heard_in_speech(stt, speech):
    """What somebody said comes back as words without white space around them."""
    heard = asyncio.run(stt.transcribe(utterance(speech)))
    assert heard.text
    assert heard.text == heard.text.strip()
    assert heard.doubt == ""


def test_where_nothing_was_said_there_are_no_words_and_a_reason(stt):
    """Silence (for a stand-in: the end of its script) is an empty text that says why."""
    silence = utterance(np.zeros(RATE, np.float32))
    heard = [asyncio.run(stt.transcribe(silence)) for _ in range(1 if type(stt).__name__ == "Whisper" else 8)][-1]
    assert heard.text == ""
    assert heard.doubt


def spoken(tts, text):
    async def speak():
        async with aclosing(tts.speak(text)) as sounds:
            return [samples async for samples in sounds]

    return asyncio.run(speak())


def first_piece(tts, text):
    async def speak():
        async with aclosing(tts.speak(text)) as sounds:
            return await anext(sounds)

    return asyncio.run(speak())


def test_a_voice_makes_sound(tts):
    """Mono float32 within -1..1 at the rate it names, audible, and longer for a longer text."""
    assert isinstance(tts.rate, int)
    assert 8_000 <= tts.rate <= 48_000
    pieces = spoken(tts, "What a lovely morning.")
    for samples in pieces:
        assert samples.dtype == np.float32
        assert samples.ndim == 1
        assert np.abs(samples).max() <= 1.0
    whole = np.concatenate(pieces)
    assert 0.5 < len(whole) / tts.rate < 5
    assert np.sqrt(np.mean(np.square(whole))) > 0.01
    assert sum(map(len, spoken(tts, LONG))) > 5 * len(whole)


def test_a_voice_speaks_in_pieces(tts):
    """The beginning of a long text is there without waiting for its end."""
    assert 0 < len(first_piece(tts, LONG)) < sum(map(len, spoken(tts, LONG))) / 4


def test_a_voice_that_was_cut_off_speaks_on(tts):
    """After a text that was closed at its first piece comes the next text, and nothing of the old one."""
    usual = sum(map(len, spoken(tts, SHORT)))
    for _ in range(3):
        first_piece(tts, LONG)
        assert sum(map(len, spoken(tts, SHORT))) == pytest.approx(usual, rel=0.5)


@pytest.mark.parametrize("tts", [name for name in TTS if name != "fake"], indirect=True)
def test_closing_a_real_voice_stops_it(tts):
    """The engine does not go on making the rest of a text that nobody wants."""
    began = time.monotonic()
    spoken(tts, LONG)
    whole = time.monotonic() - began
    began = time.monotonic()
    first_piece(tts, LONG)
    spoken(tts, SHORT)
    assert time.monotonic() - began < 0.7 * whole


def request(longest=12, **more):
    return Generate(PROMPT, longest=longest, special=True, **more)


def written(llm, asked, most=10_000):
    """The pieces of an answer, closed after `most` of them."""

    async def generate():
        pieces = []
        async with aclosing(llm.generate(asked)) as stream:
            async for piece in stream:
                pieces.append(piece)
                if len(pieces) == most:
                    break
        return pieces

    return asyncio.run(generate())


def test_a_model_writes_the_same_again(llm):
    """Text, in pieces; greedy, so the same request leads to the same words."""
    first = written(llm, request())
    assert "".join(first).strip()
    assert len(first) > 1
    assert written(llm, request()) == first


def test_a_model_keeps_to_the_longest(llm):
    """No more tokens than asked for, and they are the beginning of what a longer limit gives."""
    short, long = written(llm, request(3)), written(llm, request(12))
    assert len([piece for piece in short if piece]) <= 3
    assert "".join(long).startswith("".join(short))
    assert len("".join(short)) < len("".join(long))


def test_a_model_ends_before_a_stop_string(llm):
    """Neither the stop string nor anything after it is written, whatever pieces it would have come in."""
    whole = "".join(written(llm, request()))
    stop = whole[len(whole) // 2 :][:4]
    assert "".join(written(llm, request(stop=("never to be seen", stop)))) == whole.partition(stop)[0]
    assert "".join(written(llm, request(stop=(whole[:2],)))) == ""


def test_a_model_that_was_cut_off_writes_on(llm):
    """Closed at its first piece, it is ready for the next request and has kept nothing of the last."""
    usual = written(llm, request())
    for most in (1, 2):
        assert written(llm, request(200), most) == usual[:most]
        assert written(llm, request()) == usual


def test_a_model_can_be_warmed(llm):
    """A prefix that was made ready changes no word."""
    usual = written(llm, request())
    prefix = PROMPT[: PROMPT.index("Count")]
    asyncio.run(llm.warm(prefix))
    assert written(llm, request(prefix=prefix)) == usual


def probabilities(vad, samples):
    return [vad(samples[at : at + vad.frame]) for at in range(0, len(samples) - vad.frame + 1, vad.frame)]


def test_a_voice_detector_tells_speech_from_silence(vad, speech):
    """A probability for each frame: high somewhere in speech, low all through silence."""
    assert 0 < vad.frame <= RATE // 10
    said = probabilities(vad, speech)
    assert all(0 <= p <= 1 for p in said)
    assert max(said) > 0.8
    vad.reset()
    assert max(probabilities(vad, np.zeros(RATE, np.float32))) < 0.3


def test_a_voice_detector_forgets_when_told(vad, speech):
    """After a reset a stream gives the same probabilities as it did to fresh ears: nothing of the last one is left."""
    fresh = probabilities(vad, speech)
    vad.reset()
    probabilities(vad, speech[:6000])  # ends in the middle of a word
    vad.reset()
    assert probabilities(vad, speech) == pytest.approx(fresh, abs=1e-6)

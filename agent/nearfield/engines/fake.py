"""Engines without weights, shipped: for scenes, for trying things out, and for `--profile fake`.

They meet the same ports as the real ones and are driven by scripts. Time they take is taken on the event loop's clock, so
that on a virtual clock it is exact.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence

import numpy as np

from nearfield.events import Samples, Transcript, Utterance
from nearfield.ports import Generate
from nearfield_tools.eyes import Code, Reading, Sight, Word

RATE = 16_000
LOUD = 0.01
"""Root mean square above which FakeVad takes sound for speech."""


class FakeStt:
    """Hears what its script says, one line an utterance; past its end, nothing."""

    def __init__(self, script: Iterable[str] = (), seconds: float = 0.0) -> None:
        self._script, self._seconds = iter(script), seconds

    async def transcribe(self, utterance: Utterance) -> Transcript:
        await asyncio.sleep(self._seconds)
        text = next(self._script, "")
        return Transcript(text, doubt="" if text else "the script is at its end")

    async def aclose(self) -> None:
        return


class FakeTts:
    """Speaks a tone as long as the text would take, `seconds` a character, in pieces of a tenth of a second."""

    rate = RATE

    def __init__(self, seconds: float = 0.05, delay: float = 0.0) -> None:
        self._seconds, self._delay = seconds, delay
        self.spoken: list[str] = []

    async def speak(self, text: str) -> AsyncGenerator[Samples, None]:
        self.spoken.append(text)
        await asyncio.sleep(self._delay)
        total = int(len(text) * self._seconds * RATE)
        tone = (0.2 * np.sin(np.arange(total) * 2 * np.pi * 220 / RATE)).astype(np.float32)
        for at in range(0, total, RATE // 10):
            yield tone[at : at + RATE // 10]

    async def aclose(self) -> None:
        return


class FakeLlm:
    """Writes what its script holds for the words of a request; else what the nearest example in the prompt leads to.

    `script` maps what the user said to what is written. `seconds` pass between pieces. `forever` goes on past every limit.
    """

    def __init__(self, script: Mapping[str, str] | None = None, seconds: float = 0.0, *, forever: bool = False) -> None:
        self._script, self._seconds, self._forever = dict(script or {}), seconds, forever
        self.requests: list[Generate] = []
        self.stopped = False

    async def generate(self, request: Generate) -> AsyncGenerator[str, None]:
        self.requests.append(request)
        self.stopped = False
        try:
            for piece in self._pieces(request):
                await asyncio.sleep(self._seconds)
                yield piece
        finally:
            self.stopped = True

    async def warm(self, prefix: str) -> None:
        return

    async def aclose(self) -> None:
        return

    def _pieces(self, request: Generate) -> list[str]:
        written = self._written(request)
        for stop in request.stop:
            written = written.partition(stop)[0]
        pieces = re.findall(r"\s*\S+", written)
        return pieces * 10_000 if self._forever else pieces[: request.longest]

    def _written(self, request: Generate) -> str:
        said = _last_said(request.prompt)
        key = f"{request.purpose}: {said}"
        if key in self._script or said in self._script:
            return self._script.get(key) or self._script[said]
        return _nearest(request.prompt, said) if request.purpose == "choose" else "I am only a stand-in for a brain."


def _last_said(prompt: str) -> str:
    turns = re.findall(r"(?:User: |<\|im_start\|>user\n)(.*?)(?:\n|<\|im_end\|>)", prompt)
    return turns[-1] if turns else ""


def _nearest(prompt: str, said: str) -> str:
    words = _words(said)
    pairs = re.findall(r"User: (.*)\nTool: (.*)\n", prompt)
    return max(pairs, key=lambda p: len(words & _words(p[0])) / (len(words | _words(p[0])) or 1), default=("", ""))[1]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


class FakeEyes:
    """Sees the lines it was given."""

    def __init__(self, lines: Sequence[str] = (), codes: Sequence[Code] = ()) -> None:
        self._lines, self._codes = lines, tuple(codes)

    def read(self) -> Reading:
        return Reading(tuple(Word(t, 1.0, (0, 20 * i, 100, 18)) for i, t in enumerate(self._lines)), 0)

    def codes(self) -> tuple[Code, ...]:
        return self._codes

    def look(self) -> Sight:
        return Sight(640, 480, "bright", sharp=True, colours=("white",))


class FakeVad:
    """Speech is what is loud: probability 1 above an RMS of 0.01."""

    frame = 512

    def __call__(self, samples: Samples) -> float:
        return float(np.sqrt(np.mean(np.square(samples))) > LOUD)

    def reset(self) -> None:
        return

"""Piper as a `TextToSpeech`: one thread, sentence by sentence. Adapter for piper-tts 1.8 (GPL-3.0-or-later)."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import numpy as np

from nearfield.engine_thread import EngineThread, Stop
from nearfield.events import Samples


class Piper:
    """A voice. `speed` 2.0 is twice as fast; `rate` is read from the voice's own settings."""

    def __init__(self, voice: Path, rate: int, speed: float = 1.0) -> None:
        self._thread = EngineThread("piper")
        self._file, self._rate, self._speed = voice, rate, speed
        self._voice: Any = None

    @property
    def rate(self) -> int:
        return self._rate

    async def load(self) -> None:
        """Load the voice now, and speak one word into nowhere so that the first reply is not the slow one."""
        await self._thread.run(lambda: list(self._speak("Ready.", Stop())))

    async def speak(self, text: str) -> AsyncGenerator[Samples, None]:
        async with aclosing(self._thread.stream(lambda stop: self._speak(text, stop))) as sounds:
            async for samples in sounds:
                yield samples

    async def aclose(self) -> None:
        await self._thread.aclose()

    def _speak(self, text: str, stop: Stop) -> Iterator[Samples]:
        from piper import PiperVoice, SynthesisConfig

        if self._voice is None:
            self._voice = PiperVoice.load(self._file)
        text = re.sub(
            r"(?<=\b[A-Z]) (?=[A-Z]\b)", "", text
        )  # espeak says "uh" for a lone A, but spells joined capitals
        how = SynthesisConfig(length_scale=1.0 / self._speed)
        for chunk in self._voice.synthesize(text, how):
            if stop:
                return
            yield np.asarray(chunk.audio_float_array, dtype=np.float32)

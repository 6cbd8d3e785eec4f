"""What is waiting to be heard, and how much has been: pure, and counted in samples."""

from __future__ import annotations

import asyncio
from collections import deque

import numpy as np

from nearfield.events import Samples


class Playback:
    """A queue of samples that an output callback empties with `fill`. `flush` is one store; the next block is silence."""

    def __init__(self) -> None:
        self._waiting: deque[Samples] = deque()
        self.played = 0
        self.queued = 0

    def play(self, samples: Samples) -> None:
        self._waiting.append(samples)
        self.queued += len(samples)

    def flush(self) -> None:
        self._waiting = deque()
        self.queued = self.played

    def fill(self, out: Samples) -> int:
        """Fill `out` with what is next, silence after it; returns how many samples were not silence."""
        waiting, done = self._waiting, 0
        while done < len(out) and waiting:
            piece = waiting.popleft()
            taken = min(len(piece), len(out) - done)
            out[done : done + taken] = piece[:taken]
            if taken < len(piece):
                waiting.appendleft(piece[taken:])
            done += taken
        out[done:] = 0.0
        self.played += done
        return done


class TapeSpeaker:
    """A speaker that plays onto a tape at once: for recordings, where nobody waits in the room."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.tape: list[Samples] = []
        self._playback = Playback()

    @property
    def played(self) -> int:
        return self._playback.played

    @property
    def queued(self) -> int:
        return self._playback.queued

    def play(self, samples: Samples) -> None:
        self.tape.append(samples)
        self._playback.play(samples)
        self._playback.fill(np.empty(len(samples), np.float32))

    def flush(self) -> None:
        self._playback.flush()

    async def drained(self) -> None:
        return


class ClockSpeaker:
    """A speaker that takes as long as the sound lasts, on the event loop's clock, in blocks of 10 ms."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.tape: list[tuple[float, Samples]] = []
        """(loop time in seconds, block) of everything that sounded."""
        self._playback = Playback()
        self._player: asyncio.Task[None] | None = None

    @property
    def played(self) -> int:
        return self._playback.played

    @property
    def queued(self) -> int:
        return self._playback.queued

    def play(self, samples: Samples) -> None:
        self._playback.play(samples)
        if self._player is None or self._player.done():
            self._player = asyncio.create_task(self._run())

    def flush(self) -> None:
        self._playback.flush()

    async def drained(self) -> None:
        if self._player is not None:
            await asyncio.shield(self._player)

    async def _run(self) -> None:
        block = np.empty(self.rate // 100, np.float32)
        while self._playback.fill(block):
            self.tape.append((asyncio.get_running_loop().time(), block.copy()))
            await asyncio.sleep(0.01)

"""When someone begins to speak and what they said, cut out of a stream of sound. Pure: samples are the only clock.

    quiet ──voice──▶ maybe ──enough voice──▶ talk ──pause──▶ quiet, with an Utterance
                       └──short silence───▶ quiet, as if nothing had been

`SpeechStarted` comes once for each stretch of talk, as soon as there is more voice in it than a click or a cough has.
A stretch longer than `longest_ms` is handed over in several utterances, each cut where it was quietest.

Limits: this hears *a* voice, not whose. A television or the assistant's own words are speech too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nearfield.events import AudioFrame, Samples, SpeechStarted, Utterance
from nearfield.ports import VoiceActivity

RATE = 16_000
"""Samples per second of everything that is heard."""

BEGIN = 0.5
"""Probability from which a frame is voice while nobody talks."""
STAY = 0.35
"""The same while somebody talks: lower, so that a soft syllable does not count as silence."""
TAIL_MS = 320
"""Sound kept after the last voice: final consonants fade below what a detector calls voice."""
FORGET_MS = 320
"""Silence after which a little voice that never became enough is forgotten."""
SEARCH_MS = 8_000
"""How far back from the longest utterance's end a cut may lie."""


@dataclass(frozen=True)
class _Piece:
    """One frame and what the detector made of it."""

    samples: Samples
    voiced: bool


@dataclass
class _Stretch:
    """Talk, or what may become talk. Positions are counted in kept frames."""

    first: int
    """Where the first voice lies."""
    last: int
    """Just after the latest voice."""
    voiced: int
    """Frames of voice not handed over yet."""
    sure: bool = False
    """There was enough voice, and it has been announced."""


class Ears:
    """Turns 16 kHz sound into the moments when speech begins and the utterances that it makes.

    `pause_ms` of silence end an utterance, which takes `preroll_ms` from before its first voice with it; `least_ms` of
    voice make speech. What comes out depends on the samples alone, never on how they were cut into frames.
    """

    def __init__(
        self,
        vad: VoiceActivity,
        pause_ms: int,
        preroll_ms: int = 480,
        least_ms: int = 160,
        longest_ms: int = 30_000,
    ) -> None:
        self._vad = vad
        self._pause = self._frames(pause_ms)
        self._preroll = self._frames(preroll_ms)
        self._least = self._frames(least_ms)
        self._longest = longest_ms * RATE // 1000 // vad.frame
        self._start = 0  # sample index of the first kept frame
        self._kept: list[_Piece] = []
        self._rest: Samples = np.zeros(0, np.float32)  # follows what is kept; less than a frame
        self._stretch: _Stretch | None = None

    def feed(self, frame: AudioFrame) -> list[SpeechStarted | Utterance]:
        """What became clear with this frame.

        A gap in the stream up to a pause long counts as silence; a longer one, or a step back, starts afresh.
        """
        events: list[SpeechStarted | Utterance] = []
        missing = frame.start - self._next
        if not 0 <= missing <= self._pause * self._vad.frame:
            events += self.flush()
            self._start = frame.start
            missing = 0
        pending = np.concatenate([self._rest, np.zeros(missing, np.float32), frame.samples])
        size = self._vad.frame
        whole = len(pending) // size * size
        self._rest = pending[whole:]
        for at in range(0, whole, size):
            events += self._hear(pending[at : at + size], pending[at : at + size])
        return events

    def flush(self) -> list[Utterance]:
        """The stream ended: what was being said, if it was enough to be speech."""
        end = self._next
        said: list[Utterance] = []
        if rest := len(self._rest):
            padded = np.pad(self._rest, (0, self._vad.frame - rest))
            said += [e for e in self._hear(self._rest, padded) if isinstance(e, Utterance)]
        if self._stretch is not None:
            said += self._end(self._stretch)
        self._start, self._kept, self._rest, self._stretch = end, [], self._rest[:0], None
        self._vad.reset()
        return said

    @property
    def _next(self) -> int:
        return self._start + len(self._kept) * self._vad.frame + len(self._rest)

    def _frames(self, ms: int) -> int:
        return -(-ms * RATE // 1000 // self._vad.frame)

    def _hear(self, samples: Samples, heard: Samples) -> list[SpeechStarted | Utterance]:
        """Keep `samples`; `heard` is the same, padded to a whole frame."""
        talking = self._stretch is not None and self._stretch.sure
        voiced = self._vad(heard) >= (STAY if talking else BEGIN)
        self._kept.append(_Piece(samples, voiced))
        if voiced:
            self._lengthen()
        if self._stretch is None:
            self._forget()
            return []
        return self._advance(self._stretch)

    def _lengthen(self) -> None:
        here = len(self._kept)
        if self._stretch is None:
            self._stretch = _Stretch(here - 1, here, 0)
        self._stretch.last = here
        self._stretch.voiced += 1

    def _advance(self, stretch: _Stretch) -> list[SpeechStarted | Utterance]:
        silent = len(self._kept) - stretch.last
        if not stretch.sure:
            if stretch.voiced >= self._least:
                stretch.sure = True
                return [SpeechStarted(self._start + stretch.first * self._vad.frame)]
            if silent >= self._frames(FORGET_MS):
                self._stretch = None
                self._forget()
        elif silent >= self._pause:
            return [*self._end(stretch)]
        elif len(self._kept) >= self._longest:
            return self._cut(stretch)
        return []

    def _end(self, stretch: _Stretch) -> list[Utterance]:
        """Hand over what was said, unless it is only the silence that a cut left behind."""
        enough = stretch.voiced >= self._least
        said = [self._take(stretch.last + min(self._frames(TAIL_MS), self._pause))] if enough else []
        self._stretch = None
        self._forget()
        return said

    def _cut(self, stretch: _Stretch) -> list[SpeechStarted | Utterance]:
        """Hand over what is too long to wait for its pause; talk goes on with what is left."""
        at = self._quietest()
        after = sum(piece.voiced for piece in self._kept[at:])
        said = self._take(at)
        self._stretch = _Stretch(0, max(stretch.last - at, 0), after, sure=True)
        return [said]

    def _quietest(self) -> int:
        """The kept frame in the middle of the quietest 100 ms or so near the end, latest first among equals."""
        search = min(self._frames(SEARCH_MS), len(self._kept) // 2)
        power = np.array([float(np.mean(piece.samples**2)) for piece in self._kept[-search:]])
        smooth = np.convolve(power, np.ones(3), mode="valid")
        return len(self._kept) - 1 - int(np.argmin(smooth[::-1])) - 1

    def _take(self, end: int) -> Utterance:
        """Cut the kept frames at `end`: what lies before is the utterance, what lies after stays."""
        pieces = self._kept[:end]
        samples = np.concatenate([piece.samples for piece in pieces])
        said = Utterance(samples, self._start, self._start + len(samples), sum(p.voiced for p in pieces) / len(pieces))
        self._start += len(samples)
        self._kept = self._kept[end:]
        return said

    def _forget(self) -> None:
        """Nobody talks: keep no more than the pre-roll."""
        extra = max(len(self._kept) - self._preroll, 0)
        self._start += extra * self._vad.frame
        del self._kept[:extra]

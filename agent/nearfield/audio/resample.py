"""Many channels to one, one rate to another, for a stream in pieces of any size."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from nearfield.events import Samples


class Resampler:
    """Mono sound from one rate to another. The pieces that come out join without a seam; they lag a little behind."""

    def __init__(self, rate: int, wanted: int) -> None:
        self._stream = None if rate == wanted else soxr.ResampleStream(rate, wanted, 1, dtype="float32")

    def feed(self, samples: Samples) -> Samples:
        """What is ready at the wanted rate; may be empty."""
        return self._pass(samples, last=False)

    def finish(self) -> Samples:
        """What was still held back. Nothing may be fed after it."""
        return self._pass(np.zeros(0, np.float32), last=True)

    def _pass(self, samples: Samples, *, last: bool) -> Samples:
        if self._stream is None:
            return samples
        ready: Samples = self._stream.resample_chunk(np.ascontiguousarray(samples, np.float32), last=last)
        return ready


def resample(samples: Samples, rate: int, wanted: int) -> Samples:
    """A whole piece of mono sound, shape (n,), at another rate."""
    stream = Resampler(rate, wanted)
    return np.concatenate([stream.feed(samples), stream.finish()])


class Mixer:
    """Makes one channel of many: their mean, or the loudest one where they cancel each other.

    A microphone wired the wrong way round gives a second channel that is the first one upside down, and their mean is
    silence. Loudness is remembered over a few pieces, so that the choice does not flutter.
    """

    FADE = 0.8
    """What is left, a piece later, of the power heard so far."""
    CANCELS = 0.05
    """Share of the loudest channel's power below which the mean counts as cancelled; one voice of two gives 0.25."""

    def __init__(self) -> None:
        self._powers: npt.NDArray[np.float64] = np.zeros(0)
        self._mean = 0.0

    def mix(self, block: npt.NDArray[np.float32]) -> Samples:
        """One channel, shape (n,), of `block`, shape (n, channels). What is not a number becomes silence."""
        clean: npt.NDArray[np.float32] = np.clip(np.nan_to_num(block), -1, 1)
        channels = clean.shape[1]
        if channels == 1:
            return clean[:, 0]
        if len(self._powers) != channels:
            self._powers, self._mean = np.zeros(channels), 0.0
        mean: Samples = clean.mean(axis=1, dtype=np.float32)
        self._powers = self._powers * self.FADE + np.square(clean, dtype=np.float64).sum(axis=0)
        self._mean = self._mean * self.FADE + float(np.square(mean, dtype=np.float64).sum())
        loudest = int(self._powers.argmax())
        return clean[:, loudest] if self._mean < self.CANCELS * self._powers[loudest] else mean

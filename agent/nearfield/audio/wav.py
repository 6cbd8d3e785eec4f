"""Recordings in, spoken answers out: any sound file becomes mono frames at 16 kHz; what is said becomes a WAV file.

Files are decoded as they are read, so that an hour of sound costs no more memory than a second of it. libsndfile reads
what it knows; FFmpeg's libraries read the rest: M4A, WebM, the sound of a video. They may open nothing but the file
itself: playlists, which could name other files or hosts, are refused.
"""

from __future__ import annotations

import io
import itertools
import logging
import math
import os
import stat
import wave
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import soundfile

from nearfield.audio.resample import Mixer, Resampler
from nearfield.errors import InputError, UserError
from nearfield.events import AudioFrame, Samples

MINUTE = 60  # seconds
RATE = 16_000
"""Samples per second of every frame."""
LEEWAY = 1.0
"""Seconds by which a recording may pass the limit: encoders pad."""
BLOCK = 0.25
"""Seconds read at a time. Damage costs the block it lies in."""

SNDFILE = {
    "WAV",
    "WAVEX",
    "RF64",
    "W64",
    "AIFF",
    "AU",
    "CAF",
    "FLAC",
    "OGG",
    "MP3",
    "VOC",
    "NIST",
    "SVX",
    "IRCAM",
    "PVF",
}
"""What libsndfile reads that is sound for certain. Its other guesses take data files for sound."""
FFMPEG = "aac,ac3,aiff,amr,ape,asf,au,avi,caf,eac3,flac,flv,matroska,mov,mp3,mpeg,mpegts,ogg,tta,w64,wav,wv"
"""Containers FFmpeg may take a file for. None of them refers to other files."""
GUESSED = {"aac", "ac3", "amr", "eac3", "mp3", "mpeg", "mpegts"}
"""Containers without a length, for which FFmpeg gives a guess from their beginning."""
SOUND_NAMES = ".aac .aiff .flac .m4a .mkv .mov .mp3 .mp4 .oga .ogg .opus .wav .webm"
"""With one of these names, a file that cannot be read is damaged rather than something else."""

Block = npt.NDArray[np.float32]
"""Sound as a file holds it, shape (n, channels)."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recording:
    """What a file's header says. `seconds` is None when it does not say; `rate` is in samples per second."""

    seconds: float | None
    rate: int
    channels: int


def check_recording(path: Path, longest_minutes: float) -> Recording:
    """Look at a recording without decoding more than its first moment.

    Raises InputError when it is missing, not sound, damaged from the start, silent by lack of samples, or too long.
    """
    _refuse_non_files(path)
    longest = longest_minutes * MINUTE
    with _open(path) as source:
        about = source.about
        if about.seconds is not None and about.seconds > longest + LEEWAY:
            raise _too_long(f"{path.name} is {_length(about.seconds)} long", longest)
        try:
            first = next((block for _, block in source.blocks() if len(block)), None)
        except _Damage as error:
            raise InputError(f"{path.name} is damaged from its start on. Record or export it again.") from error
    if first is None:
        raise InputError(f"{path.name} holds no sound at all; record it again.")
    return about


def read_recording(path: Path, longest_minutes: float) -> Generator[AudioFrame, None, None]:
    """The sound of a file, as mono frames at 16 kHz that follow each other from sample 0.

    Raises InputError at once for what `check_recording` refuses, and from the generator as soon as a recording whose
    header gave no length passes the limit. Where the data is damaged it ends, with a warning in the log.
    """
    check_recording(path, longest_minutes)
    return _frames(path, longest_minutes * MINUTE)


def write_wav(path: Path, samples: Samples, rate: int) -> None:
    """Write mono `samples`, shape (n,), as 16-bit PCM; the file is there whole or not at all.

    Louder than ±1 is clipped. Raises UserError when `path` cannot be written.
    """
    sound = np.round(np.clip(np.nan_to_num(samples), -1, 1) * 32767).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(sound.tobytes())
    try:
        _put(path.resolve(), buffer.getvalue())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UserError(f"{path} cannot be written: {reason}. Choose another place.") from error


def _put(path: Path, data: bytes) -> None:
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(data)  # a pipe or device must not be replaced by a file
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink()


def _frames(path: Path, longest: float) -> Generator[AudioFrame, None, None]:
    at = 0
    with _open(path) as source:
        for samples in _resampled(_up_to(longest, _undamaged(source, path.name), path.name)):
            if len(samples):
                yield AudioFrame(samples, at)
                at += len(samples)


def _undamaged(source: _Source, name: str) -> Iterator[tuple[int, Block]]:
    seconds = 0.0
    try:
        for rate, block in source.blocks():
            yield rate, block
            seconds += len(block) / rate
    except _Damage as error:
        _log.warning("%s is damaged after %.1f seconds; what comes before is used. (%s)", name, seconds, error)


def _up_to(longest: float, blocks: Iterator[tuple[int, Block]], name: str) -> Iterator[tuple[int, Block]]:
    seconds = 0.0
    for rate, block in blocks:
        seconds += len(block) / rate
        if seconds > longest + LEEWAY:
            raise _too_long(f"{name} goes on and on", longest)
        yield rate, block


def _resampled(blocks: Iterator[tuple[int, Block]]) -> Iterator[Samples]:
    """Mono at RATE. Some files change their rate on the way; each part is brought over by itself."""
    mixer = Mixer()
    for rate, part in itertools.groupby(blocks, key=lambda piece: piece[0]):
        resampler = Resampler(rate, RATE)
        for _, block in part:
            yield resampler.feed(mixer.mix(block))
        yield resampler.finish()


class _Damage(Exception):  # noqa: N818  # it is no error of the program's
    """The decoder met data it cannot make sense of."""


class _Source(Protocol):
    @property
    def about(self) -> Recording: ...

    def blocks(self) -> Iterator[tuple[int, Block]]:
        """Rate and sound, piece by piece; raises _Damage."""


@contextmanager
def _open(path: Path) -> Iterator[_Source]:
    try:
        file = soundfile.SoundFile(str(path.resolve())) if path.suffix.lower() != ".raw" else None
    except soundfile.LibsndfileError:
        file = None
    if file is not None:
        with file:
            if file.format in SNDFILE and file.frames:  # a recorder that was killed leaves a length of 0 behind
                yield _Sndfile(file)
                return
    with _open_container(path) as container:
        yield _Container(container)


class _Sndfile:
    UNKNOWN = 2**62
    """libsndfile's length of a stream whose header gives none is a number as large as this."""

    def __init__(self, file: soundfile.SoundFile) -> None:
        self._file = file
        seconds = file.frames / file.samplerate if file.frames < self.UNKNOWN else None
        self.about = Recording(seconds, file.samplerate, file.channels)

    def blocks(self) -> Iterator[tuple[int, Block]]:
        rate = self.about.rate
        size = max(int(rate * BLOCK), 1)
        try:
            while len(block := self._file.read(size, dtype="float32", always_2d=True)):
                yield rate, block
        except soundfile.LibsndfileError as error:
            raise _Damage(str(error)) from error


@contextmanager
def _open_container(path: Path) -> Iterator[Any]:
    import av

    own = {"protocol_whitelist": "file", "format_whitelist": FFMPEG}
    try:
        container = av.open(str(path.resolve()), container_options=own, metadata_errors="ignore")
    except (av.FFmpegError, ValueError) as error:
        raise InputError(_unreadable(path)) from error
    with container:
        if not container.streams.audio:
            raise InputError(f"{path.name} has no sound track; give me a recording with speech in it.")
        yield container


class _Container:
    """A file that FFmpeg has opened: its first sound track."""

    def __init__(self, container: Any) -> None:
        import av

        self._container = container
        self._errors: type[Exception] = av.FFmpegError
        self._planar = av.AudioResampler(format="fltp")
        known = container.duration and container.format.name not in GUESSED
        track = container.streams.audio[0]
        seconds = container.duration / av.time_base if known else None
        self.about = Recording(seconds, track.rate or RATE, track.channels or 1)

    def blocks(self) -> Iterator[tuple[int, Block]]:
        try:
            for frame in self._container.decode(audio=0):
                for piece in self._planar.resample(frame):
                    yield piece.rate, np.ascontiguousarray(piece.to_ndarray().T)
        except (self._errors, ValueError) as error:
            raise _Damage(str(error)) from error


def _refuse_non_files(path: Path) -> None:
    try:
        about = path.stat()
        if stat.S_ISREG(about.st_mode) and about.st_size:
            with path.open("rb"):
                return
    except FileNotFoundError as error:
        raise InputError(f"There is no recording {path}; check its name and folder.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be opened: {getattr(error, 'strerror', None) or error}.") from error
    if stat.S_ISDIR(about.st_mode):
        raise InputError(f"{path} is a folder; give me one recording from it.")
    if not stat.S_ISREG(about.st_mode):
        raise InputError(f"{path} is not a file; give me a WAV, FLAC, OGG or MP3 file.")
    raise InputError(f"{path.name} is empty; record it again.")


def _unreadable(path: Path) -> str:
    if path.suffix.lower() in SOUND_NAMES.split():
        kind = path.suffix[1:].upper()
        return f"{path.name} is damaged, or not really {kind}: I cannot read it. Record or export it again."
    return f"{path.name} is not a recording I can read; give me a WAV, FLAC, OGG or MP3 file."


def _too_long(what: str, longest: float) -> InputError:
    return InputError(f"{what}; I take requests of up to {_length(longest)}. Cut it, or raise ears.longest_minutes.")


def _length(seconds: float) -> str:
    """A duration for people: whole seconds under a minute, else minutes, tenths rounded up."""
    whole = math.ceil(seconds)
    if whole < MINUTE:
        return f"{whole} second{'' if whole == 1 else 's'}"
    minutes = f"{math.ceil(seconds / 6) / 10:.1f}".removesuffix(".0")
    return f"{minutes} minute{'' if minutes == '1' else 's'}"

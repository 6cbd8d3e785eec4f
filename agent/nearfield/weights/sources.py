"""What every source of weights does: bring one file's bytes, from wherever the last attempt stopped.

Sources of one file carry the same bytes, so a download begun at one may go on at another. Whether the bytes are right
is not a source's concern: `pull` checks the finished file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, Protocol

from nearfield.errors import WeightsError

if TYPE_CHECKING:
    from pathlib import Path

    from nearfield.weights.catalogue import File

CHUNK = 1 << 18
"""Bytes moved at a time: small enough for a lively progress line, large enough to cost nothing."""

Tick = Callable[[int], None]
"""Hears how many bytes of the file there are by now."""


class SourceError(WeightsError):
    """This source cannot give the file, in a few words; the next one may."""


class Fetcher(Protocol):
    """One source, ready to use."""

    @property
    def label(self) -> str:
        """What it is called in a message."""

    @property
    def scratch(self) -> int:
        """Bytes of disk it needs for a while besides the file itself, at most."""

    def fetch(self, file: File, part: Path, tick: Tick) -> None:
        """Add to `part` until it holds `file.size` bytes.

        Raises SourceError if this source has not got them, and OSError if they cannot be written.
        """


def length(part: Path) -> int:
    """Bytes in `part`; 0 if there is none."""
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0


@contextmanager
def opened_at(part: Path, start: int) -> Iterator[BinaryIO]:
    """`part`, cut to its first `start` bytes and open for what follows them."""
    with part.open("r+b" if part.exists() else "w+b") as out:
        out.truncate(start)
        out.seek(start)
        yield out


class FolderFetcher:
    """A folder or a USB stick given by the user, holding MODEL/FILE as in the store, or FILE itself."""

    scratch = 0

    def __init__(self, folder: Path, model: str) -> None:
        self._folder = folder
        self._model = model

    @property
    def label(self) -> str:
        return f"folder {self._folder}"

    def fetch(self, file: File, part: Path, tick: Tick) -> None:
        with _opened(self._search(file)) as original:
            _copy(original, file, part, length(part), tick)

    def _search(self, file: File) -> Path:
        for place in (self._folder / self._model / file.name, self._folder / file.name):
            if place.is_file():
                if place.stat().st_size != file.size:
                    raise SourceError(f"{place} is not the file the catalogue means, which has {file.size} bytes")
                return place
        raise SourceError(f"there is no {self._model}/{file.name} in it")


def _opened(original: Path) -> BinaryIO:
    try:
        return original.open("rb")
    except OSError as error:
        raise SourceError(f"{original} cannot be read ({error.strerror})") from error


def _copy(original: BinaryIO, file: File, part: Path, start: int, tick: Tick) -> None:
    original.seek(start)
    with opened_at(part, start) as out:
        done = start
        while done < file.size:
            chunk = _next(original)
            out.write(chunk)
            done += len(chunk)
            tick(done)


def _next(original: BinaryIO) -> bytes:
    """More of it. A stick that is pulled out is the source's failure, not the disk's."""
    try:
        chunk = original.read(CHUNK)
    except OSError as error:
        raise SourceError(f"{original.name} cannot be read any further ({error.strerror})") from error
    if not chunk:
        raise SourceError(f"{original.name} became shorter while it was copied")
    return chunk

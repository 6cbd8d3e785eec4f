"""What was hashed once need not be hashed at every start.

A stamp says: the file with this size, time of change and inode had this sha256. If any of them differs, the file is
hashed again. Stamps live in verified.json beside the weights; losing them costs a second, never correctness. They guard
against accidents, not against someone who can write to the folder and sets a file's time back.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHUNK = 1 << 20
"""Bytes read at a time."""


def sha256_of(file: Path, tick: Callable[[int], None] | None = None) -> str:
    """The file's sha256, in lower-case hex; `tick` hears how many bytes are done. Raises OSError."""
    digest = hashlib.sha256()
    done = 0
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            done += len(chunk)
            if tick:
                tick(done)
    return digest.hexdigest()


class Stamps:
    """The stamps of one folder of weights. Nothing here raises: a stamp that cannot be read or kept is no stamp."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._file = root / "verified.json"

    def vouch(self, file: Path, sha256: str) -> bool:
        """Whether this very file was found to have this sha256 before. Raises OSError if it cannot be looked at."""
        return self._read().get(self._key(file)) == _stamp(file.stat(), sha256)

    def keep(self, file: Path, sha256: str, seen: os.stat_result) -> None:
        """`file` was hashed; `seen` is how it looked *before* that, so that a change meanwhile is not vouched for."""
        self._write({**self._read(), self._key(file): _stamp(seen, sha256)})

    def drop(self, file: Path) -> None:
        """`file` is not what it should be."""
        stamps = self._read()
        if stamps.pop(self._key(file), None) is not None:
            self._write(stamps)

    def _key(self, file: Path) -> str:
        return file.relative_to(self._root).as_posix()

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, stamps: dict[str, Any]) -> None:
        fresh = self._file.with_name(f".verified.{os.getpid()}.json")
        # A read-only folder of weights is a good thing to have; it is then hashed at every start.
        with contextlib.suppress(OSError):
            try:
                fresh.write_text(json.dumps(stamps, indent=1), encoding="utf-8")
                fresh.replace(self._file)
            finally:
                fresh.unlink(missing_ok=True)


def _stamp(seen: os.stat_result, sha256: str) -> dict[str, Any]:
    return {"size": seen.st_size, "mtime_ns": seen.st_mtime_ns, "inode": seen.st_ino, "sha256": sha256}

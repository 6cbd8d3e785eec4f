"""How far a download or a check has come: the callback everyone takes, and what a terminal shows of it."""

from __future__ import annotations

import time
from typing import Protocol, TextIO

_REDRAW_EVERY = 0.1
"""Seconds: ten times a second is as much as an eye follows."""
_SPEED_AFTER = 0.5
"""Seconds before which a speed would be guesswork."""


class Progress(Protocol):
    """Called often. Bytes count from the file's beginning, so a resumed file does not start at 0."""

    def __call__(self, model: str, file: str, done: int, total: int) -> None: ...


def silent(model: str, file: str, done: int, total: int) -> None:
    """The progress nobody watches."""


def readable(size: int) -> str:
    """`size` bytes as a person reads it: decimal megabytes, or kilobytes if there is not one."""
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{size / 1e3:.1f} kB"  # noqa: PLR2004


class TerminalProgress:
    """Progress as text: one line that changes on a terminal, a line at every tenth of a file elsewhere."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._current = ("", "")
        self._first = 0
        """Bytes that were there when this file's first report came."""
        self._since = 0.0
        self._shown = 0.0
        self._tenth = 0
        self._open = False

    def __call__(self, model: str, file: str, done: int, total: int) -> None:
        now = time.monotonic()
        if (model, file) != self._current:
            self.close()
            self._current = (model, file)
            self._first, self._since, self._shown = done, now, 0.0
            # At most 9, so that a file which comes in one go is reported too.
            self._tenth = min(10 * done // total, 9)
        if self._live:
            self._redraw(now, done, total)
        else:
            self._tell(now, done, total)

    def close(self) -> None:
        """End the line that is being redrawn, so that what follows starts on its own."""
        if self._open:
            self._stream.write("\n")
            self._stream.flush()
            self._open = False

    def _redraw(self, now: float, done: int, total: int) -> None:
        if now - self._shown < _REDRAW_EVERY and done < total:
            return
        self._shown = now
        # \x1b[K clears what a longer line before this one left behind.
        self._stream.write(f"\r{self._line(now, done, total)}\x1b[K")
        self._stream.flush()
        self._open = True
        if done >= total:
            self.close()

    def _tell(self, now: float, done: int, total: int) -> None:
        tenth = 10 * done // total
        if tenth > self._tenth:
            self._tenth = tenth
            self._stream.write(f"{self._line(now, done, total)}\n")
            self._stream.flush()

    def _line(self, now: float, done: int, total: int) -> str:
        model, file = self._current
        seconds = now - self._since
        speed = f"  {(done - self._first) / seconds / 1e6:.1f} MB/s" if seconds > _SPEED_AFTER else ""
        return f"{model} {file}  {100 * done // total:3d} %  {readable(done)} of {readable(total)}{speed}"

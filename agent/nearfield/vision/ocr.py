"""The reader of printed text. Importing this costs nothing: the networks come with the first picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from nearfield.vision.image import Picture
    from nearfield.vision.reading import Engine
    from nearfield_tools.eyes import Reading


class Reader(Protocol):
    """What reads the print on a picture. One for the whole process, used by one thread at a time."""

    def read(self, picture: Picture) -> Reading:
        """What is printed on `picture` (RGB, height by width by 3), whichever way up it is. Blocking."""


class OcrReader:
    """Reads with `engine`, by default RapidOCR, which is loaded with the first picture (about a second)."""

    def __init__(self, engine: Engine | None = None) -> None:
        self._engine = engine

    def load(self) -> Engine:
        """Load the networks now, so that the first picture need not wait for them."""
        if self._engine is None:
            from nearfield.vision.rapid import RapidEngine

            self._engine = RapidEngine()
        return self._engine

    def read(self, picture: Picture) -> Reading:
        """What is printed on `picture`. Raises EngineError when the engine fails."""
        from nearfield.vision.reading import read

        return read(picture, self.load())

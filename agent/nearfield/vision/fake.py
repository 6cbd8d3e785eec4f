"""A reader without networks, for scenes and for trying things out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nearfield.vision.image import Picture

from nearfield_tools.eyes import Reading, Word


class FakeReader:
    """Finds the same lines on every picture; `pictures` tells how many it was shown."""

    def __init__(self, *lines: str, turned: int = 0, trouble: str = "") -> None:
        words = tuple(Word(text, 1.0, (0, 40 * row, 20 * len(text), 32)) for row, text in enumerate(lines))
        self._reading = Reading(words, turned, trouble)
        self.pictures = 0

    def read(self, picture: Picture) -> Reading:
        """The lines it was made with."""
        self.pictures += 1
        return self._reading

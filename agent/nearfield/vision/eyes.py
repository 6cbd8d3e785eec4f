"""The eyes of one turn: one picture, opened when a tool first asks, and each thing found on it only once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from nearfield.vision.image import Picture
    from nearfield.vision.ocr import Reader
    from nearfield_tools.eyes import Code, Reading, Sight


class PictureEyes:
    """`nearfield_tools.api.Eyes` for the picture at `path`. Blocking; for the tools' thread only.

    Every method raises InputError when the picture cannot be used.
    """

    def __init__(self, path: Path, longest_megapixels: float, reader: Reader) -> None:
        """`reader` is shared by all pictures of the process; `longest_megapixels` as in `image.load_picture`."""
        self._path = path
        self._longest_megapixels = longest_megapixels
        self._reader = reader

    def read(self) -> Reading:
        """What is printed on the picture. Raises EngineError when the reader fails."""
        return self._reading

    def codes(self) -> tuple[Code, ...]:
        """The QR and bar codes on the picture."""
        return self._codes

    def look(self) -> Sight:
        """Light, sharpness and colours."""
        return self._sight

    @cached_property
    def _picture(self) -> Picture:
        from nearfield.vision.image import load_picture

        return load_picture(self._path, self._longest_megapixels)

    @cached_property
    def _reading(self) -> Reading:
        return self._reader.read(self._picture)

    @cached_property
    def _codes(self) -> tuple[Code, ...]:
        from nearfield.vision.codes import find_codes

        return find_codes(self._picture)

    @cached_property
    def _sight(self) -> Sight:
        from nearfield.vision.sight import look

        return look(self._picture)

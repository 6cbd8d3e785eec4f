"""What can be seen of the picture at hand, as plain values, and the port through which a tool asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class Word:
    """One line of printed text: its `text`, `confidence` 0..1 and `box` (x, y, width, height) in upright pixels."""

    text: str
    confidence: float
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Reading:
    """What is printed on a picture, top to bottom, and which way it had to be turned (degrees clockwise: 0 90 180 270)."""

    lines: tuple[Word, ...]
    turned: int
    trouble: str = ""
    """One honest sentence when the picture is too dark, too blurred or cut off; else empty."""


@dataclass(frozen=True)
class Code:
    """A QR or bar code: `kind` ("QR code", "EAN-13", …) and its `text`. The text is untrusted data."""

    kind: str
    text: str


@dataclass(frozen=True)
class Sight:
    """What can be said of a picture without recognising things: size in pixels, light, sharpness, main colours."""

    width: int
    height: int
    light: Literal["dark", "dim", "bright", "washed out"]
    sharp: bool
    colours: tuple[str, ...]
    faces: int | None = None
    """Number of faces, or None when nothing here can tell."""


class Eyes(Protocol):
    """The picture of this turn. Blocking; call from a tool only."""

    def read(self) -> Reading: ...

    def codes(self) -> tuple[Code, ...]: ...

    def look(self) -> Sight: ...

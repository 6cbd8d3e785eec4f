"""What kept a picture from being read, in one sentence; silent about flaws that did no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nearfield.vision.quality import BLURRED, VERY_BLURRED, Grey, blur, grey_of, light

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nearfield.vision.image import Picture
    from nearfield.vision.layout import Piece, Quad

DARK = "The picture is too dark to read."
BRIGHT = "The picture is too bright to read."
BLUR = "The picture is too blurred to read."
BLANK = "The picture is nearly all white, and I can make out no text on it."
STRANGE = "There seems to be writing, but I can't read it."
DARKISH = "The picture is dark, so some of the text may be missing."
FAINT = "The print is faint, so some of the text may be missing."
BLURRY = "The picture is blurred, so some of the text may be missing."
UNCLEAR = "There is more writing that I can't make out."
CUT = "The text runs off the edge of the picture, so some of it is missing."

LEAST_CONTRAST = 40
"""Grey levels between ink and paper, below which pieces go missing."""
POOR = 0.6
"""Share of the pieces found that must have been read, or the reading is called poor."""
CUT_SHARE = 0.15
"""Share of the pieces that are cut off before it is worth a word: a neighbour's corner in the picture is not."""
INK = (0.1, 0.8)
"""Share of a piece's edge that is ink where letters are cut through; more is a frame."""
_NEAR = 1
"""Pixels from the edge at which a piece touches it."""


def name_trouble(picture: Picture, found: Sequence[Quad], read: Sequence[Piece]) -> str:
    """The sentence, or "" when nothing is wrong with `picture` or the reading did not suffer from it."""
    grey = grey_of(picture)
    return _partly_read(grey, found, read) if read else _unreadable(grey, bool(found))


def _unreadable(grey: Grey, found: bool) -> str:
    lit = light(grey)
    if lit == "dark":
        return DARK
    if blur(grey) > BLURRED:
        return BLUR
    if lit == "washed out":
        return BRIGHT if found else BLANK
    return STRANGE if found else ""


def _partly_read(grey: Grey, found: Sequence[Quad], read: Sequence[Piece]) -> str:
    blurred = blur(grey)
    poor = len(read) < POOR * len(found)
    if blurred > (BLURRED if poor else VERY_BLURRED):
        return BLURRY
    if float(np.median([_contrast(grey, piece.quad) for piece in read])) < LEAST_CONTRAST:
        return DARKISH if light(grey) in ("dark", "dim") else FAINT
    if poor:
        return UNCLEAR
    cut = [piece for piece in read if _cut(grey, piece.quad)]
    return CUT if len(cut) > CUT_SHARE * len(read) else ""


def _around(grey: Grey, quad: Quad) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the piece, inside the picture; the last two exclusive."""
    height, width = grey.shape
    left, top = np.maximum(np.floor(quad.min(axis=0)).astype(int), 0)
    right, bottom = np.minimum(np.ceil(quad.max(axis=0)).astype(int) + 1, (width, height))
    return int(left), int(top), int(right), int(bottom)


def _contrast(grey: Grey, quad: Quad) -> float:
    left, top, right, bottom = _around(grey, quad)
    low, high = np.percentile(grey[top:bottom, left:right], (3, 97))
    return float(high - low)


def _cut(grey: Grey, quad: Quad) -> bool:
    """Whether ink of this piece reaches the picture's very edge."""
    height, width = grey.shape
    left, top, right, bottom = _around(grey, quad)
    here = grey[top:bottom, left:right]
    edges = [
        here[:, :1] if left <= _NEAR else None,
        here[:, -1:] if right >= width - _NEAR else None,
        here[:1] if top <= _NEAR else None,
        here[-1:] if bottom >= height - _NEAR else None,
    ]
    return any(edge is not None and edge.size and _inked(edge, here) for edge in edges)


def _inked(edge: Grey, text: Grey) -> bool:
    """Whether part of `edge` differs from the paper nearly as much as the letters do."""
    low, paper, high = np.percentile(text, (3, 50, 97))
    ink = np.abs(edge.astype(np.float32) - paper) > 0.4 * max(high - paper, paper - low)
    return INK[0] < float(ink.mean()) < INK[1]

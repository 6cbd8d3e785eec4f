"""What kept a picture from being read, in one sentence; silent about flaws that did no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nearfield.vision.quality import BLURRED, Grey, blur, grey_of, light

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nearfield.vision.image import Picture
    from nearfield.vision.layout import Piece, Quad

DARK = "The picture is too dark to read."
BRIGHT = "The picture is too bright to read."
BLUR = "The picture is too blurred to read."
PARTLY = "The picture is blurred, so some of the text may be missing."
UNCLEAR = "There is some writing, but I can't make out all of it."
CUT = "The text runs off the edge of the picture, so some of it is missing."

POOR = 0.6
"""Share of the pieces found that must have been read, or the reading is called poor."""
CUT_SHARE = 0.15
"""Share of the pieces that are cut off before it is worth a word: a neighbour's corner in the picture is not."""


def name_trouble(picture: Picture, found: Sequence[Quad], read: Sequence[Piece]) -> str:
    """The sentence, or "" when nothing is wrong with `picture` or the reading did not suffer from it."""
    grey = grey_of(picture)
    if not read:
        return _unreadable(grey, bool(found))
    if len(read) < POOR * len(found):
        return PARTLY if blur(grey) > BLURRED else UNCLEAR
    cut = [piece for piece in read if _cut(grey, piece.quad)]
    return CUT if len(cut) > CUT_SHARE * len(read) else ""


def _unreadable(grey: Grey, found: bool) -> str:
    lit = light(grey)
    if lit == "dark":
        return DARK
    if lit == "washed out" and np.ptp(grey) > 0:
        return BRIGHT
    if blur(grey) > BLURRED:
        return BLUR
    return UNCLEAR if found else ""


def _cut(grey: Grey, quad: Quad) -> bool:
    """Whether ink of this piece reaches the picture's very edge."""
    height, width = grey.shape
    left, top = np.maximum(np.floor(quad.min(axis=0)).astype(int), 0)
    right, bottom = np.ceil(quad.max(axis=0)).astype(int)
    here = grey[top : bottom + 1, left : right + 1]
    edges = [
        here[:, :1] if left <= _NEAR else None,
        here[:, -1:] if right >= width - 1 - _NEAR else None,
        here[:1] if top <= _NEAR else None,
        here[-1:] if bottom >= height - 1 - _NEAR else None,
    ]
    return any(edge is not None and edge.size and _inked(edge, here) for edge in edges)


_NEAR = 1


def _inked(edge: Grey, text: Grey) -> bool:
    """Some of `edge`, but not nearly all of it (that is a frame), differs from the paper as much as the letters do."""
    low, paper, high = np.percentile(text, (3, 50, 97))
    ink = np.abs(edge.astype(np.float32) - paper) > 0.5 * max(high - paper, paper - low)
    return high - low > 40 and 0.1 < float(ink.mean()) < 0.8  # noqa: PLR2004

"""Reading a picture, whichever way up it is.

Text is found once; from the shape of what was found follows whether lines run across or along the picture, and a few
long pieces read both ways round tell which end is up. Then everything is read in that direction.

Limits: the recogniser knows Latin letters, Chinese and Japanese; handwriting is hit and miss; where a page carries
text in several directions, the order of the lines is a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from nearfield.vision.layout import Piece, Quad, arrange
from nearfield.vision.quality import VERY_BLURRED, blur, grey_of
from nearfield.vision.trouble import name_trouble
from nearfield_tools.eyes import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nearfield.vision.image import Picture

FIND_PIXELS = 1.2e6
"""Text is searched on a copy of about this many pixels: half a second on two cores."""
FINE_PIXELS = 3.0e6
"""The same for pages of small print."""
FEW_PIXELS = 0.4e6
"""Smaller pictures are enlarged towards this, at most three times."""
SMALL_PRINT = 11.0
"""Thickness of a line on the searched copy, pixels, below which lines get lost."""
READ_THICK = 64.0
"""Lines thicker than this gain nothing: the recogniser works on 48 pixels."""
SURE = 0.6
"""Pieces read with less confidence are dropped: better nothing than something invented."""
LEGIBLE = 0.75
"""A page read with less confidence on average is not read at all: the script is unknown, or it is no text."""
FEW_LETTERS = 3
"""Fewer than this on a very blurred picture are no letters: three smeared lines look just like the sign for three."""
PROBES = 5
"""Pieces read in every direction to find which end is up."""
PROBE_LENGTH = 6
"""No more than this many times their thickness of each: ten letters tell as much as the whole line."""
LONG = 1.5
"""A piece this many times longer than thick shows which way its line runs."""

Read = tuple[str, float]
"""Text and confidence 0..1."""


class Engine(Protocol):
    """What finds and reads text: `rapid.RapidEngine`, or a fake."""

    def find(self, picture: Picture) -> list[Quad]:
        """Where text stands, in pixels of `picture`."""

    def recognise(self, strips: Sequence[Picture]) -> list[Read]:
        """What each upright strip says."""


def read(picture: Picture, engine: Engine) -> Reading:
    """What is printed on `picture`: lines in reading order, and how far it had to be turned."""
    quads = _find(picture, engine)
    turned = _turn(picture, quads, engine)
    if turned:
        picture = _turned(picture, turned)
        quads = _find(picture, engine)
    sure = _sure(_recognise(picture, quads, engine))
    if sum(len(p.text) for p in sure) < FEW_LETTERS and blur(grey_of(picture)) > VERY_BLURRED:
        sure = []
    return Reading(arrange(sure), turned if sure else 0, name_trouble(picture, quads, sure))


def _find(picture: Picture, engine: Engine) -> list[Quad]:
    pixels = picture.shape[0] * picture.shape[1]
    scale = _scale(pixels, FIND_PIXELS)
    quads = _find_at(picture, scale, engine)
    if scale < 1 and quads and np.percentile([_thick(q) for q in quads], 25) * scale < SMALL_PRINT:
        quads = _find_at(picture, _scale(pixels, FINE_PIXELS), engine)
    return quads


def _scale(pixels: int, wanted: float) -> float:
    if pixels > wanted:
        return float(np.sqrt(wanted / pixels))
    return float(np.clip(np.sqrt(FEW_PIXELS / pixels), 1, 3))


def _find_at(picture: Picture, scale: float, engine: Engine) -> list[Quad]:
    return [quad / np.float32(scale) for quad in engine.find(_resized(picture, scale))]


def _resized(picture: Picture, scale: float) -> Picture:
    if scale == 1:
        return picture
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=method), dtype=np.uint8)


def _turned(picture: Picture, degrees: int) -> Picture:
    """Turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(picture, -degrees // 90))


def _turn(picture: Picture, quads: Sequence[Quad], engine: Engine) -> int:
    """Degrees clockwise that bring the text upright: 0, 90, 180 or 270."""
    if not quads:
        return 0
    longest = sorted(quads, key=lambda q: -max(_size(q)))[:PROBES]
    strips = [_shortened(_strip(picture, quad)) for quad in longest]
    worth = {degrees: _worth(engine.recognise([_turned(s, degrees) for s in strips])) for degrees in _directions(quads)}
    # A tie stays as it is: nothing on the page speaks for turning it.
    return max(worth, key=lambda degrees: (worth[degrees] * (1.05 if degrees == 0 else 1.0), -degrees))


def _shortened(strip: Picture) -> Picture:
    height, width = strip.shape[:2]
    most = PROBE_LENGTH * min(height, width)
    return strip[:most, :most]


def _directions(quads: Sequence[Quad]) -> tuple[int, ...]:
    """Which turns could be right, from the way the pieces lie."""
    sizes = [_size(q) for q in quads]
    across = sum(w / h for w, h in sizes if w > LONG * h)
    along = sum(h / w for w, h in sizes if h > LONG * w)
    if across > 3 * along:
        return (0, 180)
    if along > 3 * across:
        return (90, 270)
    return (0, 90, 180, 270)


def _worth(read: Sequence[Read]) -> float:
    """How much sense a direction makes: letters read, and how surely (garbage is read at about half confidence)."""
    return sum(sum(c.isalnum() for c in text) * confidence**3 for text, confidence in read)


def _size(quad: Quad) -> tuple[float, float]:
    """Width and height along the quad's own edges, pixels, at least 1."""
    width = max(float(np.linalg.norm(quad[0] - quad[1])), float(np.linalg.norm(quad[2] - quad[3])), 1.0)
    height = max(float(np.linalg.norm(quad[0] - quad[3])), float(np.linalg.norm(quad[1] - quad[2])), 1.0)
    return width, height


def _thick(quad: Quad) -> float:
    return min(_size(quad))


def _strip(picture: Picture, quad: Quad) -> Picture:
    """What lies inside `quad`, flattened."""
    width, height = (int(side) for side in _size(quad))
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    flatten = cv2.getPerspectiveTransform(np.ascontiguousarray(quad, dtype=np.float32), corners)
    flat = cv2.warpPerspective(
        picture, flatten, (width, height), borderMode=cv2.BORDER_REPLICATE, flags=cv2.INTER_CUBIC
    )
    return np.asarray(flat, dtype=np.uint8)


def _recognise(picture: Picture, quads: Sequence[Quad], engine: Engine) -> list[Piece]:
    """Every piece as it reads best; a piece that stands on end is tried upright and both ways down."""
    if not quads:
        return []
    scale = min(1.0, READ_THICK / float(np.percentile([_thick(q) for q in quads], 20)))
    source = _resized(picture, scale)
    strips: list[Picture] = []
    owner: list[int] = []
    for number, quad in enumerate(quads):
        strip = _strip(source, quad * np.float32(scale))
        for degrees in (0, 90, 270) if strip.shape[0] > LONG * strip.shape[1] else (0,):
            strips.append(_turned(strip, degrees))
            owner.append(number)
    best: dict[int, Read] = {}
    for number, found in zip(owner, engine.recognise(strips), strict=True):
        if number not in best or _worth([found]) > _worth([best[number]]):
            best[number] = found
    return [Piece(best[n][0].strip(), best[n][1], quad) for n, quad in enumerate(quads)]


def _sure(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that can be relied on; none of them when the page as a whole makes no sense."""
    letters = sum(len(p.text) for p in pieces)
    if sum(len(p.text) * p.confidence for p in pieces) < LEGIBLE * letters:
        return []
    return [p for p in pieces if p.confidence >= SURE and any(c.isalnum() for c in p.text)]

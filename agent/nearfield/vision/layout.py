"""Pieces of text put in the order a person reads them. Pure: boxes and words in, lines out.

Lines that follow one another closely make a block of running text, which is read to its end before the one beside it.
Everything else (receipts, tables, labels) is read in rows, left to right. Not covered: text that runs downwards,
right-to-left scripts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nearfield_tools.eyes import Word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Quad = npt.NDArray[np.float32]
"""Corners (x, y) in pixels, clockwise from the text's upper left; shape (4, 2)."""

PROSE = 15
"""Letters that lines of running text have at least, typically: a column of prices or labels is no text of its own."""
BLOCK = 3
"""Lines that make a block."""
ACCOMPANIED = 0.25
"""Share of a block's lines with something short beside them from which that belongs to them: dates before the entries
of a list, prices after the items of a bill. With less it is a caption, or a note in the margin."""
CLOSE = 2.0
"""Line heights within which a number or bullet before a line belongs to it in any case."""


@dataclass(frozen=True)
class Piece:
    """One recognised stretch of text on the upright picture."""

    text: str
    confidence: float
    quad: Quad


@dataclass(frozen=True)
class _Box:
    """A piece on the levelled page, in pixels."""

    piece: Piece
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


def arrange(pieces: Sequence[Piece]) -> tuple[Word, ...]:
    """The lines of the page, top to bottom, column by column."""
    if not pieces:
        return ()
    boxes = _levelled(pieces)
    return tuple(_word(row) for row in _read(boxes))


def _levelled(pieces: Sequence[Piece]) -> list[_Box]:
    """The pieces as boxes on a page turned so that its lines run level."""
    slant = -page_angle([p.quad for p in pieces])
    turn = np.array([[np.cos(slant), -np.sin(slant)], [np.sin(slant), np.cos(slant)]])
    boxes = []
    for piece in pieces:
        corners = piece.quad @ turn.T
        # The mean of the two corners of a side: a crooked piece keeps its thickness and does not touch other lines.
        left, right = corners[[0, 3], 0].mean(), corners[[1, 2], 0].mean()
        top, bottom = corners[[0, 1], 1].mean(), corners[[2, 3], 1].mean()
        boxes.append(_Box(piece, float(left), float(top), float(right), float(bottom)))
    return boxes


def page_angle(quads: Sequence[Quad]) -> float:
    """How far the lines slope, radians, clockwise positive: the median over the pieces, weighed by their width."""
    edges = np.array([(q[1] - q[0]) + (q[2] - q[3]) for q in quads], dtype=np.float64)
    widths = np.hypot(edges[:, 0], edges[:, 1])
    angles = np.arctan2(edges[:, 1], edges[:, 0])
    order = np.argsort(angles)
    reached = np.cumsum(widths[order])
    return float(angles[order][np.searchsorted(reached, reached[-1] / 2)])


def _read(boxes: list[_Box]) -> list[list[_Box]]:
    """Rows in reading order."""
    blocks = [_Region(tuple(tuple(row) for row in rows)) for rows in _blocks(boxes)]
    taken = {id(box) for block in blocks for row in block.rows for box in row}
    rows = _rows([box for box in boxes if id(box) not in taken], [box for box in boxes if id(box) in taken])
    return [list(row) for region in _ordered([*blocks, *(_Region((tuple(r),)) for r in rows)]) for row in region.rows]


def _blocks(boxes: list[_Box]) -> list[list[list[_Box]]]:
    """The rows of each stretch of running text."""
    prose = [c for c in _chains(boxes) if len(c) >= BLOCK and np.median([len(b.piece.text) for b in c]) >= PROSE]
    lines = [box for chain in prose for box in chain]
    beside: dict[int, list[_Box]] = {id(line): [] for line in lines}
    taken = set(beside)
    for box in boxes:
        level = [line for line in lines if _level(line, box)]
        if id(box) not in taken and level:
            beside[id(min(level, key=lambda line: _gap(line, box)))].append(box)
    return [_with_beside(chain, beside) for chain in prose]


def _with_beside(chain: list[_Box], beside: Mapping[int, list[_Box]]) -> list[list[_Box]]:
    """The block's lines as rows, together with what belongs to them."""
    listed = sum(bool(beside[id(line)]) for line in chain) >= ACCOMPANIED * len(chain)
    rows = []
    for line in chain:
        ours = [b for b in beside[id(line)] if listed or _numbers(b, line)]
        rows.append(sorted([line, *ours], key=lambda b: b.left))
    return rows


def _numbers(box: _Box, line: _Box) -> bool:
    return box.left < line.left and _gap(box, line) < CLOSE * line.height and not any(map(str.isalpha, box.piece.text))


def _gap(one: _Box, other: _Box) -> float:
    return max(other.left - one.right, one.left - other.right)


def _chains(boxes: list[_Box]) -> list[list[_Box]]:
    """Boxes strung together where one is the nearest below the other, and that one the nearest above it."""
    below = {id(a): min((b for b in boxes if _follows(a, b)), key=lambda b: b.middle, default=None) for a in boxes}
    above = {id(b): max((a for a in boxes if _follows(a, b)), key=lambda a: a.middle, default=None) for b in boxes}

    def linked(upper: _Box | None) -> _Box | None:
        lower = below[id(upper)] if upper else None
        return lower if lower and above[id(lower)] is upper else None

    chains = []
    for box in boxes:
        if linked(above[id(box)]) is box:
            continue  # not the first of its chain
        chain = [box]
        while lower := linked(chain[-1]):
            chain.append(lower)
        chains.append(chain)
    return chains


def _follows(upper: _Box, lower: _Box) -> bool:
    """Whether `lower` may be the next line under `upper`."""
    shared = min(upper.right, lower.right) - max(upper.left, lower.left)
    smaller, larger = sorted((upper.height, lower.height))
    return (
        upper.middle < lower.top + 0.3 * lower.height
        and lower.top - upper.bottom < 0.7 * smaller
        and shared > 0.6 * min(upper.right - upper.left, lower.right - lower.left)
        and larger < 1.6 * smaller
    )


def _level(one: _Box, other: _Box) -> bool:
    """Whether both stand on one line."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > 0.5 * min(one.height, other.height)


@dataclass(frozen=True, eq=False)
class _Region:
    """A block, or a single row, and where it stands."""

    rows: tuple[tuple[_Box, ...], ...]

    @cached_property
    def sides(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        all_boxes = [box for row in self.rows for box in row]
        return (
            min(b.left for b in all_boxes),
            min(b.top for b in all_boxes),
            max(b.right for b in all_boxes),
            max(b.bottom for b in all_boxes),
        )


def _ordered(regions: list[_Region]) -> list[_Region]:
    """Regions such that each comes after those above it and, beside a block, after the block on its left."""
    before = np.array([[_before(a, b, regions) for a in regions] for b in regions], dtype=bool)
    waiting = sorted(range(len(regions)), key=lambda n: (regions[n].sides[1], regions[n].sides[0]))
    order: list[_Region] = []
    while waiting:
        # Contradictions are possible on a crooked page: then the one with the fewest open claims goes first.
        claims = before[np.ix_(waiting, waiting)].sum(axis=1)
        order.append(regions[waiting.pop(int(claims.argmin()))])
    return order


def _before(a: _Region, b: _Region, regions: list[_Region]) -> bool:
    """Whether `a` is read before `b` (after Breuel, 2003)."""
    if a is b:
        return False
    (a_left, a_top, _, a_bottom), (b_left, b_top, _, b_bottom) = a.sides, b.sides
    if _overlap(a, b) > 0:
        return a_top < b_top
    if len(a.rows) < BLOCK or len(b.rows) < BLOCK:
        return a_top + a_bottom < b_top + b_bottom
    if a_left > b_left:
        return False
    return not any(
        min(a_bottom, b_bottom) < (c.sides[1] + c.sides[3]) / 2 < max(a_top, b_top)
        and _overlap(a, c) > 0
        and _overlap(b, c) > 0
        for c in regions
        if c is not a and c is not b
    )


def _overlap(a: _Region, b: _Region) -> float:
    """Pixels that both have in common from left to right, less a tenth of the narrower one for crooked edges."""
    (a_left, _, a_right, _), (b_left, _, b_right, _) = a.sides, b.sides
    return min(a_right, b_right) - max(a_left, b_left) - 0.1 * min(a_right - a_left, b_right - b_left)


def _rows(boxes: list[_Box], walls: list[_Box]) -> list[list[_Box]]:
    """Boxes gathered into lines that don't cross a wall, and the lines sorted downwards."""
    rows: list[list[_Box]] = []
    for box in sorted(boxes, key=lambda b: b.left):
        barred = max((w.left for w in walls if w.left < box.left and _level(w, box)), default=-np.inf)
        fitting = [row for row in rows if row[-1].left >= barred and _continues(row[-1], box)]
        if fitting:
            min(fitting, key=lambda row: abs(row[-1].middle - box.middle)).append(box)
        else:
            rows.append([box])
    return sorted(rows, key=lambda row: float(np.mean([b.middle for b in row])))


def _continues(last: _Box, box: _Box) -> bool:
    """Whether `box` stands to the right of `last` on the same line."""
    lower, higher = sorted((last.height, box.height))
    # Sizes that go together, and at most a letter's width printed over one another.
    return _level(last, box) and higher < 2.5 * lower and box.left > last.right - 0.6 * lower


def _word(row: list[_Box]) -> Word:
    letters = np.array([max(len(b.piece.text), 1) for b in row], dtype=np.float64)
    confidences = np.array([b.piece.confidence for b in row])
    corners = np.concatenate([b.piece.quad for b in row])
    left, top = np.floor(corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    return Word(
        text=" ".join(b.piece.text for b in row),
        confidence=round(float((letters * confidences).sum() / letters.sum()), 4),
        box=(int(left), int(top), int(right - left), int(bottom - top)),
    )

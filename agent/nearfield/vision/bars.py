"""Reading EAN-13 and UPC-A bar codes along scan lines, for those that OpenCV's detector does not see (slanted, curved).

A line across all the bars is enough, so the picture is crossed in many directions. What comes out must be certain: the
guard bars in place, clear digits, the right checksum, and the same number on several lines.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterator

Grey = npt.NDArray[np.uint8]
Runs = npt.NDArray[np.float32]
"""Lengths of alternating dark and light stretches, pixels or modules."""

_DIGITS = np.array(
    [[3, 2, 1, 1], [2, 2, 2, 1], [2, 1, 2, 2], [1, 4, 1, 1], [1, 1, 3, 2],
     [1, 2, 3, 1], [1, 1, 1, 4], [1, 3, 1, 2], [1, 2, 1, 3], [3, 1, 1, 2]], dtype=np.float32)  # fmt: skip
"""Widths in modules of a digit's four stretches (sets A and C of the standard); backwards they are set B."""
_BOTH_SETS = np.concatenate([_DIGITS, _DIGITS[:, ::-1]])
_FIRST = {
    "AAAAAA": "0", "AABABB": "1", "AABBAB": "2", "AABBBA": "3", "ABAABB": "4",
    "ABBAAB": "5", "ABBBAA": "6", "ABABAB": "7", "ABABBA": "8", "ABBABA": "9",
}  # fmt: skip
"""The first digit is not printed: it is told by which of the left six come from set B."""
_RUNS, _MODULES = 59, 95
"""A whole code: guard (3), six digits (24), middle (5), six digits (24), guard (3); and its width."""

SIDES = (700, 1400)
"""Pixels of the longest side of the copies that are scanned; the second for codes that fill less than a fifth of it."""
DIRECTIONS = range(0, 180, 15)
AGREEING = 3
"""Scan lines that must give the same number."""
UNCLEAR = 1.5
"""Modules by which a digit's four stretches may differ from the standard, together. At 2 wrong numbers get through."""


def scan_bars(grey: Grey) -> list[str]:
    """The 13 digits of each code found on a picture, shape (height, width); a UPC-A number begins with a 0."""
    for side in SIDES:
        if side > SIDES[0] and max(grey.shape) < side:
            break
        votes = _votes(_scaled(grey, side / max(grey.shape)))
        certain = [digits for digits, count in votes.most_common() if count >= AGREEING]
        if certain:
            return certain
    return []


def checksum_right(digits: str) -> bool:
    """Whether the last digit of an EAN-8, UPC-A or EAN-13 number fits the others."""
    if not (digits.isdecimal() and digits.isascii()):
        return False
    return sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(reversed(digits))) % 10 == 0


def _scaled(grey: Grey, scale: float) -> Grey:
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=method), dtype=np.uint8)


def _votes(grey: Grey) -> Counter[str]:
    votes: Counter[str] = Counter()
    for degrees in DIRECTIONS:
        for dark_first in _scan_lines(_rotated(grey, degrees)):
            votes.update({*_decoded(dark_first), *_decoded(dark_first[::-1])})  # each line read both ways
    return votes


def _rotated(grey: Grey, degrees: int) -> Grey:
    """Rotated about its middle, on a canvas that holds all of it."""
    if degrees == 0:
        return grey
    height, width = grey.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    canvas = int(height * sin + width * cos), int(height * cos + width * sin)
    turn[:, 2] += np.array(canvas) / 2 - np.array([width, height]) / 2
    return np.asarray(cv2.warpAffine(grey, turn, canvas, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)


def _scan_lines(grey: Grey) -> Iterator[Runs]:
    """The stretches along every 8th row, to a third of a pixel; the first and the last are dark."""
    rows = cv2.blur(grey, (1, 3))[4::8].astype(np.float32)
    fine = cv2.resize(rows, None, fx=3, fy=1, interpolation=cv2.INTER_LINEAR)
    # Half of a bar code is dark, so the mean of the surroundings parts the bars whatever the light.
    dark = fine < cv2.blur(fine, (151, 1)) - 1
    for line in dark:
        changes = np.flatnonzero(line[1:] != line[:-1]) + 1
        runs = np.diff(changes, prepend=0, append=len(line)).astype(np.float32)
        runs = runs[0 if line[0] else 1 :]
        yield runs[: len(runs) - (len(runs) % 2 == 0)]


def _decoded(runs: Runs) -> Iterator[str]:
    """Numbers along one line."""
    if len(runs) < _RUNS:
        return
    windows = np.lib.stride_tricks.sliding_window_view(runs, _RUNS)[::2]
    windows = windows / windows.sum(axis=1, keepdims=True) * _MODULES
    guards = np.concatenate([windows[:, :3], windows[:, 27:32], windows[:, 56:]], axis=1)
    windows = windows[np.abs(guards - 1).max(axis=1) < 0.7]  # noqa: PLR2004
    left, left_off = _nearest(windows[:, 3:27], _BOTH_SETS)
    right, right_off = _nearest(windows[:, 32:56], _DIGITS)
    clear = np.maximum(left_off, right_off) < UNCLEAR
    for ours, theirs in zip(left[clear], right[clear], strict=True):
        first = _FIRST.get("".join("AB"[d // 10] for d in ours))
        digits = f"{first or '?'}{''.join(str(d % 10) for d in (*ours, *theirs))}"
        if checksum_right(digits):
            yield digits


def _nearest(stretches: Runs, table: Runs) -> tuple[npt.NDArray[np.intp], Runs]:
    """For stretches of shape (n, 24): the best rows of `table`, (n, 6), and how far the worst of them is off."""
    parts = stretches.reshape(len(stretches), 6, 4)
    modules = parts / parts.sum(axis=2, keepdims=True) * 7
    off = np.abs(modules[:, :, None, :] - table).sum(axis=3)
    return off.argmin(axis=2), off.min(axis=2).max(axis=1, initial=0)

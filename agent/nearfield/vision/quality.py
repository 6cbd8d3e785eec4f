"""How well a picture is lit and focused, measured without recognising anything on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from nearfield.vision.image import Picture

Light = Literal["dark", "dim", "bright", "washed out"]
Grey = npt.NDArray[np.uint8]
"""Brightness, shape (height, width)."""

DARK, DIM = 60, 140
"""A picture whose brightest parts (all but 2 in 100 pixels are darker) stay below this is dark, or dim."""
PALE, PALE_RANGE = 170, 70
"""Washed out: mostly brighter than the first, and less than the second between its darkest and brightest parts."""
BLURRED = 0.55
"""`blur` above this shows: fine print has run together."""
VERY_BLURRED = 0.68
"""`blur` above which only large letters are found at all."""
_MEASURED_SIDE = 1600


def grey_of(picture: Picture) -> Grey:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def light(grey: Grey) -> Light:
    """How bright the picture is as a whole."""
    # One line of print blackens a thousandth of a page: the darkest part is sought among few pixels.
    darkest, middle, brightest = np.percentile(grey, (0.1, 50, 98))
    if brightest < DARK:
        return "dark"
    if middle > PALE and brightest - darkest < PALE_RANGE:
        return "washed out"
    return "dim" if brightest < DIM else "bright"


def blur(grey: Grey) -> float:
    """0 (crisp) to 1 (no edges left): the share of the contrast between neighbours that a blur doesn't take away.

    The measure of Crété and others (2007): blurring a sharp picture changes it a lot, blurring a blurred one hardly.
    """
    small = grey
    longest = max(grey.shape)
    if longest > _MEASURED_SIDE:
        scale = _MEASURED_SIDE / longest
        small = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    sharp = small.astype(np.float32)
    return max(_blur_along(sharp, 0), _blur_along(sharp, 1))


def _blur_along(sharp: npt.NDArray[np.float32], axis: int) -> float:
    window = (1, 11) if axis == 0 else (11, 1)  # OpenCV: width, height
    soft = np.asarray(cv2.blur(sharp, window), dtype=np.float32)
    steps, soft_steps = np.abs(np.diff(sharp, axis=axis)), np.abs(np.diff(soft, axis=axis))
    # Steps of a grey level or two are noise and compression, not edges.
    steps = np.where(steps > 2, steps, 0)  # noqa: PLR2004
    total = float(steps.sum())
    return 1 - float(np.maximum(0, steps - soft_steps).sum()) / total if total else 0.0

"""What can be said of a picture without recognising things: its size, light, sharpness and main colours.

Faces are not counted: no detector comes with the packages in use, and a guess would be worse than silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from nearfield.vision.quality import BLURRED, blur, grey_of, light
from nearfield_tools.eyes import Sight

if TYPE_CHECKING:
    from nearfield.vision.image import Picture

ENOUGH = 0.1
"""Share of the picture that a colour needs to be named."""
MOST = 3

# Hue in degrees up to which a lively colour bears the name.
_HUES = (
    (15, "red"), (42, "orange"), (68, "yellow"), (165, "green"), (195, "turquoise"),
    (255, "blue"), (290, "purple"), (340, "pink"), (361, "red"),
)  # fmt: skip


def look(picture: Picture) -> Sight:
    """A first look at `picture`, shape (height, width, 3)."""
    grey = grey_of(picture)
    height, width = grey.shape
    return Sight(width, height, light(grey), blur(grey) <= BLURRED, colours(picture))


def colours(picture: Picture) -> tuple[str, ...]:
    """Up to three colour names, the most frequent first."""
    step = max(1, max(picture.shape) // 200)
    few = np.ascontiguousarray(picture[::step, ::step])
    names = _named(np.asarray(cv2.cvtColor(few.astype(np.float32) / 255, cv2.COLOR_RGB2HSV), dtype=np.float32))
    found, counts = np.unique(names, return_counts=True)
    ranked = sorted(zip(counts / names.size, found, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return tuple(str(name) for share, name in ranked if share >= ENOUGH)[:MOST]


def _named(hsv: npt.NDArray[np.float32]) -> npt.NDArray[np.str_]:
    """A name for each pixel; hue 0..360, saturation and value 0..1."""
    hue, saturation, value = hsv[..., 0], hsv[..., 1], hsv[..., 2]
    warm = (hue > 15) & (hue < 70)  # noqa: PLR2004
    conditions = [
        value < 0.2,  # noqa: PLR2004
        (saturation < 0.14) & (value > 0.82),  # noqa: PLR2004
        (saturation < 0.14) | ((saturation < 0.25) & (value < 0.4)),  # noqa: PLR2004
        warm & (saturation < 0.35) & (value > 0.65),  # noqa: PLR2004
        (hue < 45) & (hue > 8) & (value < 0.65),  # noqa: PLR2004
        ((hue < 12) | (hue > 340)) & (saturation < 0.5) & (value > 0.75),  # noqa: PLR2004
        *(hue < upper for upper, _ in _HUES),
    ]
    names = ["black", "white", "grey", "beige", "brown", "pink", *(name for _, name in _HUES)]
    return np.asarray(np.select(conditions, names, "red"), dtype=np.str_)

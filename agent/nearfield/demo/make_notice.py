"""Make notice.jpg, the demonstration's picture: a printed notice as a telephone would photograph it.

Run `python make_notice.py`; the same seed gives the same picture.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

SHEET = (1000, 700)
PHOTO = (1280, 960)
LINES = (
    ("POOL CLOSED", 104, 90),
    ("for cleaning until", 58, 250),
    ("Friday 4 December", 76, 330),
    ("Please use the side entrance", 50, 480),
    ("Questions? Call 555 0142", 40, 570),
)
"""Text, size of the letters and height on the sheet, pixels."""
CORNERS = ((170, 165), (1120, 118), (1150, 800), (135, 845))
"""Where the sheet's corners lie on the photograph: a little turned and tilted, as held by hand."""


def sheet() -> Image.Image:
    paper = Image.new("RGB", SHEET, (250, 248, 240))
    pen = ImageDraw.Draw(paper)
    pen.rectangle((24, 24, SHEET[0] - 24, SHEET[1] - 24), outline=(30, 60, 130), width=8)
    for text, size, top in LINES:
        font = ImageFont.load_default(size=size)
        left = (SHEET[0] - pen.textlength(text, font=font)) / 2
        pen.text((left, top), text, font=font, fill=(25, 30, 45))
    return paper


def photograph(paper: Image.Image) -> Image.Image:
    """The sheet on a door: tilted, lit from the upper left, a little soft and noisy."""
    width, height = PHOTO
    chance = np.random.default_rng(4)
    door = np.full((height, width, 3), (146, 112, 78), dtype=np.float32)
    door += cv2.blur(chance.normal(0, 30, (height, width, 1)).astype(np.float32), (3, 91))[:, :, None]
    here = np.array([(0, 0), (SHEET[0], 0), SHEET, (0, SHEET[1])], dtype=np.float32)
    tilt = cv2.getPerspectiveTransform(here, np.array(CORNERS, dtype=np.float32))
    print_ = cv2.warpPerspective(np.asarray(paper, dtype=np.float32), tilt, PHOTO, flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.ones(SHEET[::-1], dtype=np.float32), tilt, PHOTO)[:, :, None]
    shadow = 1 - 0.45 * cv2.GaussianBlur(np.roll(cover[:, :, 0], (14, 12), (0, 1)), (0, 0), 10)[:, :, None]
    scene = door * shadow * (1 - cover) + print_ * cover
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    scene *= (1.04 - 0.2 * across - 0.12 * down)[:, :, None]
    scene = cv2.GaussianBlur(scene, (0, 0), 0.8) + chance.normal(0, 2.5, scene.shape)
    return Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    photograph(sheet()).save(Path(__file__).with_name("notice.jpg"), quality=72)

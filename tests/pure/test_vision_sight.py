"""What can be said of a picture without recognising things, and what the eyes of a turn keep."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import nearfield
from nearfield.errors import InputError
from nearfield.vision.eyes import PictureEyes
from nearfield.vision.fake import FakeReader
from nearfield.vision.sight import colours, look

if TYPE_CHECKING:
    from nearfield_tools.eyes import Eyes


def scene(*rows: tuple[str, float]) -> np.ndarray:
    """Bands of colour, each taking a share of the height."""
    bands = [Image.new("RGB", (200, round(200 * share)), colour) for colour, share in rows]
    return np.concatenate([np.asarray(band) for band in bands])


def printed() -> np.ndarray:
    page = Image.new("RGB", (600, 400), (225, 222, 215))
    pen = ImageDraw.Draw(page)
    for row in range(8):
        pen.text((20, 45 * row), "Sharp letters on a sheet", fill=(30, 30, 30), font=ImageFont.load_default(size=36))
    return np.asarray(page)


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#c81e1e", "red"), ("#f08c1e", "orange"), ("#f0dc28", "yellow"), ("#288c32", "green"), ("#1e50c8", "blue"),
        ("#7832b4", "purple"), ("#f596b4", "pink"), ("#6e4623", "brown"), ("#e6d7b4", "beige"),
        ("#20b4b4", "turquoise"), ("#0a0a0a", "black"), ("#fafafa", "white"), ("#808080", "grey"), ("#14285a", "blue"),
    ],
)  # fmt: skip
def test_colours_have_the_names_people_use(colour, name):
    """A plain surface has one colour, by its everyday name."""
    assert colours(scene((colour, 1))) == (name,)


def test_the_main_colours_come_first():
    """At most three colours are named, the largest first, and specks not at all."""
    seen = scene(("#1e50c8", 0.5), ("#288c32", 0.25), ("#c81e1e", 0.15), ("#f0dc28", 0.06), ("#0a0a0a", 0.04))
    assert colours(seen) == ("blue", "green", "red")


def test_size_and_faces():
    """The size is in pixels; nobody is counted, for want of a detector."""
    sight = look(printed())
    assert (sight.width, sight.height, sight.faces) == (600, 400, None)


@pytest.mark.parametrize(
    ("strength", "lift", "light"), [(1, 0, "bright"), (0.45, 0, "dim"), (0.15, 0, "dark"), (0.15, 210, "washed out")]
)
def test_light(strength, lift, light):
    """The same page in good light, dusk, darkness and glare."""
    assert look((printed() * strength + lift).astype(np.uint8)).light == light


def test_sharpness():
    """Crisp print is sharp, an unfocused camera is not, and a bare wall is not accused of anything."""
    assert look(printed()).sharp
    assert not look(cv2.GaussianBlur(printed(), (0, 0), 5)).sharp
    assert look(scene(("#808080", 1))).sharp


def test_the_eyes_open_the_picture_when_asked_and_read_it_once(tmp_path):
    """Nothing is opened before a tool asks, and nothing is read twice."""
    path, reader = tmp_path / "note.png", FakeReader("Back at five", turned=90)
    eyes: Eyes = PictureEyes(path, 1, reader)
    Image.fromarray(printed()).save(path)
    assert eyes.read() is eyes.read()
    assert (eyes.read().lines[0].text, eyes.read().turned) == ("Back at five", 90)
    path.unlink()
    assert eyes.codes() == ()
    assert eyes.look().light == "bright"
    assert reader.pictures == 1


def test_the_eyes_refuse_what_is_no_picture(tmp_path):
    """A wrong file is refused at the first look, in a sentence for the user."""
    with pytest.raises(InputError, match="no picture"):
        PictureEyes(tmp_path / "gone.jpg", 1, FakeReader()).look()


def test_starting_up_loads_no_vision_library():
    """The eyes and the reader can be made without OpenCV, RapidOCR or onnxruntime being imported."""
    code = """
import sys, nearfield.vision.eyes, nearfield.vision.ocr
nearfield.vision.ocr.OcrReader()
print({"cv2", "rapidocr", "onnxruntime", "PIL"} & set(sys.modules))
"""
    agent = Path(nearfield.__file__).parents[1]
    paths = f"{agent}:{agent.parent / 'tools'}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": paths}
    )
    assert done.stdout.strip() == "set()"

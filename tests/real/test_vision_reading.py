"""The real reader on printed pages: every word, whichever way up, and an honest word when it can't."""

from __future__ import annotations

import logging
import socket
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import nearfield
from nearfield.errors import EngineError
from nearfield.vision.image import load_picture
from nearfield.vision.ocr import OcrReader
from nearfield.vision.reading import read

NOTE = ("Dear neighbour,", "the lift is out of order", "until Monday 14 September.", "Call 555 0199 for help.")
DEMO = Path(nearfield.__file__).parent / "demo" / "notice.jpg"


@pytest.fixture(scope="module")
def reader() -> OcrReader:
    return OcrReader()


def page(*lines: str, size: int = 40, width: int = 900, height: int = 500, left: int = 60) -> np.ndarray:
    image = Image.new("RGB", (width, height), (236, 234, 228))
    pen = ImageDraw.Draw(image)
    for row, text in enumerate(lines):
        pen.text((left, 50 + 2 * size * row), text, fill=(35, 35, 45), font=ImageFont.load_default(size=size))
    return np.asarray(image)


def texts(reading) -> tuple[str, ...]:
    return tuple(line.text for line in reading.lines)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_note_is_read_whichever_way_up(reader, degrees):
    """A page turned by any quarter is read as if upright, and the way back is told."""
    turned = np.ascontiguousarray(np.rot90(page(*NOTE), degrees // 90))
    reading = reader.read(turned)
    assert texts(reading) == NOTE
    assert reading.turned == degrees
    assert reading.trouble == ""


def test_boxes_are_where_the_lines_are(reader):
    """Boxes are in pixels of the upright picture."""
    first = reader.read(np.ascontiguousarray(np.rot90(page(*NOTE), 2))).lines[0]
    left, top, width, height = first.box
    assert 40 < left < 65
    assert 35 < top < 65
    assert 280 < width < 360
    assert 35 < height < 70
    assert first.confidence > 0.9


def test_the_demonstration_is_read_in_full(reader):
    """The shipped photograph of a notice is understood to the last digit."""
    assert texts(reader.read(load_picture(DEMO, 60))) == (
        "POOL CLOSED",
        "for cleaning until",
        "Friday 4 December",
        "Please use the side entrance",
        "Questions? Call 555 0142",
    )


def test_a_bill_is_read_in_rows(reader):
    """Each price is read with its item."""
    bill = page("Tea", "Scones", "Total", width=700)
    bill = np.where(np.indices(bill.shape)[1] < 350, bill, page("2.40", "5.10", "7.50", width=700, left=500))
    assert texts(reader.read(bill)) == ("Tea 2.40", "Scones 5.10", "Total 7.50")


def test_small_print_is_read(reader):
    """Print 13 pixels high is enlarged and read."""
    assert texts(reader.read(page("Keep refrigerated after opening", size=13, width=300, height=120, left=20))) == (
        "Keep refrigerated after opening",
    )


def test_a_large_photograph_of_small_print_is_read(reader):
    """On a picture of 12 megapixels, letters of a hundredth of its height are still found."""
    large = page(*NOTE, size=36, width=4000, height=3000, left=1500)
    assert texts(reader.read(large)) == NOTE


def test_an_empty_page_says_nothing(reader):
    """Nothing is invented where nothing is printed."""
    reading = reader.read(page())
    assert (reading.lines, reading.turned) == ((), 0)
    noise = np.random.default_rng(3).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    assert reader.read(noise).lines == ()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda p: (p * 0.02).astype(np.uint8), "too dark"),
        (lambda p: (255 - (255 - p) * 0.012).astype(np.uint8), "nearly all white"),
        (lambda p: cv2.GaussianBlur(p, (0, 0), 10), "too blurred"),
    ],
)
def test_a_spoilt_picture_says_why(reader, spoil, says):
    """Too dark, too bright and too blurred are told apart, in one sentence, and nothing is made up."""
    reading = reader.read(spoil(page(*NOTE)))
    assert reading.lines == ()
    assert says in reading.trouble
    assert reading.trouble.endswith(".")


def test_text_cut_off_by_the_edge_is_mentioned(reader):
    """When the lines run out of the picture, it is said that some is missing."""
    assert "runs off the edge" in reader.read(np.ascontiguousarray(page(*NOTE)[:, 135:])).trouble


def test_a_tight_crop_is_not_called_cut_off(reader):
    """Narrow margins are no trouble."""
    assert reader.read(np.ascontiguousarray(page(*NOTE)[:, 56:])).trouble == ""


def test_reading_is_silent_and_offline(monkeypatch, capfd):
    """Loading and reading prints nothing, logs nothing and opens no connection."""

    def refuse(*_args, **_more):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert texts(OcrReader().read(page("All quiet"))) == ("All quiet",)
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""
    assert logging.getLogger("RapidOCR").level >= logging.CRITICAL


def test_a_missing_model_is_an_engine_error(monkeypatch, tmp_path):
    """A damaged installation is told in a sentence instead of being mended from the internet."""
    from nearfield.vision import rapid

    monkeypatch.setattr(rapid, "_MODELS", tmp_path)
    with pytest.raises(EngineError, match="install the rapidocr package again"):
        OcrReader().read(page("Hello"))


class Doubtful:
    """An engine that finds one piece and reads it with a given confidence."""

    def __init__(self, text: str, confidence: float) -> None:
        self.read = (text, confidence)

    def find(self, picture):
        height, width = picture.shape[:2]
        corners = np.array([(0.06, 0.1), (0.18, 0.1), (0.18, 0.2), (0.06, 0.2)]) * (width, height)
        return [corners.astype(np.float32)]

    def recognise(self, strips):
        return [self.read for _ in strips]


@pytest.mark.parametrize(
    ("text", "confidence", "kept"), [("Hello", 0.95, True), ("Hello", 0.5, False), ("~-~", 0.99, False)]
)
def test_doubtful_pieces_are_dropped(text, confidence, kept):
    """What was read without confidence, and what holds no letter or digit, is left out."""
    reading = read(page("Hello"), Doubtful(text, confidence))
    assert texts(reading) == ((text,) if kept else ())
    assert bool(reading.trouble) is not kept

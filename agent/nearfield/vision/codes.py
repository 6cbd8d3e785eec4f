"""QR and bar codes: OpenCV's detectors on several versions of the picture, and our own scan lines for bar codes.

Kinds: QR code, EAN-13, EAN-8, UPC-A. Not read: UPC-E, Code 128 and Code 39, Data Matrix, Aztec.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import cv2
import numpy as np

from nearfield.vision.bars import checksum_right, scan_bars
from nearfield.vision.quality import Grey, grey_of
from nearfield_tools.eyes import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nearfield.vision.image import Picture

COARSE, FINE = 0.6e6, 4e6
"""Pixels of the copies that are searched: large modules are found on the first, small ones need the second."""
SMALL = 0.35e6
"""Pictures of fewer pixels are enlarged too: a module of one pixel cannot be told from its neighbours."""

_BAR_KINDS = {"EAN_13": "EAN-13", "EAN_8": "EAN-8", "UPC_A": "UPC-A"}
_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uff66-\uff9f]{3}")


def find_codes(picture: Picture) -> tuple[Code, ...]:
    """All codes found on `picture` (RGB, shape (height, width, 3)), each once; their text is other people's data."""
    grey = grey_of(picture)
    found = [*_first(_qr_codes, grey), *_first(_bar_codes, grey)]
    if not any(code.kind != "QR code" for code in found):
        found += [_bar_code(digits) for digits in scan_bars(grey)]
    return tuple(dict.fromkeys(found))


def _first(search: Callable[[Grey], list[Code]], grey: Grey) -> list[Code]:
    """What `search` finds on the first version of the picture that yields anything."""
    for version in _versions(grey):
        try:
            found = search(version)
        except cv2.error:  # a detector stumbled over something that looked like a code; another version may do
            continue
        if found:
            return found
    return []


def _versions(grey: Grey) -> Iterator[Grey]:
    """The picture as it is, and then in every way that has been seen to help, cheap ones first."""
    pixels = grey.size
    fine = _scaled(grey, min(1.0, float(np.sqrt(FINE / pixels))))
    coarse = _scaled(grey, min(1.0, float(np.sqrt(COARSE / pixels))))
    yield coarse
    if fine.size > coarse.size:
        yield fine
    if pixels < SMALL:
        for times in (2, 4):
            # A code that fills the picture lacks the quiet border that detectors look for.
            yield cv2.copyMakeBorder(_scaled(grey, times), 32, 32, 32, 32, cv2.BORDER_CONSTANT, value=255)
    yield np.asarray(cv2.createCLAHE(3.0, (8, 8)).apply(coarse), dtype=np.uint8)
    yield np.ascontiguousarray(np.rot90(_scaled(coarse, 0.5)))
    yield 255 - coarse


def _scaled(grey: Grey, scale: float) -> Grey:
    if scale == 1:
        return grey
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=method), dtype=np.uint8)


def _qr_codes(grey: Grey) -> list[Code]:
    for detector in (cv2.QRCodeDetectorAruco(), cv2.QRCodeDetector()):
        _, texts, _, _ = detector.detectAndDecodeBytesMulti(grey)
        found = [Code("QR code", text_of(raw)) for raw in texts if raw]
        if found:
            return found
    return []


def _bar_codes(grey: Grey) -> list[Code]:
    _, texts, kinds, _ = cv2.barcode.BarcodeDetector().detectAndDecodeWithType(grey)
    return [
        Code(_BAR_KINDS[kind], text)
        for text, kind in zip(texts, kinds, strict=True)
        if kind in _BAR_KINDS and checksum_right(text)
    ]


def _bar_code(digits: str) -> Code:
    """A UPC-A number is an EAN-13 whose first digit is 0; it is printed without it."""
    return Code("UPC-A", digits[1:]) if digits.startswith("0") else Code("EAN-13", digits)


def text_of(raw: bytes) -> str:
    """The text of a QR code: UTF-8, else Shift-JIS, else Latin-1.

    What OpenCV takes for Latin-1 it hands on as UTF-8; where those bytes make running Japanese, that is what they were.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _japanese(raw) or raw.decode("latin-1").strip()
    try:
        return (not text.isascii() and _japanese(text.encode("latin-1"))) or text.strip()
    except UnicodeEncodeError:
        return text.strip()


def _japanese(raw: bytes) -> str | None:
    try:
        text = raw.decode("shift-jis")
    except UnicodeDecodeError:
        return None
    return text.strip() if _JAPANESE.search(text) else None

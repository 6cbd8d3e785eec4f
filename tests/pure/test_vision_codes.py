"""QR and bar codes: found upright, turned, slanted and small; never invented."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from nearfield.vision.bars import checksum_right, scan_bars
from nearfield.vision.codes import find_codes, text_of
from nearfield.vision.quality import grey_of
from nearfield_tools.eyes import Code

SETS = {
    "A": ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"],
    "B": ["0100111", "0110011", "0011011", "0100001", "0011101", "0111001", "0000101", "0010001", "0001001", "0010111"],
    "C": ["1110010", "1100110", "1101100", "1000010", "1011100", "1001110", "1010000", "1000100", "1001000", "1110100"],
}
PARITY = ["AAAAAA", "AABABB", "AABBAB", "AABBBA", "ABAABB", "ABBAAB", "ABBBAA", "ABABAB", "ABABBA", "ABBABA"]


def ean13(digits: str, module: int = 3) -> np.ndarray:
    """The bars of a 13-digit number on white, with a quiet zone."""
    left = "".join(SETS[s][int(d)] for s, d in zip(PARITY[int(digits[0])], digits[1:7], strict=True))
    return bars(f"101{left}01010{''.join(SETS['C'][int(d)] for d in digits[7:])}101", module)


def ean8(digits: str, module: int = 3) -> np.ndarray:
    left = "".join(SETS["A"][int(d)] for d in digits[:4])
    return bars(f"101{left}01010{''.join(SETS['C'][int(d)] for d in digits[4:])}101", module)


def bars(pattern: str, module: int) -> np.ndarray:
    row = np.repeat(np.array([255 if bit == "0" else 0 for bit in pattern], dtype=np.uint8), module)
    code = np.pad(np.tile(row, (70 * module // 2, 1)), 14 * module, constant_values=255)
    return np.repeat(code[:, :, None], 3, axis=2)


def qr(text: str, module: int = 5) -> np.ndarray:
    code = cv2.QRCodeEncoder.create().encode(text)
    code = cv2.resize(code, None, fx=module, fy=module, interpolation=cv2.INTER_NEAREST)
    return np.repeat(np.pad(code, 4 * module, constant_values=255)[:, :, None], 3, axis=2)


def on_a_page(code: np.ndarray, top: int = 60, left: int = 60, size: tuple[int, int] = (600, 800)) -> np.ndarray:
    page = np.full((*size, 3), 235, dtype=np.uint8)
    page[top : top + code.shape[0], left : left + code.shape[1]] = code
    return page


@pytest.mark.parametrize("turns", range(4))
def test_a_qr_code_is_read_whichever_way_up(turns):
    """The text of a QR code comes out exactly, on a page turned any way."""
    page = np.ascontiguousarray(np.rot90(on_a_page(qr("https://example.org/menu?table=7")), turns))
    assert find_codes(page) == (Code("QR code", "https://example.org/menu?table=7"),)


def test_a_tiny_qr_code_is_enlarged():
    """One or two pixels a module suffice, with hardly a border."""
    assert find_codes(qr("WIFI:S:Guest;T:WPA;P:open sesame;;", 2)) == (
        Code("QR code", "WIFI:S:Guest;T:WPA;P:open sesame;;"),
    )


def test_a_white_code_on_black_is_read():
    """Codes on dark screens are read too."""
    assert find_codes(255 - on_a_page(qr("night"))) == (Code("QR code", "night"),)


def test_a_pale_code_is_read():
    """Washed out print still counts."""
    pale = 255 - (255 - on_a_page(qr("faded poster"))) // 8
    assert find_codes(pale) == (Code("QR code", "faded poster"),)


@pytest.mark.parametrize("turns", range(4))
def test_a_bar_code_is_read_whichever_way_up(turns):
    """A book's number comes out as an EAN-13."""
    page = np.ascontiguousarray(np.rot90(on_a_page(ean13("9780735619937")), turns))
    assert find_codes(page) == (Code("EAN-13", "9780735619937"),)


def test_short_and_american_bar_codes_have_their_names():
    """Eight digits are an EAN-8; a leading 0 of thirteen makes it a UPC-A of twelve."""
    assert find_codes(on_a_page(ean8("96385074"))) == (Code("EAN-8", "96385074"),)
    assert find_codes(on_a_page(ean13("0036000291452"))) == (Code("UPC-A", "036000291452"),)


def test_both_kinds_are_found_on_one_page():
    """A parcel with a QR code and a bar code gives both, each once."""
    page = on_a_page(qr("parcel 12"))
    page[350:520, 380:720] = 255
    code = ean13("4006381333931")
    page[330 : 330 + code.shape[0], 380 : 380 + code.shape[1]] = code
    assert set(find_codes(page)) == {Code("QR code", "parcel 12"), Code("EAN-13", "4006381333931")}


@pytest.mark.parametrize("degrees", [20, 65, 110, 200])
def test_scan_lines_read_slanted_bars(degrees):
    """A bar code at any angle is read along its scan lines alone."""
    page = on_a_page(ean13("9780735619937"), 180, 200)
    turn = cv2.getRotationMatrix2D((400, 300), degrees, 1)
    slanted = cv2.warpAffine(page, turn, (800, 600), borderMode=cv2.BORDER_REPLICATE)
    assert scan_bars(grey_of(slanted)) == ["9780735619937"]


def test_a_damaged_checksum_is_no_bar_code():
    """Bars whose last digit does not fit are not a number."""
    page = on_a_page(ean13("9780735619938"))
    assert find_codes(page) == ()


def test_print_and_noise_hold_no_codes():
    """A printed page and plain noise give nothing."""
    page = Image.new("RGB", (800, 600), "white")
    pen = ImageDraw.Draw(page)
    for row in range(20):
        pen.text(
            (20, 28 * row), "illicit lilliputian billing 111 " * 3, fill="black", font=ImageFont.load_default(size=20)
        )
    assert find_codes(np.asarray(page)) == ()
    assert find_codes(np.random.default_rng(2).integers(0, 255, (300, 400, 3), dtype=np.uint8)) == ()


@pytest.mark.parametrize(
    ("digits", "right"), [("96385074", True), ("96385075", False), ("036000291452", True), ("٣", False)]
)
def test_checksums(digits, right):
    """The last digit tells whether the others were read right."""
    assert checksum_right(digits) is right


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"plain ", "plain"),
        ("Müller & Söhne".encode(), "Müller & Söhne"),
        ("Café à la crème".encode("latin-1"), "Café à la crème"),
        ("今度のバージョン".encode("shift-jis"), "今度のバージョン"),
        ("ﾃﾞｻﾞｲﾝQR".encode("shift-jis").decode("latin-1").encode(), "ﾃﾞｻﾞｲﾝQR"),
    ],
)
def test_the_alphabet_of_a_qr_code_is_found_out(raw, text):
    """UTF-8, else Japanese, else Western European, even when OpenCV mistook one for another."""
    assert text_of(raw) == text

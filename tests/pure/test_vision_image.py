"""Pictures from files: what is taken, how it comes out, and what is refused in one sentence."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw

from nearfield.errors import InputError
from nearfield.vision.image import check_picture, load_picture

RED, WHITE = [255, 0, 0], [255, 255, 255]


def red_corner(mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> Image.Image:
    """White with a red upper left quarter."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill="red")
    return image.convert(mode)


@pytest.mark.parametrize("kind", ["png", "bmp", "tiff", "gif", "webp", "jpg", "mpo", "ppm"])
def test_common_formats_come_out_as_rgb(tmp_path, kind):
    """PNG, BMP, TIFF, GIF, WebP, JPEG, a telephone's MPO and PPM are read as 8-bit RGB."""
    path = tmp_path / f"picture.{kind}"
    red_corner().save(path, **({"quality": 95, "subsampling": 0} if kind in ("jpg", "mpo") else {}))
    picture = load_picture(path, 1)
    assert picture.shape == (20, 40, 3)
    assert picture.dtype == np.uint8
    assert np.abs(picture[4, 8].astype(int) - RED).max() < 40
    assert picture[15, 30].min() > 230


def test_a_camera_held_sideways_is_turned_upright(tmp_path):
    """The EXIF orientation is applied."""
    path = tmp_path / "phone.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to show
    red_corner(size=(64, 32)).save(path, exif=exif, quality=95)
    picture = load_picture(path, 1)
    assert picture.shape == (64, 32, 3)
    assert picture[10, 24, 1] < 60
    assert picture[10, 8, 1] > 200


def test_transparent_parts_are_white(tmp_path):
    """What can be seen through is white, as on paper."""
    path = tmp_path / "logo.png"
    image = Image.new("RGBA", (16, 16), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 8, 16))
    image.save(path)
    picture = load_picture(path, 1)
    assert picture[8, 2].tolist() == [0, 0, 0]
    assert picture[8, 12].tolist() == WHITE


def test_a_transparent_palette_is_white_too(tmp_path):
    """A palette picture with a see-through colour shows white there, and Pillow's warning stays inside."""
    path = tmp_path / "old.png"
    image = Image.new("P", (16, 16), 0)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.paste(1, (0, 0, 8, 16))
    image.save(path, transparency=bytes([0, 255]))
    picture = load_picture(path, 1)
    assert picture[8, 2].tolist() == RED
    assert picture[8, 12].tolist() == WHITE


def test_sixteen_bits_are_scaled_not_clipped(tmp_path):
    """A scanner's 16-bit grey keeps its shades."""
    path = tmp_path / "scan.png"
    Image.fromarray(np.full((16, 16), 32768, dtype=np.uint16)).save(path)
    assert load_picture(path, 1)[8, 8].tolist() == [127, 127, 127]


def test_a_printers_colours_are_converted(tmp_path):
    """CMYK becomes RGB."""
    path = tmp_path / "print.tiff"
    red_corner("CMYK").save(path)
    assert load_picture(path, 1)[4, 8].tolist() == RED


def test_black_and_white_scans_are_read(tmp_path):
    """One bit a pixel is as good as any."""
    path = tmp_path / "fax.tiff"
    Image.new("1", (16, 16), 1).save(path)
    assert load_picture(path, 1)[8, 8].tolist() == WHITE


def huge_png(path, width: int, height: int) -> None:
    """A file that says it is this large, and holds nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = b""
    for name, body in ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        chunks += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunks)


@pytest.mark.parametrize("refuse", [check_picture, load_picture])
@pytest.mark.parametrize(("width", "megapixels"), [(10_000, 200), (100_000, 2000)])
def test_a_giant_is_refused_before_it_is_decoded(tmp_path, refuse, width, megapixels):
    """Too many megapixels are refused from the header, naming the size, the limit and the setting."""
    path = tmp_path / "giant.png"
    huge_png(path, width, 20_000)
    with pytest.raises(InputError) as refused:
        refuse(path, 60)
    assert f"{megapixels} megapixels" in str(refused.value)
    assert "60" in str(refused.value)
    assert "eyes.longest_megapixels" in str(refused.value)


def test_our_limit_counts_not_pillows(tmp_path):
    """A limit above Pillow's own is honoured, and Pillow's own is back afterwards."""
    before = Image.MAX_IMAGE_PIXELS
    path = tmp_path / "large.png"
    huge_png(path, 10_000, 20_000)
    check_picture(path, 300)
    assert before == Image.MAX_IMAGE_PIXELS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"This is a letter, not a picture.", "save it as JPEG or PNG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n", "save it as JPEG or PNG"),
        (b"\x89PNG\r\n\x1a\n", "save it as JPEG or PNG"),
    ],
)
def test_what_is_no_picture_is_refused(tmp_path, content, says):
    """Empty files, text, EPS (which would start another program) and stubs are refused, saying what to do."""
    path = tmp_path / "thing.png"
    path.write_bytes(content)
    for refuse in (check_picture, load_picture):
        with pytest.raises(InputError, match=says) as refused:
            refuse(path, 60)
        assert str(refused.value).count(". ") == 0


@pytest.mark.parametrize("kind", ["jpg", "png", "gif", "webp"])
def test_a_picture_cut_short_is_refused(tmp_path, kind):
    """Half a download is not shown as half a picture."""
    path = tmp_path / f"half.{kind}"
    noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match=r"cut short|save it as JPEG or PNG"):
        load_picture(path, 60)


def test_a_missing_picture_and_a_folder_are_named(tmp_path):
    """The sentence says which name was wrong, and how."""
    with pytest.raises(InputError, match="no picture"):
        check_picture(tmp_path / "nowhere.jpg", 60)
    with pytest.raises(InputError, match="is a folder"):
        check_picture(tmp_path, 60)


def test_a_speck_is_refused(tmp_path):
    """Fewer than 8 pixels a side show nothing."""
    path = tmp_path / "dot.png"
    Image.new("RGB", (300, 7)).save(path)
    with pytest.raises(InputError, match="300 by 7"):
        check_picture(path, 60)

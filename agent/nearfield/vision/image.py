"""Pictures from files: refused early when they cannot be used, and always handed on as upright 8-bit RGB.

Only plain raster formats are opened. Pillow knows more, some of which start other programs (EPS runs Ghostscript),
and a picture is other people's data.
"""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nearfield.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from PIL import Image

Picture = npt.NDArray[np.uint8]
"""Upright RGB, shape (height, width, 3)."""

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "PPM", "JPEG2000", "AVIF")
SMALLEST = 8
"""Pixels a side: below this nothing can be seen on it."""

_PILLOW = threading.Lock()


def check_picture(path: Path, longest_megapixels: float) -> None:
    """Refuse an unusable picture from its header alone, in a millisecond or two.

    Raises InputError when `path` is missing, no file, empty, not a picture, tiny, or larger than `longest_megapixels`.
    """
    with _opened(path, longest_megapixels):
        pass


def load_picture(path: Path, longest_megapixels: float) -> Picture:
    """The picture as upright RGB: EXIF orientation applied, transparency over white, first frame of an animation.

    Raises InputError as `check_picture` does, and when the file is damaged or cut short.
    """
    with _opened(path, longest_megapixels) as image:
        try:
            return _upright_rgb(image)
        except Exception as error:  # a damaged file makes Pillow's plugins raise nearly anything
            raise InputError(f"{path.name} is damaged or cut short; copy it again or take a new picture.") from error


@contextmanager
def _opened(path: Path, longest_megapixels: float) -> Iterator[Image.Image]:
    """The picture with only its header read, and its size checked."""
    _check_file(path)
    with _quiet_pillow() as pillow:
        try:
            image = pillow.open(path, formats=FORMATS)
        except Exception as error:  # as above: even a header can make a plugin stumble
            raise InputError(f"{path.name} is not a picture I can open; save it as JPEG or PNG first.") from error
        with image:
            _check_size(path, image.size, longest_megapixels)
            yield image


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder; name one picture in it.")
    if not path.exists():
        raise InputError(f"There is no picture {path}; check the name.")
    if not path.is_file():
        raise InputError(f"{path} is not a file; give the picture as a file.")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise InputError(f"{path} may not be read ({error.strerror}); check its permissions.") from error
    if empty:
        raise InputError(f"{path.name} is empty; copy it again or take a new picture.")


def _check_size(path: Path, size: tuple[int, int], longest_megapixels: float) -> None:
    width, height = size
    megapixels = width * height / 1e6
    if megapixels > longest_megapixels:
        raise InputError(
            f"{path.name} has {megapixels:.0f} megapixels and at most {longest_megapixels:.0f} are read; "
            "make it smaller, or raise eyes.longest_megapixels."
        )
    if min(size) < SMALLEST:
        raise InputError(f"{path.name} is only {width} by {height} pixels; give a larger picture.")


@contextmanager
def _quiet_pillow() -> Iterator[ModuleType]:
    """Pillow with our limit in the place of its own, and its grumbling about odd files kept off the terminal.

    Both are settings of the whole process, hence the lock and the way back.
    """
    from PIL import Image

    with _PILLOW, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield Image
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def _upright_rgb(image: Image.Image) -> Picture:
    from PIL import Image, ImageOps

    image.load()
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith(("I", "F")):
        return _from_deep(np.asarray(image))
    if "transparency" in image.info or image.mode in ("LA", "PA", "La", "RGBA", "RGBa"):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return np.asarray(image.convert("RGB"), dtype=np.uint8)


def _from_deep(grey: npt.NDArray[np.generic]) -> Picture:
    """Grey of more than 8 bits: Pillow would clip it at 255, which turns most of it white."""
    deep = np.nan_to_num(grey.astype(np.float32))
    top = 65535.0 if grey.dtype.kind in "iu" and deep.max(initial=0) > 255 else max(float(deep.max(initial=0)), 1.0)  # noqa: PLR2004
    flat = (np.clip(deep, 0, top) * (255 / top)).astype(np.uint8)
    return np.repeat(flat[:, :, None], 3, axis=2)

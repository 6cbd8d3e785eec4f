"""RapidOCR's two networks, and nothing else of it: find text, read a strip of text.

The models lie in its wheel and are named by path, so it has nothing to fetch; its logger is shut.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rapidocr

from nearfield.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nearfield.vision.image import Picture
    from nearfield.vision.layout import Quad

_MODELS = Path(rapidocr.__file__).parent / "models"
_BATCH = 6
_HEIGHT = 48
"""Pixels: the height the recogniser was made for."""


class RapidEngine:
    """PP-OCRv6 small under onnxruntime. Not for two threads at once."""

    def __init__(self, threads: int = 2) -> None:
        """Raises EngineError when a model is missing or does not load."""
        for file in ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"):
            if not (_MODELS / file).is_file():
                raise EngineError(f"RapidOCR's model {file} is missing; install the rapidocr package again.")
        try:
            self._ocr: Any = rapidocr.RapidOCR(params=_settings(threads))
        except Exception as error:
            raise EngineError(f"RapidOCR does not start: {error}") from error

    def find(self, picture: Picture) -> list[Quad]:
        """Where text stands, in pixels of `picture`; pieces of lines, slanted where the text is."""
        bgr = np.ascontiguousarray(picture[:, :, ::-1])
        try:
            found = self._ocr(bgr, use_det=True, use_cls=False, use_rec=False)
        except Exception as error:
            raise EngineError(f"RapidOCR cannot search this picture: {error}") from error
        if found.boxes is None:
            return []
        return [np.asarray(box, dtype=np.float32) for box in found.boxes]

    def recognise(self, strips: Sequence[Picture]) -> list[tuple[str, float]]:
        """Text and confidence 0..1 of each strip."""
        if not strips:
            return []
        try:
            read = self._ocr.recognize_txt([np.ascontiguousarray(s[:, :, ::-1]) for s in strips])
        except Exception as error:
            raise EngineError(f"RapidOCR cannot read this picture: {error}") from error
        return [(str(text), float(score)) for text, score in zip(read.txts, read.scores, strict=True)]


def _settings(threads: int) -> dict[str, object]:
    return {
        # Sizes are decided by the reader; left to itself RapidOCR enlarges a ribbon of text to a giant.
        "Global.use_preprocess_img": False,
        "Det.limit_side_len": 32,
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Det.model_path": str(_MODELS / "PP-OCRv6_det_small.onnx"),
        "Rec.model_path": str(_MODELS / "PP-OCRv6_rec_small.onnx"),
        "Rec.rec_batch_num": _BATCH,
        # This width is only the least one: 64, not 320, spares short words a third of the time and reads them better.
        "Rec.rec_img_shape": [3, _HEIGHT, 64],
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }

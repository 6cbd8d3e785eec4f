"""The demo's conversation: which recordings are played, what is on them, and what a stand-in brain makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent
NOTICE = ("POOL CLOSED", "for cleaning until Friday 4 December", "Please use the side entrance")
"""What is printed on notice.jpg."""


@dataclass(frozen=True)
class Request:
    """One recording: its file, the words on it, the picture that lies before the camera, and the call it should become."""

    audio: Path
    text: str
    picture: Path | None = None
    call: str = ""


def load_requests() -> list[Request]:
    """The requests in their order."""
    rows = yaml.safe_load((HERE / "requests.yaml").read_text(encoding="utf-8"))
    return [
        Request(HERE / r["audio"], r["text"], HERE / r["picture"] if "picture" in r else None, r.get("call", ""))
        for r in rows
    ]

"""Text made speakable: `speakable` for a piece of text, `Clauses` for a stream of it."""

# ruff: noqa: RUF001 - look-alike characters are what this file is about

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from nearfield.speakable import english
from nearfield.speakable.clauses import Clauses
from nearfield.speakable.clean import plain

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LANGUAGES", "Clauses", "plain", "speakable"]

LANGUAGES: Final[dict[str, Callable[[str], str]]] = {"en": english.words}
"""What turns numbers and symbols into words. A language that is not here leaves its digits to the voice."""

_PAUSES: Final = str.maketrans(
    dict.fromkeys("()[]{}", " , ") | dict.fromkeys("–―", "—") | {"…": "...", "¿": "", "¡": "", "’": "'"}
)
_SPACED_HYPHEN: Final = re.compile(r"(?<!\S)-(?!\S)")
_DASH: Final = re.compile(r"--++|—[—-]*+")
_LOOSE_HYPHEN: Final = re.compile(r"(?<![^\W_])-+|-+(?![^\W_])")
_LOOSE_APOSTROPHE: Final = re.compile(r"(?<![^\W_])'+|'+(?![^\W_])")
_UNSPOKEN: Final = re.compile(r"[^\w\s.,;:?!—'-]|_")
_ELLIPSIS_WITHIN: Final = re.compile(r"(?<!\.)\.{2,}+(?=\s?[a-zà-ÿ])")
_PAUSE: Final = re.compile(r" ?[.,;:?!—][ .,;:?!—]*+")
_SPACES: Final = re.compile(r"\s+")
_STRONGEST: Final = "?!.—;:,"


def speakable(text: str, language: str = "en") -> str:
    """`text` for the voice: letters, apostrophes, hyphens within words and the pauses `.,;:?!—` only.

    No digit is left where the language has its words in `LANGUAGES`. Empty when nothing in it can be said.
    """
    words = LANGUAGES.get(re.split("[-_]", language.lower(), maxsplit=1)[0])
    text = plain(text)
    return _tidy(words(text)) if words else _tidy(text, digits=True)


def _tidy(text: str, *, digits: bool = False) -> str:
    text = _DASH.sub(" — ", _SPACED_HYPHEN.sub(",", text.rstrip(")]} ").translate(_PAUSES)))
    text = _UNSPOKEN.sub(" ", _ELLIPSIS_WITHIN.sub(",", text))
    text = "".join(char if char.isalpha() or not char.isalnum() or digits else " " for char in text)
    text = _LOOSE_APOSTROPHE.sub(" ", _LOOSE_HYPHEN.sub(" ", text))
    text = _SPACES.sub(" ", text).strip()
    # Where digits stay, so do the marks within them.
    return text if digits else _SPACES.sub(" ", _PAUSE.sub(_pause, text)).strip().lstrip(".,;:?!— ")


def _pause(found: re.Match[str]) -> str:
    """Several marks in a row make one pause, the strongest of them."""
    mark = next(mark for mark in _STRONGEST if mark in found[0])
    return " — " if mark == "—" else f"{mark} "

"""Cutting a stream of model text into pieces for the voice, the first one as early as it can be spoken.

`Clauses` reads one character at a time and decides only on what came before it, so a stream gives the same pieces
however it is cut. Pieces are raw text; joined they are the input, without hidden spans and trailing white space.

A cut falls only between words, and waits for the character after the gap: "3.5", "9:30", "1,200", "e.g. this" and
"https://a.b/c" stay whole. Quotes and brackets stay whole as well, until they grow too long to wait for.
"""

# ruff: noqa: RUF001 - look-alike characters are what this file is about

from __future__ import annotations

import re
from typing import Final

from nearfield.speakable.hidden import Veil
from nearfield.speakable.tables import names

FIRST_WORDS: Final = 3
FIRST_CHARS: Final = 12
"""The least the first piece holds when it ends at a comma: less would leave the voice waiting after it."""
LONG: Final = 120
"""Characters from which a sentence is cut at clause marks as well."""
PATIENCE: Final = 240
"""Characters after which an open quote or bracket no longer holds a sentence end back."""
TOO_LONG: Final = 320
"""Characters after which any gap between words will do: a voice that says nothing is worse than an odd pause."""

_SIGHT: Final = 32  # how far back a decision looks; longer than any abbreviation
_DEEPEST: Final = 8  # brackets in brackets; more is noise
_PAIRS: Final = {"(": ")", "[": "]", "{": "}", "“": "”", "„": "“", "«": "»", '"': '"', "`": "`", "「": "」", "『": "』"}
_CLOSING: Final = "\"'”’“)]}*_`»」』~"
_OPENING: Final = "\"'“‘„([{*_`«「『~"
_ENDS: Final = ".!?…؟।"
_WIDE_ENDS: Final = "。！？"
_MARKS: Final = ",;:،؛、"
_DASHES: Final = "—–-"

_NEVER_LAST: Final = frozenset(
    names(
        """
    dr mr mrs ms mx prof st sr rev gen col capt lt sgt gov sen rep hon mt vs cf eg ie viz ca bzw sra mme mlle hr
    """
    )
)
_BEFORE_NUMBERS: Final = frozenset(
    names(
        """
    no nos nr vol fig figs eq ch sec art pp p ext tel max min jan feb mar apr jun jul aug sep sept oct nov dec
    """
    )
)
_SELDOM_LAST: Final = frozenset(
    names(
        """
    etc inc ltd co corp bros ave blvd rd al am pm a.m p.m oz lb lbs ft yd mi mins hrs approx appx est avg dept univ
    assn incl excl resp eds usw mon tue tues wed thu thur thurs fri
    """
    )
)
_LETTERS_AND_DOTS: Final = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_SHORT: Final = 3  # a lower-case word follows: "fig. 3", "art. 5", "op. cit." look like this


class Clauses:
    """Pieces of a stream. After `flush` it is as new."""

    def __init__(self) -> None:
        self._veil = Veil()
        self._begin()

    def feed(self, piece: str) -> list[str]:
        """The pieces that became complete."""
        return [done for char in self._veil.feed(piece) for done in self._take(char)]

    def flush(self) -> list[str]:
        """What is left when the stream has ended; nothing of an open fence, thought or call."""
        pieces = [done for char in self._veil.flush() for done in self._take(char)]
        rest = "".join(self._chars)
        self._begin()
        return [*pieces, rest] if rest.strip() else pieces

    def _begin(self) -> None:
        self._spoken = False
        self._open: list[str] = []  # the closers we wait for
        self._impatient = False  # this quote or bracket has been cut already
        self._restart("")

    def _restart(self, text: str) -> None:
        self._chars: list[str] = []
        self._sight = ""  # the last characters, runs of white space as one
        self._words = 0
        self._in_url = False
        self._mark = 0  # where a long sentence may be cut
        for char in text:
            self._append(char)

    def _take(self, char: str) -> list[str]:
        pieces = []
        if self._cut_before(char):
            pieces.append(self._cut(len(self._chars)))
        self._append(char)
        if char == "\n":
            self._open.clear()
            self._impatient = False
        if self._mark and len(self._chars) > LONG:
            pieces.append(self._cut(self._mark))
        return pieces

    def _cut(self, at: int) -> str:
        piece, rest = "".join(self._chars[:at]), "".join(self._chars[at:])
        if rest:
            self._open.clear()  # a mark never stands inside a pair: all that is open was opened after it
        self._impatient = bool(self._open)
        self._restart(rest)
        self._spoken = True
        return piece

    def _append(self, char: str) -> None:
        gap = not self._sight or self._sight[-1].isspace()
        if char.isspace():
            self._in_url = False
        elif gap and char.isalnum():
            self._words += 1
        elif char.isalnum() and not self._words:
            self._words = 1
        self._chars.append(char)
        if not (char.isspace() and gap and self._sight):
            self._sight = (self._sight + char)[-_SIGHT:]
        self._in_url = self._in_url or self._sight.endswith(("://", "www."))
        self._track_pairs(char)

    def _track_pairs(self, char: str) -> None:
        if self._open and char in self._open:
            del self._open[self._open.index(char) :]
            self._impatient = self._impatient and bool(self._open)
        elif char in _PAIRS and len(self._open) < _DEEPEST and not (char == '"' and self._after_digit()):
            self._open.append(_PAIRS[char])

    def _after_digit(self) -> bool:
        """A quote that follows a digit and closes nothing is an inch mark."""
        return self._sight[-2:-1].isdigit()

    def _cut_before(self, char: str) -> bool:
        if not self._words:
            return False
        if char == "\n":
            return True
        if char.isspace() or not self._at_gap(char):
            return False
        length = len(self._chars)
        if self._at_sentence_end(char):
            return not self._open or self._impatient or length > PATIENCE
        if length > TOO_LONG:
            return self._sight[-1].isspace()
        return not self._open and self._at_clause_mark(char) and self._clause_may_go(length)

    def _clause_may_go(self, length: int) -> bool:
        if self._words < FIRST_WORDS or length < FIRST_CHARS:
            return False
        if not self._spoken or length > LONG:
            return True
        self._mark = length
        return False

    def _at_gap(self, char: str) -> bool:
        last = self._sight[-1]
        if last.isspace():
            return True
        if last == "—":
            return char != "—" and not self._in_url
        return _core(self._sight)[-1:] in {*_WIDE_ENDS} and char not in _CLOSING + _WIDE_ENDS

    def _at_sentence_end(self, following: str) -> bool:
        text = self._sight.rstrip()
        core = _core(text)
        if not core or core[-1] not in _ENDS + _WIDE_ENDS:
            return False
        if following.islower() and core != text:
            return False  # "Really?" he said
        if core.endswith(("..", "…")):
            return not following.islower()
        return core[-1] != "." or self._full_stop(core, following)

    def _full_stop(self, core: str, following: str) -> bool:
        word = core[:-1].split()[-1:] or [""]
        bare = word[0].lstrip(_OPENING)
        if self._words == 1 and bare.isdigit():
            return False  # the number of a list item
        if bare.lower() in _SELDOM_LAST:
            return following.isupper()
        if bare.lower() in _BEFORE_NUMBERS and following.isdigit():
            return False
        if bare.lower() in _NEVER_LAST or _LETTERS_AND_DOTS.fullmatch(bare):
            return False
        if len(bare) == 1 and bare.isalpha() and (bare != "I" or self._words == 1):
            return bare.islower() and following.isupper() and self._words > 1
        return not following.islower() or len(bare) > _SHORT

    def _at_clause_mark(self, following: str) -> bool:
        text = self._sight.rstrip()
        core = _core(text)
        if not core:
            return False
        between_digits = core[:-1].rstrip()[-1:].isdigit() and following.isdigit()
        if core[-1] in _MARKS or core[-1] == "—":
            return not between_digits
        return core[-1] in _DASHES and core[-2:-1].isspace() and text == core and not between_digits


def _core(text: str) -> str:
    """What is left of the end of `text` without closing quotes and brackets."""
    return text.rstrip().rstrip(_CLOSING)

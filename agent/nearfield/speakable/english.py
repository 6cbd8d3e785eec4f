"""English: everything that is not a word, in the words a person would say.

The order of the rules is the grammar: the most particular shapes first (addresses, dates, codes), then what their
numbers leave behind. A rule writes words only, or digits for a later rule to read. Dates and units are American, as the
voice is; what would mislead half of the listeners, like 3/4/2026, is read as it stands.
"""

# ruff: noqa: RUF001 - look-alike characters are what this file is about

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from nearfield.speakable.english_capitals import capitals
from nearfield.speakable.english_codes import codes, ratios, serials
from nearfield.speakable.english_dates import dates, times
from nearfield.speakable.english_names import abbreviations, addresses
from nearfield.speakable.english_numbers import fractions, numbers, ordinals_and_decades, ranges, vulgar, years
from nearfield.speakable.english_places import places
from nearfield.speakable.english_units import money, unit_dots, units
from nearfield.speakable.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable

_BETWEEN: Final = (
    (re.compile(r"(?<=[\w)])\s?\*\s?(?=[\w(])"), " times "),
    (re.compile(r"(?<=[a-z])\.(?=[A-Z][a-z])"), ". "),
    (re.compile(r"(?<!\S)\.(?=[A-Za-z])"), "dot "),
    (re.compile(r"(?<=\w)\.(?=\w)"), " dot "),
    (re.compile(r"(?<=\w)\s?\^\s?(?=[\w-])"), " to the power of "),
    (re.compile(r"(?<=\w)\s/\s(?=\w)"), " or "),
    (re.compile(r"(?<=\w)/(?=\w)|(?<!\S)/(?=\w)|(?<=\w)/(?!\S)"), " slash "),
    (re.compile(r"(?:\babout )?(?<!\S)~(?=\s?\w)", re.IGNORECASE), "about "),
    (re.compile(r"\b([CF])#(?!\w)"), r"\1 sharp "),
    (re.compile(r"#(?=\w)"), " hashtag "),
    (re.compile(r"={2,3}"), " equals "),
    (re.compile(r"(?<=\w)\s?(?:<=|≤)\s?(?=[\w-])"), " is at most "),
    (re.compile(r"(?<=\w)\s?(?:>=|≥)\s?(?=[\w-])"), " is at least "),
    (re.compile(r"(?<=\w)\s?(?:->|=>|→)\s?(?=\w)"), " to "),
    (re.compile(r"(?<=\w)\s?(?:!=|≠)\s?(?=[\w-])"), " is not equal to "),
    (re.compile(r"(?<=\w)\s<\s(?=[\w-])"), " is less than "),
    (re.compile(r"(?<=\w)\s>\s(?=[\w-])"), " is greater than "),
    (re.compile(r"(?<!\S)<(?=\s?\w)"), "less than "),
    (re.compile(r"(?<!\S)>(?=\s?\w)"), "more than "),
)
_SYMBOLS: Final = table(
    """
    &: and; @: at; %: percent; +: plus; =: equals; ×: times; ÷: divided by; °: degrees; ±: plus or minus; ≈: about;
    ≤: at most; ≥: at least; →: to; §: section; ²: squared; ³: cubed; √: the square root of; ∞: infinity; €: euros;
    £: pounds; ¥: yen; №: number
    """
)
_SYMBOL: Final = re.compile(f"[{re.escape(''.join(_SYMBOLS))}]")
_GREEK: Final = "αalpha βbeta γgamma δdelta εepsilon θtheta λlambda μmu πpi ρrho σsigma τtau φphi χchi ψpsi ωomega"
_GREEK_NAMES: Final = {pair[0]: pair[1:] for pair in _GREEK.split()}
_LONE_GREEK: Final = re.compile(f"(?<![^\\W\\d_])[{''.join(_GREEK_NAMES)}](?![^\\W\\d_])", re.IGNORECASE)
_SPACES: Final = re.compile(r"\s+")

_RULES: Final[tuple[Callable[[str], str], ...]] = (
    vulgar,
    addresses,
    unit_dots,
    abbreviations,
    places,
    dates,
    codes,
    ranges,
    times,
    ratios,
    money,
    ordinals_and_decades,
    units,
    fractions,
    serials,
    years,
    numbers,
    capitals,
)


def words(text: str) -> str:
    """`text`, one line of plain text, with everything in words of Latin letters. Never raises."""
    for rule in _RULES:
        text = rule(text)
    return _SPACES.sub(" ", _symbols(text)).strip()


def _symbols(text: str) -> str:
    for shape, said in _BETWEEN:
        text = shape.sub(said, text)
    text = _SYMBOL.sub(lambda found: f" {_SYMBOLS[found[0]]} ", text)
    text = _LONE_GREEK.sub(lambda found: _GREEK_NAMES.get(found[0].lower(), ""), text)
    return "".join(char if _is_english(char) else " " for char in text)


@lru_cache(maxsize=4096)
def _is_english(char: str) -> bool:
    """Other scripts are left out: an English voice would spell them, "Hebrew shin, Hebrew lamed"."""
    return not char.isalpha() or char.isascii() or unicodedata.name(char, "").startswith("LATIN")

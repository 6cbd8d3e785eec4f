"""Numbers as English words: cardinals, ordinals, years, decades, fractions, ranges."""

# ruff: noqa: RUF001 - look-alike characters are what this file is about

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from nearfield.speakable.tables import names, table

_LONGEST: Final = 15
"""Digits beyond which a number is a code: nobody takes in quadrillions."""
_CODE: Final = 7
"""Digits from which a number without commas is a code, unless it is round."""
_MANY_PARTS: Final = 20
"""Denominators up to here are said as parts: "three twentieths", but "four over twenty-one"."""
_YEAR_DIGITS: Final = 4
_SCORE_DIGITS: Final = 2

GROUPED: Final = r"\d{1,3}(?:,\d{3})+(?!\d)"
NUMBER: Final = rf"(?:{GROUPED}(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\d.])\.\d+)"
"""1 · 1,200 · 3.5 · .5"""
SIGNED: Final = rf"(?<![\w.])(?<!\d,)(?:(?<![)\]])[-+])?{NUMBER}"

_DIGITS: Final = dict(
    zip("0123456789", ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"), strict=True)
)
_VULGAR: Final = table(
    """
    ½: 1/2; ¼: 1/4; ¾: 3/4; ⅓: 1/3; ⅔: 2/3; ⅛: 1/8; ⅜: 3/8; ⅝: 5/8; ⅞: 7/8; ⅕: 1/5; ⅖: 2/5; ⅗: 3/5; ⅘: 4/5; ⅙: 1/6;
    ⅚: 5/6
    """
)


@lru_cache(maxsize=1024)
def _num2words(number: int, to: str) -> str:
    from num2words import num2words  # loads every language it knows: not before the first number is spoken

    return str(num2words(number, lang="en", to=to)).replace(",", "")


def digits(text: str) -> str:
    """Digit by digit: "007" is "zero zero seven". Other characters are passed over."""
    return " ".join(_DIGITS[char] for char in text if char in _DIGITS)


def cardinal(text: str) -> str:
    """What "1,200" says: "one thousand two hundred"."""
    bare = text.replace(",", "")
    if len(bare) > _LONGEST or (len(bare) > 1 and bare[0] == "0"):
        return digits(bare)
    return _num2words(int(bare), "cardinal")


def ordinal(text: str) -> str:
    """What "22" says in a row: "twenty-second"."""
    bare = text.replace(",", "")
    return digits(bare) if len(bare) > _LONGEST else _num2words(int(bare), "ordinal")


def year(text: str) -> str:
    """What "1985" says as a date: "nineteen eighty-five"."""
    return _num2words(int(text), "year")


def number(text: str) -> str:
    """What "-3.14" says: "minus three point one four"."""
    sign = {"-": "minus ", "+": "plus "}.get(text[:1], "")
    whole, point, fraction = text.lstrip("+-").partition(".")
    if not point:
        return sign + cardinal(whole)
    return f"{sign}{cardinal(whole) + ' ' if whole else ''}point {digits(fraction)}"


def decade(text: str) -> str:
    """What "1990" says with an s: "nineteen nineties"; "80": "eighties"."""
    said = year(text) if len(text) == _YEAR_DIGITS else cardinal(text)
    return said.removesuffix("y") + "ies" if said.endswith("y") else said + "s"


def fraction(whole: str | None, top: str, bottom: str) -> str:
    """What 2 1/2 says: "two and a half". What is no fraction of daily life is read as it stands."""
    if top == bottom or (top, bottom) in {("24", "7"), ("9", "11")}:
        said = f"{cardinal(top)} {cardinal(bottom)}"
    elif int(top) >= int(bottom) or not _has_part(bottom):
        said = f"{cardinal(top)} over {cardinal(bottom)}"
    else:
        one = top == "1"
        part = {"2": "half", "4": "quarter"}.get(bottom, ordinal(bottom))
        said = f"{'a' if one and whole else cardinal(top)} {part}{'' if one else 's'}"
    return f"{cardinal(whole)} and {said}" if whole else said


def _has_part(bottom: str) -> bool:
    return bottom in {"25", "30", "32", "40", "50", "64", "100", "1000"} or 1 < int(bottom) <= _MANY_PARTS


def vulgar(text: str) -> str:
    """½ written out, so that it is read like 1/2."""
    return re.sub(f"(\\d?)([{''.join(_VULGAR)}])", lambda m: f"{m[1]}{' ' if m[1] else ''}{_VULGAR[m[2]]}", text)


_RANGE: Final = re.compile(
    r"(?<![\w.,/-])(?P<left>[$€£]?(?:\d[\d,]*(?:\.\d+)?)(?::\d\d)?)(?P<after>st|nd|rd|th|s|%|°|\s?[ap]\.?m\.?)?"
    r"(?P<dash>\s?[-–—]\s?|\s?~\s?)(?=(?P<right>[$€£]?\d[\d,]*(?:\.\d+)?)(?!\d*[-/]\d))",
    re.IGNORECASE,
)


_SUM: Final = re.compile(r"[\d.,]{1,20}\s?=")


def ranges(text: str) -> str:
    """Make "3-5 km" into "3 to 5 km", and a subtraction into "minus". The numbers are left to later rules."""
    return _RANGE.sub(_range, text)


def _range(found: re.Match[str]) -> str:
    left, right = found["left"], found["right"]
    low, high = (float(re.sub(r"[^\d.]", "", side.split(":")[0])) for side in (left, right))
    shown = left + (found["after"] or "")
    if left[0] in "$€£" and right[0].isdigit():
        return f"{left[1:]} to {left[0]}"  # "$5-10": both are dollars
    sum_follows = _SUM.match(found.string, found.end()) is not None
    spaced_hyphen = found["dash"].strip() == "-" and found["dash"] != "-"
    if sum_follows or (spaced_hyphen and low > high and not found["after"]):
        return f"{shown} minus "
    years = len(left) == _YEAR_DIGITS and len(right) == _SCORE_DIGITS
    if low < high or found["after"] or ":" in left or years or max(len(left), len(right)) <= _SCORE_DIGITS:
        return f"{shown} to "
    return f"{shown}, "


_FRACTION: Final = re.compile(
    r"(?<![\w./])(?:(\d{1,6})[ -])?(\d{1,3})/(\d{1,4})(?:th|rd|nd|st)?(?![\w/]|\.\d)", re.IGNORECASE
)
_ORDINAL: Final = re.compile(rf"(?<![\w./])({GROUPED}|\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
_DECADE: Final = re.compile(r"(?<![\w.])(?:(1[1-9]\d0|20\d0)'?s\b|'(\d0)'?s\b)")
_SHORT_DECADE: Final = re.compile(
    r"\b(the|his|her|their|my|your|our|mid|early|late|\d{4}s (?:to|and))([ -])([2-9]0)s\b", re.IGNORECASE
)
_YEAR: Final = re.compile(
    r"(?:\b(?P<before>in|since|until|by|from|of|before|after|around|during|year|circa|the)\s)?(?<![\w.,])(?<![\s(]-)"
    r"(?P<year>1[1-9]\d\d|20\d\d)(?![\w%]|[.,]\d|-\d)(?=(?P<next>\s[a-z]{3,})?)",
    re.IGNORECASE,
)
_NO_PLURAL: Final = frozenset(
    names("was is has as this his its us plus versus across yes thus does goes class always perhaps")
)
_NUMBER: Final = re.compile(SIGNED)
_BARE_NUMBER: Final = re.compile(NUMBER)


def fractions(text: str) -> str:
    return _FRACTION.sub(_fraction, text)


def _fraction(found: re.Match[str]) -> str:
    if int(found[3]) == 0:
        return f"{cardinal(found[1]) + ' ' if found[1] else ''}{cardinal(found[2])} over zero"
    whole, top, bottom = found[1], found[2].lstrip("0") or "0", found[3].lstrip("0")
    if whole and int(top) >= int(bottom):
        return f"{cardinal(whole)} {fraction(None, top, bottom)}"
    return fraction(whole, top, bottom)


def ordinals_and_decades(text: str) -> str:
    text = _ORDINAL.sub(lambda found: ordinal(found[1]), text)
    text = _SHORT_DECADE.sub(lambda found: f"{found[1]}{found[2]}{decade(found[3])}", text)
    return _DECADE.sub(lambda found: decade(found[1] or found[2]), text)


def years(text: str) -> str:
    return _YEAR.sub(_year, text)


def _year(found: re.Match[str]) -> str:
    """Four digits are a year, unless they count something: "2048 files" is a number, "in 1815 soldiers" is not."""
    before = f"{found['before']} " if found["before"] else ""
    following = found["next"] or ""
    counts = not before and following.strip().endswith("s") and following.strip() not in _NO_PLURAL
    return f"{before}{(cardinal if counts else year)(found['year'])}"


def numbers(text: str) -> str:
    """Every number that is left. Long ones without commas are codes and read digit by digit."""
    text = _NUMBER.sub(lambda found: _plain_number(found[0]), text)
    return _BARE_NUMBER.sub(lambda found: f" {_plain_number(found[0])} ", text)


def _plain_number(text: str) -> str:
    bare = text.lstrip("+-")
    if bare.isdigit() and len(bare) >= _CODE and not bare.endswith("000"):
        return {"-": "minus ", "+": "plus "}.get(text[0], "") + digits(bare)
    return number(text)

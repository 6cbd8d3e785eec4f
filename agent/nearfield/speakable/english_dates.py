"""Dates and times of day as they are said."""

# ruff: noqa: RUF001 - look-alike characters are what this file is about

from __future__ import annotations

import re
from typing import Final

from nearfield.speakable.english_numbers import cardinal, ordinal, year
from nearfield.speakable.tables import names

_MONTHS: Final = names("January February March April May June July August September October November December")
_DAYS: Final = names("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_BY_NAME: Final = {name.lower(): name for name in _MONTHS} | {name[:3].lower(): name for name in _MONTHS}
_MONTH_OF: Final = _BY_NAME | {"sept": "September"}
_DAY_OF: Final = {short: name for name in _DAYS for short in (name[:3], name[:4], name[:5])} | {"Tues": "Tuesday"}

_MONTH: Final = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_NTH: Final = r"(?:st|nd|rd|th)?"
_YEAR_PART: Final = r"(?P<gap>,?[\s-]+)(?P<year>[12]\d{3})(?![\d:%]|[.,]\d)"
_DAY_FIRST: Final = re.compile(
    rf"(?<![\d/.:,$€£-])(?P<the>\bthe\s)?\b(?:(?P<from>\d{{1,2}}){_NTH}\s?(?:[-–]|to|and)\s?)?(?P<day>\d{{1,2}}){_NTH}"
    rf"(?:\sof)?[\s-]{{1,2}}{_MONTH}(?![a-z])(?:{_YEAR_PART})?",
    re.IGNORECASE,
)
_MONTH_FIRST: Final = re.compile(
    rf"\b{_MONTH}[\s-]{{1,2}}(?:the\s)?(?P<day>\d{{1,2}}){_NTH}(?:\s?(?:[-–]|to)\s?(?P<to>\d{{1,2}}){_NTH})?(?![\w:%]|[.,]\d)"
    rf"(?:{_YEAR_PART})?",
    re.IGNORECASE,
)
_MONTH_AND_YEAR: Final = re.compile(rf"\b{_MONTH},?\s(?P<year>[12]\d{{3}})(?![\d:%]|[.,]\d)", re.IGNORECASE)
_YEAR_FIRST: Final = re.compile(r"(?<![\w/.-])([12]\d{3})([-/.])(\d{1,2})\2(\d{1,2})(?![\w/]|[-.]\d)")
_YEAR_LAST: Final = re.compile(r"(?<![\w/.-])(\d{1,2})([-/.])(\d{1,2})\2([12]\d{3}|(?<=/)\d{2})(?![\w/]|[-.]\d)")
_MONTH_OF_YEAR: Final = re.compile(r"(?<![\w/.,-])(0?[1-9]|1[0-2])/((?:19|20)\d\d)(?![\w/]|[.,]\d)")
_STAMP: Final = re.compile(
    r"(?<!\d)(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d{1,9})?)?(Z?)(?:[+-]\d{2}:?\d{2})?(?!\d)"
)
_WEEKDAY: Final = r"(Mon|Tues?|Wed|Thurs?|Thu|Fri|Sat|Sun)"
_WEEKDAYS: Final = re.compile(rf"\b{_WEEKDAY}\.?\s?(?:[-–]|to)\s?{_WEEKDAY}\b\.?")
_WEEKDAY_OF_DATE: Final = re.compile(
    rf"\b{_WEEKDAY}\.?(,?)\s(?=\d|the\s\d|(?:{'|'.join(name[:3] for name in _MONTHS)}))"
)
_ALSO_WORDS: Final = frozenset({"may", "march", "mar", "dec", "sept"})

_MAX_DAY: Final = 31
_MAX_MONTH: Final = 12
_YEAR_DIGITS: Final = 4


def dates(text: str) -> str:
    text = _STAMP.sub(lambda found: f"{found[1]} at {found[2]}{' UTC' if found[3] else ''}", text)
    text = _WEEKDAYS.sub(lambda found: f"{_DAY_OF[found[1]]} to {_DAY_OF[found[2]]}", text)
    text = _WEEKDAY_OF_DATE.sub(lambda found: f"{_DAY_OF[found[1]]}{found[2]} ", text)
    text = _YEAR_LAST.sub(_year_last, _YEAR_FIRST.sub(_year_first, text))
    text = _MONTH_OF_YEAR.sub(lambda found: f"{_MONTHS[int(found[1]) - 1]} {year(found[2])}", text)
    text = _MONTH_FIRST.sub(_month_first, _DAY_FIRST.sub(_day_first, text))
    return _MONTH_AND_YEAR.sub(lambda found: f"{_month_name(found)} {year(found['year'])}", text)


def _month_name(found: re.Match[str]) -> str:
    return _MONTH_OF[found["month"].rstrip(".").lower()]


def _is_day(*days: str | None) -> bool:
    return all(day is None or 1 <= int(day) <= _MAX_DAY for day in days)


def _no_month(found: re.Match[str]) -> bool:
    """Whether it is a word as well: "you may 3 times"."""
    return found["month"] in _ALSO_WORDS


def _with_year(found: re.Match[str]) -> str:
    return f", {year(found['year'])}" if found["year"] else ""


def _day_first(found: re.Match[str]) -> str:
    if not _is_day(found["day"], found["from"]) or _no_month(found):
        return found[0]
    start = f"{ordinal(found['from'])} to the " if found["from"] else ""
    return f"the {start}{ordinal(found['day'])} of {_month_name(found)}{_with_year(found)}"


def _month_first(found: re.Match[str]) -> str:
    if not _is_day(found["day"], found["to"]) or _no_month(found):
        return found[0]
    end = f" to {ordinal(found['to'])}" if found["to"] else ""
    return f"{_month_name(found)} {ordinal(found['day'])}{end}{_with_year(found)}"


def _year_first(found: re.Match[str]) -> str:
    month, day = int(found[3]), int(found[4])
    if not (1 <= month <= _MAX_MONTH and 1 <= day <= _MAX_DAY):
        return found[0]
    return f"{_MONTHS[month - 1]} {ordinal(found[4])}, {year(found[1])}"


def _year_last(found: re.Match[str]) -> str:
    """22/11/2026 and 11/22/2026 are clear; 3/4/2026 is read as numbers: a guess would be wrong for half of us."""
    first, mark, second = int(found[1]), found[2], int(found[3])
    said = year(found[4] if len(found[4]) == _YEAR_DIGITS else f"20{found[4]}")
    day_leads = mark == "." or first > _MAX_MONTH or first == second
    day, month = (first, second) if day_leads else (second, first)
    if not (1 <= month <= _MAX_MONTH and 1 <= day <= _MAX_DAY):
        return found[0]
    if day_leads:
        return f"the {ordinal(str(day))} of {_MONTHS[month - 1]}, {said}"
    if day > _MAX_MONTH:
        return f"{_MONTHS[month - 1]} {ordinal(str(day))}, {said}"
    return f"{cardinal(str(first))}, {cardinal(str(second))}, {said}"


_HALF: Final = r"(?:\s?(?P<half>[ap])(?P<dots>\.\s?m\b\.?|m\b))"
_CLOCK: Final = re.compile(
    rf"(?<![\w:.])(?P<hour>\d{{1,2}}):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])(?:\s?h\b)?{_HALF}?(?P<noon>\s(?:noon|midnight)\b)?",
    re.IGNORECASE,
)
_HOUR: Final = re.compile(rf"(?<![\w:.,])(?P<hour>\d{{1,2}})(?:\.(?P<minute>[0-5]\d))?{_HALF}", re.IGNORECASE)
_PART_NEARBY: Final = re.compile(
    r"\s(?:\w+\s)?(?:in the )?(?:morning|afternoon|evening|night|tonight)\b|\so'clock", re.IGNORECASE
)
_SENTENCE_END: Final = re.compile(r"\s?$|\s[A-Z]")
_TWO_DIGITS: Final = 10
_NOON: Final = 12
_MIDNIGHT: Final = 24
_EVENING: Final = 18
_NIGHT: Final = 22


def times(text: str) -> str:
    return _HOUR.sub(_time, _CLOCK.sub(_time, text))


def _time(found: re.Match[str]) -> str:
    groups = found.groupdict()
    hour, minute, half = int(groups["hour"]), int(groups["minute"] or 0), (groups["half"] or "").lower()
    if hour > (_NOON if half else _MIDNIGHT) or (half and not hour):
        return found[0]
    if half:
        hour = hour % _NOON + (_NOON if half == "p" else 0)
    seconds = f" and {cardinal(groups['second'].lstrip('0') or '0')} seconds" if groups.get("second") else ""
    known = groups.get("noon") or (" " if _PART_NEARBY.match(found.string, found.end()) else "")
    said = _said(hour % _MIDNIGHT, minute, seconds, told=bool(half) or hour > _NOON or not hour, known=known)
    # "p.m." at the end of a sentence has swallowed its full stop.
    ends = (groups["dots"] or "").endswith(".") and _SENTENCE_END.match(found.string, found.end())
    return f"{said}." if ends else said


def _said(hour: int, minute: int, seconds: str, *, told: bool, known: str) -> str:
    """`told`: the half of the day is certain. `known`: the text says it itself."""
    twelve = cardinal(str(hour % _NOON or _NOON))
    if minute or seconds:
        clock = f"{twelve} {_minutes(minute)}{seconds}"
    elif told and not known and hour % _NOON == 0:
        return "midnight" if hour == 0 else "noon"
    else:
        clock = twelve if told or known else f"{twelve} o'clock"
    if known:
        return clock + known.rstrip()
    return f"{clock} {_part(hour)}" if told else clock


def _minutes(minute: int) -> str:
    if minute == 0:
        return "o'clock"
    return cardinal(str(minute)) if minute >= _TWO_DIGITS else f"oh {cardinal(str(minute))}"


def _part(hour: int) -> str:
    if hour == 0 or hour >= _NIGHT:
        return "at night"
    return "in the morning" if hour < _NOON else "in the afternoon" if hour < _EVENING else "in the evening"

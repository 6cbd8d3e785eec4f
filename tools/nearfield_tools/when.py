"""Days and times as people say them: the forms a model may write, and what they mean on the user's clock.

A model never computes a date. It writes one of a few canonical strings that stay near to speech ("next friday",
"april 3", "in 10 days", "9:30"), and this module alone turns them into dates, so that the same words always mean the
same day. `spoken_day` and `spoken_time` go the other way, for questions and answers.

Not covered: ranges ("from monday to wednesday"), seasons, holidays, seconds, and "the last friday of the month".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated

from nearfield_tools.api import Shape, ToolError

if TYPE_CHECKING:
    from collections.abc import Callable

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


def _any_of(words: tuple[str, ...]) -> str:
    return "(" + " | ".join(f'"{word}"' for word in words) + ")"


def pattern_of(gbnf: str) -> str:
    """The Python pattern that accepts what a grammar body of literals, groups, classes and repetitions accepts."""
    parts = re.split(r'("[^"]*")', gbnf)
    return "".join(re.escape(p[1:-1]) if p.startswith('"') else re.sub(r"\s+", "", p) for p in parts)


def _shape(gbnf: str, hint: str) -> Shape:
    return Shape(gbnf=gbnf, pattern=pattern_of(gbnf), hint=hint)


_WEEKDAY = _any_of(WEEKDAYS)
_DATE = '([12] [0-9] | "3" [01] | [1-9])'
_DAY = " | ".join(
    (
        '"today" | "tomorrow" | "day after tomorrow" | "yesterday"',
        f'("this " | "next "){{0,1}} {_WEEKDAY}',
        f'("a week" | [2-9] " weeks") " from " ("today" | "tomorrow" | {_WEEKDAY})',
        '"in " [1-9] [0-9]{0,2} (" day" | " week") "s"{0,1}',
        f'{_any_of(MONTHS)} " " {_DATE} (" 20" [0-9] [0-9]){{0,1}}',
        _DATE,
        '"20" [0-9] [0-9] "-" [01] [0-9] "-" [0-3] [0-9]',
    )
)
_SPAN = '("this " | "next ") ("week" | "weekend" | "month") | "any"'
_TIME = '("1" [0-9] | "2" [0-3] | [0-9]) ":" [0-5] [0-9] (" am" | " pm"){0,1} | "noon" | "midnight"'

Day = Annotated[str, _shape(_DAY, "a day like today, next friday, in 3 days, april 3, or 14 for the 14th")]
"""One day."""

Days = Annotated[str, _shape(f"{_DAY} | {_SPAN}", "a day, or this week, next weekend, next month, or any")]
"""One day or a stretch of days; "any" is everything still to come."""

Time = Annotated[str, _shape(_TIME, "a time like 9:30, 3:00 pm, 17:45, noon or midnight")]
"""A time of day."""

FORWARD = timedelta(days=365)
"""How far "any" looks ahead."""


@dataclass(frozen=True)
class Span:
    """Whole days from `first` to `last`, both included; `said` names them in a sentence ("next week")."""

    first: date
    last: date
    said: str


@dataclass(frozen=True)
class Moment:
    """A moment in the user's zone; `note` is a sentence for the question when it was not plain which one was meant."""

    at: datetime
    note: str = ""


def day_of(said: str, now: datetime) -> date:
    """The date that a `Day` names, seen from `now`.

    A weekday is the coming one, today included; "next" means the one in the next calendar week, Monday first, which on
    a Sunday is the very next day. A month's day that is past is next year's; a bare day of the month is the first one
    from today on. Raises ToolError for a day that does not exist.
    """
    for form, resolve in _FORMS:
        found = form.fullmatch(said)
        if found:
            return resolve(now.date(), *found.groups())
    raise ToolError(f"I don't know which day {said} is.")


def span_of(said: str, now: datetime) -> Span:
    """The days that a `Days` names; a span that has begun starts today, for the past of this week is seldom meant."""
    today = now.date()
    monday = today - timedelta(days=today.weekday())
    which, _, unit = said.partition(" ")
    ahead = 1 if which == "next" else 0
    if said == "any":
        return Span(today, today + FORWARD, "")
    if unit == "week":
        first, last = monday + timedelta(days=7 * ahead), monday + timedelta(days=7 * ahead + 6)
    elif unit == "weekend":
        first, last = monday + timedelta(days=7 * ahead + 5), monday + timedelta(days=7 * ahead + 6)
    elif unit == "month":
        first = _first_of_month(today, ahead)
        last = _first_of_month(today, ahead + 1) - timedelta(days=1)
    else:
        day = day_of(said, now)
        return Span(day, day, on_day(day, now))
    return Span(max(first, today), last, said)


def moment_of(day: str, clock: str, now: datetime) -> Moment:
    """The moment that a `Day` and a `Time` name.

    Without am or pm an hour from 1 to 6 is in the afternoon and one from 7 to 11 in the morning, but "today at 8" said
    in the afternoon is this evening. Today's own weekday with a time that is past is next week's. Midnight is the one
    that ends the day. Raises ToolError when there is no such time or it is past.
    """
    date_, hour, note = day_of(day, now), _clock(clock), ""
    if clock == "midnight":
        note = f"That is the midnight that ends {spoken_day(date_, now)}."
        date_ += timedelta(days=1)
    found = _local(date_, hour, now, note)
    if found.at <= now and re.fullmatch("(this )?" + pattern_of(_WEEKDAY), day):
        found = _local(date_ + timedelta(days=7), hour, now, note)
    if found.at <= now and day == "today" and re.fullmatch("([7-9]|1[01]):..", clock):
        found = _local(date_, hour.replace(hour=hour.hour + 12), now, note)
    if found.at <= now:
        said = f"{on_day(found.at.date(), now)}, at {spoken_time(found.at)}"
        raise ToolError(f"That was {said}; it has already passed.")
    return found


def spoken_day(day: date, now: datetime) -> str:
    """A date as it is said: "tomorrow, Sunday 22 November"; with the year when it is not this one."""
    name = f"{weekday(day)} {day.day} {month(day)}" + (f" {day.year}" if day.year != now.year else "")
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((day - now.date()).days)
    return f"{near}, {name}" if near else name


def weekday(day: date) -> str:
    """Its English name in any locale: "Sunday"."""
    return WEEKDAYS[day.weekday()].capitalize()


def month(day: date) -> str:
    """Its English name in any locale: "November"."""
    return MONTHS[day.month - 1].capitalize()


def on_day(day: date, now: datetime) -> str:
    """The same within a sentence: "tomorrow, Sunday 22 November" but "on Friday 27 November"."""
    said = spoken_day(day, now)
    return said if "," in said else f"on {said}"


def spoken_time(at: datetime) -> str:
    """A time of day as it is said: "9:30 in the morning", "noon", "12:15"."""
    if at.minute == 0 and at.hour in (0, 12):
        return "noon" if at.hour else "midnight"
    clock = f"{(at.hour - 1) % 12 + 1}" + (f":{at.minute:02}" if at.minute else "")
    parts = ((5, " at night"), (12, " in the morning"), (13, ""), (18, " in the afternoon"), (22, " in the evening"))
    return clock + next((part for until, part in parts if at.hour < until), " at night")


def spoken_length(seconds: int) -> str:
    """A length of time in its larger parts: "1 hour and 30 minutes", "4 minutes and 10 seconds"."""
    hours, rest = divmod(max(0, seconds), 3600)
    parts = [(hours // 24, "day"), (hours % 24, "hour"), (rest // 60, "minute"), (rest % 60, "second")]
    said = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n]
    return " and ".join(said[:2]) or "0 seconds"


def _clock(said: str) -> time:
    if said in ("noon", "midnight"):
        return time(12 if said == "noon" else 0)
    clock, _, half = said.partition(" ")
    hour, minute = (int(part) for part in clock.split(":"))
    if half and not 1 <= hour <= (23 if half == "pm" else 12):
        raise ToolError(f"There is no {said}; say it like 3:30 pm.")
    if half:
        hour = hour if hour > 12 else hour % 12 + (12 if half == "pm" else 0)  # noqa: PLR2004
    elif 1 <= hour <= 6:  # noqa: PLR2004
        hour += 12
    return time(hour, minute)


def _local(day: date, clock: time, now: datetime, note: str) -> Moment:
    """That clock time in the user's zone; where the clocks change it may exist twice or not at all."""
    first = datetime.combine(day, clock, now.tzinfo)
    real = first.astimezone(UTC).astimezone(now.tzinfo)
    if real.replace(tzinfo=None) != first.replace(tzinfo=None):
        skipped = f"The clocks go forward then and skip {spoken_time(first)}, so I took {spoken_time(real)}."
        return Moment(real, skipped)
    if first.utcoffset() != first.replace(fold=1).utcoffset():
        note = f"The clocks go back then and {spoken_time(first)} comes twice; I took the first."
    return Moment(first, note)


def _first_of_month(day: date, ahead: int) -> date:
    months = day.year * 12 + day.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)


def _coming(today: date, name: str) -> date:
    return today + timedelta(days=(WEEKDAYS.index(name) - today.weekday()) % 7)


def _weekday(today: date, which: str | None, name: str) -> date:
    if which != "next ":
        return _coming(today, name)
    return today + timedelta(days=7 - today.weekday() + WEEKDAYS.index(name))


def _weeks_from(today: date, weeks: str, start: str) -> date:
    near = {"today": today, "tomorrow": today + timedelta(days=1)}
    count = 1 if weeks == "a week" else int(weeks[0])
    return (near.get(start) or _coming(today, start)) + timedelta(weeks=count)


def _in(today: date, count: str, unit: str) -> date:
    return today + timedelta(days=int(count) * (7 if unit == "week" else 1))


def _month_day(today: date, name: str, day: str, year: str | None) -> date:
    number = MONTHS.index(name) + 1
    years = [int(year)] if year else range(today.year, today.year + 9)  # nine years always hold a leap day
    for candidate in years:
        found = _real(candidate, number, int(day))
        if found and (year or found >= today):
            return found
    raise ToolError(f"{name.capitalize()} has no day {day}{' in ' + year if year else ''}.")


def _of_month(today: date, day: str) -> date:
    for ahead in range(12):
        first = _first_of_month(today, ahead)
        found = _real(first.year, first.month, int(day))
        if found and found >= today:
            return found
    raise ToolError(f"No month has a day {day}.")


def _iso(_: date, year: str, number: str, day: str) -> date:
    found = _real(int(year), int(number), int(day))
    if not found:
        raise ToolError(f"There is no date {year}-{number}-{day}.")
    return found


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _days_away(count: int) -> Callable[..., date]:
    return lambda today: today + timedelta(days=count)


_NAMED = "(" + "|".join(WEEKDAYS) + ")"
_FORMS: tuple[tuple[re.Pattern[str], Callable[..., date]], ...] = (
    (re.compile("today"), _days_away(0)),
    (re.compile("tomorrow"), _days_away(1)),
    (re.compile("day after tomorrow"), _days_away(2)),
    (re.compile("yesterday"), _days_away(-1)),
    (re.compile(f"(this |next )?{_NAMED}"), _weekday),
    (re.compile(f"(a week|[2-9] weeks) from (today|tomorrow|{_NAMED[1:-1]})"), _weeks_from),
    (re.compile("in ([0-9]+) (day|week)s?"), _in),
    (re.compile("(" + "|".join(MONTHS) + ") ([0-9]+)(?: (20[0-9]{2}))?"), _month_day),
    (re.compile("([0-9]{1,2})"), _of_month),
    (re.compile("(20[0-9]{2})-([0-9]{2})-([0-9]{2})"), _iso),
)

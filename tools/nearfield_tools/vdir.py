"""The calendar on disk: a vdir, one .ics file an event, as vdirsyncer, khal and Radicale keep it.

Reading: every UID.ics in the folder and in its sub-folders (one level, vdirsyncer's collections), recurrences unrolled,
everything in the user's own zone. Files are parsed once and again only when they change. A file that is not a calendar
is skipped and counted, and so is one whose rule would repeat by the minute: unrolling it could take forever.
Writing: new files only, whole or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import icalendar
import recurring_ical_events

from nearfield_tools import beneath, plain

_LARGEST = 1_000_000
"""Bytes of one file; an event with its history is a few thousand."""

_MOST = 20_000
"""Files and folders looked at."""

_MALFORMED = (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, OSError)
"""What the parsers raise on files that are not what their name says."""


@dataclass(frozen=True, order=True)
class Event:
    """One occurrence. `start` and `end` are in the user's zone; whole days run from midnight to midnight."""

    start: datetime
    end: datetime
    title: str
    uid: str
    whole_days: bool
    busy: bool
    """False for what is marked as leaving one free."""

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether any of it lies between `start` and `end`; an event without length counts at its start."""
        return self.start < end and (self.end > start or self.start >= start)


@dataclass(frozen=True)
class Agenda:
    """What lies in a stretch of time, earliest first, and how many files could not be understood."""

    events: tuple[Event, ...]
    unreadable: int


def between(folder: Path, start: datetime, end: datetime) -> Agenda:
    """All occurrences that overlap the time from `start` to `end`, both in the user's zone."""
    events: list[Event] = []
    unreadable = 0
    for file in _files(folder):
        try:
            events += _occurrences(_parsed(folder, str(file.path), (*file.etag, file.size)), start, end)
        except _MALFORMED:
            unreadable += 1
    return Agenda(tuple(sorted(events)), unreadable)


def put(folder: Path, uid: str, *, title: str, start: date, end: date, now: datetime) -> None:
    """Write one new event as UID.ics; dates make it whole days, datetimes a time with its zone.

    Raises FileExistsError when there is such a file, OSError when the disk refuses.
    """
    event = icalendar.Event.new(uid=uid, summary=title, start=start, end=end, stamp=now.astimezone(UTC))
    calendar = icalendar.Calendar.new(prodid="-//Nearfield//EN", subcomponents=[event])
    calendar.add_missing_timezones()
    folder.mkdir(parents=True, exist_ok=True)
    beneath.write(folder, str(_home(folder) / f"{uid}.ics"), calendar.to_ical(), replace=None)


def find(folder: Path, uid: str, zone: tzinfo) -> Event | None:
    """The event that `put` wrote under this UID, read back from the disk; None when it is not there."""
    for file in _files(folder):
        if file.path.stem == uid:
            written = icalendar.Calendar.from_ical(beneath.read(folder, str(file.path), _LARGEST))
            return _event(written.events[0], zone)
    return None


def _files(folder: Path) -> list[beneath.Entry]:
    return [e for e in beneath.walk(folder, deep=2, most=_MOST) if e.path.suffix == ".ics" and not e.folder]


def _home(folder: Path) -> PurePosixPath:
    """Where new events go: into the one collection that holds all the others, or else into the folder itself."""
    collections = {file.path.parent for file in _files(folder)}
    return collections.pop() if len(collections) == 1 else PurePosixPath()


@lru_cache(maxsize=_MOST)
def _parsed(folder: Path, name: str, _etag: tuple[int, ...]) -> Any:
    """The calendar in a file, ready to be asked; the etag is there to parse a changed file anew."""
    data = beneath.read(folder, name, _LARGEST + 1)
    if len(data) > _LARGEST:
        raise ValueError(f"{name} is larger than {_LARGEST} bytes")
    calendar = icalendar.Calendar.from_ical(data)
    for component in calendar.walk("VEVENT"):
        _refuse_frantic(component)
    return recurring_ical_events.of(calendar)


def _refuse_frantic(component: Any) -> None:
    rules = component.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        often = {str(word) for word in rule.get("FREQ", [])} & {"SECONDLY", "MINUTELY"}
        if often or "BYSECOND" in rule or "BYMINUTE" in rule:
            raise ValueError("repeats too often to be an appointment")


def _occurrences(calendar: Any, start: datetime, end: datetime) -> list[Event]:
    zone = start.tzinfo or UTC
    # A day more on either side, for whole days and times without a zone are sorted into this zone only below.
    found = calendar.between(start - timedelta(days=1), end + timedelta(days=1))
    events = [_event(one, zone) for one in found if str(one.get("STATUS", "")).upper() != "CANCELLED"]
    return [event for event in events if event.overlaps(start, end)]


def _event(component: Any, zone: tzinfo) -> Event:
    return Event(
        start=_placed(component.start, zone),
        end=_placed(component.end, zone),
        title=plain(str(component.get("SUMMARY", ""))) or "something without a title",
        uid=str(component.get("UID", "")),
        whole_days=not isinstance(component.start, datetime),
        busy=str(component.get("TRANSP", "")).upper() != "TRANSPARENT",
    )


def _placed(moment: date, zone: tzinfo) -> datetime:
    """The moment in the user's zone; a date is its midnight, and a time without a zone is meant in the user's."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(), zone)
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)

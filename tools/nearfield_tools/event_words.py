"""What the words of a request say about events, held against what a small model wrote (see `Tool.listen`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nearfield_tools.api import ToolError
from nearfield_tools.spoken import days, digits, durations, said_in, span, times
from nearfield_tools.when import WEEKDAYS

NO_SEARCH = frozenset(
    [
        "free",
        "free time",
        "anything",
        "something",
        "plan",
        "plans",
        "event",
        "events",
        "appointment",
        "appointments",
        "agenda",
        "schedule",
        "calendar",
        "meetings",
        "next appointment",
        "busy",
        "time",
        "happening",
        "planned",
        "booked",
    ]
)
"""Words that ask for events, and name none."""


_NAMED = f"today|tomorrow|tonight|(?:the )?day after tomorrow|(?:next |this )?(?:{'|'.join(WEEKDAYS)})|noon"
TAIL = re.compile(rf"(?:\s+(?:on |at |for )?(?:{_NAMED}|\d{{1,2}}(?::\d\d| ?[ap]m)))+$", re.IGNORECASE)
"""Days and times that got stuck to the end of a title."""


def days_in_words(said: str, wrote: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A day that was said is the day; a word to look for must have been said; without either it is about today."""
    search = str(wrote.get("search", "")).strip()
    if search.lower() in NO_SEARCH or days(search) or times(search) or not said_in(search, said):
        search = ""
    said_days = days(said)
    if len(said_days) == 1 and said_days[0]:
        day = said_days[0]
    elif said_days:
        day = str(wrote.get("day", ""))
    else:
        day = _unsaid(wrote, before, {"any"}) if not search else "any"
    return {"day": day, "search": search}


def event_in_words(said: str, wrote: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Day, time and length as they were said; what was not said is not invented."""
    if re.search(r"\bevery\b|\beach (?:day|week|month|year)\b|\b(?:daily|weekly|monthly|yearly)\b", said.lower()):
        raise ToolError("I can't put in things that repeat yet; tell me one day, and I will put it there.")
    arguments = dict(wrote)
    arguments["title"] = TAIL.sub("", str(wrote.get("title", ""))) or wrote.get("title", "")
    found, clock, lengths = days(said), times(said), durations(said)
    if len(found) == 1 and found[0]:
        arguments["day"] = found[0]
    elif not found:
        arguments["day"] = _unsaid(wrote, before, set())
    if len(clock) <= 1:
        arguments["time"] = clock[0] if clock else ""
    if reach := span(said):
        arguments["time"], arguments["minutes"] = reach
    elif len(lengths) == 1 and not re.search(r"\bin (?:an?|\d+) (?:hour|minute)", digits(said)):
        arguments["minutes"] = lengths[0].total // 60
    elif not lengths:
        arguments.pop("minutes", None)
    return arguments


def _unsaid(wrote: Mapping[str, Any], before: Mapping[str, Any], also: set[str]) -> str:
    """Which day is meant when none was said: the one just talked about if the model thinks so, else today."""
    day = str(wrote.get("day", "today"))
    return day if day in {str(before.get("day", "")), *also} else "today"

"""The calendar: what is on it, and putting something on it.

Titles come from whoever sent the invitation, so they are spoken as text and never taken for more.
Not covered: moving, changing and deleting events, and making ones that repeat.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from nearfield_tools import listed, plain, vdir
from nearfield_tools.api import Effect, Plan, Result, Text, ToolContext, ToolError, say, tool
from nearfield_tools.event_words import days_in_words, event_in_words
from nearfield_tools.when import (
    Day,
    Days,
    Span,
    Time,
    day_of,
    moment_of,
    on_day,
    span_of,
    spoken_day,
    spoken_length,
    spoken_time,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_SPOKEN = 5
_LONGEST = 7 * 24 * 60
"""Minutes; what takes more than a week is entered as whole days."""

_NAMES = uuid.UUID("6d1a3f0e-52f5-4c0b-9f52-7f1f6f0c9a11")
"""The namespace of event UIDs made from call ids: the same call always makes the same event."""

Search = Annotated[str, Text("a word of the event's title", 60)]
Title = Annotated[str, Text("what the event is, in a few words", 80)]


@tool(
    effect=Effect.READ,
    examples=[
        say("What do I have today?"),
        say("what's on my calendar tomorrow", day="tomorrow"),
        say("Do I have anything on Friday?", day="friday"),
        say("What does next week look like?", day="next week"),
        say("Am I free this weekend?", day="this weekend"),
        say("Read me my agenda for this week.", day="this week"),
        say("What's happening on December 3rd?", day="december 3"),
        say("Is there anything planned for the day after tomorrow?", day="day after tomorrow"),
        say("what did I have yesterday", day="yesterday"),
        say("Do I have appointments next Tuesday?", day="next tuesday"),
        say("What's on the 14th?", day="14"),
        say("When is my next dentist appointment?", day="any", search="dentist"),
        say("when do I meet Anna again", day="any", search="Anna"),
        say("Do I have football this week?", day="this week", search="football"),
        say("What are my upcoming appointments?", day="any"),
        say("I need to know what I am doing in 10 days.", day="in 10 days"),
        say("Tell me my plans for next month.", day="next month"),
        say("What time is the meeting with Peter tomorrow?", day="tomorrow", search="Peter"),
    ],
)
def list_events(ctx: ToolContext, day: Days = "today", search: Search = "") -> Result:
    """Tell what is on the calendar on a day or in a week, or when something is."""
    span = span_of(day, ctx.now)
    start = ctx.now if day == "any" else _midnight(ctx, span.first)
    agenda = vdir.between(ctx.calendar, start, _midnight(ctx, span.last + timedelta(days=1)))
    search = plain(search)
    events = _matching(agenda.events, search) if search else list(agenda.events)
    data = {"events": [_as_data(e) for e in events[:50]], "count": len(events), "unreadable_files": agenda.unreadable}
    return Result(_summary(events, span, search, ctx.now), data, untrusted=True)


list_events.listen(days_in_words)


@tool(
    effect=Effect.WRITE,
    examples=[
        say("Put the dentist on my calendar for tomorrow at 9:30.", title="dentist", day="tomorrow", time="9:30"),
        say("Add lunch with Sam on Friday at noon.", title="lunch with Sam", day="friday", time="noon"),
        say("schedule a meeting with Eva at 3 pm today", title="meeting with Eva", day="today", time="3:00 pm"),
        say(
            "I have a haircut next Tuesday at half past four.",
            title="haircut",
            day="next tuesday",
            time="4:30",
        ),
        say(
            "Plan two hours of piano practice tonight at 8.",
            title="piano practice",
            day="today",
            time="8:00 pm",
            minutes=120,
        ),
        say("Mum's birthday is on April 3rd, put it in the calendar.", title="Mum's birthday", day="april 3"),
        say(
            "Please make an appointment with the plumber on the 14th at quarter to nine.",
            title="plumber",
            day="14",
            time="8:45",
        ),
        say(
            "Create an event called standup on Monday at 9:15 am for 15 minutes.",
            title="standup",
            day="monday",
            time="9:15 am",
            minutes=15,
        ),
        say(
            "Could you book half an hour for a phone call with the bank tomorrow at 11?",
            title="phone call with the bank",
            day="tomorrow",
            time="11:00",
            minutes=30,
        ),
        say("I need to return the library books in 3 days.", title="return the library books", day="in 3 days"),
        say("we're going to the theatre on december 24 at 19:45", title="theatre", day="december 24", time="19:45"),
        say("Add a day off a week from Monday.", title="day off", day="a week from monday"),
        say("Note in my diary that the car goes to the garage on Thursday.", title="car to the garage", day="thursday"),
        say(
            "New appointment: yoga, day after tomorrow, 7 in the evening.",
            title="yoga",
            day="day after tomorrow",
            time="7:00 pm",
        ),
        say("Block the 1st of March 2027 for the wedding.", title="wedding", day="march 1 2027"),
        say(
            "Put a 90 minute workshop on my calendar on Wednesday at 10.",
            title="workshop",
            day="wednesday",
            time="10:00",
            minutes=90,
        ),
    ],
)
def add_event(ctx: ToolContext, title: Title, day: Day, time: Time = "", minutes: int = 60) -> Plan:
    """Put an event on the calendar; without a time it lasts the whole day."""
    title = plain(title).strip(" .")
    if not title:
        raise ToolError("What shall I call the event?")
    if not 1 <= minutes <= _LONGEST:
        raise ToolError("An event can last from one minute to seven days.")
    if not time:
        return _plan_for_day(ctx, title, day_of(day, ctx.now))
    moment = moment_of(day, time, ctx.now)
    # Lengths are added in UTC: two hours stay two hours when the clocks change in between.
    end = (moment.at.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.at.tzinfo)
    length = "" if minutes == 60 else f", for {spoken_length(minutes * 60)}"  # noqa: PLR2004
    when = f"{on_day(moment.at.date(), ctx.now)}, at {spoken_time(moment.at)}{length}"
    sentences = [moment.note, _clash(ctx, moment.at, end), f"Put {title} on your calendar {when}?"]
    return _plan(" ".join(s for s in sentences if s), ctx, title, moment.at, end)


add_event.listen(event_in_words)


@add_event.carry_out
def put_event(ctx: ToolContext, title: str, start: str, end: str, zone: str) -> Result:
    """Write the event; `start` and `end` (exclusive) are ISO dates for whole days, else ISO times with their offset."""
    uid = str(uuid.uuid5(_NAMES, ctx.call_id))
    first, until = _parsed(start, zone), _parsed(end, zone)
    here = ctx.now.tzinfo or UTC
    try:
        if not vdir.find(ctx.calendar, uid, here):
            vdir.put(ctx.calendar, uid, title=title, start=first, end=until, now=ctx.now)
        written = vdir.find(ctx.calendar, uid, here)
    except OSError as error:
        raise ToolError("I could not write to the calendar folder, so nothing was added.") from error
    if not written:
        raise ToolError("I wrote the event but cannot find it on the disk; please check your calendar.")
    when = on_day(written.start.date(), ctx.now)
    if not written.whole_days:
        when += f", at {spoken_time(written.start)}"
    return Result(f"{_capital(written.title)} is on your calendar {when}.", {"uid": uid, **_as_data(written)})


def _plan_for_day(ctx: ToolContext, title: str, day: date) -> Plan:
    if day < ctx.now.date():
        raise ToolError(f"{_capital(on_day(day, ctx.now))} has already passed.")
    question = f"Put {title} on your calendar {on_day(day, ctx.now)}, for the whole day?"
    return _plan(question, ctx, title, day, day + timedelta(days=1))


def _plan(question: str, ctx: ToolContext, title: str, start: date, end: date) -> Plan:
    zone = getattr(ctx.now.tzinfo, "key", "")
    arguments = {"title": title, "start": start.isoformat(), "end": end.isoformat(), "zone": zone}
    return Plan(question, arguments, f"All right, {title} is not on your calendar.")


def _parsed(moment: str, zone: str) -> date:
    if "T" not in moment:
        return date.fromisoformat(moment)
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(zone) if zone else UTC)


def _midnight(ctx: ToolContext, day: date) -> datetime:
    return datetime.combine(day, time(), ctx.now.tzinfo)


def _clash(ctx: ToolContext, start: datetime, end: datetime) -> str:
    there = vdir.between(ctx.calendar, start, end).events
    titles = [e.title for e in there if e.busy and not e.whole_days]
    return f"You have {listed(titles, 3)} then." if titles else ""


def _matching(events: Sequence[vdir.Event], search: str) -> list[vdir.Event]:
    """The events whose title holds most of the words; all with the same number of them."""
    words = [word.removesuffix("'s") for word in search.casefold().split()]
    hits = [sum(word in event.title.casefold() for word in words) for event in events]
    best = max(hits, default=0)
    return [event for event, count in zip(events, hits, strict=True) if best and count == best]


def _summary(events: list[vdir.Event], span: Span, search: str, now: datetime) -> str:
    when, have = span.said or "in the coming year", "had" if span.last < now.date() else "have"
    if not events:
        about = f" about {search}" if search else ""
        return f"You {have} nothing{about} on your calendar {when}."
    single = span.first == span.last
    if span.said:
        said = [_on_its_day(e, span.first) if single else _in_a_span(e, now) for e in events]
        count = f"{len(events)} things: " if len(events) > 1 else ""
        return f"{_capital(when)}, you {have} {count}{listed(said, _MOST_SPOKEN)}."
    if not search:
        said = [_in_a_span(e, now) for e in events[:_MOST_SPOKEN]]
        return f"Coming up: {listed(said)}."
    more = f" There are {len(events) - 1} more after that." if len(events) > 1 else ""
    return f"The next is {_in_a_span(events[0], now)}.{more}"


def _on_its_day(event: vdir.Event, day: date) -> str:
    last = (event.end - timedelta(microseconds=1)).date()
    if event.whole_days or event.start.date() < day < last:
        return f"{event.title} all day"
    if event.start.date() < day:
        return f"{event.title} until {spoken_time(event.end)}"
    return f"{event.title} at {spoken_time(event.start)}"


def _in_a_span(event: vdir.Event, now: datetime) -> str:
    first, last = event.start.date(), (event.end - timedelta(microseconds=1)).date()
    if not event.whole_days:
        return f"{event.title} {on_day(first, now)}, at {spoken_time(event.start)}"
    if last > first:
        return f"{event.title} from {spoken_day(first, now)} to {spoken_day(last, now)}"
    return f"{event.title} {on_day(first, now)}"


def _as_data(event: vdir.Event) -> dict[str, str | bool]:
    """An event as JSON: title, start and end in ISO form, and whether it takes whole days."""
    start, end = event.start.isoformat(timespec="minutes"), event.end.isoformat(timespec="minutes")
    return {"title": event.title, "start": start, "end": end, "whole_days": event.whole_days}


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]

"""The calendar: what is read out of it, and what is put into it after a yes."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nearfield_tools import vdir
from nearfield_tools.api import ToolError
from nearfield_tools.calendar import add_event, list_events, put_event

HOME = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Here:
    now: datetime
    calendar: Path
    call_id: str = "call-1"
    workspace: Path = Path("/nowhere")
    store: Path = Path("/nowhere")
    eyes: None = None


@pytest.fixture
def here(tmp_path):
    """Saturday 21 November 2026, two in the afternoon."""
    return Here(datetime(2026, 11, 21, 14, 0, tzinfo=HOME), tmp_path / "calendar")


def ics(here, name, *lines):
    """An event that another program wrote."""
    path = here.calendar / f"{name}.ics"
    path.parent.mkdir(parents=True, exist_ok=True)
    event = ["BEGIN:VEVENT", f"UID:{path.stem}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"]
    path.write_text("\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:other", *event, "END:VCALENDAR", ""]))
    return path


def timed(here, name, title, start, end, *lines):
    return ics(here, name, f"SUMMARY:{title}", f"DTSTART;TZID=Europe/Amsterdam:{start}", f"DTEND:{end}", *lines)


def told(here, day="today", search=""):
    return list_events.act(here, day, search).say


def done(here, **arguments):
    return put_event(here, **add_event.act(here, **arguments).arguments)


def test_an_empty_calendar_is_said_to_be_empty(here):
    """Even when its folder does not exist yet."""
    assert told(here, "tomorrow") == "You have nothing on your calendar tomorrow, Sunday 22 November."
    assert told(here, "any", "dentist") == "You have nothing about dentist on your calendar in the coming year."
    assert told(here, "yesterday") == "You had nothing on your calendar yesterday, Friday 20 November."
    assert not here.calendar.exists()


def test_the_day_is_told_in_order_with_times(here):
    """Two things, the earlier one first."""
    timed(here, "b", "lunch with Sam", "20261122T123000", "20261122T123000Z")
    timed(here, "a", "dentist", "20261122T093000", "20261122T093000Z")
    timed(here, "c", "Monday", "20261123T093000", "20261123T093000Z")
    result = list_events.act(here, "tomorrow")
    assert result.say == (
        "Tomorrow, Sunday 22 November, you have 2 things: dentist at 9:30 in the morning and lunch with Sam at 12:30."
    )
    assert result.untrusted
    assert result.data["count"] == 2
    assert result.data["events"][0]["start"] == "2026-11-22T09:30+01:00"


def test_one_thing_is_told_without_counting(here):
    """As a person would."""
    timed(here, "a", "dentist", "20261127T093000", "20261127T100000Z")
    assert told(here, "friday") == "On Friday 27 November, you have dentist at 9:30 in the morning."


def test_of_many_things_five_are_told(here):
    """The rest is counted."""
    for hour in range(8, 16):
        timed(here, f"e{hour}", f"thing {hour}", f"20261123T{hour:02}0000", f"20261123T{hour:02}0000Z")
    said = told(here, "monday")
    assert "you have 8 things: thing 8 at 8 in the morning" in said
    assert said.endswith("thing 12 at noon and 3 more.")


def test_whole_days_and_nights_are_told_as_such(here):
    """An all-day event, one that began the evening before, and a week away."""
    ics(here, "a", "SUMMARY:Anna's birthday", "DTSTART;VALUE=DATE:20261122")
    timed(here, "b", "night shift", "20261121T220000", "20261122T050000Z")
    ics(here, "c", "SUMMARY:conference", "DTSTART;VALUE=DATE:20261125", "DTEND;VALUE=DATE:20261128")
    assert told(here, "tomorrow").endswith("2 things: night shift until 6 in the morning and Anna's birthday all day.")
    assert told(here, "next week") == (
        "Next week, you have conference from Wednesday 25 November to Friday 27 November."
    )
    assert told(here, "thursday").endswith("you have conference all day.")


def test_repeating_events_are_unrolled_with_their_exceptions(here):
    """Daily standup: skipped on one day, at the same hour after the clocks change."""
    lines = ("RRULE:FREQ=DAILY", "EXDATE;TZID=Europe/Amsterdam:20261124T093000")
    timed(here, "a", "standup", "20260101T093000", "20260101T094500Z", *lines)
    assert told(here, "monday").endswith("standup at 9:30 in the morning.")
    assert told(here, "tuesday").startswith("You have nothing")
    assert told(here, "july 1").endswith("standup at 9:30 in the morning.")


def test_other_zones_are_told_in_the_users_time(here):
    """Ten in New York is four in the afternoon in Amsterdam; a time without a zone is the user's own."""
    start, end = "DTSTART;TZID=America/New_York:20261123T100000", "DTEND;TZID=America/New_York:20261123T110000"
    ics(here, "a", "SUMMARY:call", start, end)
    ics(here, "b", "SUMMARY:walk", "DTSTART:20261124T080000", "DTEND:20261124T083000")
    assert told(here, "monday").endswith("call at 4 in the afternoon.")
    assert told(here, "tuesday").endswith("walk at 8 in the morning.")


def test_the_next_one_with_a_word_is_found(here):
    """In the coming year, with how many follow; the best match wins."""
    timed(here, "a", "Dentist", "20261203T090000", "20261203T093000Z")
    timed(here, "b", "Piano", "20261125T190000", "20261125T190000Z", "RRULE:FREQ=WEEKLY;COUNT=4")
    timed(here, "c", "Dentist last month", "20261001T090000", "20261001T093000Z")
    assert (
        told(here, "any", "dentist appointment") == "The next is Dentist on Thursday 3 December, at 9 in the morning."
    )
    assert told(here, "any", "piano").endswith("at 7 in the evening. There are 3 more after that.")
    assert told(here, "any").startswith("Coming up: Piano on Wednesday 25 November, at 7 in the evening, Piano on")
    assert (
        told(here, "next week", "piano") == "Next week, you have Piano on Wednesday 25 November, at 7 in the evening."
    )


def test_titles_are_text_of_others_and_kept_short(here):
    """No invisible characters, no tail without end, no cancelled events."""
    ics(here, "a", "SUMMARY:x\u200b\u202ey\\nz " + "w" * 200, "DTSTART:20261122T080000")
    timed(here, "b", "gone", "20261122T093000", "20261122T093000Z", "STATUS:CANCELLED")
    title = list_events.act(here, "tomorrow").data["events"][0]["title"]
    assert title.startswith("xy z www")
    assert len(title) == 80
    assert "gone" not in told(here, "tomorrow")


def test_bad_files_are_skipped_and_counted(here):
    """Broken, too large, frantic, or not a file at all; sub-folders count, hidden files do not."""
    timed(here, "work/a", "in a collection", "20261122T093000", "20261122T093000Z")
    timed(here, "frantic", "tick", "20261122T000000", "20261122T000000Z", "RRULE:FREQ=SECONDLY")
    (here.calendar / "broken.ics").write_bytes(b"\xff\x00 nonsense")
    (here.calendar / "empty.ics").write_bytes(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    (here.calendar / "large.ics").write_bytes(b"x" * 1_000_001)
    (here.calendar / ".hidden.ics").write_bytes(b"")
    (here.calendar / "link.ics").symlink_to(here.calendar / "work" / "a.ics")
    result = list_events.act(here, "tomorrow")
    assert result.say.endswith("you have in a collection at 9:30 in the morning.")
    assert result.data["unreadable_files"] == 4


def test_a_changed_file_is_read_again(here):
    """However soon after it was read."""
    timed(here, "a", "before", "20261122T093000", "20261122T093000Z")
    assert "before" in told(here, "tomorrow")
    (here.calendar / "a.ics").unlink()
    timed(here, "a", "after", "20261122T093000", "20261122T093000Z")
    assert "after" in told(here, "tomorrow")


def test_adding_asks_with_the_weekday_date_and_time(here):
    """And writes nothing before the answer."""
    plan = add_event.act(here, "dentist", "tomorrow", "9:30")
    assert plan.question == "Put dentist on your calendar tomorrow, Sunday 22 November, at 9:30 in the morning?"
    assert plan.left == "All right, dentist is not on your calendar."
    assert plan.arguments == {
        "title": "dentist",
        "start": "2026-11-22T09:30:00+01:00",
        "end": "2026-11-22T10:30:00+01:00",
        "zone": "Europe/Amsterdam",
    }
    assert not here.calendar.exists()


@pytest.mark.parametrize(
    ("arguments", "question"),
    [
        (("day off", "friday"), "Put day off on your calendar on Friday 27 November, for the whole day?"),
        (
            ("piano", "today", "8:00", 90),
            "Put piano on your calendar today, Saturday 21 November, at 8 in the evening, for 1 hour and 30 minutes?",
        ),
        (
            ("party", "december 31", "midnight"),
            (
                "That is the midnight that ends Thursday 31 December. "
                "Put party on your calendar on Friday 1 January 2027, at midnight?"
            ),
        ),
        (
            ("flight", "march 28", "2:30 am"),
            (
                "The clocks go forward then and skip 2:30 at night, so I took 3:30 at night. "
                "Put flight on your calendar on Sunday 28 March 2027, at 3:30 at night?"
            ),
        ),
    ],
)
def test_the_question_says_what_was_made_of_the_words(here, arguments, question):
    """Whole days, lengths, midnight, and hours that do not exist."""
    assert add_event.act(here, *arguments).question == question


def test_what_is_there_already_is_mentioned(here):
    """Only what takes the time: whole days and free time do not."""
    timed(here, "a", "standup", "20261123T093000", "20261123T084500Z")
    timed(here, "b", "maybe", "20261123T093000", "20261123T084500Z", "TRANSP:TRANSPARENT")
    ics(here, "c", "SUMMARY:holiday", "DTSTART;VALUE=DATE:20261123")
    question = add_event.act(here, "dentist", "monday", "9:00").question
    assert question.startswith("You have standup then. Put dentist")
    assert "then" not in add_event.act(here, "dentist", "monday", "9:45").question


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("", "tomorrow"), "call the event"),
        (("x", "yesterday"), "already passed"),
        (("x", "today", "1:00"), "already passed"),
        (("x", "tomorrow", "9:00", 0), "from one minute"),
        (("x", "tomorrow", "9:00", 20_000), "seven days"),
        (("x", "february 30"), "no day 30"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_a_sentence(here, arguments, said):
    """Before any question is asked."""
    with pytest.raises(ToolError, match=said):
        add_event.act(here, *arguments)


def test_a_carried_out_plan_is_on_the_calendar(here):
    """The receipt is read back from the disk, and listing finds it."""
    receipt = done(here, title="dentist", day="tomorrow", time="9:30")
    assert receipt.say == "Dentist is on your calendar tomorrow, Sunday 22 November, at 9:30 in the morning."
    assert told(here, "tomorrow").endswith("you have dentist at 9:30 in the morning.")
    assert done(here, title="day off", day="friday").data["uid"] == receipt.data["uid"]


def test_a_whole_day_is_written_as_one(here):
    """With a date, not with midnights."""
    assert done(here, title="day off", day="friday").say == "Day off is on your calendar on Friday 27 November."
    assert "DTSTART;VALUE=DATE:20261127" in next(here.calendar.glob("*.ics")).read_text()


def test_the_same_call_writes_one_event_and_another_call_another(here):
    """A repeated call finds what it wrote."""
    for call in ("call-1", "call-1", "call-2"):
        done(replace(here, call_id=call), title="dentist", day="tomorrow", time="9:30")
    assert len(list(here.calendar.iterdir())) == 2


def test_two_hours_stay_two_hours_when_the_clocks_change(here):
    """From one in the night of 28 March, they end at four."""
    done(here, title="watch", day="march 28", time="1:00 am", minutes=120)
    event = list_events.act(here, "march 28").data["events"][0]
    assert (event["start"], event["end"]) == ("2027-03-28T01:00+01:00", "2027-03-28T04:00+02:00")


def test_a_user_in_a_fixed_zone_gets_times_in_utc(here):
    """Without a named zone there is nothing to follow the clocks by."""
    plain = replace(here, now=here.now.astimezone(UTC))
    done(plain, title="dentist", day="tomorrow", time="9:30")
    assert "DTSTART:20261122T093000Z" in next(here.calendar.glob("*.ics")).read_text()


def test_new_events_go_to_the_one_collection_there_is(here):
    """vdirsyncer's sub-folder, where they are synchronised."""
    timed(here, "personal/a", "other", "20261122T093000", "20261122T093000Z")
    done(here, title="dentist", day="tomorrow", time="11:00")
    assert len(list((here.calendar / "personal").iterdir())) == 2


def test_an_existing_file_is_never_overwritten(here):
    """Not even one that has the name by chance."""
    here.calendar.mkdir()
    (here.calendar / "mine.ics").write_text("precious")
    with pytest.raises(FileExistsError):
        vdir.put(here.calendar, "mine", title="x", start=here.now.date(), end=here.now.date(), now=here.now)
    assert (here.calendar / "mine.ics").read_text() == "precious"
    assert len(list(here.calendar.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_said(here):
    """Nothing is claimed to be added."""
    here.calendar.write_text("not a folder")
    with pytest.raises(ToolError, match="nothing was added"):
        done(here, title="dentist", day="tomorrow", time="9:30")

"""Numbers, durations, times and days as they are said: understood completely, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearfield_tools.api import ToolError
from nearfield_tools.calendar import add_event, list_events
from nearfield_tools.files import find_files
from nearfield_tools.spoken import Duration, days, digits, durations, said_in, span, times
from nearfield_tools.timers import cancel_timer, set_timer
from nearfield_tools.writing import write_file


@pytest.mark.parametrize(
    ("said", "length"),
    [
        ("Set a timer for 10 minutes.", Duration(minutes=10)),
        ("twenty-five minutes", Duration(minutes=25)),
        ("ninety seconds", Duration(seconds=90)),
        ("one hundred and twenty seconds", Duration(seconds=120)),
        ("half an hour", Duration(minutes=30)),
        ("a quarter of an hour", Duration(minutes=15)),
        ("three quarters of an hour", Duration(minutes=45)),
        ("an hour and a half", Duration(hours=1, minutes=30)),
        ("uh two and a half hours", Duration(hours=2, minutes=30)),
        ("a minute and a half", Duration(minutes=1, seconds=30)),
        ("1 hour and 20 minutes", Duration(hours=1, minutes=20)),
        ("an hour, ten minutes and five seconds", Duration(hours=1, minutes=10, seconds=5)),
        ("a 5-minute timer", Duration(minutes=5)),
    ],
)
def test_a_length_of_time_is_read_in_its_own_units(said, length):
    """Lengths come out in hours, minutes and seconds as they were said."""
    assert durations(said) == [length]


def test_two_lengths_stay_two():
    """Lengths that do not belong together are not added up."""
    assert durations("5 minutes, and another for 10 minutes") == [Duration(minutes=5), Duration(minutes=10)]


@pytest.mark.parametrize(
    "said", ["Set a timer.", "half past nine", "the second of June", "wait a second chance", "20 eggs"]
)
def test_what_is_no_length_is_none(said):
    """Times, dates and counts are not taken for lengths of time."""
    assert [d for d in durations(said) if d.total > 1] == []


@pytest.mark.parametrize(
    ("said", "time"),
    [
        ("at half past nine", "9:30"),
        ("quarter to five", "4:45"),
        ("a quarter past one", "1:15"),
        ("quarter to one", "12:45"),
        ("five past three", "3:05"),
        ("20 to 6 in the evening", "5:40 pm"),
        ("at nine", "9:00"),
        ("nine thirty", "9:30"),
        ("seven oh five", "7:05"),
        ("9:30", "9:30"),
        ("at 8.15 tomorrow morning", "8:15 am"),
        ("at 15:30", "15:30"),
        ("9 a.m.", "9:00 am"),
        ("3pm", "3:00 pm"),
        ("tonight at eight", "8:00 pm"),
        ("Friday afternoon at three", "3:00 pm"),
        ("nine o'clock", "9:00"),
        ("at noon", "noon"),
        ("midnight", "midnight"),
        ("half nine", "9:30"),
    ],
)
def test_a_time_of_day_is_read(said, time):
    """Every usual way to say a time gives one canonical string, with am or pm only where it was said."""
    assert times(said) == [time]


@pytest.mark.parametrize(
    "said", ["for 45 minutes", "in 20 minutes", "on the 21st", "two eggs", "half an hour", "December 3"]
)
def test_what_is_no_time_is_none(said):
    """Lengths, dates and counts are not taken for times."""
    assert times(said) == []


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("today", "today"),
        ("tonight at eight", "today"),
        ("the day after tomorrow", "day after tomorrow"),
        ("on Friday", "friday"),
        ("next Friday", "next friday"),
        ("a week from Monday", "a week from monday"),
        ("Monday week", "a week from monday"),
        ("2 weeks from Friday", "2 weeks from friday"),
        ("in three days", "in 3 days"),
        ("in a week", "in 1 week"),
        ("on the 3rd of April", "april 3"),
        ("April the third", "april 3"),
        ("December 24 2026", "december 24 2026"),
        ("the fourteenth", "14"),
        ("the twenty-first", "21"),
        ("this weekend", "this weekend"),
        ("next month", "next month"),
    ],
)
def test_a_day_is_read(said, day):
    """Every usual way to say a day gives one canonical string."""
    assert days(said) == [day]


@pytest.mark.parametrize("said", ["", "maybe", "may I", "the second hand shop", "march on", "some day"])
def test_what_is_no_day_is_none(said):
    """Words that only resemble days are not taken for one."""
    assert days(said) == []


def test_a_day_without_a_form_is_known_as_one():
    """ "every Monday" and "last Friday" have no form: they are found, and stand for none."""
    assert days("every Monday") == [""]
    assert days("last Friday") == [""]


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    """Whatever the recogniser wrote, reading it never fails."""
    digits(text)
    durations(text)
    times(text)
    days(text)
    said_in(text, text)


@pytest.mark.parametrize("said", ["half past nine", "quarter to five", "tonight at eight", "3 pm", "noon", "at 15:30"])
def test_what_is_read_is_what_the_tools_take(said):
    """Times and days come out as the calendar's own shapes."""
    shapes = {a.name: a.shape for a in add_event.arguments}
    [time] = times(said)
    add_event.check({"title": "x", "day": "today", "time": time})
    assert shapes["time"] is not None


def test_the_words_correct_a_wrong_time():
    """A model that makes nine in the evening of half past nine is overruled."""
    said = "Put the dentist on it for tomorrow at half past nine."
    wrote = {"title": "dentist", "day": "tomorrow", "time": "9:00 pm", "minutes": 120}
    assert add_event.heard(said, wrote, {}) == {"title": "dentist", "day": "tomorrow", "time": "9:30"}


def test_a_day_that_was_not_said_is_not_invented():
    """Without a day it is today, or the day just talked about when the model thinks so."""
    wrote = {"title": "haircut", "day": "march 1 2027", "time": "3:00 pm"}
    assert add_event.heard("a haircut at 3 pm", wrote, {})["day"] == "today"
    wrote = {"title": "haircut", "day": "tomorrow", "time": "3:00 pm"}
    assert add_event.heard("put a haircut on it at 3 pm", wrote, {"day": "tomorrow"})["day"] == "tomorrow"


def test_a_timer_gets_the_length_that_was_said():
    """Units the model mixed up are put right, and a name that is a length is none."""
    said = "uh start a timer two and a half hours"
    wrote = {"minutes": 2, "seconds": 30, "name": "two and a half hours"}
    assert set_timer.heard(said, wrote, {}) == {"hours": 2, "minutes": 30}


def test_a_timer_without_a_length_has_none():
    """A length the model made up is dropped, so that the tool asks."""
    assert set_timer.heard("Set a timer, please.", {"minutes": 10}, {}) == {}


def test_a_name_must_have_been_said():
    """A timer's name that nobody said is dropped; the one that was said stays."""
    assert cancel_timer.heard("Stop the timer.", {"name": "pasta"}, {}) == {}
    assert cancel_timer.heard("Stop the pasta timer.", {"name": "pasta timer"}, {}) == {"name": "pasta"}


def test_a_search_must_have_been_said_and_name_something():
    """ "free time" is not a title, and a word nobody said is not searched for."""
    wrote = {"day": "any", "search": "free time"}
    assert list_events.heard("Have I got any free time next week?", wrote, {}) == {"day": "next week"}
    wrote = {"day": "any", "search": "dentist"}
    assert list_events.heard("When is my next dentist appointment?", wrote, {}) == wrote


def test_a_stretch_of_time_is_a_start_and_a_length():
    """ "from 2 to 3:30 p.m." begins at two in the afternoon and takes 90 minutes."""
    assert span("from 2 to 3:30 p.m.") == ("2:00 pm", 90)
    assert span("from nine to half past ten") == ("9:00", 90)
    assert span("from Rotterdam to Berlin") is None


def test_a_note_ends_where_its_file_is_named():
    """ "add call the bank to my to do list" notes "call the bank"."""
    wrote = {"name": "to do list", "text": "call the bank to my to do list."}
    assert write_file.heard("add call the bank to my to do list", wrote, {}) == {
        "name": "to do list",
        "text": "call the bank",
    }


def test_thinking_sounds_are_no_part_of_anything():
    """ "um uh mortgage" is mortgage."""
    assert find_files.heard("find files about um uh mortgage", {"words": "um uh mortgage"}, {}) == {"words": "mortgage"}


def test_a_title_ends_where_the_day_begins():
    """ "airport tomorrow" is the airport, tomorrow; a birthday keeps its name."""
    wrote = {"title": "airport tomorrow", "day": "tomorrow", "time": "6:00"}
    assert add_event.heard("I need to be at the airport tomorrow at 6.", wrote, {})["title"] == "airport"
    wrote = {"title": "Mum's birthday", "day": "friday"}
    assert add_event.heard("Mum's birthday is on Friday.", wrote, {})["title"] == "Mum's birthday"


def test_what_repeats_is_refused_in_a_sentence():
    """ "every Monday" is not quietly made into one Monday."""
    with pytest.raises(ToolError, match="repeat"):
        add_event.heard("schedule yoga every Monday at 7", {"title": "yoga", "day": "monday", "time": "7:00"}, {})

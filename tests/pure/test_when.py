"""Days and times as people say them."""

import re
from contextlib import suppress
from datetime import date, datetime
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearfield_tools.api import ToolError
from nearfield_tools.when import (
    Day,
    Days,
    Time,
    day_of,
    moment_of,
    on_day,
    pattern_of,
    span_of,
    spoken_day,
    spoken_length,
    spoken_time,
)

HOME = ZoneInfo("Europe/Amsterdam")
SATURDAY = datetime(2026, 11, 21, 14, 0, tzinfo=HOME)
DAY, DAYS, TIME = (get_args(shape)[1] for shape in (Day, Days, Time))


def at(year, month, day, *clock):
    return datetime(year, month, day, *(clock or (12,)), tzinfo=HOME)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("today", date(2026, 11, 21)),
        ("tomorrow", date(2026, 11, 22)),
        ("yesterday", date(2026, 11, 20)),
        ("day after tomorrow", date(2026, 11, 23)),
        ("saturday", date(2026, 11, 21)),
        ("sunday", date(2026, 11, 22)),
        ("this monday", date(2026, 11, 23)),
        ("friday", date(2026, 11, 27)),
        ("next monday", date(2026, 11, 23)),
        ("next saturday", date(2026, 11, 28)),
        ("next sunday", date(2026, 11, 29)),
        ("a week from monday", date(2026, 11, 30)),
        ("2 weeks from friday", date(2026, 12, 11)),
        ("a week from today", date(2026, 11, 28)),
        ("3 weeks from tomorrow", date(2026, 12, 13)),
        ("in 1 day", date(2026, 11, 22)),
        ("in 10 days", date(2026, 12, 1)),
        ("in 6 weeks", date(2027, 1, 2)),
        ("november 21", date(2026, 11, 21)),
        ("november 20", date(2027, 11, 20)),
        ("december 24", date(2026, 12, 24)),
        ("april 3", date(2027, 4, 3)),
        ("april 3 2026", date(2026, 4, 3)),
        ("february 29", date(2028, 2, 29)),
        ("21", date(2026, 11, 21)),
        ("30", date(2026, 11, 30)),
        ("31", date(2026, 12, 31)),
        ("14", date(2026, 12, 14)),
        ("2027-03-01", date(2027, 3, 1)),
    ],
)
def test_a_day_is_the_date_that_people_mean_by_it(said, meant):
    """Seen from Saturday 21 November 2026."""
    assert re.fullmatch(DAY.pattern, said)
    assert day_of(said, SATURDAY) == meant


@pytest.mark.parametrize(
    ("now", "said", "meant"),
    [
        (at(2026, 11, 23), "friday", date(2026, 11, 27)),
        (at(2026, 11, 23), "next friday", date(2026, 12, 4)),
        (at(2026, 11, 23), "next monday", date(2026, 11, 30)),
        (at(2026, 11, 22), "next monday", date(2026, 11, 23)),
        (at(2026, 11, 22), "next sunday", date(2026, 11, 29)),
        (at(2026, 12, 31), "tomorrow", date(2027, 1, 1)),
        (at(2026, 12, 31), "day after tomorrow", date(2027, 1, 2)),
        (at(2026, 12, 30), "friday", date(2027, 1, 1)),
        (at(2026, 12, 30), "5", date(2027, 1, 5)),
        (at(2027, 1, 1), "yesterday", date(2026, 12, 31)),
        (at(2027, 1, 31), "30", date(2027, 3, 30)),
        (at(2028, 2, 28), "tomorrow", date(2028, 2, 29)),
        (at(2028, 2, 28), "29", date(2028, 2, 29)),
        (at(2027, 2, 28), "29", date(2027, 3, 29)),
        (at(2096, 3, 1), "february 29", date(2104, 2, 29)),
        (at(2027, 3, 27, 23, 30), "tomorrow", date(2027, 3, 28)),
    ],
)
def test_a_day_is_right_at_the_ends_of_weeks_months_and_years(now, said, meant):
    """Also around leap days and the change of the clocks."""
    assert day_of(said, now) == meant


@pytest.mark.parametrize("said", ["february 30", "february 29 2027", "2027-13-01", "2027-02-30", "someday"])
def test_a_day_that_does_not_exist_is_refused(said):
    """It is never rounded to another one."""
    with pytest.raises(ToolError):
        day_of(said, SATURDAY)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("tomorrow", date(2026, 11, 22), date(2026, 11, 22)),
        ("this week", date(2026, 11, 21), date(2026, 11, 22)),
        ("next week", date(2026, 11, 23), date(2026, 11, 29)),
        ("this weekend", date(2026, 11, 21), date(2026, 11, 22)),
        ("next weekend", date(2026, 11, 28), date(2026, 11, 29)),
        ("this month", date(2026, 11, 21), date(2026, 11, 30)),
        ("next month", date(2026, 12, 1), date(2026, 12, 31)),
        ("any", date(2026, 11, 21), date(2027, 11, 21)),
    ],
)
def test_a_span_runs_from_today_or_its_first_day_to_its_last(said, first, last):
    """What is past of this week or month is left out."""
    assert re.fullmatch(DAYS.pattern, said)
    span = span_of(said, SATURDAY)
    assert (span.first, span.last) == (first, last)


def test_next_month_in_december_is_january():
    """The year turns with it."""
    span = span_of("next month", at(2026, 12, 15))
    assert (span.first, span.last) == (date(2027, 1, 1), date(2027, 1, 31))


@pytest.mark.parametrize(
    ("clock", "hour", "minute"),
    [
        ("7:00", 7, 0),
        ("9:30", 9, 30),
        ("11:59", 11, 59),
        ("12:00", 12, 0),
        ("12:30", 12, 30),
        ("1:00", 13, 0),
        ("4:45", 16, 45),
        ("6:59", 18, 59),
        ("0:15", 0, 15),
        ("13:00", 13, 0),
        ("23:59", 23, 59),
        ("6:00 am", 6, 0),
        ("12:05 am", 0, 5),
        ("12:05 pm", 12, 5),
        ("8:00 pm", 20, 0),
        ("20:00 pm", 20, 0),
        ("noon", 12, 0),
    ],
)
def test_a_time_without_am_or_pm_is_the_usual_one(clock, hour, minute):
    """One to six in the afternoon, seven to eleven in the morning."""
    assert re.fullmatch(TIME.pattern, clock)
    found = moment_of("tomorrow", clock, SATURDAY)
    assert found.at == at(2026, 11, 22, hour, minute)
    assert not found.note


@pytest.mark.parametrize("clock", ["15:00 am", "0:30 pm", "0:30 am"])
def test_a_time_that_contradicts_itself_is_refused(clock):
    """Better to ask again than to guess."""
    with pytest.raises(ToolError, match="There is no"):
        moment_of("tomorrow", clock, SATURDAY)


def test_todays_weekday_is_today_while_the_time_is_ahead_and_else_next_week():
    """On Saturday at two: at four it is today, at nine in the morning it is in a week."""
    assert moment_of("saturday", "16:00", SATURDAY).at == at(2026, 11, 21, 16)
    assert moment_of("saturday", "9:00", SATURDAY).at == at(2026, 11, 28, 9)


def test_today_at_eight_said_in_the_afternoon_is_this_evening():
    """Unless it was said to be in the morning."""
    assert moment_of("today", "8:00", SATURDAY).at == at(2026, 11, 21, 20)
    with pytest.raises(ToolError, match="That was today, Saturday 21 November, at 8 in the morning"):
        moment_of("today", "8:00 am", SATURDAY)


@pytest.mark.parametrize(("day", "clock"), [("yesterday", "9:00"), ("today", "13:59"), ("april 3 2026", "9:00")])
def test_a_moment_that_is_past_is_refused(day, clock):
    """Nothing can be planned then."""
    with pytest.raises(ToolError, match="already passed"):
        moment_of(day, clock, SATURDAY)


def test_midnight_is_the_end_of_the_day_and_says_so():
    """Friday at midnight is the night from Friday to Saturday."""
    found = moment_of("friday", "midnight", SATURDAY)
    assert found.at == at(2026, 11, 28, 0)
    assert found.note == "That is the midnight that ends Friday 27 November."


def test_a_time_that_the_clocks_skip_is_moved_and_said():
    """On 28 March 2027 it is three o'clock right after two."""
    found = moment_of("march 28", "2:30 am", SATURDAY)
    assert found.at == at(2027, 3, 28, 3, 30)
    assert found.note == "The clocks go forward then and skip 2:30 at night, so I took 3:30 at night."


def test_a_time_that_comes_twice_is_the_first_one_and_said():
    """On 31 October 2027 the hour from two to three happens twice."""
    found = moment_of("october 31", "2:30 am", SATURDAY)
    assert found.at.utcoffset() == at(2027, 10, 31, 1).utcoffset()
    assert found.note == "The clocks go back then and 2:30 at night comes twice; I took the first."


def test_a_day_is_said_with_its_name_and_date():
    """With the year when it is another one."""
    assert spoken_day(date(2026, 11, 22), SATURDAY) == "tomorrow, Sunday 22 November"
    assert spoken_day(date(2026, 11, 27), SATURDAY) == "Friday 27 November"
    assert spoken_day(date(2027, 1, 1), SATURDAY) == "Friday 1 January 2027"
    assert on_day(date(2026, 11, 21), SATURDAY) == "today, Saturday 21 November"
    assert on_day(date(2026, 11, 27), SATURDAY) == "on Friday 27 November"


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        (0, 0, "midnight"),
        (0, 20, "12:20 at night"),
        (4, 59, "4:59 at night"),
        (5, 0, "5 in the morning"),
        (9, 30, "9:30 in the morning"),
        (12, 0, "noon"),
        (12, 30, "12:30"),
        (13, 5, "1:05 in the afternoon"),
        (18, 0, "6 in the evening"),
        (22, 0, "10 at night"),
    ],
)
def test_a_time_is_said_with_its_part_of_the_day(hour, minute, said):
    """So that morning and evening are never mixed up."""
    assert spoken_time(at(2026, 11, 22, hour, minute)) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (250, "4 minutes and 10 seconds"),
        (3600, "1 hour"),
        (5400, "1 hour and 30 minutes"),
        (90061, "1 day and 1 hour"),
    ],
)
def test_a_length_is_said_in_its_two_largest_parts(seconds, said):
    """Nobody wants the seconds of a day."""
    assert spoken_length(seconds) == said


def test_a_grammar_body_and_its_pattern_accept_the_same():
    """Quoted text is literal, and blanks between the parts mean nothing."""
    assert pattern_of('("a." | [0-9]{1,2} " b"){0,1}') == r"(a\.|[0-9]{1,2}\ b){0,1}"


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(st.from_regex(DAYS.pattern, fullmatch=True), st.from_regex(TIME.pattern, fullmatch=True))
def test_whatever_a_grammar_lets_through_is_understood_or_refused_in_words(day, clock):
    """No day or time that a model can write makes the program fail."""
    for resolve in (lambda: span_of(day, SATURDAY), lambda: moment_of(day, clock, SATURDAY)):
        with suppress(ToolError):
            resolve()

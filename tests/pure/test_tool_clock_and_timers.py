"""Telling the time, and timers that survive a restart."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from nearfield_tools.api import Plan, ToolError
from nearfield_tools.clock import get_time
from nearfield_tools.timers import MOST, cancel_timer, list_timers, set_timer, start_timer, stop_timer

HOME = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Here:
    now: datetime
    store: Path
    call_id: str = "call-1"
    workspace: Path = Path("/nowhere")
    calendar: Path = Path("/nowhere")
    eyes: None = None

    def later(self, **length):
        return replace(self, now=self.now + timedelta(**length))

    def call(self, name):
        return replace(self, call_id=name)


@pytest.fixture
def here(tmp_path):
    return Here(datetime(2026, 11, 21, 14, 0, tzinfo=HOME), tmp_path / "store")


def started(here, call="call-1", **arguments):
    plan = set_timer.act(here, **arguments)
    return start_timer(here.call(call), **plan.arguments)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("time", "It is 2 in the afternoon."),
        ("date", "It is Saturday 21 November 2026."),
    ],
)
def test_the_time_the_date_and_the_day_are_told(here, about, said):
    """Each only when asked for."""
    assert get_time.act(here, about).say == said


@pytest.mark.parametrize(
    ("arguments", "question"),
    [
        ({"minutes": 10}, "Set a timer for 10 minutes?"),
        ({"hours": 1, "minutes": 30, "name": "roast"}, "Set a timer for 1 hour and 30 minutes, called roast?"),
        ({"seconds": 90, "name": "tea timer"}, "Set a timer for 1 minute and 30 seconds, called tea?"),
    ],
)
def test_setting_a_timer_asks_with_its_length_and_name(here, arguments, question):
    """The question says what the arguments come to."""
    assert set_timer.act(here, **arguments).question == question


def test_asking_stores_nothing(here):
    """A timer that was only planned does not run."""
    assert isinstance(set_timer.act(here, minutes=10), Plan)
    assert list_timers.act(here).say == "There is no timer running."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "How long"),
        ({"minutes": -5}, "up to seven days"),
        ({"hours": 200}, "up to seven days"),
        ({"hours": 168, "seconds": 1}, "up to seven days"),
    ],
)
def test_a_timer_without_a_sensible_length_is_refused(here, arguments, said):
    """Nothing, less than nothing, and more than a week."""
    with pytest.raises(ToolError, match=said):
        set_timer.act(here, **arguments)


def test_a_timer_counts_from_the_answer_and_says_what_is_left(here):
    """Confirmed a minute after the question, ten minutes end eleven minutes after it."""
    plan = set_timer.act(here, minutes=10, name="pasta")
    receipt = start_timer(here.later(minutes=1), **plan.arguments)
    assert receipt.say == "The pasta timer is running, until 2:11 in the afternoon."
    listed = list_timers.act(here.later(minutes=6, seconds=50))
    assert listed.say == "The pasta timer has 4 minutes and 10 seconds left."
    assert listed.data["timers"] == [{"timer": 1, "name": "pasta", "seconds_left": 250}]


def test_the_same_call_starts_one_timer(here):
    """A call that is repeated after a crash finds its timer running."""
    started(here, minutes=10)
    again = start_timer(here.later(minutes=1), length=600, name="")
    assert again.say == "The 10 minute timer is running, until 2:10 in the afternoon."
    assert len(list_timers.act(here).data["timers"]) == 1


def test_a_timer_that_is_over_is_told_once(here):
    """The next listing does not mention it again."""
    started(here, minutes=3, name="tea")
    assert list_timers.act(here.later(minutes=5)).say == "The tea timer finished 2 minutes ago."
    assert list_timers.act(here.later(minutes=6)).say == "There is no timer running."


def test_a_timer_keeps_its_length_when_the_clocks_change(here):
    """Two hours started at one in the night of 28 March end at four."""
    night = replace(here, now=datetime(2027, 3, 28, 1, 0, tzinfo=HOME))
    assert started(night, hours=2).say == "The 2 hour timer is running, until 4 at night."


def test_the_only_timer_needs_no_name_to_be_cancelled(here):
    """The question tells which one it is and what is left on it."""
    started(here, minutes=10)
    plan = cancel_timer.act(here.later(minutes=4))
    assert plan.question == "Cancel the 10 minute timer, with 6 minutes left?"
    assert stop_timer(here.later(minutes=4), **plan.arguments).say == "The 10 minute timer is cancelled."
    assert stop_timer(here.later(minutes=4), **plan.arguments).say == "The 10 minute timer is cancelled."
    assert list_timers.act(here).say == "There is no timer running."


def test_of_several_timers_the_name_decides(here):
    """The start of it will do, and a nameless one goes by its length."""
    started(here, "a", minutes=8, name="eggs")
    started(here, "b", minutes=30)
    assert cancel_timer.act(here, "egg").question.startswith("Cancel the eggs timer")
    assert cancel_timer.act(here, "30 minute").question.startswith("Cancel the 30 minute timer")
    with pytest.raises(ToolError, match=r"the eggs timer and the 30 minute timer\. Which one\?"):
        cancel_timer.act(here)
    with pytest.raises(ToolError, match="no laundry timer; there is the eggs timer and"):
        cancel_timer.act(here, "laundry")


def test_a_timer_that_ran_out_while_asking_is_not_called_cancelled(here):
    """The receipt says what happened, not what was wanted."""
    started(here, minutes=1)
    plan = cancel_timer.act(here)
    late = stop_timer(here.later(minutes=2), **plan.arguments)
    assert late.say == "The 1 minute timer had already finished."
    assert late.data["cancelled"] is False


def test_nothing_to_cancel_is_said(here):
    """Also when the timer is long gone."""
    with pytest.raises(ToolError, match="no timer running"):
        cancel_timer.act(here)
    with pytest.raises(ToolError, match="not there any more"):
        stop_timer(here, 7)


def test_no_more_timers_run_than_can_be_told(here):
    """One too many is refused before it is asked about."""
    for number in range(MOST):
        started(here, f"call-{number}", minutes=number + 1)
    with pytest.raises(ToolError, match="already 20 timers"):
        set_timer.act(here, minutes=1)

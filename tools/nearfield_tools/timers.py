"""Timers: how long is left, kept on disk so that a restart forgets none.

A timer's end is stored as a UTC epoch, so neither a restart nor a change of the clocks moves it. Nothing rings here:
a timer that is over is told by `list_timers`, once.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from nearfield_tools import listed, plain
from nearfield_tools.api import Effect, Plan, Result, Text, ToolContext, ToolError, say, tool
from nearfield_tools.spoken import Duration, digits, durations, said_in
from nearfield_tools.when import spoken_length, spoken_time

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_NAME = frozenset({"timer", "countdown", "alarm", "clock", "it", "one", "minute", "minutes", "hour", "seconds"})
"""Words that a model may take for a name and that are none."""

LONGEST = 7 * 24 * 3600
"""Seconds; for more than a week the calendar is the better place."""

MOST = 20
"""Timers at once; more than anyone has asked for, and a listing of them can still be spoken."""

Name = Annotated[str, Text("what the timer is for, in one or two words", 40)]


@tool(
    effect=Effect.WRITE,
    examples=[
        say("Set a timer for 10 minutes.", minutes=10),
        say("set a timer for five minutes", minutes=5),
        say("Timer, 45 seconds.", seconds=45),
        say("Please start a timer for half an hour.", minutes=30),
        say("Can you set a timer for an hour and a half?", hours=1, minutes=30),
        say("Start an 8 minute pasta timer.", minutes=8, name="pasta"),
        say("I need a timer for the eggs, six and a half minutes.", minutes=6, seconds=30, name="eggs"),
        say("Set a laundry timer for 1 hour and 20 minutes.", hours=1, minutes=20, name="laundry"),
        say("Tell me when a quarter of an hour is over.", minutes=15),
        say("two hour timer for the roast", hours=2, name="roast"),
        say("Could you count down 90 seconds?", seconds=90),
        say("Give me 3 minutes for the tea.", minutes=3, name="tea"),
        say("I'd like a timer of 25 minutes called focus.", minutes=25, name="focus"),
        say("Let me know in an hour.", hours=1),
    ],
)
def set_timer(ctx: ToolContext, hours: int = 0, minutes: int = 0, seconds: int = 0, name: Name = "") -> Plan:
    """Start a timer that counts down."""
    length = hours * 3600 + minutes * 60 + seconds
    if length == 0:
        raise ToolError("How long shall the timer run?")
    if min(hours, minutes, seconds) < 0 or length > LONGEST:
        raise ToolError("A timer can run for one second up to seven days.")
    if len(_running(ctx)) >= MOST:
        raise ToolError(f"There are already {MOST} timers running; cancel one first.")
    name = _short(name)
    called = f", called {name}" if name else ""
    return Plan(
        f"Set a timer for {spoken_length(length)}{called}?", {"length": length, "name": name}, "All right, no timer."
    )


@set_timer.listen
def timer_in_words(said: str, wrote: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """One length of time said is the length; none said is none, whatever was written."""
    lengths = durations(said)
    arguments = _named(said, wrote)
    if len(lengths) > 1 or (not lengths and re.search(r"\d", digits(said))):
        return {**wrote, "name": arguments.get("name", "")}
    length = lengths[0] if lengths else Duration()
    return {"hours": length.hours, "minutes": length.minutes, "seconds": length.seconds, **arguments}


@set_timer.carry_out
def start_timer(ctx: ToolContext, length: int, name: str) -> Result:
    """Store the timer, `length` seconds from now; the same call stores it once."""
    with closing(_open(ctx)) as store:
        with store:
            store.execute(
                "INSERT OR IGNORE INTO timers (call, name, due, length, state) VALUES (?, ?, ?, ?, 'running')",
                (ctx.call_id, name, ctx.now.timestamp() + length, length),
            )
        timer = _Timer(*store.execute(f"{_COLUMNS} WHERE call = ?", (ctx.call_id,)).fetchone())
    ends = datetime.fromtimestamp(timer.due, ctx.now.tzinfo)
    return Result(
        f"The {timer.label} is running, until {spoken_time(ends)}.",
        {"timer": timer.id, "name": timer.name, "ends": ends.isoformat(timespec="seconds")},
    )


@tool(
    effect=Effect.READ,
    examples=[
        say("How long is left on the timer?"),
        say("how much time is left"),
        say("What timers do I have?"),
        say("List my timers."),
        say("Are there any timers running?"),
        say("How much longer for the pasta?"),
        say("Is the timer done yet?"),
        say("Check the timer, please."),
        say("When does the laundry timer end?"),
        say("show me all timers"),
        say("How many minutes until the egg timer goes off?"),
    ],
)
def list_timers(ctx: ToolContext) -> Result:
    """Tell which timers are running and how long is left on each."""
    running = _running(ctx)
    now = ctx.now.timestamp()
    over = [t for t in running if t.due <= now]
    said = [f"The {t.label} finished {spoken_length(round(now - t.due))} ago." for t in over]
    said += [f"The {t.label} has {spoken_length(t.left(ctx.now))} left." for t in running if t not in over]
    with closing(_open(ctx)) as store, store:
        store.executemany("UPDATE timers SET state = 'told' WHERE id = ?", [(t.id,) for t in over])
    data = [{"timer": t.id, "name": t.name, "seconds_left": t.left(ctx.now)} for t in running]
    return Result(" ".join(said) or "There is no timer running.", {"timers": data})


@tool(
    effect=Effect.WRITE,
    examples=[
        say("Cancel the timer."),
        say("stop the timer"),
        say("Turn off my timer, please."),
        say("I don't need the timer anymore."),
        say("Cancel the pasta timer.", name="pasta"),
        say("stop the laundry timer please", name="laundry"),
        say("Delete the egg timer.", name="egg"),
        say("Can you cancel my tea timer?", name="tea"),
        say("Forget about the timer for the roast.", name="roast"),
        say("End the countdown."),
    ],
)
def cancel_timer(ctx: ToolContext, name: Name = "") -> Plan:
    """Stop a running timer."""
    running = [t for t in _running(ctx) if t.due > ctx.now.timestamp()]
    wanted = _short(name)
    fitting = [t for t in running if t.answers_to(wanted)] if wanted else running
    if not running:
        raise ToolError("There is no timer running.")
    if not fitting:
        raise ToolError(f"There is no {wanted} timer; there is {listed([f'the {t.label}' for t in running])}.")
    if len(fitting) > 1:
        which = listed([f"the {t.label}" for t in fitting])
        raise ToolError(f"There are {len(fitting)} timers: {which}. Which one?")
    timer = fitting[0]
    question = f"Cancel the {timer.label}, with {spoken_length(timer.left(ctx.now))} left?"
    return Plan(question, {"timer": timer.id}, f"All right, the {timer.label} runs on.")


@cancel_timer.listen
def name_in_words(said: str, wrote: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A name that was not said is none."""
    return _named(said, wrote)


def _named(said: str, wrote: Mapping[str, Any]) -> dict[str, Any]:
    """The timer's name if it was said, and is neither a length of time nor the word timer."""
    name = re.sub(r"^(?:the|my|a|an) | timer$", "", str(wrote.get("name", "")).strip())
    if not name or durations(name) or name.lower() in NO_NAME or not said_in(name, said):
        return {}
    return {"name": name}


@cancel_timer.carry_out
def stop_timer(ctx: ToolContext, timer: int) -> Result:
    """Cancel the timer with this number; one that is over by now stays over."""
    with closing(_open(ctx)) as store:
        with store:
            store.execute(
                "UPDATE timers SET state = 'cancelled' WHERE id = ? AND state = 'running' AND due > ?",
                (timer, ctx.now.timestamp()),
            )
        row = store.execute(f"{_COLUMNS} WHERE id = ?", (timer,)).fetchone()
    if row is None:
        raise ToolError("That timer is not there any more.")
    found = _Timer(*row)
    if found.state != "cancelled":
        return Result(f"The {found.label} had already finished.", {"timer": timer, "cancelled": False})
    return Result(f"The {found.label} is cancelled.", {"timer": timer, "cancelled": True})


@dataclass(frozen=True)
class _Timer:
    id: int
    name: str
    due: float
    """UTC epoch, seconds."""
    length: int
    """Seconds."""
    state: str
    """running, told (over, and the user knows) or cancelled."""

    @property
    def label(self) -> str:
        """Its name, as "pasta timer", or its length, as "10 minute timer"."""
        length = spoken_length(self.length).replace("s ", " ").removesuffix("s")
        return f"{self.name or length} timer"

    def left(self, now: datetime) -> int:
        """Whole seconds to go, at least 0."""
        return max(0, round(self.due - now.timestamp()))

    def answers_to(self, wanted: str) -> bool:
        """Whether someone who says `wanted` may mean this one: "egg" for "eggs", "10 minute" for a nameless one."""
        one, other = wanted.casefold(), self.label.removesuffix(" timer").casefold()
        return one in other or other in one


_COLUMNS = "SELECT id, name, due, length, state FROM timers"


def _short(name: str) -> str:
    return plain(name, 40).removesuffix("timer").rstrip()


def _open(ctx: ToolContext) -> sqlite3.Connection:
    ctx.store.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = sqlite3.connect(ctx.store / "timers.sqlite")
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")  # a timer that was confirmed must survive a power cut
    store.execute(
        "CREATE TABLE IF NOT EXISTS timers (id INTEGER PRIMARY KEY, call TEXT UNIQUE NOT NULL, name TEXT NOT NULL,"
        " due REAL NOT NULL, length INTEGER NOT NULL, state TEXT NOT NULL)"
    )
    return store


def _running(ctx: ToolContext) -> list[_Timer]:
    """Those not yet cancelled nor told to be over, the next to end first."""
    with closing(_open(ctx)) as store:
        return [_Timer(*row) for row in store.execute(f"{_COLUMNS} WHERE state = 'running' ORDER BY due")]

"""What time it is."""

from __future__ import annotations

from typing import Literal

from nearfield_tools.api import Effect, Result, ToolContext, say, tool
from nearfield_tools.when import month, spoken_time, weekday


@tool(
    effect=Effect.READ,
    examples=[
        say("What time is it?"),
        say("what's the time"),
        say("Can you tell me the time, please?"),
        say("Do you have the time?"),
        say("How late is it?"),
        say("I need to know what time it is right now."),
        say("Is it noon yet?"),
        say("what hour is it"),
        say("Have we passed midnight?"),
        say("Is it still before 6 o'clock?"),
        say("What's the date today?", about="date"),
        say("what is today's date", about="date"),
        say("Tell me the date, please.", about="date"),
        say("What year is it?", about="date"),
        say("Which month are we in?", about="date"),
        say("What day is it?", about="date"),
        say("which day of the week is it today", about="date"),
        say("Is it Tuesday or Wednesday today?", about="date"),
    ],
)
def get_time(ctx: ToolContext, about: Literal["time", "date"] = "time") -> Result:
    """Tell the current time, today's date or the day of the week."""
    now = ctx.now
    date = f"{weekday(now)} {now.day} {month(now)} {now.year}"
    said = {"time": spoken_time(now), "date": date}[about]
    return Result(f"It is {said}.", {"now": now.isoformat(timespec="minutes")})

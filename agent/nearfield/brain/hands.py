"""The tool runner: one of the three places that catch. A tool's error becomes a message, never an exit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from nearfield.brain.ledger import Ledger
from nearfield.brain.state import Pending
from nearfield.errors import NearfieldError
from nearfield.events import Outcome
from nearfield_tools.api import Effect, Plan, Result, Tool, ToolError
from nearfield_tools.eyes import Eyes

T = TypeVar("T")
SORRY = "Something went wrong with that, and I am not sure what. Nothing else was changed."


class Runner(Protocol):
    """Where blocking tool code runs: a thread, or the spot in scenes."""

    async def run(self, work: Callable[[], T]) -> T: ...


class OnTheSpot:
    """Runs tools on the event loop: for scenes, where no thread may take part."""

    async def run(self, work: Callable[[], T]) -> T:
        return work()


@dataclass(frozen=True)
class Context:
    """What a tool may touch (`nearfield_tools.api.ToolContext`)."""

    now: datetime
    call_id: str
    workspace: Path
    calendar: Path
    store: Path
    eyes: Eyes | None


@dataclass(frozen=True)
class Done:
    """What became of a call."""

    outcome: Outcome
    say: str
    data: Mapping[str, Any]
    untrusted: bool = False


class Hands:
    """All tools, and the one way to run them: check, plan, carry out, write down."""

    def __init__(
        self,
        tools: Mapping[str, Tool],
        context: Context,
        now: Callable[[], datetime],
        eyes: Callable[[str | None], Eyes | None],
        ledger: Ledger,
        runner: Runner,
        unasked: frozenset[str] = frozenset(),
    ) -> None:
        self.tools = tools
        self._context, self._now, self._eyes = context, now, eyes
        self._ledger, self._runner, self._unasked = ledger, runner, unasked

    async def plan(self, call: Mapping[str, Any], picture: str | None) -> Pending | Done:
        """Check a call and find out what to ask. Changes nothing. `Done` when it fails already here."""
        return await self._runner.run(lambda: self._guard(lambda: self._plan(call, picture)))

    async def carry_out(self, pending: Pending, picture: str | None) -> Done:
        """Do what was planned: read, or write once and write down that it was."""
        return await self._runner.run(lambda: self._guard(lambda: self._carry_out(pending, picture)))

    async def became(self, call: str) -> Outcome | None:
        """What the ledger knows of a call that was cut off; None when it was never begun."""
        known = await self._runner.run(lambda: self._ledger.outcome(call))
        return None if known is None else known[0] or "interrupted"  # type: ignore[return-value]

    async def aclose(self) -> None:
        await self._runner.run(self._ledger.close)

    def _at(self, call_id: str, picture: str | None) -> Context:
        return replace(self._context, now=self._now(), call_id=call_id, eyes=self._eyes(picture))

    def _plan(self, call: Mapping[str, Any], picture: str | None) -> Pending | Done:
        tool = self.tools.get(call["name"])
        if tool is None:
            raise ToolError(f"I have no tool called {call['name']}.")
        arguments = tool.check(call["arguments"])
        pending = Pending(
            id=call["id"], name=tool.name, arguments=dict(call["arguments"]), question=None, resolved=arguments, left="",
            answer=None,
        )  # fmt: skip
        if tool.effect is Effect.READ:
            return pending
        plan = tool.act(self._at(call["id"], picture), **arguments)
        if isinstance(plan, Result):  # nothing to do after all
            return Done("done", plan.say, plan.data, plan.untrusted)
        pending["resolved"], pending["left"] = dict(plan.arguments), plan.left
        pending["question"] = None if tool.name in self._unasked else plan.question
        return pending

    def _carry_out(self, pending: Pending, picture: str | None) -> Done:
        tool, now = self.tools[pending["name"]], self._now()
        if pending["question"] is not None and pending["answer"] != "yes":
            outcome: Outcome = "refused" if pending["answer"] == "no" else "unanswered"
            self._record(pending, now)
            self._ledger.settle(pending["id"], outcome, pending["left"], now)
            return Done(outcome, pending["left"], {})
        context = self._at(pending["id"], picture)
        if tool.effect is Effect.READ:
            found = self._guard(lambda: _result(tool.act(context, **pending["resolved"])))
            return found if isinstance(found, Done) else Done("done", found.say, found.data, found.untrusted)
        if known := self._record(pending, now):
            return Done(known[0], known[1], {})  # type: ignore[arg-type]
        finish = tool.finish
        assert finish is not None
        made = self._guard(lambda: finish(context, **pending["resolved"]))
        done = made if isinstance(made, Done) else Done("done", made.say, made.data, made.untrusted)
        self._ledger.settle(pending["id"], done.outcome, done.say, self._now())
        return done

    def _record(self, p: Pending, now: datetime) -> tuple[str, str] | None:
        return self._ledger.begin(p["id"], p["name"], p["resolved"], p["question"], p["answer"], now)

    def _guard(self, work: Callable[[], T]) -> T | Done:
        try:
            return work()
        except (ToolError, NearfieldError) as error:
            return Done("failed", str(error), {})
        except sqlite3.Error as error:
            return Done("failed", "I could not write to my own notes; is the disk full?", {"error": str(error)})
        except Exception as error:  # noqa: BLE001  # the tool runner: whatever a tool raises is told, not thrown
            return Done("failed", SORRY, {"error": f"{type(error).__name__}: {error}"})


def _result(made: Result | Plan) -> Result:
    if isinstance(made, Plan):
        raise TypeError("a tool that reads returned a plan")
    return made

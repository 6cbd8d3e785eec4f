"""One turn as a graph: think → plan → consent → act → think, until there are only words.

`think` streams what it says. `plan` changes nothing; `consent` does nothing but wait for the user (an interrupted node
runs again from its top, so nothing with an effect stands in it); `act` carries out and settles. LangGraph is known here
and in `mind.py` only.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from nearfield.brain.hands import Done, Hands
from nearfield.brain.limits import careful
from nearfield.brain.state import Message, State, this_turn
from nearfield.dialects.base import Dialect, Event, Prose, Wants
from nearfield.errors import TurnError
from nearfield.events import Call, Called, Spoken, Timed
from nearfield.ports import Generate, LanguageModel

MOST_THOUGHTS = 6


@dataclass(frozen=True)
class Deps:
    """What the nodes work with; handed in with every run, never stored."""

    model: LanguageModel
    dialect: Dialect
    hands: Hands
    clock: Callable[[], float]
    """Seconds; what stages are measured with."""


@contextmanager
def _timed(runtime: Runtime[Deps], name: str) -> Iterator[None]:
    began = runtime.context.clock()
    yield
    runtime.stream_writer(Timed(name, began, runtime.context.clock()))


async def think(state: State, runtime: Runtime[Deps]) -> dict[str, Any]:
    """Let the model choose or speak. Words leave through the stream writer as they are written."""
    if state["thoughts"] >= MOST_THOUGHTS:
        raise TurnError("I went round in circles with that; please ask in another way.")
    messages, deps = state["messages"], runtime.context
    turn = this_turn(messages)
    done = any(m["role"] == "tool" and m["outcome"] == "done" for m in turn)
    said, events = "", list[Event]()
    while (step := deps.dialect.step(messages, events)) is not None:
        if isinstance(step, Prose):
            events.append(step)
            said += step.text
            runtime.stream_writer(Spoken(step.text))
            continue
        before = len(events)
        with _timed(runtime, step.purpose):
            async for event in _generated(deps, step, done=done):
                events.append(event)
                if isinstance(event, Prose):
                    said += event.text
                    runtime.stream_writer(Spoken(event.text))
        if len(events) == before:
            break
    wants = [e for e in events if isinstance(e, Wants)]
    name = f"{turn[0]['id']}.{state['thoughts']}"
    return {"messages": [_spoke(name, said, wants)], "pending": [], "thoughts": state["thoughts"] + 1}


async def _generated(deps: Deps, request: Generate, *, done: bool) -> AsyncIterator[Event]:
    """The events of one generation; prose arrives in whole clauses, checked and bounded."""
    parser = deps.dialect.parser(request)
    bounded = careful(request.longest, something_done=done)
    async with aclosing(deps.model.generate(request)) as pieces:
        async for piece in pieces:
            for event in parser.feed(piece):
                if not isinstance(event, Prose):
                    yield event
                    continue
                for text in bounded.feed(event.text):
                    yield Prose(text)
            if bounded.enough:
                break
    for event in parser.close():
        yield event
    for text in bounded.close():
        yield Prose(text)


def _spoke(name: str, said: str, wants: Sequence[Wants]) -> Message:
    message: Message = {"id": name, "role": "assistant", "text": said.strip()}
    if wants:
        message["calls"] = [
            {"id": f"{name}.{i}", "name": w.name, "arguments": dict(w.arguments)} for i, w in enumerate(wants)
        ]
    return message


async def plan(state: State, runtime: Runtime[Deps]) -> dict[str, Any]:
    """Check every call and work out what to ask; calls that cannot be done are settled here."""
    calls, picture = state["messages"][-1]["calls"], _picture(state)
    pending, settled = [], []
    for call in calls:
        with _timed(runtime, "plan"):
            planned = await runtime.context.hands.plan(call, picture)
        if isinstance(planned, Done):
            settled.append(_settled(call["id"], call["name"], call["arguments"], planned, runtime))
        else:
            pending.append(planned)
    return {"pending": pending, "messages": settled}


async def consent(state: State) -> dict[str, Any]:
    """Wait for a yes or no to the first open question."""
    pending = [dict(p) for p in state["pending"]]
    asked = next(p for p in pending if p["question"] is not None and p["answer"] is None)
    asked["answer"] = interrupt({"question": asked["question"]})
    return {"pending": pending}


async def act(state: State, runtime: Runtime[Deps]) -> dict[str, Any]:
    """Carry out what was agreed to, in order."""
    settled = []
    for p in state["pending"]:
        with _timed(runtime, "tool"):
            done = await runtime.context.hands.carry_out(p, _picture(state))
        settled.append(_settled(p["id"], p["name"], p["arguments"], done, runtime))
    return {"pending": [], "messages": settled}


def _settled(call: str, name: str, arguments: dict[str, Any], done: Done, runtime: Runtime[Deps]) -> Message:
    runtime.stream_writer(Called(Call(call, name, arguments), done.outcome, done.say))
    return {
        "id": f"{call}.result", "role": "tool", "call": call, "name": name, "outcome": done.outcome, "say": done.say,
        "data": dict(done.data), "untrusted": done.untrusted,
    }  # fmt: skip


def _picture(state: State) -> str | None:
    return next((m["picture"] for m in reversed(state["messages"]) if m["role"] == "user"), None)


async def _after_think(state: State) -> Literal["plan", "__end__"]:
    return "plan" if state["messages"][-1].get("calls") else "__end__"


async def _after_plan(state: State) -> Literal["consent", "act"]:
    return "consent" if any(p["question"] is not None and p["answer"] is None for p in state["pending"]) else "act"


def build(checkpointer: Any) -> Any:
    """The compiled graph."""
    graph = StateGraph(State, context_schema=Deps)
    graph.add_node("think", think)
    graph.add_node("plan", plan)
    graph.add_node("consent", consent)
    graph.add_node("act", act)
    graph.add_edge(START, "think")
    graph.add_conditional_edges("think", _after_think, {"plan": "plan", "__end__": END})
    graph.add_conditional_edges("plan", _after_plan)
    graph.add_conditional_edges("consent", _after_plan)
    graph.add_edge("act", "think")
    return graph.compile(checkpointer=checkpointer)

"""The brain as the turn sees it: events out, answers in. One LangGraph thread per conversation."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from langgraph.types import Command

from nearfield.brain.graph import Deps, build
from nearfield.brain.state import Message, this_turn
from nearfield.events import Asked
from nearfield.ports import Answer, BrainEvent, Heard


class GraphMind:
    """Runs the graph. `checkpointer` is LangGraph's; its thread id is the conversation's name."""

    def __init__(self, deps: Deps, checkpointer: Any) -> None:
        self._deps = deps
        self._graph = build(checkpointer)
        self._asked: dict[str, str] = {}  # thread → id of the open question

    async def warm(self) -> None:
        """Make the fixed prompts instant, the most used one last so that it is the warmest."""
        for prefix in reversed(self._deps.dialect.prefixes):
            await self._deps.model.warm(prefix)

    async def reply(self, heard: Heard, thread: str) -> AsyncGenerator[BrainEvent, None]:
        said: Message = {
            "id": uuid.uuid4().hex, "role": "user", "text": heard.text, "at": heard.at.isoformat(), "picture": heard.picture,
        }  # fmt: skip
        async with aclosing(self._run({"messages": [said], "pending": [], "thoughts": 0}, thread)) as events:
            async for event in events:
                yield event

    async def resume(self, answer: Answer, thread: str) -> AsyncGenerator[BrainEvent, None]:
        asked = self._asked.pop(thread)
        async with aclosing(self._run(Command(resume={asked: answer.word}), thread)) as events:
            async for event in events:
                yield event

    async def settle(self, said: Sequence[str], thread: str) -> None:
        """After an interruption: remember what was heard, and for every open call whether it was done."""
        config = _config(thread)
        state = (await self._graph.aget_state(config)).values
        if not state.get("messages"):
            return
        turn = this_turn(state["messages"])
        news = [await self._cut_off(c) for c in _open_calls(turn)]
        text = " ".join(" ".join(said).split())
        news.append({"id": f"{turn[0]['id']}.heard", "role": "assistant", "text": f"{text} —" if text else "—"})
        update = {"messages": news, "pending": []}
        await self._graph.aupdate_state(config, update, as_node="think")
        self._asked.pop(thread, None)

    async def aclose(self) -> None:
        await self._deps.hands.aclose()
        await self._deps.model.aclose()

    async def _cut_off(self, call: dict[str, Any]) -> Message:
        outcome = await self._deps.hands.became(call["id"]) or "interrupted"
        say = "That was done." if outcome == "done" else "That was cut off; it may not have been done."
        return {
            "id": f"{call['id']}.result", "role": "tool", "call": call["id"], "name": call["name"], "outcome": outcome,
            "say": say, "data": {}, "untrusted": False,
        }  # fmt: skip

    async def _run(self, given: Any, thread: str) -> AsyncGenerator[BrainEvent, None]:
        parts = self._graph.astream(
            given, _config(thread), context=self._deps, stream_mode=["custom", "updates"], durability="sync"
        )
        async with aclosing(parts):
            async for mode, part in parts:
                if mode == "custom":
                    yield part
                elif "__interrupt__" in part:
                    [question] = part["__interrupt__"]
                    self._asked[thread] = question.id
                    yield Asked(question.value["question"])


def _config(thread: str) -> dict[str, Any]:
    return {"configurable": {"thread_id": thread}}


def _open_calls(turn: Sequence[Message]) -> list[dict[str, Any]]:
    settled = {m["call"] for m in turn if m["role"] == "tool"}
    return [c for m in turn for c in m.get("calls", ()) if c["id"] not in settled]

"""A room for scenes: stand-in engines around the real brain, tools, turn and session, on a clock that jumps.

No thread takes part and no real time passes: asyncio's own clock moves straight to the next thing that is due.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from langgraph.checkpoint.memory import InMemorySaver

from nearfield.audio.playback import ClockSpeaker
from nearfield.brain.graph import Deps
from nearfield.brain.hands import Context, Hands, OnTheSpot
from nearfield.brain.ledger import Ledger
from nearfield.brain.mind import GraphMind
from nearfield.dialects.starter import NoTool, Prompts, Starter
from nearfield.engines.fake import FakeEyes, FakeLlm, FakeStt, FakeTts
from nearfield.events import TurnRecord, Utterance
from nearfield.session import Session
from nearfield_tools.catalogue import ABOUT, ANSWER, DECLINE, TOOLS

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))


class _Jump(selectors.DefaultSelector):
    """Waiting takes no time: the clock is moved instead."""

    now = 0.0

    def select(self, timeout: float | None = None):
        if timeout is None:
            raise RuntimeError("the scene waits for something that will never come")
        self.now += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose `time()` is virtual seconds since it was made."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.now


def play(scene: Coroutine) -> None:
    """Run a scene to its end."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(scene)


@dataclass
class Room:
    """One conversation with stand-ins. `script`: what the model writes for what was said (see FakeLlm)."""

    folder: Path
    script: dict[str, str] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    """What the recogniser will hear, one line an utterance."""
    forever: bool = False
    thinking: float = 0.0
    tools: tuple = TOOLS
    llm: FakeLlm | None = None
    dialect: type[Starter] = Starter
    ledger: Path | None = None

    def __post_init__(self) -> None:
        for name in ("workspace", "calendar", "store"):
            (self.folder / name).mkdir()
        self.llm = self.llm or FakeLlm(self.script, self.thinking, forever=self.forever)
        self.tts = FakeTts()
        self.speaker = ClockSpeaker(self.tts.rate)
        self.events: list[object] = []
        self.hands = Hands(
            {t.name: t for t in self.tools},
            Context(NOW, "", self.folder / "workspace", self.folder / "calendar", self.folder / "store", None),
            lambda: NOW,
            lambda path: FakeEyes(["SALE", "50 % off"]) if path else None,
            Ledger(self.ledger),
            OnTheSpot(),
        )
        prompts = Prompts("Choose.", "You are kind.", "I am Nearfield.", "I can't do that yet.")
        dialect = self.dialect(self.tools, NoTool(ANSWER, ABOUT, DECLINE), prompts, 40)
        self.memory = InMemorySaver()
        self.mind = GraphMind(
            Deps(self.llm, dialect, self.hands, lambda: asyncio.get_running_loop().time()), self.memory
        )
        self.session = Session(
            mind=self.mind, stt=FakeStt(self.heard), voice=self.tts, speaker=self.speaker, now=lambda: NOW,
            clock=lambda: asyncio.get_running_loop().time(), tell=self.events.append,
        )  # fmt: skip

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    async def say(self, text: str) -> TurnRecord | None:
        """The user says something; returns the last finished turn when it has been answered or a question is open."""
        await self.session.understand(text)
        await self.session.idle()
        return self.session.records[-1] if self.session.records else None

    async def speak(self) -> None:
        """The user speaks, as sound, and the recogniser hears the next line of `heard`."""
        await self.session.hear(Utterance(np.zeros(1600, np.float32), 0, 1600, 1.0))

    def sounding(self, start: float, end: float) -> float:
        """Seconds of sound that left the speaker between two moments of the loop's clock."""
        return sum(0.01 for at, block in self.speaker.tape if start <= at < end and np.abs(block).max() > 0)

    async def remembered(self) -> list[dict]:
        """The conversation as the graph keeps it."""
        saved = await self.mind._graph.aget_state({"configurable": {"thread_id": self.session.thread}})
        return saved.values["messages"]

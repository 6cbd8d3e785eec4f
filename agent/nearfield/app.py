"""Puts the parts together: the one place that knows which engine meets which port."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nearfield.config import Config
from nearfield.ears import Ears
from nearfield.errors import ConfigError
from nearfield.home import Home
from nearfield.ports import Answer, LanguageModel, Mind, Speaker, SpeechToText, TextToSpeech
from nearfield.registry import DIALECTS, EYES, LLM, STT, TTS, VAD, Progress
from nearfield.session import Session
from nearfield_tools.api import Tool

if TYPE_CHECKING:
    from nearfield.brain.mind import GraphMind


@dataclass(frozen=True)
class App:
    """Everything that is loaded, ready for conversations."""

    config: Config
    home: Home
    mind: Mind
    stt: SpeechToText | None
    voice: TextToSpeech | None
    tools: tuple[Tool, ...]
    now: Callable[[], datetime]

    def session(
        self, tell: Callable[[object], None], speaker: Speaker | None = None, answer: Answer | None = None
    ) -> Session:
        """A new conversation."""
        return Session(
            mind=self.mind, stt=self.stt, voice=self.voice, speaker=speaker, now=self.now, clock=time.perf_counter,
            tell=tell, answer=answer, language=self.config.language,
        )  # fmt: skip

    def ears(self) -> Ears:
        """Fresh ears for one recording."""
        return Ears(VAD[self.config.ears.engine](), self.config.ears.pause_ms)


@asynccontextmanager
async def open_app(
    config: Config, home: Home, *, sound: bool, picture: bool = False, progress: Progress | None = None
) -> AsyncGenerator[App, None]:
    """Load what a run needs, all engines at once; `sound`: ears and voice too; `picture`: there will be one. Closes everything.

    Raises WeightsError before anything is loaded when weights are missing or damaged.
    """
    zone = _zone(config.zone)
    stt = STT[config.ears.engine](config, home) if sound else None
    voice = TTS[config.voice.engine](config, home) if sound else None
    model = LLM[config.brain.engine](config, home, progress)
    _make_folders(home)
    async with AsyncExitStack() as closing:
        loading = [asyncio.create_task(_load(e)) for e in (stt, voice, model)]
        await asyncio.sleep(0)  # lets the engines' threads start before the imports below hold the interpreter
        mind = await closing.enter_async_context(_mind(config, home, model, zone, picture=picture))
        for engine in (stt, voice):
            if engine is not None:
                closing.push_async_callback(engine.aclose)
        await asyncio.gather(*loading, mind.warm())
        yield App(config, home, mind, stt, voice, _tools(), lambda: datetime.now(zone))


async def _load(engine: object) -> None:
    load: Callable[[], Coroutine[Any, Any, None]] | None = getattr(engine, "load", None)
    if load is not None:
        await load()


@asynccontextmanager
async def _mind(
    config: Config, home: Home, model: LanguageModel, zone: tzinfo, *, picture: bool
) -> AsyncGenerator[GraphMind, None]:
    from nearfield.brain.graph import Deps
    from nearfield.brain.hands import Context, Hands, OnTheSpot
    from nearfield.brain.ledger import Ledger
    from nearfield.brain.memory import open_memory
    from nearfield.brain.mind import GraphMind
    from nearfield.engine_thread import EngineThread

    tools = _tools()
    fake = config.brain.engine == "fake"
    thread = None if fake else EngineThread("hands")
    sight = EYES[config.eyes.engine](config)
    if picture and thread is not None:
        thread.begin(sight.load)
    hands = Hands(
        {t.name: t for t in tools},
        Context(datetime.now(zone), "", home.workspace, home.calendar, home.store, None),
        lambda: datetime.now(zone),
        sight.open,
        Ledger(home.store / "ledger.sqlite"),
        thread or OnTheSpot(),
        frozenset() if config.ask.timers else frozenset({"set_timer", "cancel_timer"}),
    )
    deps = Deps(model, DIALECTS["starter"](tools, config, home), hands, time.perf_counter)
    async with open_memory(None if fake else home.conversations) as memory:
        mind = GraphMind(deps, memory)
        try:
            yield mind
        finally:
            await mind.aclose()
            if thread is not None:
                await thread.aclose()


def _tools() -> tuple[Tool, ...]:
    from nearfield_tools.catalogue import TOOLS

    return TOOLS


def _zone(name: str) -> tzinfo:
    if not name:
        from tzlocal import get_localzone

        return get_localzone()
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigError(f"Setting zone: there is no time zone {name!r}; write it like Europe/Amsterdam.") from error


def _make_folders(home: Home) -> None:
    try:
        for folder in (home.root, home.workspace, home.calendar, home.store):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigError(
            f"I cannot write in {home.root} ({error.strerror}); choose another folder with --home."
        ) from error

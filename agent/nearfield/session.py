"""A conversation: owns the one turn that may be running, and decides what a new utterance means to it.

While a turn runs, an utterance interrupts it; while it waits for a yes or no, the utterance is the answer; else it
begins a turn. Nothing else decides that, and nothing but cancelling the task interrupts.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from nearfield.brain.consent import understand
from nearfield.errors import TurnError
from nearfield.events import TurnRecord, Utterance
from nearfield.ports import Answer, Heard, Mind, Speaker, SpeechToText, TextToSpeech
from nearfield.turn import Turn

NOTHING_HEARD = "I heard nothing I could understand. Please say it again, closer to the microphone."


@dataclass(frozen=True)
class HeardAnswer:
    """The user's answer as it was heard, for a screen."""

    text: str
    word: str


@dataclass
class Session:
    """One conversation. Utterances and texts go in; turn records come out of `records`."""

    mind: Mind
    stt: SpeechToText | None
    voice: TextToSpeech | None
    speaker: Speaker | None
    now: Callable[[], datetime]
    clock: Callable[[], float]
    tell: Callable[[object], None] = lambda _event: None
    answer: Answer | None = None
    """A fixed answer to every question; None waits for the user."""
    language: str = "en"
    picture: str | None = None
    """The picture at hand, a path."""
    thread: str = field(default_factory=lambda: uuid.uuid4().hex)
    records: list[TurnRecord] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None
    _answers: asyncio.Future[Answer] | None = None
    _idle: asyncio.Event = field(default_factory=asyncio.Event)
    _next: Heard | None = None

    async def hear(self, utterance: Utterance) -> bool:
        """Speech has ended: it answers the open question, or begins a turn (ending the one that runs).

        False, and nothing happens, when there were no words that can be trusted.
        """
        began = self.clock()
        transcript = await self._stt.transcribe(utterance)
        if transcript.text:
            await self.understand(transcript.text, began)
        return bool(transcript.text)

    async def nothing_heard(self) -> None:
        """Say that nothing was heard: a turn without a request."""
        self._start(Heard("", self.now(), self.picture), self.clock())
        await self.idle()

    async def understand(self, text: str, began: float | None = None) -> None:
        """The same for words that are already text."""
        if self._answers is not None and not self._answers.done():
            self._give(self._answers, text)
            return
        self._next = None
        await self.interrupt()
        self._start(Heard(text, self.now(), self.picture), self.clock() if began is None else began)

    async def interrupt(self) -> None:
        """End the running turn, if there is one, and keep what was heard of it."""
        if self._task is None or self._task.done():
            return
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self._idle.set()  # a task that is cancelled before its first step never gets to say so

    async def idle(self) -> None:
        """Return when nothing runs, or what runs waits for the user."""
        await self._idle.wait()
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.result()  # what nobody expected is raised here

    async def finish(self) -> None:
        """Nobody will say anything more: an open question stays unanswered, the turn ends in its own words."""
        await self.idle()
        while self._answers is not None and not self._answers.done():
            self._answers.set_result(Answer("nothing"))
            self._idle.clear()
            await self.idle()

    @property
    def _stt(self) -> SpeechToText:
        if self.stt is None:
            raise TurnError("This conversation has no ears; type instead.")
        return self.stt

    def _start(self, heard: Heard, began: float) -> None:
        turn = Turn(
            mind=self.mind, voice=self.voice, speaker=self.speaker, ask=self._ask, clock=self.clock, tell=self.tell,
            thread=self.thread, language=self.language, began=began,
        )  # fmt: skip
        if self.stt is not None:
            turn.note_stage("transcribe", began)
        self._idle.clear()
        self._task = asyncio.create_task(self._run(turn, heard))

    async def _run(self, turn: Turn, heard: Heard) -> None:
        following = None
        try:
            self.tell(heard)
            await self._take(turn, heard)
            following, self._next = self._next, None
        finally:  # whatever went wrong, nobody may wait for this turn for ever
            self._answers = None
            if following is None:
                self._idle.set()
        if following is not None:
            self._start(following, self.clock())

    async def _take(self, turn: Turn, heard: Heard) -> None:
        try:
            record = await (turn.run(heard) if heard.text else turn.say(NOTHING_HEARD))
        except asyncio.CancelledError:
            self._keep(turn.record(interrupted=True))
            raise
        self._keep(record)

    def _keep(self, record: TurnRecord) -> None:
        self.records.append(record)
        self.tell(record)

    async def _ask(self, question: str) -> Answer:
        """Wait for a yes or no; anything else is left for the next turn."""
        if self.answer is not None:
            self.tell(HeardAnswer(self.answer.text, self.answer.word))
            return self.answer
        self._answers = asyncio.get_running_loop().create_future()
        self._idle.set()
        answer = await self._answers
        self._idle.clear()
        return answer

    def _give(self, waiting: asyncio.Future[Answer], text: str) -> None:
        word = understand(text)
        self.tell(HeardAnswer(text, word))
        if word == "other" and text:
            self._next = Heard(text, self.now(), self.picture)
        self._idle.clear()
        waiting.set_result(Answer(word, text))

"""One turn: hear, think, act, speak. A turn is one task; cancelling it is the only interruption there is.

    Turn task:  stt → mind.reply → clauses → voice → speaker
                        │ asks ──▶ question spoken ──▶ answer heard ──▶ mind.resume

Thinking and speaking overlap: the first clause sounds while the rest is being written.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field

from nearfield.errors import NearfieldError
from nearfield.events import Asked, Called, Spoken, Stage, Timed, TurnRecord
from nearfield.ports import Answer, Ask, BrainEvent, Heard, Mind, Speaker, TextToSpeech
from nearfield.speakable import Clauses, speakable

SORRY = "Sorry, that went wrong."
AGAIN = "Please say yes or no."
TRIES = 2
"""Times a question is put; an answer that is neither yes nor no then counts as none."""


@dataclass
class Turn:
    """Everything one turn needs, and what it has come to so far. Its owner is the session."""

    mind: Mind
    voice: TextToSpeech | None
    speaker: Speaker | None
    ask: Ask
    clock: Callable[[], float]
    """Seconds on the clock that stages are measured with."""
    tell: Callable[[object], None]
    """Hears every event as it happens, for a screen."""
    thread: str
    language: str = "en"
    calls: list[Called] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    clauses: list[tuple[Spoken | Asked, int]] = field(default_factory=list)
    """What was given to the voice, and the index of its last sample at the speaker."""
    asked: str | None = None
    heard: str = ""
    failure: NearfieldError | None = None
    began: float = 0.0
    """When the turn began on `clock`: the end of the user's speech."""
    sounded: float = 0.0
    """Milliseconds from there to the first sound of the reply."""

    async def run(self, heard: Heard) -> TurnRecord:
        """The whole turn. On cancellation the speaker falls silent, history keeps what was heard, and the task ends."""
        self.heard = heard.text
        try:
            await self._converse(heard)
        except asyncio.CancelledError:
            await asyncio.shield(self._interrupted())
            raise
        return self.record()

    async def say(self, sentence: str) -> TurnRecord:
        """A turn in which there is nothing to think about: speak `sentence`."""
        await self._aloud(Spoken(sentence))
        return self.record()

    async def _aloud(self, clause: Spoken | Asked) -> None:
        queue: asyncio.Queue[Spoken | Asked | None] = asyncio.Queue()
        queue.put_nowait(clause)
        queue.put_nowait(None)
        await self._speak(queue)
        if self.speaker is not None:
            await self.speaker.drained()

    def note_stage(self, name: str, began: float) -> None:
        """Write down a step that ran from `began` until now."""
        self.stages.append(Stage(name, (began - self.began) * 1000, (self.clock() - self.began) * 1000))

    def record(self, *, interrupted: bool = False) -> TurnRecord:
        """What there is to tell of this turn."""
        said = self._heard_clauses() if interrupted else [c for c, _ in self.clauses]
        return TurnRecord(
            heard=self.heard,
            said=" ".join(c.text for c in said if isinstance(c, Spoken)),
            asked=self.asked,
            calls=tuple(self.calls),
            stages=tuple(self.stages),
            first_sound_ms=self.sounded,
            interrupted=interrupted,
            failed=self.failure is not None,
        )

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure a step."""
        start = self.clock()
        try:
            yield
        finally:
            self.note_stage(name, start)

    async def _converse(self, heard: Heard) -> None:
        events = self.mind.reply(heard, self.thread)
        while (question := await self._answer(events)) is not None:
            answer = await self._wait_for_answer(question)
            events = self.mind.resume(answer, self.thread)
        if self.speaker is not None:
            await self.speaker.drained()

    async def _wait_for_answer(self, question: str) -> Answer:
        self.asked = question if self.asked is None else f"{self.asked} {question}"
        if self.speaker is not None:
            await self.speaker.drained()
        for left in reversed(range(TRIES)):
            with self.stage("consent"):
                answer = await self.ask(question)
            if answer.word != "unsure":
                return answer
            if left:
                await self._aloud(Asked(AGAIN))
        return Answer("nothing")

    async def _answer(self, events: AsyncGenerator[BrainEvent, None]) -> str | None:
        """Speak what comes until it ends; returns the question when it ended in one."""
        queue: asyncio.Queue[Spoken | Asked | None] = asyncio.Queue()
        question = None
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._speak(queue))
                question = await self._listen_to_mind(events, queue)
                queue.put_nowait(None)
        except ExceptionGroup as several:
            first = several.exceptions[0]
            if not isinstance(first, NearfieldError):  # callers know it by its own type
                raise first from several
            self._fail(first)  # the voice failed: what it should have said can still be read
        return question

    async def _listen_to_mind(
        self, events: AsyncGenerator[BrainEvent, None], queue: asyncio.Queue[Spoken | Asked | None]
    ) -> str | None:
        cutter, question = Clauses(), None
        try:
            async with aclosing(events):
                async for event in events:
                    self._note(event)
                    if isinstance(event, Spoken):
                        _put(queue, cutter.feed(event.text))
                    elif isinstance(event, Asked):
                        question = event.question
                        _put(queue, cutter.flush())
                        queue.put_nowait(event)
        except NearfieldError as error:  # the session's guard: a failed turn must not end the talk
            self.failure = error
            queue.put_nowait(Spoken(f"{SORRY} {error}"))
        _put(queue, cutter.flush())
        return question

    def _note(self, event: BrainEvent) -> None:
        if isinstance(event, Timed):
            self.stages.append(Stage(event.name, (event.began - self.began) * 1000, (event.ended - self.began) * 1000))
        elif isinstance(event, Called):
            self.calls.append(event)
            self.tell(event)

    def _fail(self, error: NearfieldError) -> None:
        sorry = Spoken(f"{SORRY} {error}")
        self.failure = error
        self.clauses.append((sorry, 0))
        self.tell(sorry)

    async def _speak(self, queue: asyncio.Queue[Spoken | Asked | None]) -> None:
        while (clause := await queue.get()) is not None:
            self.tell(clause)
            if self.voice is None or self.speaker is None:
                self.clauses.append((clause, 0))
                continue
            with self.stage("voice"):
                await self._sound(self.voice, self.speaker, clause)

    async def _sound(self, voice: TextToSpeech, speaker: Speaker, clause: Spoken | Asked) -> None:
        words = speakable(clause.text, self.language)
        if not words:
            return
        self.clauses.append((clause, speaker.queued))
        async with aclosing(voice.speak(words)) as sounds:
            async for samples in sounds:
                if not self.sounded:
                    self.sounded = (self.clock() - self.began) * 1000
                speaker.play(samples)
                self.clauses[-1] = (clause, speaker.queued)

    async def _interrupted(self) -> None:
        heard = self._heard_clauses()
        if self.speaker is not None:
            self.speaker.flush()
        await self.mind.settle([c.text for c in heard], self.thread)

    def _heard_clauses(self) -> list[Spoken | Asked]:
        """The clauses whose sound has left the speaker, the one that was cut off included up to the word."""
        if self.speaker is None:
            return [c for c, _ in self.clauses]
        return list(_heard(self.clauses, self.speaker.played))


def _heard(clauses: Sequence[tuple[Spoken | Asked, int]], played: int) -> Iterator[Spoken | Asked]:
    start = 0
    for clause, end in clauses:
        if played >= end:
            yield clause
        elif played > start:
            words = clause.text.split()
            yield Spoken(" ".join(words[: int(len(words) * (played - start) / (end - start))]))
            return
        start = end


def _put(queue: asyncio.Queue[Spoken | Asked | None], clauses: Sequence[str]) -> None:
    for clause in clauses:
        queue.put_nowait(Spoken(clause.strip()))

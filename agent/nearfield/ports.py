"""What the turn needs from engines. Each is met by an adapter in `engines/`, chosen by a string in `registry.py`.

Ports that stream return `AsyncGenerator`, so that `contextlib.aclosing` can close them and cancellation is prompt.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from nearfield.events import Asked, Called, Samples, Spoken, Transcript, Utterance


class SpeechToText(Protocol):
    async def transcribe(self, utterance: Utterance) -> Transcript:
        """The words of one utterance; an empty text when there are none to be trusted."""

    async def aclose(self) -> None: ...


class TextToSpeech(Protocol):
    @property
    def rate(self) -> int:
        """Samples per second of what `speak` yields."""

    def speak(self, text: str) -> AsyncGenerator[Samples, None]:
        """The sound of a clause of speakable text, in pieces, as it is made."""

    async def aclose(self) -> None: ...


class VoiceActivity(Protocol):
    """Pure and synchronous: fed by `Ears` on the event loop, microseconds a frame."""

    @property
    def frame(self) -> int:
        """Samples a call of `__call__` takes, at 16 kHz."""

    def __call__(self, samples: Samples) -> float:
        """Probability of speech in this frame, 0..1."""

    def reset(self) -> None: ...


@dataclass(frozen=True)
class Generate:
    """One thing for a model to write.

    `prefix`: the fixed beginning of `prompt`, kept warm and on disk. `grammar`: GBNF that what is written must match, built
    from schemas only (an invalid one kills llama.cpp). `special`: text may hold the model's own control tokens.
    """

    prompt: str
    prefix: str = ""
    grammar: str | None = None
    stop: tuple[str, ...] = ()
    longest: int = 160
    special: bool = False
    purpose: Literal["choose", "answer"] = "answer"
    sampling: Sampling | None = None


@dataclass(frozen=True)
class Sampling:
    """How the model's makers recommend drawing tokens; None anywhere means greedy."""

    temperature: float
    top_p: float
    top_k: int
    seed: int = 0


class LanguageModel(Protocol):
    def generate(self, request: Generate) -> AsyncGenerator[str, None]:
        """Pieces of text as they are written, until a stop string, the grammar's end, the model's own end or `longest`.

        Closing the generator stops the engine within one token, prefill included.
        """

    async def warm(self, prefix: str) -> None:
        """Make `prefix` instant: from disk when it was computed before, else computed now and kept."""

    async def aclose(self) -> None: ...


@dataclass(frozen=True)
class Heard:
    """What the brain is told: the words, when they were said, and the picture at hand (a path, never pixels)."""

    text: str
    at: datetime
    picture: str | None = None


@dataclass(frozen=True)
class Answer:
    """What came back to a question: `word` decides; `text` is what was said."""

    word: Literal["yes", "no", "other", "nothing"]
    text: str = ""


BrainEvent = Spoken | Called | Asked


class Mind(Protocol):
    """The brain, seen from the turn."""

    def reply(self, heard: Heard, thread: str) -> AsyncGenerator[BrainEvent, None]:
        """The events of one turn. After `Asked` the generator ends and `resume` goes on."""

    def resume(self, answer: Answer, thread: str) -> AsyncGenerator[BrainEvent, None]:
        """Go on after a question."""

    async def settle(self, said: Sequence[str], thread: str) -> None:
        """Write down what was really heard of the reply after an interruption."""

    async def aclose(self) -> None: ...


class Ask(Protocol):
    async def __call__(self, question: str) -> Answer:
        """Wait for the user's answer to a question that has been spoken."""


@dataclass(frozen=True)
class Choice:
    """A row of a benchmark: what was said, and the call it should become."""

    said: str
    tool: str
    arguments: dict[str, object] = field(default_factory=dict)

"""What the turn needs from engines. Each is met by an adapter in `engines/`, chosen by a string in `registry.py`.

Ports that stream return `AsyncGenerator`, so that `contextlib.aclosing` can close them and cancellation is prompt.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from nearfield.events import Asked, Called, Samples, Spoken, Timed, Transcript, Utterance


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


class Speaker(Protocol):
    """Where the voice goes. Its count of samples played is what decides what was heard."""

    @property
    def rate(self) -> int:
        """Samples per second."""

    @property
    def played(self) -> int:
        """Samples that have left since the speaker was opened."""

    @property
    def queued(self) -> int:
        """Samples taken since the speaker was opened: `played` catches up with it."""

    def play(self, samples: Samples) -> None:
        """Queue samples. Never waits."""

    def flush(self) -> None:
        """Silence now: what is queued is dropped."""

    async def drained(self) -> None:
        """Return when all that was queued has been played."""


class VoiceActivity(Protocol):
    """Pure and synchronous: fed by `Ears`, about a millisecond a frame."""

    @property
    def frame(self) -> int:
        """Samples a call of `__call__` takes, at 16 kHz."""

    def __call__(self, samples: Samples) -> float:
        """Probability of speech in this frame, 0..1."""

    def reset(self) -> None: ...


@dataclass(frozen=True)
class Sampling:
    """How the model's makers recommend drawing tokens; None anywhere means greedy."""

    temperature: float
    top_p: float
    top_k: int
    seed: int = 0


@dataclass(frozen=True)
class Generate:
    """One thing for a model to write.

    `prefix`: the fixed beginning of `prompt`, kept warm and on disk. `options`: what is written must begin with one
    of these; the number is added to the model's own log-probability of it. `grammar`: GBNF that all of it must match, built from
    schemas only (an invalid one kills llama.cpp). `special`: text may hold the model's own control tokens.
    """

    prompt: str
    prefix: str = ""
    options: Mapping[str, float] = field(default_factory=dict)
    grammar: str | None = None
    stop: tuple[str, ...] = ()
    longest: int = 160
    special: bool = False
    purpose: Literal["choose", "answer"] = "answer"
    sampling: Sampling | None = None


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

    word: Literal["yes", "no", "other", "unsure", "nothing"]
    text: str = ""


BrainEvent = Spoken | Called | Asked | Timed


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

"""What happens, as small frozen values. Samples are the clock: a moment is a sample index at the stream's rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Mono sound, shape (n,), -1.0 … 1.0."""

Outcome = Literal["done", "refused", "unanswered", "failed", "interrupted"]
"""What became of a call: carried out; the user said no; nobody answered; it could not; cut off by the user."""


@dataclass(frozen=True)
class AudioFrame:
    """A piece of a stream: mono float32 `samples` and the index of the first one."""

    samples: Samples
    start: int


@dataclass(frozen=True)
class SpeechStarted:
    """Someone began to speak at sample `at` (16 kHz)."""

    at: int


@dataclass(frozen=True)
class Utterance:
    """One stretch of speech at 16 kHz, from sample `start` to `end`, padding included; `speech` = share voiced, 0..1."""

    samples: Samples
    start: int
    end: int
    speech: float


@dataclass(frozen=True)
class Transcript:
    """What was heard. Empty `text`: nothing that can be trusted as words (`doubt` says why)."""

    text: str
    doubt: str = ""
    no_speech: float = 0.0
    """Whisper's probability that there was no speech, 0..1."""
    confidence: float = 0.0
    """Mean log probability of the tokens, ≤ 0."""


@dataclass(frozen=True)
class Spoken:
    """A piece of text on its way to the voice."""

    text: str


@dataclass(frozen=True)
class Call:
    """The model wants tool `name` with `arguments`; `id` names this one call for ever."""

    id: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Called:
    """A call that has been settled. `result` is the tool's own plain sentence."""

    call: Call
    outcome: Outcome
    result: str


@dataclass(frozen=True)
class Asked:
    """The brain waits for a yes or no to `question`."""

    question: str

    @property
    def text(self) -> str:
        return self.question


@dataclass(frozen=True)
class Timed:
    """A step of thinking: `name` (choose, plan, tool, answer), and when it began and ended, seconds on the turn's clock."""

    name: str
    began: float
    ended: float


@dataclass(frozen=True)
class Stage:
    """A step of a turn: `name`, and when it began and ended, milliseconds since the turn began."""

    name: str
    began: float
    ended: float


@dataclass(frozen=True)
class TurnRecord:
    """One turn, as `--json` prints it and as a test reads it."""

    heard: str
    said: str
    asked: str | None
    calls: tuple[Called, ...]
    stages: tuple[Stage, ...]
    first_sound_ms: float = 0.0
    """From the end of the user's speech to the first sound of the reply; 0 when nothing sounded."""
    interrupted: bool = False
    failed: bool = False

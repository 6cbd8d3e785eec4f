"""The port between the brain and the way a model is spoken to. Dialects are pure: text in, text out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from nearfield.ports import Generate

Message = Mapping[str, Any]
"""A message of the conversation, as the graph keeps it: `role` is user, assistant or tool (see `brain/state.py`)."""


@dataclass(frozen=True)
class Prose:
    """Words for the user; `cannot` when they say that this cannot be done."""

    text: str
    cannot: bool = False


@dataclass(frozen=True)
class Wants:
    """The model asks for a tool. Not yet checked against the tool's signature."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class InWords:
    """The model chose to answer in words, which it has yet to write."""


Event = Prose | Wants | InWords


class Parser(Protocol):
    """Reads what one `Generate` wrote; any split of the stream gives the same events."""

    def feed(self, piece: str) -> list[Event]: ...

    def close(self) -> list[Event]: ...


class Dialect(Protocol):
    @property
    def prefixes(self) -> tuple[str, ...]:
        """The fixed beginnings of its prompts, worth keeping warm, the most used first."""

    def step(self, messages: Sequence[Message], so_far: Sequence[Event]) -> Generate | Prose | None:
        """What comes next in this thought: something to generate, a sentence that needs no model, or None when done.

        `messages` end with what the user said or with tool results; `so_far` holds this thought's events.
        """

    def parser(self, request: Generate) -> Parser: ...

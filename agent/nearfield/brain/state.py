"""What the graph remembers between steps: dicts and lists only, small, so that a checkpoint costs about a millisecond.

A message is one of
    {"id", "role": "user", "text", "at", "picture"}         `at` ISO 8601; `picture` a path or None, never pixels
    {"id", "role": "assistant", "text"}                     words that were spoken
    {"id", "role": "assistant", "calls": [{"id", "name", "arguments"}]}
    {"id", "role": "tool", "call", "name", "outcome", "say", "data", "untrusted"}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from typing_extensions import TypedDict

Message = dict[str, Any]


def merge(old: Sequence[Message], new: Sequence[Message]) -> list[Message]:
    """`old` with `new` appended; a message whose id is known takes the old one's place."""
    merged = {m["id"]: m for m in old}
    merged.update({m["id"]: m for m in new})
    return list(merged.values())


class Pending(TypedDict):
    """A call on its way: checked, perhaps planned, perhaps answered."""

    id: str
    name: str
    arguments: dict[str, Any]
    question: str | None
    """What to ask before it is carried out; None for tools that only read."""
    resolved: dict[str, Any]
    """The plan's arguments: everything relative made absolute."""
    left: str
    """What to say when it is not done."""
    answer: str | None
    """"yes", "no", "other" or "nothing", once asked."""


class State(TypedDict):
    messages: Annotated[list[Message], merge]
    pending: list[Pending]
    thoughts: int
    """Thoughts in this turn; a bound on them ends a model that goes round in circles."""


def this_turn(messages: Sequence[Message]) -> list[Message]:
    """The messages since the user last spoke, that one included."""
    last = max((i for i, m in enumerate(messages) if m["role"] == "user"), default=0)
    return list(messages[last:])

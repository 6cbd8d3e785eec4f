"""What a model writes for machines, kept from the voice: thoughts, tool calls, code blocks, control tokens.

`Veil` reads one character at a time and never looks back further than an opening tag is long, so it is linear, and a
stream gives the same result however it is cut. A span that is never closed stays hidden to the end: silence is the safe
mistake. Where a span opens, a line break is put, so that the sentence before it is complete at once.
"""

from __future__ import annotations

import re
from typing import Final

from nearfield.speakable.tables import names

JSON: Final = "{}"
"""The closer of a JSON object: brackets are counted instead of a tag being looked for."""

_ELEMENTS: Final = frozenset(
    names(
        """
        think thinking thought reasoning scratchpad function function_call function_calls function_response
        tools tool_call tool_calls tool_response tool_result tool_use invoke script style
        """
    )
)
_PIPED: Final = ("tool", "tool_call", "tool_response", "channel")
_STARTED: Final = ("function_call", "function_response", "function_declaration")
_HEADERS: Final = ("<|im_start|>", "<|turn>", "<start_of_turn>", "<|start_header_id|>", "<|python_tag|>")
_CLOSERS: Final = (
    {f"<{name}>": f"</{name}>" for name in _ELEMENTS}
    | {f"<|{name}>": f"<{name}|>" for name in _PIPED}
    | {f"<|{name}|>": f"<|/{name}|>" for name in _PIPED if name != "channel"}
    | {f"<start_{name}>": f"<end_{name}>" for name in _STARTED}
    # These stand before a role or a call, and that line is no speech either.
    | dict.fromkeys(_HEADERS, "\n")
)
_FENCES: Final = ("```", "~~~")
_MISTRAL: Final = "[tool_calls]"
_STARTERS: Final = "<`~{["

_LONGEST_TAG: Final = 300
_OPENING_NAME: Final = re.compile(r"<[|/\uff5c]?[A-Za-z_\"|\uff5c][\w.:=|\"\uff5c\u2581/-]{0,60}>?|<[|/\uff5c]?")
_ELEMENT_WITH_ATTRIBUTES: Final = re.compile(r"<(\w{1,20})[\s=]")
_CONTROL_TOKEN: Final = re.compile(
    r"<[|\uff5c].*>|<.*[|\uff5c]>|</?(?:s|eos|bos|pad|unk|mask|escape|unused\d+)>|</?(?:start|end)_of_\w+>|<end_function_\w+>"
)
# As much of the beginning of a JSON object as is there: {"key": decides.
_OPENING_JSON: Final = re.compile(r"\{\s{0,40}(?:[\"'](?:[\w .$-]{0,60}(?:[\"']\s{0,4}:?)?)?)?")


class Veil:
    """Lets through what may be spoken. After `flush` it is as new."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._maybe = ""  # what may become an opening tag
        self._closer = ""  # what ends the hidden span we are in
        self._recent = ""  # the last characters of that span, as long as the closer
        self._depth = 0  # of JSON brackets
        self._quote = ""  # the JSON string we are in

    def feed(self, text: str) -> str:
        """The part of what came so far that is certain to be for the ear."""
        return "".join(map(self._take, text))

    def flush(self) -> str:
        """The rest: what looked like a tag and was none."""
        left = "" if self._closer else self._maybe
        self._reset()
        return left

    def _take(self, char: str) -> str:
        if self._closer:
            self._skip(char)
            return ""
        if self._maybe:
            return self._consider(char)
        if char in _STARTERS:
            self._maybe = char
            return ""
        return char

    def _consider(self, char: str) -> str:
        seen = self._maybe + char
        closer = _closer_of(seen)
        if closer is None:
            released, self._maybe = self._maybe, ""
            return released + self._take(char)
        if closer == _UNDECIDED:
            self._maybe = seen
            return ""
        self._maybe, self._closer, self._recent, self._depth = "", closer, "", 1
        return "\n" if closer else ""

    def _skip(self, char: str) -> None:
        if self._closer == JSON:
            self._skip_json(char)
            return
        self._recent = (self._recent + char.lower())[-len(self._closer) :]
        if self._recent == self._closer:
            self._closer = ""

    def _skip_json(self, char: str) -> None:
        if self._quote:
            # No JSON string goes over a line break: one that does is a stray quote.
            if char == "\n" or (char == self._quote and self._recent != "\\"):
                self._quote = ""
            self._recent = "" if self._recent == "\\" else char
            return
        if char == '"':
            self._quote = char
        elif char in "{[":
            self._depth += 1
        elif char in "}]":
            self._depth -= 1
            if not self._depth:
                self._closer = ""


_UNDECIDED: Final = "?"


def _closer_of(seen: str) -> str | None:
    """What ends the span that `seen` opens; "" for a lone control token, None when it opens nothing."""
    if seen[0] in "`~":
        return seen if seen in _FENCES else _UNDECIDED if seen == seen[0] * 2 else None
    if seen[0] == "[":
        return "\n" if seen.lower() == _MISTRAL else _UNDECIDED if _MISTRAL.startswith(seen.lower()) else None
    if seen[0] == "{":
        if not _OPENING_JSON.fullmatch(seen):
            return None
        return JSON if seen[-1] == ":" else _UNDECIDED
    return _tag_closer(seen)


def _tag_closer(seen: str) -> str | None:
    attributed = _ELEMENT_WITH_ATTRIBUTES.match(seen)
    if attributed and attributed[1].lower() in _ELEMENTS:
        if seen[-1] == ">":
            return f"</{attributed[1].lower()}>"
        return None if seen[-1] in _STARTERS or len(seen) > _LONGEST_TAG else _UNDECIDED
    if not _OPENING_NAME.fullmatch(seen):
        return None
    if seen[-1] != ">":
        return _UNDECIDED
    if seen.lower() in _CLOSERS:
        return _CLOSERS[seen.lower()]
    stray = seen[:2] == "</" and seen[2:-1].lower() in _ELEMENTS
    return "" if stray or _CONTROL_TOKEN.fullmatch(seen) else None


def hide(text: str) -> str:
    """A whole text without what is not for the ear."""
    veil = Veil()
    return veil.feed(text) + veil.flush()

"""How a model too small for tool declarations is spoken to: every tool's spoken examples stand in a fixed prefix.

    Choose the one tool that serves …
    get_time(about): Tell the time or the date.
    …
    User: What time is it?
    Tool: get_time {}

The prefix never changes, so its KV state is computed once and kept. What the user said goes after it, a grammar lets
only real tools and well-formed arguments through. Which tool it is, the model and the wording decide together
(`evidence.py`). Three more choices need no tool: `answer` (the model then writes words, in its own chat template), `about`
(a fixed sentence: what Nearfield is) and `decline` (another: nothing here can do that). After a tool's result the tool's
own sentence is spoken: half a billion parameters are not to be trusted with facts.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nearfield.dialects.base import Event, InWords, Message, Parser, Prose, Wants
from nearfield.dialects.evidence import Evidence
from nearfield.dialects.grammar import call_rules, rule_name
from nearfield.ports import Generate, Sampling
from nearfield_tools.api import Tool, ToolError

ANSWER, ABOUT, DECLINE = "answer", "about", "decline"
SHOWN = 1.5
"""What it is worth to the tools that look at pictures that a picture lies there: the natural log of about four to one."""
REMEMBERED = 2
"""Exchanges that an answer in words can look back on."""
REFERS = re.compile(
    r"\b(?:it|its|that|them|those|there|ones?|same|again|also|too|instead|else|another|other)\b"
    r"|^(?:and|or|what about|how about)\b",
    re.IGNORECASE,
)
"""Words that look back. Only such a request is shown with the turn before it: every token to be read costs silence."""


@dataclass(frozen=True)
class NoTool:
    """Examples of requests that no tool serves: to be answered in words, or to be declined."""

    answer: tuple[str, ...]
    about: tuple[str, ...]
    decline: tuple[str, ...]

    def rows(self) -> list[tuple[str, str]]:
        """(request, label) of every example."""
        kinds = ((ANSWER, self.answer), (ABOUT, self.about), (DECLINE, self.decline))
        return [(said, label) for label, phrases in kinds for said in phrases]


@dataclass(frozen=True)
class Prompts:
    """The texts of `prompts/`: `choose` heads the examples, `answer` is the chat's system text, the others are spoken."""

    choose: str
    answer: str
    about: str
    decline: str


class Starter:
    """The dialect of the small starter models (ChatML for words, examples for tools)."""

    def __init__(
        self,
        tools: Sequence[Tool],
        no_tool: NoTool,
        prompts: Prompts,
        longest: int,
        sampling: Sampling | None = None,
        wording: float = 2.0,
    ) -> None:
        self._prompts, self._longest, self._sampling, self._wording = prompts, longest, sampling, wording
        self._tools = {t.name: t for t in tools}
        self._choosing = _examples(tools, no_tool, prompts.choose)
        self._grammar = _grammar(tools)
        self._starts = {label: _start(tools, label) for label in _labels(tools)}
        self._evidence = Evidence(_rows(tools, no_tool))
        self._chat = f"<|im_start|>system\n{prompts.answer.strip()}<|im_end|>\n"

    @property
    def prefixes(self) -> tuple[str, ...]:
        return (self._choosing, self._chat)

    @property
    def grammar(self) -> str:
        return self._grammar

    def step(self, messages: Sequence[Message], so_far: Sequence[Event]) -> Generate | Prose | None:
        if not so_far:
            if messages[-1]["role"] == "tool":
                return Prose(" ".join(str(m["say"]) for m in _results(messages)))
            return self._choose(messages)
        return self._answer(messages) if so_far[-1] == InWords() else None

    def parser(self, request: Generate) -> Parser:
        if request.purpose != "choose":
            return _Words()
        pairs = re.findall(r"User: (.*)\nTool:(?: \w+ (.*))?", request.prompt[len(self._choosing) :])
        before = json.loads(pairs[-2][1]) if len(pairs) > 1 else {}
        return _Choice(self._tools, self._prompts, pairs[-1][0], before)

    def _choose(self, messages: Sequence[Message]) -> Generate:
        said = _line(messages[-1]["text"])
        prompt = self._choosing + _before(messages) + f"User: {said}\nTool:"
        evidence = self._evidence(said)
        if messages[-1].get("picture"):
            evidence = {k: v + SHOWN * self._looks(k) for k, v in evidence.items()}
        return Generate(
            prompt, self._choosing, {self._starts[label]: self._wording * log for label, log in evidence.items()},
            self._grammar, stop=("\n",), longest=200, purpose="choose",
        )  # fmt: skip

    def _looks(self, label: str) -> bool:
        tool = self._tools.get(label.split(" ", maxsplit=1)[0])
        return tool is not None and tool.picture

    def _answer(self, messages: Sequence[Message]) -> Generate:
        spoken = [*_chatted(messages)[-2 * REMEMBERED :], messages[-1]]
        turns = "".join(f"<|im_start|>{m['role']}\n{_harmless(m['text'])}<|im_end|>\n" for m in spoken)
        prompt = f"{self._chat}{turns}<|im_start|>assistant\n"
        return Generate(
            prompt, self._chat, longest=self._longest, stop=("<|im_end|>",), special=True, sampling=self._sampling
        )


def _finite(tool: Tool) -> bool:
    """A tool whose arguments are all choices comes to a handful of finished calls, each a label of its own."""
    return all(a.choices for a in tool.arguments)


def _label(tool: Tool, arguments: Mapping[str, object]) -> str:
    return f"{tool.name} {_json(arguments)}" if _finite(tool) else tool.name


def _labels(tools: Sequence[Tool]) -> list[str]:
    return sorted({_label(t, e.arguments) for t in tools for e in t.examples} | {ANSWER, ABOUT, DECLINE})


def _rows(tools: Sequence[Tool], no_tool: NoTool) -> list[tuple[str, str]]:
    rows = [(e.said, _label(t, e.arguments)) for t in tools for e in t.examples]
    return rows + no_tool.rows()


def _start(tools: Sequence[Tool], label: str) -> str:
    """What a call of this label always begins with: nothing the model would have to write by itself.

    Closing braces come with the blank line that follows them in the examples, for the two are one token.
    """
    tool = next((t for t in tools if t.name == label), None)
    if tool is None:  # answer, decline, or a finished call
        return f" {label}\n\n" if "{" in label else f" {label} {{}}\n\n"
    required = next((a for a in tool.arguments if a.required), None)
    if required is None:  # not even the brace: models know "{}" and "{\"" as one token each
        return f" {label}"
    return f' {label} {{"{required.name}":' + ('"' if required.kind is str else "")


def _json(arguments: Mapping[str, object]) -> str:
    return json.dumps(arguments, separators=(",", ":"), ensure_ascii=False)


def _examples(tools: Sequence[Tool], no_tool: NoTool, head: str) -> str:
    about = [f"{t.name}({', '.join(a.name for a in t.arguments)}): {t.summary}" for t in tools]
    rows = [_pair(e.said, t.name, e.arguments) for t in tools for e in t.examples]
    rows += [_pair(said, label, {}) for said, label in no_tool.rows()]
    random.Random(7).shuffle(rows)  # in order, the last tool's examples would weigh most
    return head.strip() + "\n" + "\n".join(about) + "\n\n" + "".join(rows)


def _pair(said: str, tool: str, arguments: Mapping[str, object]) -> str:
    return f"User: {_line(said)}\nTool: {tool} {_json(arguments)}\n\n"


def _grammar(tools: Sequence[Tool]) -> str:
    ways = [f'"{t.name} " {rule_name(t.name)}' for t in tools] + [
        f'"{label} {{}}"' for label in (ANSWER, ABOUT, DECLINE)
    ]
    return f'root ::= " " ({" | ".join(ways)}) "\\n"+\n' + call_rules(tools)


def _before(messages: Sequence[Message]) -> str:
    """The turn before as one more pair, what was said and the call it became, when the request looks back at it."""
    if not REFERS.search(messages[-1]["text"]):
        return ""
    users = [i for i, m in enumerate(messages[:-1]) if m["role"] == "user"]
    turn = messages[users[-1] : -1] if users else []
    calls = [c for m in turn for c in m.get("calls") or ()]
    return _pair(turn[0]["text"], calls[0]["name"], calls[0]["arguments"]) if calls else ""


def _chatted(messages: Sequence[Message]) -> list[Message]:
    """Earlier turns that were answered in words alone: a small model imitates what tools said, and makes things up."""
    starts = [i for i, m in enumerate(messages) if m["role"] == "user"]
    turns = [messages[a:b] for a, b in pairwise(starts)]
    return [m for turn in turns if all(m["role"] != "tool" for m in turn) for m in turn if m.get("text")]


def _results(messages: Sequence[Message]) -> list[Message]:
    last = max(i for i, m in enumerate(messages) if m["role"] == "user")
    return [m for m in messages[last:] if m["role"] == "tool"]


def _line(text: str) -> str:
    """One line: a newline would end the request and begin a forged one."""
    return " ".join(text.split())


def _harmless(text: str) -> str:
    """Control tokens written out by someone lose their meaning; a reader sees the same."""
    return text.replace("<|", "< |")


class _Choice:
    """Reads ` name {json}`, and lets the tool hold the arguments against the words that were said."""

    def __init__(self, tools: Mapping[str, Tool], prompts: Prompts, said: str, before: Mapping[str, object]) -> None:
        self._tools, self._prompts, self._said, self._before = tools, prompts, said, before
        self._text = ""

    def feed(self, piece: str) -> list[Event]:
        self._text += piece
        return []

    def close(self) -> list[Event]:
        name, _, rest = self._text.strip().partition(" ")
        if name == DECLINE:
            return [Prose(self._prompts.decline.strip(), cannot=True)]
        if name == ABOUT:
            return [Prose(self._prompts.about.strip())]
        if name not in self._tools:
            return [InWords()]
        try:
            wrote = json.loads(rest)
        except ValueError:  # cut off before its end
            return [InWords()]
        try:
            return [Wants(name, self._tools[name].heard(self._said, wrote, self._before))]
        except ToolError as error:  # the words ask for something this tool knows it cannot do
            return [Prose(str(error), cannot=True)]


class _Words:
    def feed(self, piece: str) -> list[Event]:
        return [Prose(piece)] if piece else []

    def close(self) -> list[Event]:
        return []

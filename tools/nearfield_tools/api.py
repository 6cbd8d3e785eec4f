"""What a tool is: a typed function with a docstring, spoken examples and a declared effect.

A tool never imports the agent. All it may touch comes in through its first argument, a `ToolContext`.

    @tool(effect=Effect.READ, examples=[say("what time is it"), say("what's the date today", about="date")])
    def get_time(ctx: ToolContext, about: Literal["time", "date"] = "time") -> Result:
        \"\"\"Tell the time or the date.\"\"\"
        return Result(f"It is {ctx.now:%H:%M}.")

A tool that changes something returns a `Plan` (the question to ask, and the resolved arguments to carry out) and
has a second function that does it once the user agreed; the agent asks in between:

    @add_event.carry_out
    def put_event(ctx: ToolContext, title: str, start: str) -> Result: ...

Arguments are `str`, `int`, `float`, `bool` or `Literal[...]`, optionally `Annotated[str, Shape(...)]` or
`Annotated[str, Text(...)]`; those with a default may be left out of a call. Calls are data: `Tool.check` validates
them whoever made them.
"""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, get_args, get_origin, get_type_hints

from nearfield_tools.eyes import Eyes

Json = str | int | float | bool | None


class Effect(StrEnum):
    """What a tool does to the world. Everything but `READ` is asked about aloud before it happens."""

    READ = "read"
    WRITE = "write"


class ToolError(Exception):
    """A tool cannot do what was asked; the message is one sentence to be spoken, saying what would work."""


@dataclass(frozen=True)
class Shape:
    """A string argument with a fixed form.

    `gbnf` is the body of a llama.cpp grammar rule for it (no quotes around the value, no other rules), `pattern` the
    same as a Python regular expression; `hint` says it in words.
    """

    gbnf: str
    pattern: str
    hint: str


@dataclass(frozen=True)
class Text:
    """Free text of at most `longest` characters; `hint` says what belongs there."""

    hint: str = ""
    longest: int = 120


@dataclass(frozen=True)
class Example:
    """A request as someone would say it, and the arguments it should lead to."""

    said: str
    arguments: Mapping[str, Json]


def say(said: str, **arguments: Json) -> Example:
    """An `Example` in one line: `say("wake me in ten minutes", minutes=10)`."""
    return Example(said, arguments)


@dataclass(frozen=True)
class Result:
    """What a tool found or did.

    `say`: one or two plain sentences that answer the user truthfully without any model; may hold numbers, dates and
    file names as written, the voice makes them speakable. `data`: the same as JSON-able values, for a larger model and for
    `--json`. `untrusted`: True when `say` or `data` quote text that other people or programs wrote.
    """

    say: str
    data: Mapping[str, Any] = field(default_factory=dict)
    untrusted: bool = False


@dataclass(frozen=True)
class Plan:
    """What a writing tool would do: the question to ask, and the JSON-able arguments for its `carry_out`.

    Everything relative ("tomorrow", "the first one") is resolved in `arguments`, so that what was asked about is
    exactly what is done, whenever the answer comes. `left`: what to say when it is not done.
    """

    question: str
    arguments: Mapping[str, Json]
    left: str = "All right, I left it."


class ToolContext(Protocol):
    """All that a tool may touch."""

    @property
    def now(self) -> datetime:
        """The current moment, timezone-aware, in the user's own zone."""

    @property
    def call_id(self) -> str:
        """Names this call; the same call carried out twice has the same id."""

    @property
    def workspace(self) -> Path:
        """The one folder whose files tools may list, read and write."""

    @property
    def calendar(self) -> Path:
        """The vdir (one .ics file an event) that is the user's calendar."""

    @property
    def store(self) -> Path:
        """A private folder for what tools must remember (timers)."""

    @property
    def eyes(self) -> Eyes | None:
        """The picture at hand, or None when there is none."""


@dataclass(frozen=True)
class Argument:
    """One argument of a tool, read off its signature."""

    name: str
    kind: type[str | int | float | bool]
    required: bool
    default: Json
    choices: tuple[str, ...] = ()
    shape: Shape | None = None
    text: Text = field(default_factory=Text)


FILLER = re.compile(r"\b(?:u+h+|u+m+|e+r+m?)\b[, ]*", re.IGNORECASE)
"""Sounds people make while they think; no part of a name or a note."""

Act = Callable[..., Result | Plan]
Listen = Callable[[str, Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]


@dataclass
class Tool:
    """A tool as the agent sees it; made by `@tool`."""

    name: str
    summary: str
    effect: Effect
    arguments: tuple[Argument, ...]
    examples: tuple[Example, ...]
    act: Act
    picture: bool = False
    """It needs the picture at hand; a picture being there speaks for it."""
    finish: Callable[..., Result] | None = None
    hear: Listen | None = None

    def carry_out(self, function: Callable[..., Result]) -> Callable[..., Result]:
        """Decorator: `function(ctx, **plan.arguments)` does what the plan described, after the user agreed."""
        self.finish = function
        return function

    def listen(self, function: Listen) -> Listen:
        """Decorator: `function(said, wrote, before)` checks what a small model wrote against the very words.

        `said` is the request, `wrote` the model's arguments, `before` those of the previous call of this conversation. It
        returns the arguments to go by: where the words leave no doubt they stand, else what was written does. It may raise
        ToolError when the words ask for something the tool cannot do.
        """
        self.hear = function
        return function

    def heard(self, said: str, wrote: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """`wrote` as corrected by the words that were said; unchanged when the correction would not be a valid call."""
        clean = {k: FILLER.sub("", v).strip() if isinstance(v, str) else v for k, v in wrote.items()}
        if self.hear is None:
            return clean
        better = {k: v for k, v in self.hear(said, clean, before).items() if v not in (None, "", 0)}
        try:
            self.check(better)
        except ToolError:
            return clean
        return better

    def check(self, arguments: Mapping[str, Any]) -> dict[str, Json]:
        """The arguments, validated and with defaults filled in.

        Raises ToolError naming the argument when one is missing, unknown, or of the wrong form.
        """
        known = {a.name: a for a in self.arguments}
        for name in arguments:
            if name not in known:
                raise ToolError(f"{self.name} has no argument {name!r}.")
        return {a.name: _checked(self.name, a, arguments) for a in self.arguments}


def _checked(tool: str, argument: Argument, given: Mapping[str, Any]) -> Json:
    value = given.get(argument.name)
    if value is None:
        if argument.required:
            raise ToolError(f"I need to know the {argument.name.replace('_', ' ')} for that.")
        return argument.default
    if argument.kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not argument.kind:
        raise ToolError(f"{tool}: {argument.name} must be {argument.kind.__name__}, not {value!r}.")
    if not argument.required and value == argument.default:
        return argument.default
    if argument.choices and value not in argument.choices:
        raise ToolError(f"{tool}: {argument.name} must be one of {', '.join(argument.choices)}.")
    if argument.shape and not re.fullmatch(argument.shape.pattern, str(value)):
        raise ToolError(f"{tool}: {argument.name} must be {argument.shape.hint}, not {value!r}.")
    if argument.kind is str and len(str(value)) > argument.text.longest and not argument.shape:
        raise ToolError(f"The {argument.name.replace('_', ' ')} is too long.")
    return value


def tool(*, effect: Effect, examples: Sequence[Example], picture: bool = False) -> Callable[[Act], Tool]:
    """Make a `Tool` of a function: name, docstring and signature are read off it.

    Raises TypeError at import when the signature or an example does not fit, so a wrong tool never starts.
    """

    def make(function: Act) -> Tool:
        if not function.__doc__:
            raise TypeError(f"tool {function.__name__} needs a docstring saying what it does")
        made = Tool(
            name=function.__name__,
            summary=function.__doc__.strip().splitlines()[0],
            effect=effect,
            arguments=tuple(_arguments(function)),
            examples=tuple(examples),
            act=function,
            picture=picture,
        )
        for example in examples:
            try:
                made.check(example.arguments)
            except ToolError as error:
                raise TypeError(f"example {example.said!r} of {made.name}: {error}") from error
        return made

    return make


def _arguments(function: Act) -> list[Argument]:
    hints = get_type_hints(function, include_extras=True)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return [_argument(p, hints[p.name]) for p in parameters]


def _argument(parameter: inspect.Parameter, hint: Any) -> Argument:
    required = parameter.default is inspect.Parameter.empty
    default = None if required else parameter.default
    shape, text, choices = None, Text(), ()
    if get_origin(hint) is Annotated:
        hint, *notes = get_args(hint)
        shape = next((n for n in notes if isinstance(n, Shape)), None)
        text = next((n for n in notes if isinstance(n, Text)), text)
    if get_origin(hint) is types.UnionType:
        hint = next(a for a in get_args(hint) if a is not type(None))
    if get_origin(hint) is Literal:
        choices, hint = get_args(hint), str
    if hint not in (str, int, float, bool):
        raise TypeError(f"argument {parameter.name}: {hint!r} is not a type a tool can take")
    return Argument(parameter.name, hint, required, default, choices, shape, text)

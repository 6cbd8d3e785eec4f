"""`nearfield bench choosing`: how often the brain picks the right tool with the right arguments, and how long it takes.

The rows of `heldout.yaml` were written without sight of the tools' own examples, and are used for nothing but measuring; those
of `developing.yaml` were looked at while the examples were written, so they flatter. A row counts as right when the tool is
the expected one; its arguments when they equal the expected ones after defaults are filled in and case, punctuation
and articles of free text are set aside. Tools whose argument is a free question (look) are scored on the tool alone.
"""

from __future__ import annotations

import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nearfield.dialects.base import Dialect, InWords, Prose, Wants
from nearfield.machine import describe
from nearfield.ports import LanguageModel
from nearfield_tools.api import Tool, ToolError

FREE = frozenset({"look"})
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """What was said, and the calls that would be right."""

    said: str
    accept: tuple[tuple[str, Mapping[str, Any]], ...]

    @property
    def tool(self) -> str:
        return self.accept[0][0]


@dataclass(frozen=True)
class Scored:
    """A row and what became of it; `ms` from the request to the finished call."""

    row: Row
    tool: str
    arguments: Mapping[str, Any]
    tool_right: bool
    arguments_right: bool
    ms: float


def load_rows(name: str) -> list[Row]:
    """The rows of `heldout` or `developing`."""
    return [
        Row(r["said"], tuple((a["tool"], a.get("arguments") or {}) for a in (r, *r.get("accept", ()))))
        for r in yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    ]


async def measure(
    rows: Sequence[Row],
    dialect: Dialect,
    model: LanguageModel,
    tools: Mapping[str, Tool],
    progress: Callable[[int, int], None],
) -> list[Scored]:
    """Every row put to the model, one by one, each as the first request of a conversation."""
    await model.warm(dialect.prefixes[0])
    await _choose(rows[0].said, dialect, model)  # the first choice pays for page faults
    scored = []
    for i, row in enumerate(rows):
        began = time.perf_counter()
        tool, arguments = await _choose(row.said, dialect, model)
        scored.append(_score(row, tool, arguments, tools, (time.perf_counter() - began) * 1000))
        progress(i + 1, len(rows))
    return scored


async def _choose(said: str, dialect: Dialect, model: LanguageModel) -> tuple[str, Mapping[str, Any]]:
    request = dialect.step([{"role": "user", "text": said}], [])
    assert request is not None
    if isinstance(request, Prose):
        return "decline", {}
    parser = dialect.parser(request)
    events = []
    async with aclosing(model.generate(request)) as pieces:
        async for piece in pieces:
            events += parser.feed(piece)
    events += parser.close()
    match events[0]:
        case Wants(name, arguments):
            return name, arguments
        case InWords():
            return "answer", {}
        case Prose(_, cannot):
            return "decline" if cannot else "answer", {}


def _score(row: Row, tool: str, arguments: Mapping[str, Any], tools: Mapping[str, Tool], ms: float) -> Scored:
    tool_right = any(tool == name for name, _ in row.accept)
    wanted = [_same(tool, a, tools) for name, a in row.accept if name == tool]
    right = tool_right and (tool in FREE or _same(tool, arguments, tools) in wanted)
    return Scored(row, tool, arguments, tool_right, right, ms)


def _same(tool: str, arguments: Mapping[str, Any], tools: Mapping[str, Tool]) -> dict[str, Any] | str:
    if tool not in tools:
        return {}
    try:
        checked = tools[tool].check(arguments)
    except ToolError as error:
        return str(error)
    kinds = {a.name: a for a in tools[tool].arguments}
    return {k: _plain(str(v)) if kinds[k].kind is str else v for k, v in checked.items()}


def _plain(text: str) -> str:
    """Case, punctuation, articles and the "this" of "this friday" set aside."""
    return " ".join(re.sub(r"\b(the|a|an|my|this(?= \w+day\b))\b|[^\w ]", " ", text.lower().replace("-", " ")).split())


def report(scored: Sequence[Scored]) -> dict[str, Any]:
    """Shares and milliseconds, overall and for each tool, ready for JSON."""
    by_tool: dict[str, list[Scored]] = defaultdict(list)
    for s in scored:
        by_tool[s.row.tool].append(s)
    ms = sorted(s.ms for s in scored)
    with_arguments = [s for s in scored if s.row.tool in {"answer", "decline"} or s.row.tool not in FREE]
    return {
        "machine": describe(),
        "rows": len(scored),
        "tool_right": _share(s.tool_right for s in scored),
        "arguments_right": _share(s.arguments_right for s in with_arguments),
        "calls_arguments_right": _share(
            s.arguments_right for s in with_arguments if s.row.tool not in {"answer", "decline"}
        ),
        "ms": {"p50": round(statistics.median(ms)), "p90": round(ms[int(len(ms) * 0.9)])},
        "tools": {
            name: {
                "rows": len(of),
                "tool_right": _share(s.tool_right for s in of),
                "arguments_right": _share(s.arguments_right for s in of),
                "ms_p50": round(statistics.median(s.ms for s in of)),
            }
            for name, of in by_tool.items()
        },
        "wrong": [
            {"said": s.row.said, "expected": list(s.row.accept[0]), "chosen": [s.tool, dict(s.arguments)]}
            for s in scored
            if not s.arguments_right
        ],
    }


def _share(flags: Any) -> float:
    values = list(flags)
    return round(sum(values) / len(values), 4) if values else 0.0

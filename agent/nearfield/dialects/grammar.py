"""From a tool's signature to a llama.cpp grammar (GBNF) that only well-formed calls match.

An invalid grammar ends the process, so grammars are built from `Tool`s alone and a test puts every one through llama.cpp.
Source of the notation: llama.cpp, grammars/README.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from nearfield_tools.api import Argument, Tool

NUMBER = '"-"? ("0" | [1-9] [0-9]{0,5})'
DECIMAL = NUMBER + ' ("." [0-9]{1,4})?'


def rule_name(name: str) -> str:
    """GBNF names have no underscore."""
    return name.replace("_", "-")


def literal(text: str) -> str:
    """`text` as a GBNF string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def call_rules(tools: Sequence[Tool]) -> str:
    """A rule a tool, named after it, matching the JSON object of its arguments in the order of its signature."""
    return "".join(f"{rule_name(t.name)} ::= {_body(t.arguments)}\n" for t in tools)


def _body(arguments: Sequence[Argument]) -> str:
    if not arguments:
        return '"{}"'
    if any(a.required for a in arguments):
        first, *rest = sorted(arguments, key=lambda a: not a.required)
        return f'"{{" {_pair(first)} {_tail(rest)} "}}"'
    starts = " | ".join(f"{_pair(a)} {_tail(arguments[i + 1 :])}" for i, a in enumerate(arguments))
    return f'"{{" ({starts})? "}}"'


def _tail(arguments: Sequence[Argument]) -> str:
    return " ".join(f'("," {_pair(a)})' + ("" if a.required else "?") for a in arguments)


def _pair(argument: Argument) -> str:
    return f"{literal(json.dumps(argument.name) + ':')} {_value(argument)}"


def _value(argument: Argument) -> str:
    if argument.choices:
        return "(" + " | ".join(literal(json.dumps(c)) for c in argument.choices) + ")"
    if argument.shape:
        return f'"\\"" ({argument.shape.gbnf}) "\\""'
    if argument.kind is bool:
        return '("true" | "false")'
    if argument.kind is int:
        return f"({NUMBER})"
    if argument.kind is float:
        return f"({DECIMAL})"
    return f'"\\"" [^"\\\\\\x00-\\x1F]{{1,{argument.text.longest}}} "\\""'

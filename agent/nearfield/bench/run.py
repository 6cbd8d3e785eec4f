"""Runs the benchmarks and prints them."""

from __future__ import annotations

import json
import sys
from typing import Any, TextIO

from nearfield.bench.choosing import load_rows, measure, report
from nearfield.config import Config
from nearfield.home import Home
from nearfield.registry import DIALECTS, LLM
from nearfield_tools.catalogue import TOOLS


async def bench_choosing(config: Config, home: Home, out: TextIO, *, rows: str, as_json: bool, wrong: bool) -> int:
    """Measure choosing with the configured brain; progress goes to stderr."""
    model = LLM[config.brain.engine](config, home, _progress("learning the tools (only once)"))
    dialect = DIALECTS["starter"](TOOLS, config, home)
    scored = await measure(load_rows(rows), dialect, model, {t.name: t for t in TOOLS}, _progress("requests"))
    await model.aclose()
    found = {"model": config.brain.model, "set": rows, **report(scored)}
    print(json.dumps(found, indent=2, ensure_ascii=False) if as_json else _table(found, wrong=wrong), file=out)
    return 0


def _progress(what: str) -> Any:
    def show(done: int, total: int) -> None:
        if sys.stderr.isatty() or done % 50 == 0 or done == total:
            print(f"  {what}: {done} of {total}", end="\r" if done < total else "\n", file=sys.stderr, flush=True)

    return show


def _table(found: dict[str, Any], *, wrong: bool) -> str:
    lines = [f"{found['model']} on {found['machine']}, {found['rows']} {found['set']} requests", ""]
    lines += [f"{'':14}{'rows':>6}{'right tool':>12}{'right arguments':>17}{'ms (median)':>13}"]
    for name, of in found["tools"].items():
        lines.append(
            f"{name:14}{of['rows']:>6}{of['tool_right']:>12.1%}{of['arguments_right']:>17.1%}{of['ms_p50']:>13}"
        )
    lines += [
        "",
        f"right tool            {found['tool_right']:.1%}",
        f"right arguments       {found['arguments_right']:.1%}  ({found['calls_arguments_right']:.1%} of calls to tools)",
        f"milliseconds a choice {found['ms']['p50']} median, {found['ms']['p90']} p90",
    ]
    if wrong:
        lines += [
            "",
            *(f"{w['said']}\n    expected {w['expected']}\n    chosen   {w['chosen']}" for w in found["wrong"]),
        ]
    return "\n".join(lines)

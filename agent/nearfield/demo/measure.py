"""`nearfield bench turns`: the demo's conversation several times over, and how long each step of its turns takes."""

from __future__ import annotations

import io
import json
import statistics
from collections import defaultdict
from typing import Any, TextIO

from nearfield.config import Config
from nearfield.demo.run import run_demo
from nearfield.home import Home
from nearfield.machine import describe
from nearfield.registry import Progress

RUNS = 5


async def bench_turns(
    config: Config, home: Home, out: TextIO, *, as_json: bool = False, progress: Progress | None = None
) -> int:
    """Milliseconds of each stage over `RUNS` runs, median and p90. Returns 0 when every turn went well, else 1."""
    spent: dict[str, list[float]] = defaultdict(list)
    turns = worst = 0
    for _ in range(RUNS):
        printed = io.StringIO()
        worst = max(worst, await run_demo(config, home, printed, as_json=True, progress=progress))
        for line in printed.getvalue().splitlines():
            turns += 1
            for stage, ms in json.loads(line)["stages_ms"].items():
                spent[stage].append(ms)
    found = {
        "machine": describe(),
        "runs": RUNS,
        "turns": turns,
        "stages_ms": {stage: _summary(values) for stage, values in spent.items()},
    }
    print(json.dumps(found, indent=2) if as_json else _table(found), file=out)
    return worst


def _summary(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {"p50": round(statistics.median(ordered), 1), "p90": ordered[int(len(ordered) * 0.9)], "n": len(ordered)}


def _table(found: dict[str, Any]) -> str:
    rows = [f"{name:14}{of['p50']:>10.0f}{of['p90']:>10.0f}{of['n']:>8}" for name, of in found["stages_ms"].items()]
    head = f"{found['turns']} turns in {found['runs']} runs of the demo on {found['machine']}, milliseconds"
    return "\n".join([head, "", f"{'':14}{'median':>10}{'p90':>10}{'turns':>8}", *rows])

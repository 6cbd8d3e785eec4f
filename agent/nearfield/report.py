"""What a person sees of a conversation, and what `--json` prints."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from nearfield.events import Asked, Called, Spoken, Stage, TurnRecord
from nearfield.ports import Heard
from nearfield.recordings import Played
from nearfield.session import HeardAnswer

WIDTH = 40
"""Columns of the waterfall."""


def turn_json(record: TurnRecord) -> dict[str, Any]:
    """One turn as `--json` prints it."""
    return {
        "heard": record.heard,
        "said": record.said,
        "asked": record.asked,
        "calls": [
            {
                "tool": c.call.name,
                "arguments": dict(c.call.arguments),
                "outcome": c.outcome,
                "result": c.result,
            }
            for c in record.calls
        ],
        "stages_ms": stages_ms(record),
        "interrupted": record.interrupted,
    }


def stages_ms(record: TurnRecord) -> dict[str, float]:
    """Milliseconds spent in each stage, and until the first sound of the reply."""
    spent: dict[str, float] = defaultdict(float)
    for stage in record.stages:
        spent[stage.name] += stage.ended - stage.began
    if record.first_sound_ms:
        spent["first_sound"] = record.first_sound_ms
    return {name: round(ms, 1) for name, ms in spent.items()}


class JsonReport:
    """One object a turn, one a line, and nothing else."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def __call__(self, event: object) -> None:
        if isinstance(event, TurnRecord):
            print(json.dumps(turn_json(event), ensure_ascii=False), file=self._out, flush=True)


class TextReport:
    """The conversation as it happens, a waterfall of each turn, and where its sound lies."""

    def __init__(self, out: TextIO, *, waterfall: bool = True) -> None:
        self._out, self._waterfall = out, waterfall

    def __call__(self, event: object) -> None:
        match event:
            case Played(file):
                self._line("♪ playing", file.name)
            case Heard(text, _, picture):
                self._line("heard", f"“{text}”" + (f"   (looking at {Path(picture).name})" if picture else ""))
            case Called(call, outcome, _):
                arguments = json.dumps(dict(call.arguments), ensure_ascii=False)
                self._line("tool", f"{call.name} {arguments} → {outcome}")
            case Asked(question):
                self._line("asked", question)
            case HeardAnswer(text, word):
                self._line("answer", f"“{text}” → {word}" if text else word)
            case Spoken(text):
                self._line("said", text.strip())
            case TurnRecord():
                self._record(event)
            case _:
                pass

    def _record(self, record: TurnRecord) -> None:
        if self._waterfall and record.stages:
            print("\n".join(waterfall(record)), file=self._out)
        print(file=self._out, flush=True)

    def _line(self, name: str, text: str) -> None:
        print(f"  {name:>9}  {text}", file=self._out, flush=True)


def waterfall(record: TurnRecord) -> list[str]:
    """The stages of a turn as bars, milliseconds since the user stopped speaking."""
    steps = _merged(record.stages)
    end = max(s.ended for s in steps) or 1.0
    lines = []
    for step in steps:
        start = round(step.began / end * WIDTH)
        length = max(1, round((step.ended - step.began) / end * WIDTH))
        bar = (" " * start + "█" * length)[: WIDTH + 1]
        lines.append(f"  {step.name[:18]:>18} {bar:<{WIDTH + 1}} {step.ended - step.began:6.0f} ms")
    if record.first_sound_ms:
        lines.append(f"  {'first sound':>18} after {record.first_sound_ms:.0f} ms")
    return lines


def _merged(stages: tuple[Stage, ...]) -> list[Stage]:
    """In order of their beginning; steps that follow each other under one name become one."""
    merged: list[Stage] = []
    for stage in sorted(stages, key=lambda s: s.began):
        if merged and merged[-1].name == stage.name:
            merged[-1] = Stage(stage.name, merged[-1].began, max(stage.ended, merged[-1].ended))
        else:
            merged.append(stage)
    return merged


class Recorder:
    """Passes events on, and after each turn writes what was spoken to a WAV file in `folder`."""

    def __init__(
        self, tell: Callable[[object], None], tape: list[Any], rate: int, folder: Path, out: TextIO | None
    ) -> None:
        self._tell, self._tape, self._rate, self._folder, self._out = tell, tape, rate, folder, out
        self._turn = 0

    def __call__(self, event: object) -> None:
        if isinstance(event, TurnRecord) and self._tape:
            from nearfield.audio.wav import write_wav

            self._turn += 1
            file = self._folder / f"reply-{self._turn:02}.wav"
            self._folder.mkdir(parents=True, exist_ok=True)
            write_wav(file, np.concatenate(self._tape), self._rate)
            self._tape.clear()
            if self._out is not None:
                print(f"  {'♪ reply':>9}  {file}", file=self._out)
        self._tell(event)

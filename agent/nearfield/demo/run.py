"""`nearfield demo`: the main job, from recordings, in a home of its own so that nothing of the user's is touched."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import TextIO

import icalendar

from nearfield.app import open_app
from nearfield.audio.playback import TapeSpeaker
from nearfield.config import Config
from nearfield.demo.requests import load_requests
from nearfield.errors import UserError
from nearfield.home import Home
from nearfield.recordings import converse
from nearfield.registry import Progress
from nearfield.report import JsonReport, Recorder, TextReport

MARKER = "made-by-nearfield-demo"
INTRODUCTION = """\
Nearfield's demo: {count} recordings go through the real pipeline (voice detection, recognition, choosing a tool, consent,
the tool itself, speech). They were synthesised, none is of a person. Calendar and files are the demo's own:
{home}
"""


async def run_demo(
    config: Config, home: Home, out: TextIO, *, as_json: bool = False, progress: Progress | None = None
) -> int:
    """The conversation of `requests.yaml`. Returns 0 when every turn went well, else 1."""
    requests = load_requests()
    own = replace(home, root=home.root / "demo")
    _fresh(own)
    if not as_json:
        print(INTRODUCTION.format(count=len(requests), home=own.root), file=out)
    async with open_app(config, own, sound=True, picture=True, progress=progress) as app:
        assert app.voice is not None
        _seed(own, app.now())
        speaker = TapeSpeaker(app.voice.rate)
        report = JsonReport(out) if as_json else TextReport(out)
        tell = Recorder(report, speaker.tape, speaker.rate, own.root / "replies", None if as_json else out)
        session = app.session(tell, speaker)
        began = perf_counter()
        heard = await converse(app, session, [(r.audio, r.picture) for r in requests])
    if not as_json:
        took = perf_counter() - began
        print(f"The conversation took {took:.1f} s. The spoken replies lie in {own.root / 'replies'}", file=out)
    return 0 if heard and not any(r.failed for r in session.records) else 1


def _fresh(home: Home) -> None:
    """Empty the demo's own home. Raises UserError for a folder with something in it that the demo did not make."""
    if (home.root / MARKER).is_file():
        shutil.rmtree(home.root)
    elif home.root.is_dir() and any(home.root.iterdir()):
        raise UserError(f"{home.root} is not the demo's own folder; move it away, or choose another place with --home.")
    home.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home.root / MARKER).touch()


def _seed(home: Home, now: datetime) -> None:
    """Two events tomorrow and a shopping list, so that there is something to talk about."""
    tomorrow = now.date() + timedelta(days=1)
    _event(home.calendar, "Breakfast with Sam", datetime.combine(tomorrow, time(8, 0), now.tzinfo), 45)
    _event(home.calendar, "Choir practice", datetime.combine(tomorrow, time(19, 30), now.tzinfo), 90)
    (home.workspace / "shopping-list.txt").write_text("bread\neggs\n", encoding="utf-8")


def _event(folder: Path, title: str, start: datetime, minutes: int) -> None:
    name = f"demo-{title.split(maxsplit=1)[0].lower()}"
    calendar = icalendar.Calendar.new()
    calendar.add_component(
        icalendar.Event.new(uid=name, summary=title, start=start, end=start + timedelta(minutes=minutes))
    )
    calendar.add_missing_timezones()
    (folder / f"{name}.ics").write_bytes(calendar.to_ical())

"""A conversation from recordings: every utterance on them is a request, or the answer to an open question."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nearfield.app import App
from nearfield.audio.wav import check_recording, read_recording
from nearfield.events import Utterance
from nearfield.session import Session


@dataclass(frozen=True)
class Played:
    """A recording is about to be heard."""

    file: Path


async def converse(app: App, session: Session, recordings: Sequence[tuple[Path, Path | None]]) -> bool:
    """Play (recording, picture or None) in order through the ears. False when nothing was heard in one of them.

    Raises InputError for what cannot be read; `check` finds that out before anything has happened.
    """
    all_heard = True
    for recording, picture in recordings:
        session.tell(Played(recording))
        session.picture = str(picture) if picture else None
        heard = False
        for utterance in utterances(app, recording):
            heard |= await session.hear(utterance)
            await session.idle()
        if not heard:
            all_heard = False
            await session.nothing_heard()
    await session.finish()
    return all_heard


def utterances(app: App, recording: Path) -> Iterator[Utterance]:
    """What the ears cut out of a recording, as it is read."""
    ears = app.ears()
    for frame in read_recording(recording, app.config.ears.longest_minutes):
        for event in ears.feed(frame):
            if isinstance(event, Utterance):
                yield event
    yield from ears.flush()


def check(recordings: Sequence[Path], longest_minutes: float) -> None:
    """Refuse, before anything is loaded or done, what cannot be heard. Raises InputError."""
    for recording in recordings:
        check_recording(recording, longest_minutes)


async def typed(session: Session, texts: Sequence[str]) -> None:
    """The same conversation without sound."""
    for text in texts:
        await session.understand(text)
        await asyncio.sleep(0)
        await session.idle()
    await session.finish()

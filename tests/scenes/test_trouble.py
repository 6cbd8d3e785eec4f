"""When something outside the brain breaks, the conversation ends in that very error and nobody waits for ever."""

from __future__ import annotations

import asyncio

import pytest
from room import Room, play

from nearfield.events import Spoken, TurnRecord
from nearfield.ports import Heard

TIME = {"choose: What time is it?": " get_time {}\n"}


@pytest.mark.parametrize("kind", [Heard, Spoken, TurnRecord])
def test_a_screen_that_breaks_ends_the_turn(tmp_path, kind):
    """Whatever is being shown when the screen goes away, the error comes out by its own type, at once."""

    async def scene():
        room = Room(tmp_path, TIME)

        def tell(event):
            if isinstance(event, kind):
                raise BrokenPipeError

        room.session.tell = tell
        with pytest.raises(BrokenPipeError):
            await asyncio.wait_for(room.say("What time is it?"), 60)

    play(scene())


def test_after_a_broken_turn_the_next_one_works(tmp_path):
    """One turn that could not be shown leaves the session usable."""

    async def scene():
        room = Room(tmp_path, TIME)
        room.session.tell = lambda _event: 1 / 0
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(room.say("What time is it?"), 60)
        room.session.tell = room.events.append
        record = await room.say("What time is it?")
        assert record.said == "It is 2 in the afternoon."

    play(scene())

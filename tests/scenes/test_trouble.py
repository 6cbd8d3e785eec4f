"""What breaks is told in a sentence, nobody waits for ever, and the talk goes on where it can."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest
from room import Room, play

from nearfield.brain.graph import MOST_THOUGHTS
from nearfield.dialects.starter import Starter
from nearfield.engines.fake import FakeLlm, FakeTts
from nearfield.errors import EngineError
from nearfield.events import Spoken, TurnRecord
from nearfield.ports import Heard
from nearfield_tools.api import Effect, Result, ToolContext, say, tool
from nearfield_tools.catalogue import TOOLS

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


def test_a_model_without_end_is_cut_at_a_sentence(tmp_path):
    """A model that never stops is cut off after its limit, and says that it stops."""

    async def scene():
        script = {
            "choose: Talk.": " answer {}\n",
            "answer: Talk.": "One thing and another thing and then again more of it",
        }
        room = Room(tmp_path, script, forever=True)
        record = await room.say("Talk.")
        assert len(record.said) < 1000
        assert "stop there" in record.said or record.said.endswith(".")

    play(scene())


def test_a_model_that_claims_what_it_did_not_do_is_corrected(tmp_path):
    """ "I've turned on the lights" without a tool that did: the room hears the truth instead."""

    async def scene():
        script = {
            "choose: Lights!": " answer {}\n",
            "answer: Lights!": "Sure! I've turned on the lights for you. Enjoy!",
        }
        room = Room(tmp_path, script)
        record = await room.say("Lights!")
        assert "turned on" not in record.said
        assert "I have not done anything." in record.said
        assert (await room.remembered())[-1]["text"] == record.said

    play(scene())


def test_a_tool_that_breaks_is_told_and_the_talk_goes_on(tmp_path):
    """A tool raises: the user hears a sentence, the outcome is failed, and the next request works."""

    @tool(effect=Effect.READ, examples=[say("break")])
    def breaks(ctx: ToolContext) -> Result:
        """Break."""
        raise ZeroDivisionError

    async def scene():
        script = {"choose: Break.": " breaks {}\n", "choose: What time is it?": " get_time {}\n"}
        room = Room(tmp_path, script, tools=(*TOOLS, breaks))
        broken = await room.say("Break.")
        assert broken.calls[0].outcome == "failed"
        assert "went wrong" in broken.said
        assert (await room.say("What time is it?")).said == "It is 2 in the afternoon."

    play(scene())


def test_a_voice_that_fails_ends_the_turn_and_not_the_talk(tmp_path):
    """The speech engine breaks: the turn is marked failed with a sentence, and the next turn is served."""

    class Hoarse(FakeTts):
        failing = True

        async def speak(self, text):
            if self.failing:
                raise EngineError("piper lost its voice.")
            async with aclosing(super().speak(text)) as sounds:
                async for samples in sounds:
                    yield samples

    async def scene():
        room = Room(tmp_path, {"choose: What time is it?": " get_time {}\n"})
        room.session.voice = Hoarse()
        failed = await room.say("What time is it?")
        assert failed.failed
        assert "piper lost its voice." in failed.said
        room.session.voice.failing = False
        assert (await room.say("What time is it?")).said == "It is 2 in the afternoon."

    play(scene())


def test_a_model_that_fails_ends_the_turn_and_not_the_talk(tmp_path):
    """The model breaks: the user hears a sentence, the turn is marked failed, and the talk goes on."""

    class Broken(FakeLlm):
        failing = True

        async def generate(self, request):
            if self.failing:
                raise EngineError("llama.cpp stopped with code 1.")
            async with aclosing(super().generate(request)) as pieces:
                async for piece in pieces:
                    yield piece

    async def scene():
        room = Room(tmp_path, llm=Broken({"choose: What time is it?": " get_time {}\n"}))
        failed = await room.say("What time is it?")
        assert failed.failed
        assert "code 1" in failed.said
        room.llm.failing = False
        assert (await room.say("What time is it?")).said == "It is 2 in the afternoon."

    play(scene())


def test_a_model_that_goes_round_in_circles_is_stopped(tmp_path):
    """A model that calls a tool after every result is stopped after a few thoughts, with a sentence."""

    class Circling(Starter):
        def step(self, messages, so_far):
            said = [m for m in messages if m["role"] == "user"]
            return super().step(said, so_far)

    async def scene():
        room = Room(tmp_path, {"choose: Again.": " get_time {}\n"}, dialect=Circling)
        record = await room.say("Again.")
        assert record.failed
        assert len(record.calls) == MOST_THOUGHTS
        assert "round in circles" in record.said

    play(scene())


def test_a_turn_cancelled_before_it_began_keeps_nobody_waiting(tmp_path):
    """Interrupted at the very moment it was started, a turn leaves the conversation idle and usable."""

    async def scene():
        room = Room(tmp_path, {"choose: What time is it?": " get_time {}\n"})
        await room.session.understand("Tell me everything.")
        await room.session.interrupt()
        await asyncio.wait_for(room.session.idle(), 1)
        assert (await room.say("What time is it?")).said == "It is 2 in the afternoon."

    play(scene())


def test_a_write_that_cannot_be_noted_down_is_not_done(tmp_path):
    """The ledger cannot be opened: the write is not carried out, the user hears why, and the talk goes on."""

    async def scene():
        script = {"choose: Add milk to the shopping list.": ' write_file {"name":"shopping list","text":"milk"}\n'}
        (tmp_path / "ledger.sqlite").mkdir()
        room = Room(tmp_path, script | TIME, ledger=tmp_path / "ledger.sqlite")
        await room.say("Add milk to the shopping list.")
        record = await room.say("Yes.")
        assert record.calls[0].outcome == "failed"
        assert "my own notes" in record.said
        assert not list(room.workspace.iterdir())
        assert (await room.say("What time is it?")).said == "It is 2 in the afternoon."

    play(scene())

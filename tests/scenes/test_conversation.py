"""Conversations from first word to last sound, on the virtual clock."""

from __future__ import annotations

import asyncio

from room import Room, play

from nearfield.events import Asked
from nearfield.session import NOTHING_HEARD
from nearfield.turn import AGAIN

MILK = {"choose: Add milk to the shopping list.": ' write_file {"name":"shopping list","text":"milk"}\n'}


def test_a_question_is_answered_from_a_tool_and_sounds(tmp_path):
    """What time is it: the clock tool is called, its sentence is said, and the room hears it."""

    async def scene():
        room = Room(tmp_path, {"choose: What time is it?": " get_time {}\n"})
        record = await room.say("What time is it?")
        assert [c.call.name for c in record.calls] == ["get_time"]
        assert record.said == "It is 2 in the afternoon."
        assert room.tts.spoken == ["It is two in the afternoon."]
        assert room.sounding(0, 10) > 1
        assert record.asked is None

    play(scene())


def test_a_write_waits_for_yes(tmp_path):
    """Nothing is written while the question is open; after yes it is, once, and the receipt is spoken."""

    async def scene():
        room = Room(tmp_path, MILK)
        await room.say("Add milk to the shopping list.")
        assert [e.question for e in room.events if isinstance(e, Asked)]
        assert not list(room.workspace.iterdir())
        record = await room.say("Yes, please.")
        [file] = room.workspace.iterdir()
        assert file.read_text() == "milk\n"
        assert record.calls[0].outcome == "done"
        assert record.asked
        assert record.asked not in record.said

    play(scene())


def test_no_leaves_everything_as_it_was(tmp_path):
    """After no, nothing is written and Nearfield says so."""

    async def scene():
        room = Room(tmp_path, MILK)
        await room.say("Add milk to the shopping list.")
        record = await room.say("No, leave it.")
        assert not list(room.workspace.iterdir())
        assert record.calls[0].outcome == "refused"
        assert record.said

    play(scene())


def test_another_request_instead_of_an_answer_leaves_it_and_is_served(tmp_path):
    """Asked yes or no, the user asks for the time: the write is left undone, said so, and the time is told."""

    async def scene():
        room = Room(tmp_path, MILK | {"choose: What time is it now?": " get_time {}\n"})
        await room.say("Add milk to the shopping list.")
        await room.say("What time is it now?")
        left, told = room.session.records
        assert left.calls[0].outcome == "unanswered"
        assert told.said == "It is 2 in the afternoon."
        assert not list(room.workspace.iterdir())

    play(scene())


def test_nobody_answers(tmp_path):
    """When the conversation ends with the question open, nothing is written and the turn ends in words."""

    async def scene():
        room = Room(tmp_path, MILK)
        await room.say("Add milk to the shopping list.")
        await room.session.finish()
        assert room.session.records[-1].calls[0].outcome == "unanswered"
        assert not list(room.workspace.iterdir())

    play(scene())


def test_speech_over_the_reply_silences_it_at_once(tmp_path):
    """60 ms after the user's words are understood the room is silent, and history holds only what was heard."""

    async def scene():
        room = Room(
            tmp_path,
            {
                "choose: Tell me about rain.": " answer {}\n",
                "answer: Tell me about rain.": "Rain falls from clouds. It makes the grass grow. It fills the rivers too.",
                "choose: Thanks.": " answer {}\n",
                "answer: Thanks.": "You are welcome.",
            },
        )
        loop = asyncio.get_running_loop()
        await room.session.understand("Tell me about rain.")
        await asyncio.sleep(1.7)
        now = loop.time()
        assert room.sounding(now - 0.1, now) > 0
        await room.session.interrupt()
        await asyncio.sleep(1)
        assert room.sounding(now + 0.06, now + 1) == 0
        cut = room.session.records[0]
        assert cut.interrupted
        assert cut.said.startswith("Rain falls from clouds.")
        assert "rivers" not in cut.said
        heard = (await room.remembered())[-1]["text"]
        assert heard == f"{cut.said} —"
        record = await room.say("Thanks.")
        assert record.said == "You are welcome."

    play(scene())


def test_speech_while_it_thinks_stops_the_model(tmp_path):
    """A new request during thinking ends the old one: the model is stopped, and only the new one is answered."""

    async def scene():
        room = Room(tmp_path, {"choose: What time is it?": " get_time {}\n"}, thinking=0.5, forever=False)
        await room.session.understand("Tell me everything about everything.")
        await asyncio.sleep(0.6)
        assert not room.llm.stopped
        record = await room.say("What time is it?")
        assert record.said == "It is 2 in the afternoon."
        assert room.session.records[0].interrupted

    play(scene())


def test_a_write_cut_off_before_the_answer_is_settled_as_not_done(tmp_path):
    """Interrupted while its question stands, a write is remembered as not done, and is not done."""

    async def scene():
        room = Room(tmp_path, MILK)
        await room.say("Add milk to the shopping list.")
        await room.session.interrupt()
        assert not list(room.workspace.iterdir())
        settled = [m for m in await room.remembered() if m["role"] == "tool"]
        assert [m["outcome"] for m in settled] == ["interrupted"]

    play(scene())


def test_what_no_tool_serves_is_declined_in_a_fixed_sentence(tmp_path):
    """Playing music is beyond it: it says so, and calls nothing."""

    async def scene():
        room = Room(tmp_path, {"choose: Play some music.": " decline {}\n"})
        record = await room.say("Play some music.")
        assert record.said == "I can't do that yet."
        assert record.calls == ()

    play(scene())


def test_nothing_heard_is_said_and_nothing_is_invented(tmp_path):
    """Silence: the model is not asked, no tool runs, and the user is told."""

    async def scene():
        room = Room(tmp_path)
        await room.session.nothing_heard()
        record = room.session.records[-1]
        assert record.said == NOTHING_HEARD
        assert record.heard == ""
        assert room.llm.requests == []

    play(scene())


def test_an_utterance_without_words_neither_interrupts_nor_answers(tmp_path):
    """A cough while a question stands: the question stays open, and the yes that follows counts."""

    async def scene():
        room = Room(tmp_path, MILK, heard=["Add milk to the shopping list.", "", "Yes."])
        for _ in range(3):
            await room.speak()
            await room.session.idle()
        assert room.session.records[-1].calls[0].outcome == "done"

    play(scene())


def test_the_picture_is_read(tmp_path):
    """With a picture at hand, what is printed on it is read aloud."""

    async def scene():
        room = Room(tmp_path, {"choose: What does this say?": " read_text {}\n"})
        room.session.picture = "sale.jpg"
        record = await room.say("What does this say?")
        assert "SALE" in record.said
        assert "fifty percent" in " ".join(room.tts.spoken)

    play(scene())


def test_earlier_turns_stand_before_the_request(tmp_path):
    """The model sees what the last request became, so that "it" can be understood."""

    async def scene():
        room = Room(tmp_path, {"choose: What is on my calendar tomorrow?": ' list_events {"day":"tomorrow"}\n'})
        await room.say("What is on my calendar tomorrow?")
        await room.say("Put the dentist on it.")
        prompt = room.llm.requests[-1].prompt
        assert 'Tool: list_events {"day":"tomorrow"}\n\nUser: Put the dentist on it.\nTool:' in prompt

    play(scene())


def test_an_answer_that_is_neither_yes_nor_no_is_asked_again_once(tmp_path):
    """ "Thank you." to a question: it is put once more; a second unclear answer leaves everything as it was."""

    async def scene():
        room = Room(tmp_path, MILK)
        await room.say("Add milk to the shopping list.")
        await room.say("Thank you.")
        assert [e.question for e in room.events if isinstance(e, Asked)][1:] == [AGAIN]
        record = await room.say("Yes.")
        assert record.calls[0].outcome == "done"
        await room.say("Add milk to the shopping list.")
        await room.say("Thank you.")
        record = await room.say("Thank you.")
        assert record.calls[0].outcome == "unanswered"
        assert next(room.workspace.iterdir()).read_text() == "milk\n"

    play(scene())


def test_what_it_is_and_can_do_is_told_by_a_fixed_sentence(tmp_path):
    """Asked about itself it does not let a small model make something up."""

    async def scene():
        room = Room(tmp_path, {"choose: What can you do?": " about {}\n"})
        assert (await room.say("What can you do?")).said == "I am Nearfield."
        assert [r.purpose for r in room.llm.requests] == ["choose"]

    play(scene())

"""What waits to be heard and how much has been: every sample once, in order, and silence at once when asked for."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from room import play

from nearfield.audio.playback import ClockSpeaker, Playback, TapeSpeaker

RATE = 16_000


def ramp(start, length):
    """Samples that differ from each other and from silence."""
    return np.arange(start + 1, start + length + 1, dtype=np.float32)


def fill(playback, length):
    out = np.full(length, 99.0, np.float32)
    count = playback.fill(out)
    return out, count


def test_what_is_queued_comes_out_in_order():
    """Two pieces, taken in blocks that fit neither, sound one after the other; then there is silence."""
    playback = Playback()
    playback.play(ramp(0, 5))
    playback.play(ramp(5, 4))
    taken = [fill(playback, 4) for _ in range(4)]
    assert np.concatenate([out for out, _ in taken]).tolist() == [*range(1, 10), 0, 0, 0, 0, 0, 0, 0]
    assert [count for _, count in taken] == [4, 4, 1, 0]
    assert playback.played == playback.queued == 9


def test_silence_is_not_counted_as_played():
    """With nothing queued a block is all silence, and nothing has been heard."""
    playback = Playback()
    out, count = fill(playback, 6)
    assert not out.any()
    assert (count, playback.played) == (0, 0)


def test_after_a_flush_the_next_block_is_silence():
    """Interrupted midway, nothing of what waited is heard any more, and what was heard stays counted."""
    playback = Playback()
    playback.play(ramp(0, 10))
    fill(playback, 4)
    playback.flush()
    assert fill(playback, 4)[0].tolist() == [0, 0, 0, 0]
    assert playback.played == playback.queued == 4


def test_after_a_flush_new_sound_is_heard_from_its_start():
    """What is said after an interruption is whole, and counted on from what had been heard."""
    playback = Playback()
    playback.play(ramp(0, 10))
    fill(playback, 4)
    playback.flush()
    playback.play(ramp(100, 3))
    assert fill(playback, 5)[0].tolist() == [101, 102, 103, 0, 0]
    assert playback.played == playback.queued == 7


def test_empty_pieces_are_no_end():
    """A piece without samples does not stop those after it."""
    playback = Playback()
    for piece in (ramp(0, 0), ramp(0, 2), ramp(0, 0), ramp(2, 2)):
        playback.play(piece)
    assert fill(playback, 4)[0].tolist() == [1, 2, 3, 4]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["play", "fill"]), st.integers(0, 50)), max_size=30))
def test_every_sample_is_heard_once_and_in_order(steps):
    """However playing and taking alternate, what was heard is the beginning of what was queued."""
    playback, heard, start = Playback(), [], 0
    for what, length in steps:
        if what == "play":
            playback.play(ramp(start, length))
            start += length
        else:
            out, count = fill(playback, length)
            heard += out[:count].tolist()
            assert not out[count:].any()
        assert playback.played == len(heard) <= playback.queued == start
    heard += fill(playback, start)[0][: start - len(heard)].tolist()
    assert heard == ramp(0, start).tolist()


def test_a_tape_has_heard_everything_at_once():
    """For recordings nobody waits: what is played lies on the tape, and counts as heard."""
    speaker = TapeSpeaker(RATE)
    speaker.play(ramp(0, 100))
    speaker.play(ramp(100, 50))
    assert speaker.played == speaker.queued == 150
    assert np.concatenate(speaker.tape).tolist() == ramp(0, 150).tolist()
    asyncio.run(speaker.drained())


def test_on_the_clock_sound_takes_as_long_as_it_lasts():
    """A second of sound is heard for a second, block by block, and `drained` returns when it is over."""

    async def scene():
        speaker, loop = ClockSpeaker(RATE), asyncio.get_running_loop()
        speaker.play(np.full(RATE, 0.5, np.float32))
        assert speaker.played == 0
        await asyncio.sleep(0.5)
        assert speaker.played / RATE == pytest.approx(0.5, abs=0.02)
        await speaker.drained()
        assert loop.time() == pytest.approx(1.0, abs=0.02)
        assert speaker.played == RATE
        assert np.concatenate([block for _, block in speaker.tape]).sum() == pytest.approx(RATE / 2)

    play(scene())


def test_on_the_clock_a_flush_is_silence_within_a_block():
    """10 ms after an interruption nothing sounds, and the speaker can be used again."""

    async def scene():
        speaker, loop = ClockSpeaker(RATE), asyncio.get_running_loop()
        speaker.play(np.full(RATE, 0.5, np.float32))
        await asyncio.sleep(0.305)
        speaker.flush()
        flushed = loop.time()
        await asyncio.sleep(1)
        assert max(at for at, _ in speaker.tape) <= flushed
        speaker.play(np.full(RATE // 10, 0.5, np.float32))
        await speaker.drained()
        assert speaker.played == speaker.queued
        assert speaker.tape[-1][0] > flushed + 0.9

    play(scene())


def test_nothing_played_is_drained_at_once():
    """Waiting for a speaker that was never used takes no time."""

    async def scene():
        await ClockSpeaker(RATE).drained()
        assert asyncio.get_running_loop().time() == 0

    play(scene())

"""When speech starts and what an utterance is: decided by samples alone, with a detector that hears loudness."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearfield.ears import Ears
from nearfield.events import AudioFrame, SpeechStarted, Utterance

RATE = 16_000
FRAME = 512
WITHIN = FRAME / RATE + 0.001


class Loudness:
    """A voice detector for tests: the peak of a frame is its probability of speech."""

    frame = FRAME

    def __init__(self):
        self.resets = 0

    def __call__(self, samples):
        assert samples.shape == (FRAME,)
        return float(np.abs(samples).max())

    def reset(self):
        self.resets += 1


def sound(*parts):
    """A stream from (seconds, loudness) pairs; the loudness is what the detector will say."""
    return np.concatenate([np.full(round(seconds * RATE), level, np.float32) for seconds, level in parts])


def ears(pause_ms=1000, **more):
    return Ears(Loudness(), pause_ms, **more)


def hear(listener, samples, step=1600, start=0):
    events = []
    for at in range(0, len(samples), step):
        events += listener.feed(AudioFrame(samples[at : at + step], start + at))
    return events


def everything(listener, samples, step=1600):
    return [*hear(listener, samples, step), *listener.flush()]


def flat(events):
    """Events as plain values, to compare."""
    return [
        (e.at,) if isinstance(e, SpeechStarted) else (e.start, e.end, round(e.speech, 6), e.samples.tobytes())
        for e in events
    ]


def test_a_word_between_silences_is_one_utterance():
    """Speech after silence starts once, and ends once its pause has passed, with the words in the middle."""
    started, said = hear(ears(), sound((1, 0), (0.8, 1), (1.5, 0)))
    assert started.at / RATE == pytest.approx(1, abs=WITHIN)
    assert said.start / RATE < 0.6
    assert 1.8 < said.end / RATE < 2.3
    assert len(said.samples) == said.end - said.start
    assert 0.4 < said.speech < 0.7


def test_silence_gives_nothing():
    """Neither a long silence nor its end is an event."""
    assert everything(ears(), sound((20, 0))) == []


def test_no_sound_at_all_gives_nothing():
    """A stream that ends before it began has no utterances."""
    assert ears().flush() == []


def test_speech_starts_before_it_ends():
    """The start is known after 160 ms of voice, while the speaker goes on."""
    events = hear(ears(), sound((0.5, 0), (0.2, 1)))
    assert [type(e) for e in events] == [SpeechStarted]


@pytest.mark.parametrize("seconds", [0.2, 0.25, 0.3])
def test_a_short_yes_is_heard(seconds):
    """An answer of one syllable is an utterance."""
    events = everything(ears(), sound((1, 0), (seconds, 1), (1.2, 0)))
    assert [type(e) for e in events] == [SpeechStarted, Utterance]


@pytest.mark.parametrize("seconds", [0.01, 0.05, 0.1])
def test_a_click_is_not_speech(seconds):
    """Something shorter than a syllable starts nothing."""
    assert everything(ears(), sound((1, 0), (seconds, 1), (2, 0))) == []


def test_clicks_far_apart_never_add_up():
    """Keys typed for a minute are not a word, however many they are."""
    keys = sound(*[(0.03, 1), (0.45, 0)] * 120)
    assert everything(ears(), keys) == []


def test_a_hesitation_shorter_than_the_pause_stays_inside():
    """Thinking for 0.9 s in the middle of a request does not cut it at a pause of 1 s."""
    events = everything(ears(1000), sound((0.5, 1), (0.9, 0), (0.5, 1), (1.2, 0)))
    assert [type(e) for e in events] == [SpeechStarted, Utterance]


def test_a_shorter_pause_cuts_the_same_sound_in_two():
    """The pause is what decides how many requests there are."""
    events = everything(ears(700), sound((0.5, 1), (0.9, 0), (0.5, 1), (1.2, 0)))
    assert [type(e) for e in events] == [SpeechStarted, Utterance] * 2


def test_a_soft_syllable_keeps_an_utterance_going():
    """While somebody talks, what is only half sure still counts as voice; before, it does not."""
    soft = 0.4
    assert everything(ears(300), sound((3, soft))) == []
    events = everything(ears(300), sound((0.5, 1), (0.6, soft), (0.5, 1), (1, 0)))
    assert [type(e) for e in events] == [SpeechStarted, Utterance]


def test_the_end_of_a_file_ends_what_is_being_said():
    """A recording that stops right after the last word loses none of it."""
    samples = sound((0.3, 0), (0.905, 1))
    (said,) = [e for e in everything(ears(), samples) if isinstance(e, Utterance)]
    assert said.end == len(samples)
    assert said.samples[-1] == 1


def test_a_word_cut_off_by_the_end_is_heard_if_it_was_enough():
    """200 ms of voice at the very end make an utterance; 50 ms do not."""
    assert len(everything(ears(), sound((1, 0), (0.2, 1)))) == 2
    assert everything(ears(), sound((1, 0), (0.05, 1))) == []


def test_utterances_never_overlap_and_hold_the_streams_own_samples():
    """Each utterance is a piece of the stream, and no sample is in two of them."""
    rng = np.random.default_rng(1)
    samples = sound(*[(0.6, 1), (0.5, 0)] * 8, (1, 0)) * rng.uniform(0.9, 1, 10**6)[: int(9.8 * RATE)].astype(
        np.float32
    )
    said = [e for e in everything(ears(320), samples) if isinstance(e, Utterance)]
    assert len(said) == 8
    assert all(before.end <= after.start for before, after in itertools.pairwise(said))
    assert all((u.samples == samples[u.start : u.end]).all() for u in said)


def test_talk_without_a_pause_is_handed_over_before_thirty_seconds():
    """70 s of unbroken talk come in pieces that fit a window, none of it lost, the start announced once."""
    samples = sound((70, 0.9))
    events = everything(ears(), samples)
    said = [e for e in events if isinstance(e, Utterance)]
    assert [type(e) for e in events].count(SpeechStarted) == 1
    assert all(len(u.samples) <= 30 * RATE for u in said)
    assert (np.concatenate([u.samples for u in said]) == samples).all()


def test_a_long_talk_is_cut_where_it_is_quietest():
    """The cut falls into the breath at 25 s, not into a word at 30 s."""
    said = [e for e in everything(ears(), sound((25, 0.9), (0.2, 0.05), (10, 0.9), (2, 0))) if isinstance(e, Utterance)]
    assert said[0].end / RATE == pytest.approx(25.1, abs=0.1)
    assert said[1].start == said[0].end


def test_silence_left_behind_by_a_cut_is_no_utterance():
    """Talk that ends just before the limit is one utterance, not a second one of nothing."""
    events = everything(ears(), sound((29.2, 0.9), (3, 0)))
    assert [type(e) for e in events] == [SpeechStarted, Utterance]


def test_a_short_gap_in_the_stream_counts_as_silence():
    """Samples that a sound card dropped leave the clock right and the request whole."""
    listener = ears()
    events = hear(listener, sound((0.5, 1)))
    events += hear(listener, sound((0.5, 1), (1.5, 0)), start=int(0.6 * RATE))
    assert [type(e) for e in events] == [SpeechStarted, Utterance]
    assert 1.1 <= events[-1].end / RATE < 1.5


def test_a_long_gap_ends_what_was_said():
    """After ten seconds of nothing the next words are a request of their own, at their own time."""
    listener = ears()
    events = hear(listener, sound((0.5, 1)))
    events += hear(listener, sound((0.5, 1), (1.5, 0)), start=10 * RATE)
    assert [type(e) for e in events] == [SpeechStarted, Utterance] * 2
    assert events[2].at == 10 * RATE


def test_another_recording_may_follow():
    """After the end of one file the next one starts at zero again, and the detector starts afresh."""
    detector = Loudness()
    listener = Ears(detector, 1000)
    samples = sound((0.5, 0), (0.5, 1), (0.1, 0))
    first = flat(everything(listener, samples))
    assert detector.resets
    assert flat(everything(listener, samples)) == first


levels = st.sampled_from([0.0, 0.1, 0.4, 0.6, 1.0])
streams = st.lists(st.tuples(st.floats(0.005, 1.5), levels), min_size=1, max_size=8)


@given(streams, st.lists(st.integers(1, 5000), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_how_the_sound_is_cut_into_frames_does_not_matter(parts, sizes):
    """Any chunking of the same samples gives the same events, bit for bit."""
    samples = sound(*parts)
    whole = flat(everything(ears(400, longest_ms=2000), samples, step=len(samples)))
    listener, events, at, turn = ears(400, longest_ms=2000), [], 0, 0
    while at < len(samples):
        size = sizes[turn % len(sizes)]
        events += listener.feed(AudioFrame(samples[at : at + size], at))
        at, turn = min(at + size, len(samples)), turn + 1
    assert flat([*events, *listener.flush()]) == whole


@given(streams)
@settings(max_examples=60, deadline=None)
def test_every_utterance_is_announced_in_order_and_within_the_stream(parts):
    """Events come in the order of time, utterances lie inside the stream, apart from each other, and hold voice."""
    samples = sound(*parts)
    events = everything(ears(400, longest_ms=2000), samples)
    end, announced = 0, False
    for event in events:
        if isinstance(event, SpeechStarted):
            announced = True
            assert end <= event.at < len(samples)
            continue
        assert announced or event is events[0]
        assert end <= event.start < event.end <= len(samples)
        assert 0 <= event.speech <= 1
        assert (event.samples == samples[event.start : event.end]).all()
        end = event.end

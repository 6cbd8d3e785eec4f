"""Which words are believed: what speaks against a transcript, and how it is said."""

from __future__ import annotations

import numpy as np
import pytest

from nearfield.engines.whisper import Evidence, judge, level, repeats


def clear(text, **more):
    """The evidence of clear speech, but for what is given."""
    return Evidence(**{"text": text, "confidence": -0.2, "no_speech": 0.05, "voiced": 1.2, **more})


@pytest.mark.parametrize("text", ["What's the time?", "Yes.", "Set a timer for 10 minutes.", "Watch the news."])
def test_clear_words_are_believed(text):
    """Plain requests and answers come through as they are."""
    said = judge(clear(text))
    assert (said.text, said.doubt, said.no_speech, said.confidence) == (text, "", 0.05, -0.2)


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for watching!",
        "Thanks for watching.",
        "Please subscribe to my channel.",
        "Don\u2019t forget to subscribe!",
        "Subtitles by the Amara.org community",
    ],
)
def test_what_films_end_with_is_never_a_request(text):
    """What Whisper writes for noise, and nobody says to an assistant, is dropped however sure it was."""
    said = judge(clear(text))
    assert said.text == ""
    assert "noise" in said.doubt


@pytest.mark.parametrize("text", ["Thank you.", "Bye.", "you", "Okay."])
def test_what_noise_and_people_both_say(text):
    """A clear "thank you" is heard; the same words by a hair's breadth are not."""
    assert judge(clear(text)).text == text
    assert judge(clear(text, confidence=-0.9)).text == ""
    assert judge(clear(text, no_speech=0.5)).text == ""


@pytest.mark.parametrize("text", ["", " ", "[Music]", "(upbeat music)", "*coughs*", "♪ la la la ♪", "♪", "...", "- -"])
def test_notes_on_sounds_are_no_words(text):
    """Music notes, brackets and bare punctuation say that there were no words."""
    assert judge(clear(text)).doubt == "there were no words in it"


def test_words_beside_a_note_are_kept():
    """A note on a sound is cut out of what was said, and so is the dash of a dialogue."""
    assert judge(clear("- [Music] What's the time? (laughs)")).text == "What's the time?"


def test_a_guess_is_not_believed():
    """Words of low probability are dropped, whatever they are."""
    assert judge(clear("What's the time?", confidence=-1.1)).doubt == "the words were a guess"


def test_unclear_words_where_nobody_spoke():
    """When Whisper itself thinks that nobody spoke, only clear words count."""
    assert judge(clear("It is raining.", no_speech=0.9, confidence=-0.7)).text == ""
    assert judge(clear("It is raining.", no_speech=0.9, confidence=-0.2)).text == "It is raining."


def test_a_trace_of_voice():
    """Shaky words from less voice than a syllable has are not believed; a short clear answer is."""
    assert judge(clear("We'll start.", voiced=0.2, confidence=-0.9)).text == ""
    assert judge(clear("Yes.", voiced=0.2, confidence=-0.6)).text == "Yes."


def test_loops():
    """One word said over and over is a decoder's loop, however sure it was; counting and lists are not."""
    assert repeats("Alexa " * 40)
    assert not repeats("Call mum, call dad, call my sister, call my brother and then call the doctor.")
    assert not repeats("one two three four five six seven eight nine ten")
    assert judge(clear("Alexa " * 40, loops=True)).text == ""


def test_quiet_sound_is_made_louder_and_loud_sound_left_alone():
    """An offset is taken away; silence stays silence."""
    quiet = np.array([0.031, 0.029] * 100, np.float32)
    assert np.abs(level(quiet)).max() == pytest.approx(0.1, rel=1e-3)
    loud = np.array([0.5, -0.5] * 100, np.float32)
    assert np.allclose(level(loud), loud)
    assert np.abs(level(np.full(100, 0.2, np.float32))).max() < 1e-4

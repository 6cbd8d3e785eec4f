"""A model's own words: held against what was really done, bounded, and the same however they arrive."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearfield.brain.claims import TRUTH, honest
from nearfield.brain.limits import REPEATS, TOO_LONG, careful

CLAIMS = """\
Done!
All done.
I've turned on the lights for you.
I\u2019ve added milk to the list.
I have now scheduled your dentist.
I just sent it.
I have successfully saved the file.
I've also added eggs.
I put milk on the list.
Sure! I set it for seven.
The lights have been turned off.
Your meeting has been moved to Friday.
The kitchen light is now on.
I'll set a timer for you.
I\u2019ll remind you at five.
I am going to call your mother.
Let me add that to your calendar.
"""
HARMLESS = """\
I have a question.
Paris is called the city of light.
I can tell you a story.
I do not know.
I was made to help you.
I have not done anything.
The sun sets in the west.
You can set a timer by asking me.
Let me think.
Water is made of hydrogen and oxygen.
I've never played chess.
Would you like me to add it?
"""


@pytest.mark.parametrize("sentence", CLAIMS.splitlines())
def test_a_claim_is_replaced_when_nothing_was_done(sentence):
    """A model that says it did something, when no tool did, is not allowed to say so."""
    assert honest(sentence, something_done=False) == TRUTH


@pytest.mark.parametrize("sentence", CLAIMS.splitlines())
def test_a_claim_stands_when_something_was_done(sentence):
    """After a write that succeeded the same sentence is spoken as it is."""
    assert honest(sentence, something_done=True) == sentence


@pytest.mark.parametrize("sentence", HARMLESS.splitlines())
def test_harmless_sentences_pass(sentence):
    """What claims no act is never touched."""
    assert honest(sentence, something_done=False) == sentence


@pytest.mark.parametrize(
    "sentence",
    ["The match has been played in Rome.", "Paris has been called the city of light.", "I'll start with a joke."],
)
def test_news_of_the_world_is_no_claim(sentence):
    """A passive that tells of others, and a beginning, are spoken as they are."""
    assert honest(sentence, something_done=False) == sentence


def test_a_fact_about_things_set_or_added_is_mistaken_for_a_claim():
    """A known limit: what only Nearfield could have done here, others may have done elsewhere."""
    assert honest("A tax has been added to sugar.", something_done=False) == TRUTH


def said(text, longest=10_000, *, size=1, done=False):
    """What is spoken of `text` that comes in pieces of `size` characters, as long as more is wanted."""
    limits, out = careful(longest, something_done=done), []
    for at in range(0, len(text), size):
        out += limits.feed(text[at : at + size])
        if limits.enough:
            break
    return "".join([*out, *limits.close()])


def test_an_ordinary_reply_comes_through_whole():
    """Two sentences in, the same two sentences out."""
    reply = "Rain falls from clouds. It makes the grass grow."
    assert said(reply).split() == reply.split()


def test_words_are_spoken_before_the_reply_is_complete():
    """The first sentence leaves while the second is still being written."""
    limits = careful(100, something_done=False)
    assert limits.feed("Rain falls from clouds. It ") == ["Rain falls from clouds. "]


def test_a_claim_in_the_middle_ends_the_reply():
    """What stood before a false claim is said, then the truth, and nothing of what follows it."""
    spoken = said("Sure! I've turned on the lights for you. Enjoy the evening! It is bright now.")
    assert spoken.split() == ["Sure!", *TRUTH.split()]


def test_after_a_claim_the_model_is_stopped():
    """Nothing more is generated once the model has claimed what is not so."""
    limits = careful(100, something_done=False)
    limits.feed("I've added it. ")
    assert not limits.enough
    assert limits.feed("So ") == [f"{TRUTH} "]
    assert limits.enough


def test_a_run_on_is_cut_at_its_limit():
    """A model that never ends a sentence is cut off, its half sentence is dropped, and it says that it stops."""
    spoken = said("Cats are small. " + "and so on " * 500, longest=60)
    assert spoken.split() == ["Cats", "are", "small.", *TOO_LONG.split()]


def test_a_reply_that_ends_at_its_limit_stays_whole():
    """The last sentence is kept when it happens to be complete."""
    reply = "Cats are small. Dogs are big."
    assert said(reply, longest=len(reply)).split() == reply.split()


def test_the_limit_is_never_passed():
    """No more pieces are asked for than the limit allows."""
    limits = careful(5, something_done=False)
    for piece in range(5):
        assert not limits.enough, piece
        limits.feed("word ")
    assert limits.enough


def test_a_repeating_model_is_stopped():
    """The same sentence again and again is said fewer than three times, and the model is stopped."""
    limits, out, fed = careful(10_000, something_done=False), [], 0
    while not limits.enough and fed < 50:
        out += limits.feed("It is blue. ")
        fed += 1
    assert fed < 50
    assert "".join([*out, *limits.close()]).count("It is blue.") == REPEATS - 1


def test_a_refrain_is_not_a_loop():
    """A sentence that comes back once is said both times, and what follows as well."""
    reply = "Row your boat. Down the stream. Row your boat. Life is a dream."
    assert said(reply).split() == reply.split()


SENTENCES = [*CLAIMS.splitlines(), *HARMLESS.splitlines(), "It is 3.5 degrees, e.g. in May.", "(so, what?)", "and on"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), max_size=8), st.integers(1, 50), st.booleans())
def test_any_chunking_gives_the_same_words(sentences, size, done):
    """However the stream is cut into pieces, the room hears the same."""
    reply = " ".join(sentences)
    assert said(reply, size=size, done=done) == said(reply, size=len(reply) or 1, done=done)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*CLAIMS.splitlines(), *HARMLESS.splitlines()]), max_size=8))
def test_no_claim_is_ever_heard_when_nothing_was_done(sentences):
    """Wherever in a reply a claim stands, it does not reach the voice."""
    spoken = said(" ".join(sentences))
    assert not [claim for claim in CLAIMS.splitlines() if claim in spoken]

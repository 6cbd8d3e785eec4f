"""What the wording alone says: learned from a few examples, the same every time, and never certain of nonsense."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearfield.dialects.evidence import Evidence

ROWS = [
    ("What time is it?", "time"),
    ("tell me the time", "time"),
    ("How late is it?", "time"),
    ("What is the time in the kitchen?", "time"),
    ("Set a timer for ten minutes.", "timer"),
    ("start a timer for 5 minutes", "timer"),
    ("Timer, three minutes please.", "timer"),
    ("What is on my calendar tomorrow?", "calendar"),
    ("show my calendar", "calendar"),
    ("Do I have anything on Friday?", "calendar"),
]
LEARNED = Evidence(ROWS)


@pytest.fixture
def evidence():
    return LEARNED


def best(found):
    return max(found, key=found.__getitem__)


def test_it_has_learned_its_examples(evidence):
    """Every sentence it was shown is put where it was shown."""
    assert [best(evidence(said)) for said, _ in ROWS] == [label for _, label in ROWS]


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("could you set a timer for twenty minutes", "timer"),
        ("whats the time", "time"),
        ("calender for friday", "calendar"),
        ("TELL ME THE TIME!!!", "time"),
        ("a 7 minute timer", "timer"),
    ],
)
def test_it_goes_by_likeness(evidence, said, label):
    """Other words around, other endings, misspellings and other numbers lead to the same label."""
    assert best(evidence(said)) == label


def test_it_is_deterministic(evidence):
    """Learned again from the same rows, it says the same to the last digit."""
    assert Evidence(ROWS)("When is my timer on the calendar?") == evidence("When is my timer on the calendar?")


def test_it_is_surer_of_what_it_has_seen(evidence):
    """An example weighs more than a sentence it has nothing in common with."""
    assert evidence("tell me the time")["time"] > math.log(0.5)
    assert max(evidence("zwölf Boxkämpfer jagen").values()) < math.log(0.7)


@pytest.mark.parametrize("said", ["", "   ", "?!", "\u4f60\u597d", "\U0001f389", "x" * 5000, "a\x00b\n"])
def test_unknown_words_and_no_words_are_no_trouble(evidence, said):
    """Whatever comes in, every label gets a finite number."""
    found = evidence(said)
    assert found.keys() == {"time", "timer", "calendar"}
    assert all(math.isfinite(v) and v <= 0 for v in found.values())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_the_probabilities_add_up_to_one(said):
    """They are log-probabilities, for any text."""
    assert math.isclose(sum(math.exp(v) for v in LEARNED(said).values()), 1.0, abs_tol=1e-9)


def test_one_label_is_certain():
    """With nothing to choose between there is no doubt."""
    assert Evidence([("a", "only"), ("b", "only")])("c") == {"only": pytest.approx(0.0)}

"""Stop strings: what comes before one is written, whatever pieces it arrives in."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearfield.engines.llama import until


@pytest.mark.parametrize(
    ("pieces", "stops", "written"),
    [
        (["one ", "two"], (), "one two"),
        (["one\ntwo"], ("\n",), "one"),
        (["one<|im", "_end|>two"], ("<|im_end|>",), "one"),
        (["one<|im", "age"], ("<|im_end|>",), "one<|image"),
        (["one<|im"], ("<|im_end|>",), "one<|im"),
        (["abc"], ("c", "b"), "a"),
        (["\n"], ("\n",), ""),
        ([], ("x",), ""),
    ],
)
def test_text_ends_before_the_first_stop_string(pieces, stops, written):
    """The stop string itself is never written; what only looked like its beginning is."""
    assert "".join(until(iter(pieces), stops)) == written


def test_nothing_more_is_asked_for_after_a_stop():
    """The engine is not driven on once the stop string is there."""
    pieces = iter(["a", "\n", "b"])
    assert list(until(pieces, ("\n",))) == ["a", ""]
    assert next(pieces) == "b"


def test_text_leaves_as_soon_as_it_cannot_be_a_stop():
    """Only what may still become a stop string is held back."""
    assert next(until(iter(["abc <", "d"]), ("<|im_end|>",))) == "abc "


@settings(max_examples=200, deadline=None)
@given(st.text("ab<|>\n", max_size=40), st.lists(st.integers(0, 40), max_size=6), st.sampled_from(["\n", "<|>", "aab"]))
def test_any_chunking_gives_the_same_text(text, cuts, stop):
    """However the text is cut, it ends before the first stop string."""
    edges = sorted({0, len(text), *(min(c, len(text)) for c in cuts)})
    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    assert "".join(until(iter(pieces), (stop,))) == text.partition(stop)[0]

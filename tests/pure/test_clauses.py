"""Streams of model text are cut so that the first words sound early and nothing is cut in the middle."""

# ruff: noqa: RUF001 - look-alike characters are what this file is about

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearfield.speakable import Clauses


def cut(text: str, size: int = 1) -> list[str]:
    """The pieces of a stream that comes `size` characters at a time, white space at the ends aside."""
    clauses = Clauses()
    parts = [text[at : at + size] for at in range(0, len(text), size)]
    return [piece.strip() for part in parts for piece in clauses.feed(part)] + [p.strip() for p in clauses.flush()]


def test_first_clause_goes_at_the_comma():
    """The first piece is spoken at its first comma, the rest by sentences."""
    text = "Well, as far as I know, it opens at nine. On Sundays, though, it is closed."
    assert cut(text) == ["Well, as far as I know,", "it opens at nine.", "On Sundays, though, it is closed."]


def test_a_short_sentence_goes_at_once():
    """A one-word answer does not wait for what follows it."""
    clauses = Clauses()
    assert clauses.feed("Sure. I") == ["Sure. "]
    assert clauses.flush() == ["I"]


@pytest.mark.parametrize(
    "text",
    [
        "There were 1,200 of them",
        "It opens at 9:30 sharp",
        "Pi is 3.14 and more",
        "Ask Dr. Smith or Mrs. Jones",
        "Bring fruit e.g. apples",
        "J. R. R. Tolkien wrote it",
        "It is in the U.S. now",
        "See No. 5 and fig. 3",
        "Read https://example.com/a,b;c.d?e now",
        'She said "Stop. Go. Stop." twice',
        "He came (late. very late, in fact) and sat",
        "Version 3.11.2 is out",
        "Wait... what",
        "On the 3rd of Nov. 2026 it rains",
        "That costs 5,000 here",
    ],
)
def test_nothing_is_cut_inside(text):
    """Numbers, abbreviations, addresses, ellipses, quotations and brackets stay in one piece."""
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("The answer is no. Then we left.", ["The answer is no.", "Then we left."]),
        ("It starts at 5 p.m. Bring a coat.", ["It starts at 5 p.m.", "Bring a coat."]),
        ("Milk, eggs, etc. are here. Go.", ["Milk, eggs, etc. are here.", "Go."]),
        ("So did I. Then he left.", ["So did I.", "Then he left."]),
        ("It was 3. The next was 4.", ["It was 3.", "The next was 4."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("Really?! Yes! Okay.", ["Really?!", "Yes!", "Okay."]),
        ("I thought so… Perhaps not.", ["I thought so…", "Perhaps not."]),
        ("It is **done.** Next one.", ["It is **done.**", "Next one."]),
        ("你好。再见！好", ["你好。", "再见！", "好"]),
        ("I was there—really there—and saw it.", ["I was there—", "really there—and saw it."]),
        ("I was there - really there, and saw it.", ["I was there -", "really there, and saw it."]),
        ("Here you are my friend: one, two.", ["Here you are my friend:", "one, two."]),
    ],
)
def test_sentences_end_where_they_end(text, pieces):
    """Full stops that end a sentence are told from those that do not."""
    assert cut(text) == pieces


def test_lines_are_pieces():
    """Every list item and paragraph is a piece, its number stays with it."""
    assert cut("1. Open it\n2. Close it\n\nDone") == ["1. Open it", "2. Close it", "Done"]


def test_long_sentences_are_cut_at_clauses():
    """A sentence that grows too long is cut at the last comma it had."""
    long = "Then we went on and on through the hills for what seemed to be many hours, " * 3
    pieces = cut("First. " + long)
    assert len(pieces) == 4
    assert all(piece.endswith(",") for piece in pieces[1:])


def test_an_open_quote_does_not_hold_the_voice_for_ever():
    """A quotation that goes on and on is cut at its sentence ends."""
    pieces = cut('He said: "' + "This is one more sentence of it. " * 20 + '"')
    assert max(map(len, pieces)) < 300


def test_words_without_any_mark_are_cut_at_last():
    """Text without punctuation is cut between words."""
    pieces = cut("word " * 200)
    assert max(map(len, pieces)) < 340
    assert " ".join(pieces) == ("word " * 200).strip()


@pytest.mark.parametrize(
    "hidden",
    [
        "<think>Hm. Let me see, now.</think>",
        "<|channel>thought\nHm. Let me.\n<channel|>",
        '<|tool_call>call:look{what:<|"|>a cat. Or not<|"|>}<tool_call|>',
        '<tool_call>\n{"name": "look", "arguments": {"a": 1}}\n</tool_call>',
        "<start_function_call>call:look{}<end_function_call>",
        '{"name": "look", "arguments": {"text": "a } b. c"}}',
        "```python\nprint('a. b')\n```",
        "~~~\ncode. more\n~~~",
        "<|im_start|>assistant\n",
        "<|im_end|>",
        "<turn|>",
        '<function name="look">x. y</function>',
    ],
)
def test_machine_talk_never_comes_out(hidden):
    """Thoughts, calls, code and control tokens are left out, and what stands before them comes at once."""
    clauses = Clauses()
    pieces = [piece for char in f"One moment.{hidden}" for piece in clauses.feed(char)]
    pieces += [piece for char in "Here it is." for piece in clauses.feed(char)] + clauses.flush()
    assert "".join("".join(pieces).split()) == "Onemoment.Hereitis."


@pytest.mark.parametrize(
    "opened", ["<think>a. b. c", "<|tool_call>call:x{", "```py\nx. y", '{"name": "x. y', "<thi", "<|tool_c"]
)
def test_an_unfinished_span_is_never_spoken(opened):
    """What is open when the stream ends is dropped, a torn tag too."""
    pieces = cut(f"Right away.\n{opened}")
    assert pieces[0] == "Right away."
    assert not any(word in "".join(pieces[1:]) for word in ("a.", "call", "x", "name"))


@pytest.mark.parametrize("text", ["a < b and c > d", "x <y> z", "use `code` here", "~5 or ~~6~~", "{a} {b", "[tool] x"])
def test_what_only_looks_like_a_tag_stays(text):
    """Signs that open nothing are part of the text."""
    assert " ".join(cut(text)) == text


def test_the_first_piece_is_early():
    """The first piece comes with the word after its comma, and not later."""
    clauses = Clauses()
    assert clauses.feed("I am not sure,") == []
    assert clauses.feed(" but") == ["I am not sure, "]


def test_flush_starts_over():
    """After `flush` the next reply has an early first piece again."""
    clauses = Clauses()
    text = "I am not sure, but here it is"
    assert (clauses.feed(text) + clauses.flush()) == (clauses.feed(text) + clauses.flush())


_PARTS = (
    'Hi| |  |. |, |? |\n|—| - |3.5|9:30|1,2|Dr. |e.g. |…|...|"|(|)|“|”|。'
    "|www.a.b|https://a.b/c,d |*|`|<|>|{|[|word |Then |I"
)
_FRAGMENTS = st.sampled_from(_PARTS.split("|"))
_TEXT = st.one_of(st.text(max_size=60), st.lists(_FRAGMENTS, max_size=40).map("".join))


@settings(max_examples=150, deadline=None)
@given(_TEXT, st.lists(st.integers(1, 9), max_size=30))
def test_chunks_make_no_difference(text, sizes):
    """Any way of splitting the stream gives the same pieces."""
    whole, parted = Clauses(), Clauses()
    pieces, rest = [], text
    for size in sizes:
        pieces += parted.feed(rest[:size])
        rest = rest[size:]
    pieces += parted.feed(rest) + parted.flush()
    assert pieces == whole.feed(text) + whole.flush()


@settings(max_examples=150, deadline=None)
@given(
    _TEXT.map(lambda text: text.replace("`", "").replace("<", "").replace("{", "").replace("~", "").replace("[", ""))
)
def test_nothing_is_lost(text):
    """The pieces together are the text."""
    clauses = Clauses()
    pieces = clauses.feed(text) + clauses.flush()
    assert " ".join("".join(pieces).split()) == " ".join(text.split())
    assert all(piece.strip() for piece in pieces)

"""What must never be spoken is taken out of a text, in any language."""

# ruff: noqa: RUF001 - look-alike characters are what this file is about

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearfield.speakable import plain


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("# Plan\n\nGo **home** and _rest_.", "Plan. Go home and rest."),
        ("- milk\n- eggs\n- bread", "milk. eggs. bread."),
        ("* milk\n* eggs", "milk. eggs."),
        ("- [x] done\n- [ ] open", "done. open."),
        ("1. Open it\n2) Close it", "1. Open it. 2. Close it."),
        ("| Name | Age |\n|------|:---:|\n| Ann | 30 |", "Name, Age. Ann, 30."),
        ("> quoted\n> words", "quoted words"),
        ("wrapped prose\ngoes on", "wrapped prose goes on"),
        ("one\n\n---\n\ntwo", "one. two"),
        ("Name: Ann\nTown: Rome", "Name: Ann, Town: Rome"),
        ("***really*** ~~gone~~ `code`", "really gone code"),
        ("snake_case stays, _this_ does not", "snake_case stays, this does not"),
        ("3 * 4 and 2*8, *but* not **this**", "3 * 4 and 2*8, but not this"),
        ("Title\n=====\ntext", "Title. text"),
        (r"\(x \times y\) is \frac{1}{2}", "x × y is 1/2"),
    ],
)
def test_markdown(text, left):
    """Markup goes, and lines become sentences."""
    assert plain(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See [the docs](https://a.example/b_(c)?d=e).", "See the docs."),
        ("See [the docs][1].\n\n[1]: https://a.example/b", "See the docs."),
        ("![a grey cat](cat.png) sleeps", "a grey cat sleeps"),
        ("[![badge](b.svg)](https://a.example) is shown", "badge is shown"),
        ("Go to https://www.example.com/a/b?c=d#e, now.", "Go to example.com, now."),
        ("(see http://user:pw@example.com:80/x)", "(see example.com)"),
        ("<https://example.com/x>", "example.com"),
        ("www.example.com/x is it", "example.com is it"),
        ("example.com/a/b.html is it", "example.com is it"),
        ("file:///home/ann/cat.jpg", "cat.jpg"),
        ("proven[1] and shown[^note].", "proven and shown."),
        ("mailto:ann@example.com", "ann@example.com"),
        ("<img src='data:image/png;base64,AAAA'> here", "here"),
        ("key 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 end", "key end"),
    ],
)
def test_links(text, left):
    """A link is its text, an address the name of its site."""
    assert plain(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<p>Hello <b>there</b></p><p>you</p>", "Hello there. you."),
        ("<ul><li>one</li><li>two</li></ul>", "one. two."),
        ("b &amp; c&nbsp;d &#65;", "b & c d A"),
        ("<!-- never\nthis -->but this", "but this"),
        ("<script>alert(1)</script>fine", "fine"),
        ('<a href="https://x.example" title="y">text</a>', "text"),
        ("if a<b and c>d", "if a<b and c>d"),
        ("&lt;b&gt;no&lt;/b&gt; &#99999999999;", "no &#99999999999;"),
    ],
)
def test_html(text, left):
    """Tags and entities go, comparisons stay."""
    assert plain(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "<think>thoughts</think>Yes.",
        "<THINK>thoughts</THINK>Yes.",
        "Yes.<think>never closed",
        "</think>Yes.",
        "<|channel>thought\nthoughts<channel|>Yes.",
        '<|tool_call>call:f{a:<|"|>b<|"|>}<tool_call|>Yes.',
        '<|tool_response>response:f{a:<|"|>b<|"|>}<tool_response|>Yes.',
        '<tool_call>{"name": "f"}</tool_call>Yes.',
        '{"name": "f", "arguments": {"a": "}"}}Yes.',
        '[TOOL_CALLS] [{"name": "f"}]\nYes.',
        "<start_function_call>call:f{}<end_function_call>Yes.",
        "<|im_start|>assistant\nYes.<|im_end|>",
        "<start_of_turn>model\nYes.<end_of_turn>",
        "<bos>Yes.<eos>",
        "```\ncode\n```\nYes.",
        "Yes.\n```python\nnever closed",
        "<thi\u200bnk>hidden by an invisible letter</thi\u200bnk>Yes.",
        "&lt;think&gt;hidden by entities&lt;/think&gt;Yes.",
    ],
)
def test_machine_talk(text):
    """Thoughts, tool calls, code blocks and control tokens are never spoken."""
    assert plain(text) == "Yes."


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hi 👋🏽, well done! 🎉", "Hi, well done!"),
        ("✅ done ❌ not ★", "done not"),
        ("so\u200b ve\u00adry\ufeff odd\x00\x07", "so very odd"),
        ("\u202eright\u202c to left", "right to left"),
        ("private \ue000 use", "private use"),
        ("f\u0336\u0337\u0338\u0335\u0334oo", "f\u0336\u0337oo"),
        ("𝐇𝐞𝐥𝐥𝐨 ｗｉｄｅ ﬁne ① ٣", "Hello wide fine 1 3"),
        ("Great :) thanks ;-) bye", "Great thanks bye"),
        ("half \ud800 a pair", "half a pair"),
        ("10\u202f000 steps", "10000 steps"),
        ("20 ℃", "20 °C"),
    ],
)
def test_characters(text, left):
    """Pictures and invisible characters go, odd letters and digits become plain ones."""
    assert plain(text) == left


@pytest.mark.parametrize(
    "text", ["Mehr als 3 Äpfel, ja?", "¿Qué tal?", "שלום עולם", "你好，世界", "It's 21.5 °C & fine."]
)
def test_plain_text_is_left_alone(text):
    """Text without markup stays as it is, whatever the script."""
    assert plain(text).replace(",", "，") == text.replace(",", "，")


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=80))
def test_never_raises(text):
    """Any text becomes one line without control characters."""
    line = plain(text)
    assert "\n" not in line
    assert line == line.strip()


@pytest.mark.parametrize(
    "unit",
    ["[", "](", "<a ", "<!--", '{"a":', "|", "&#", "a.", "*", "_", "`", "e\u0301\u0301\u0301", "<", "- \n", "\\("],
)
def test_takes_linear_time(unit):
    """Text made to be slow is read in time that grows with its length only."""
    began = time.perf_counter()
    plain(unit * (20_000 // len(unit)))
    assert time.perf_counter() - began < 2.0  # a quadratic rule takes minutes

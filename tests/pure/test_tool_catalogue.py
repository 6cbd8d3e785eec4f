"""The list of tools, their examples, and requests that need no tool."""

import re

from nearfield_tools import aloud, listed, plain
from nearfield_tools.api import Effect
from nearfield_tools.calendar import add_event
from nearfield_tools.catalogue import ABOUT, ANSWER, DECLINE, NO_TOOL, TOOLS

ALL = [(tool, example) for tool in TOOLS for example in tool.examples]


def test_every_tool_has_ten_to_twenty_examples_and_its_own_name():
    """A small model learns a tool from them alone."""
    assert len({tool.name for tool in TOOLS}) == len(TOOLS) == 12
    assert all(10 <= len(tool.examples) <= 20 for tool in TOOLS)


def test_every_example_is_a_valid_call():
    """Its arguments pass the same check as a model's."""
    for tool, example in ALL:
        assert tool.check(example.arguments).keys() == {a.name for a in tool.arguments}
    assert all(example.said == plain(example.said, 200) for _, example in ALL)


def test_a_default_may_be_written_out():
    """Large models fill in every argument, also with the empty time of a whole day."""
    arguments = {"title": "day off", "day": "friday", "time": "", "minutes": 60}
    assert add_event.check(arguments) == arguments


def test_no_request_stands_for_two_tools():
    """Nor for a tool and for none."""
    said = [example.said.casefold() for _, example in ALL] + [s.casefold() for s in ANSWER + DECLINE]
    assert len(said) == len(set(said))


def test_every_argument_and_choice_is_shown_at_least_once():
    """What no example shows, a small model never writes."""
    for tool in TOOLS:
        for argument in tool.arguments:
            used = {e.arguments[argument.name] for e in tool.examples if argument.name in e.arguments}
            assert used, f"{tool.name}.{argument.name}"
            assert set(argument.choices) <= used | {argument.default}


def test_what_writes_can_be_carried_out_and_what_reads_needs_no_asking():
    """No tool can change anything without a question."""
    for tool in TOOLS:
        assert (tool.finish is not None) == (tool.effect is Effect.WRITE)


def test_grammar_bodies_use_no_other_rules():
    """Only literals, classes, groups, alternatives and repetitions."""
    shapes = {a.shape for tool in TOOLS for a in tool.arguments if a.shape}
    assert len(shapes) == 3
    for shape in shapes:
        rest = re.sub(r'"[^"\\]*"|\[[0-9-]+\]|\{\d,\d\}', "", shape.gbnf)
        assert set(rest) <= set(" |()"), rest


def test_there_are_requests_to_answer_and_to_decline():
    """Enough of each, for they stand for everything else, and each said once."""
    assert NO_TOOL == {"answer": ANSWER, "about": ABOUT, "decline": DECLINE}
    assert all(10 <= len(set(phrases)) == len(phrases) <= 40 for phrases in NO_TOOL.values())


def test_plain_text_is_one_visible_line():
    """Line ends, zero-width and bidirectional marks, private characters and overlong tails go."""
    assert plain("a\u200b\u202eb\n\tc\ue000\x07") == "ab c"
    assert plain("x" * 100, 10) == "x" * 9 + "…"


def test_a_list_is_spoken_with_and_before_its_last():
    """A long one ends in how many more there are."""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b", "c", "d"], 2) == "a, b and 2 more"


def test_short_lines_are_read_as_a_list_and_long_ones_as_running_text():
    """Bullets are not read, and what is left out is said."""
    assert aloud("- milk\n- [ ] eggs\n\nbread", 80) == "milk, eggs, bread."
    long = "Dear all, the meeting of this Friday\nis moved to the large room upstairs."
    assert aloud(long, 80) == "Dear all, the meeting of this Friday is moved to the large room upstairs."
    assert aloud("one two three", 2) == "one two. There is more; that was the beginning."
    assert aloud("\n", 5) == ""

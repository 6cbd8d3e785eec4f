"""What is said of a picture: the print and the codes on it, and nothing that cannot be known."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nearfield_tools.api import ToolError
from nearfield_tools.eyes import Code, Reading, Sight, Word
from nearfield_tools.look import look, read_text


@dataclass(frozen=True)
class Picture:
    lines: tuple[str, ...] = ()
    found: tuple[Code, ...] = ()
    trouble: str = ""
    faces: int | None = None

    def read(self):
        return Reading(tuple(Word(line, 0.9, (0, 0, 9, 9)) for line in self.lines), 0, self.trouble)

    def codes(self):
        return self.found

    def look(self):
        return Sight(640, 480, "bright", sharp=True, colours=("blue", "white"), faces=self.faces)


@dataclass(frozen=True)
class Here:
    eyes: Picture | None
    now: datetime = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
    call_id: str = "call-1"
    workspace: Path = Path("/nowhere")
    calendar: Path = Path("/nowhere")
    store: Path = Path("/nowhere")


QR = Code("QR code", "https://example.org/\u200bx")


@pytest.mark.parametrize("tool", [look, read_text])
def test_without_a_picture_it_says_what_to_do(tool):
    """Rather than describing nothing."""
    with pytest.raises(ToolError, match="There is no picture; turn on the camera"):
        tool.act(Here(None))


def test_looking_says_that_it_cannot_recognise_and_what_it_can_tell():
    """Light, sharpness and colours; nothing about faces when nothing can tell."""
    result = look.act(Here(Picture()))
    assert result.say == (
        "I cannot recognise things yet with this brain. The picture is bright and sharp. It is mostly blue and white."
    )
    assert not result.untrusted


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("what colour is this shirt", "It is mostly blue and white."),
        ("how many people are there", "There are 2 faces."),
        ("is it sharp", "The picture is bright and sharp."),
    ],
)
def test_what_was_asked_about_comes_first(question, first):
    """As far as it can be told at all."""
    said = look.act(Here(Picture(faces=2)), question).say
    assert said.startswith(f"I cannot recognise things yet with this brain. {first}")


def test_looking_mentions_print_and_codes():
    """The first words only; the rest is for reading."""
    picture = Picture(
        lines=("one two three four five six seven", "eight nine ten eleven twelve more words"), found=(QR,)
    )
    result = look.act(Here(picture))
    assert "It says: one two three four five six seven eight nine ten eleven twelve and more." in result.say
    assert result.say.endswith("There is a QR code on it.")
    assert result.untrusted


def test_print_is_read_with_its_trouble():
    """What was hard to read is said after it."""
    picture = Picture(lines=("OPEN", "9 to 5"), trouble="Part of it is cut off.")
    result = read_text.act(Here(picture))
    assert result.say == "It says: OPEN, 9 to 5. Part of it is cut off."
    assert result.untrusted
    assert result.data["lines"] == ["OPEN", "9 to 5"]


def test_long_print_is_begun():
    """Sixty words, and that there is more."""
    result = read_text.act(Here(Picture(lines=("word " * 10,) * 9)))
    assert result.say.count("word") == 60
    assert result.say.endswith("There is more; that was the beginning.")


def test_codes_are_read_alone_when_asked_for():
    """As text without hidden characters; where they lead is not followed."""
    picture = Picture(lines=("hello",), found=(QR,))
    assert read_text.act(Here(picture), "codes").say == "The QR code says: https://example.org/x."
    assert read_text.act(Here(picture)).say == "It says: hello. The QR code says: https://example.org/x."
    assert read_text.act(Here(Picture(found=(QR,)))).say == "The QR code says: https://example.org/x."


def test_a_picture_without_print_or_codes_is_said_to_have_none():
    """With the reason, where there is one."""
    assert read_text.act(Here(Picture())).say == "I see nothing on the picture that I can read."
    assert read_text.act(Here(Picture(trouble="It is too dark."))).say.endswith("read. It is too dark.")
    assert read_text.act(Here(Picture(lines=("hi",))), "codes").say.startswith("I see no QR code or bar code")

"""The picture at hand: what is printed on it, the codes on it, and what little can honestly be said of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

from nearfield_tools import aloud, listed, plain
from nearfield_tools.api import Effect, Result, Text, ToolContext, ToolError, say, tool
from nearfield_tools.eyes import Code, Eyes, Sight

SPOKEN_WORDS, GLIMPSE_WORDS = 60, 12
"""Words of printed text that are read out when asked for, and that are mentioned when not."""

Question = Annotated[str, Text("what is asked about the picture", 120)]


@tool(
    effect=Effect.READ,
    picture=True,
    examples=[
        say("What do you see?"),
        say("Take a look at this."),
        say("look at the picture"),
        say("Describe the photo, please."),
        say("What is this?"),
        say("What am I holding?"),
        say("What colour is this shirt?", question="what colour is this shirt"),
        say("Is it bright enough in here?"),
        say("Can you see me?"),
        say("How many people are in the picture?"),
        say("Is the picture sharp?"),
        say("what is on the table"),
        say("Who is at the door?"),
        say("I'd like you to use the camera."),
        say("Does this jacket match these trousers?"),
        say("What have I got in front of me?"),
        say("tell me what this photo shows"),
        say("Is the cup red or blue?"),
    ],
)
def look(ctx: ToolContext, question: Question = "") -> Result:
    """Look at the picture or through the camera and tell what is there."""
    eyes = _eyes(ctx)
    sight, reading, codes = eyes.look(), eyes.read(), eyes.codes()
    printed = plain(" ".join(line.text for line in reading.lines), 4000).split()
    facts = sorted((_light(sight), _colours(sight), _faces(sight)), key=lambda fact: not _about(question, fact))
    if printed:
        facts.append(f"It says: {' '.join(printed[:GLIMPSE_WORDS])}{' and more' if printed[GLIMPSE_WORDS:] else ''}.")
    if codes:
        facts.append(f"There is {listed([_with_article(plain(code.kind, 20)) for code in codes[:3]])} on it.")
    said = " ".join(["I cannot recognise things yet with this brain.", *filter(None, facts)])
    data = {"question": question, "sight": asdict(sight), "text": " ".join(printed), "codes": _as_data(codes)}
    return Result(said, data, untrusted=bool(printed or codes))


@look.listen
def question_in_words(said: str, wrote: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked about the picture is the request itself."""
    return {"question": said[:120]}


@tool(
    effect=Effect.READ,
    picture=True,
    examples=[
        say("Read this to me."),
        say("what does it say"),
        say("Can you read this letter?"),
        say("What is written on this label?"),
        say("Read the text on the sign, please."),
        say("I can't read this, what does it say?"),
        say("What's the total on this receipt?"),
        say("read the screen for me"),
        say("What do the instructions on the box say?"),
        say("Which ingredients are on this jar?"),
        say("read out the notice on the wall"),
        say("What's the best before date on this yoghurt?"),
        say("My eyes are bad, read me this page."),
        say("Scan this QR code.", part="codes"),
        say("what is in the barcode", part="codes"),
        say("Can you scan the code on this ticket?", part="codes"),
        say("Where does this QR code lead?", part="codes"),
    ],
)
def read_text(ctx: ToolContext, part: Literal["all", "codes"] = "all") -> Result:
    """Read the printed text or the codes on the picture aloud."""
    eyes = _eyes(ctx)
    codes = eyes.codes()
    coded = [f"The {plain(code.kind, 20)} says: {plain(code.text, 300)}." for code in codes]
    if part == "codes":
        said = " ".join(coded) or "I see no QR code or bar code on the picture; try holding it closer and flat."
        return Result(said, {"codes": _as_data(codes)}, untrusted=bool(codes))
    reading = eyes.read()
    lines = [plain(line.text, 400) for line in reading.lines]
    text = aloud("\n".join(lines), SPOKEN_WORDS)
    nothing = "" if coded else "I see nothing on the picture that I can read."
    said = " ".join(filter(None, [f"It says: {text}" if text else nothing, *coded, plain(reading.trouble, 200)]))
    data = {"lines": lines, "turned": reading.turned, "trouble": reading.trouble, "codes": _as_data(codes)}
    return Result(said, data, untrusted=bool(text or codes))


def _with_article(kind: str) -> str:
    return f"{'an' if kind[:1] in 'AEIO' else 'a'} {kind}"


def _eyes(ctx: ToolContext) -> Eyes:
    if ctx.eyes is None:
        raise ToolError("There is no picture; turn on the camera or give me one.")
    return ctx.eyes


def _about(question: str, fact: str) -> bool:
    """Whether this is what the question is about, as far as its words tell, so that it is said first."""
    words = {"mostly": "colo", "face": "who how many people see me anyone", "sharp": "sharp blur bright dark light"}
    asked = next((hints.split() for word, hints in words.items() if word in fact), [])
    return any(hint in question.casefold() for hint in asked)


def _light(sight: Sight) -> str:
    return f"The picture is {sight.light} and {'sharp' if sight.sharp else 'not sharp'}."


def _colours(sight: Sight) -> str:
    return f"It is mostly {listed(sight.colours[:3])}." if sight.colours else ""


def _faces(sight: Sight) -> str:
    if sight.faces is None:
        return ""
    return "There is one face." if sight.faces == 1 else f"There are {sight.faces or 'no'} faces."


def _as_data(codes: tuple[Code, ...]) -> list[dict[str, str]]:
    return [{"kind": plain(code.kind, 20), "text": plain(code.text, 2000)} for code in codes]

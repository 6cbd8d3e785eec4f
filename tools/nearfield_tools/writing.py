"""Adding text to the user's files. Nothing is ever overwritten or deleted: writing appends, or begins a new file."""

from __future__ import annotations

import codecs
import hashlib
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated

from nearfield_tools import beneath, plain
from nearfield_tools.api import Effect, Plan, Result, Text, ToolContext, ToolError, say, tool
from nearfield_tools.file_names import (
    LARGEST,
    TEXT,
    Name,
    all_entries,
    bytes_of,
    count_and_list,
    nearest_name,
    new_name,
    same_name,
)
from nearfield_tools.file_words import note_in_words

if TYPE_CHECKING:
    from nearfield_tools.beneath import Entry

Line = Annotated[str, Text("what is to be written, word for word", 600)]


@tool(
    effect=Effect.WRITE,
    examples=[
        say("Add milk to the shopping list.", name="shopping list", text="milk"),
        say("put eggs and bread on my shopping list", name="shopping list", text="eggs and bread"),
        say("Write down that the boiler code is 4711.", name="notes", text="The boiler code is 4711."),
        say("Make a note: call the garage about the tyres.", name="notes", text="Call the garage about the tyres."),
        say("Create a file called ideas with the text paint the shed.", name="ideas", text="Paint the shed."),
        say("We're out of coffee, put it on the list.", name="shopping list", text="coffee"),
        say("Start a packing list with passport and charger.", name="packing list", text="passport and charger"),
        say("add water the plants to my to do list", name="to do list", text="water the plants"),
        say("Can you write in my diary that it snowed today?", name="diary", text="It snowed today."),
        say("Please note that Anna's size is 38.", name="notes", text="Anna's size is 38."),
        say("I need to buy toothpaste.", name="shopping list", text="toothpaste"),
        say("In the travel log, write that we reached Lyon.", name="travel log", text="We reached Lyon."),
        say("append wash the windows to chores", name="chores", text="wash the windows"),
        say("We have no more rice, stick that on the groceries.", name="groceries", text="rice"),
        say("Save in meeting notes: the budget is 500 euros.", name="meeting notes", text="The budget is 500 euros."),
    ],
)
def write_file(ctx: ToolContext, name: Name, text: Line) -> Plan:
    """Add text to a list, a note or a file, which is made if it does not exist."""
    text = plain(text, 600)
    if not text:
        raise ToolError("What shall I write?")
    files = [e for e in all_entries(ctx) if not e.folder]
    same = same_name(name, files)
    if len(same) > 1:
        raise ToolError(f"There are {count_and_list(same, 'file')}. Which one?")
    path = str(same[0].path) if same else new_name(name)
    before = _addable(ctx, same[0]) if same else b""
    near = nearest_name(name, files)
    question = f"Add '{text}' to {path}?" if same else f"There is no {path} yet.{near} Make it, with '{text}' in it?"
    after = _digest(before + _addition(before, text))
    arguments = {"path": path, "text": text, "before": _digest(before) if same else "", "after": after}
    return Plan(question, arguments, "All right, nothing was written.")


write_file.listen(note_in_words)


@write_file.carry_out
def add_text(ctx: ToolContext, path: str, text: str, before: str, after: str) -> Result:
    """Append a line to a file, or begin a new one with it where `before` is empty.

    `before` and `after` are digests of the whole file: one that is as it should be afterwards is this same call, done
    already, and one that is neither has been changed by someone else and is left alone.
    """
    called = plain(PurePosixPath(path).name)
    try:
        ctx.workspace.mkdir(parents=True, exist_ok=True)
        now = _read_if_there(ctx, path)
        if now is None or _digest(now) != after:
            if before != ("" if now is None else _digest(now)):
                raise ToolError(f"{called} was changed in the meantime, so I left it. Please ask again.")
            beneath.write(ctx.workspace, path, (now or b"") + _addition(now or b"", text), replace=now)
        written = _read_if_there(ctx, path)
    except OSError as error:
        raise ToolError(f"I could not write {called}, so nothing was changed.") from error
    if written is None or _digest(written) != after:
        raise ToolError(f"I wrote {called}, but the disk holds something else; please check it.")
    return Result(f"I wrote '{text}' in {called}.", {"name": path, "text": text})


def _addable(ctx: ToolContext, entry: Entry) -> bytes:
    """What the file holds now. Raises ToolError when a line of UTF-8 text has no place in it."""
    content = bytes_of(ctx, entry)
    text = beneath.as_text(content)
    fits = text is not None and text.encode() == content.removeprefix(codecs.BOM_UTF8)
    if not fits or entry.size > LARGEST or entry.path.suffix.lower() not in ("", *TEXT):
        raise ToolError(f"{plain(entry.path.name)} is not a file I can add text to.")
    return content


def _read_if_there(ctx: ToolContext, path: str) -> bytes | None:
    try:
        return beneath.read(ctx.workspace, path, 2 * LARGEST)
    except FileNotFoundError:
        return None


def _addition(now: bytes, text: str) -> bytes:
    """The bytes to append, in the file's own manner: its line ends and, in a list, its bullets."""
    end = b"\r\n" if b"\r\n" in now else b"\n"
    bullet = re.search(rb"(?:^|\n)([-*+] (?:\[[ x]\] )?)[^\n]*\s*$", now)
    start = bullet.group(1).replace(b"[x]", b"[ ]") if bullet else b""
    return (b"" if not now or now.endswith(b"\n") else end) + start + text.encode() + end


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

"""The user's files: listing, finding, reading, and adding text, inside one folder only.

Names are looked up as they are said: "shopping list" is shopping-list.txt. Hidden files do not exist here, and what a
file holds is text that others may have written. Nothing is ever overwritten or deleted; writing appends.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import time
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated, Any

from nearfield_tools import aloud, beneath, listed, plain
from nearfield_tools.api import Effect, Plan, Result, Text, ToolContext, ToolError, say, tool
from nearfield_tools.spoken import said_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nearfield_tools.beneath import Entry

NO_FOLDER = frozenset(
    {
        "file",
        "files",
        "documents",
        "notes",
        "lists",
        "papers",
        "folder",
        "folders",
        "everything",
        "name",
        "here",
        "computer",
    }
)
"""Words that ask for all files, and name no folder."""

LARGEST = 1_000_000
"""Bytes that are read of one file, and the most a file may hold to be written to."""

DEEP, MOST, SEARCHED, PATIENCE = 6, 3000, 20_000_000, 2.0
"""Folders within folders and entries looked at; bytes and seconds of a search. One that ends early says so."""

SPOKEN_WORDS, SPOKEN_NAMES, DATA_CHARACTERS = 80, 8, 4000

TEXT = (".txt", ".md", ".csv", ".org", ".rst", ".log", ".tex", ".html", ".json", ".yaml", ".yml", ".toml", ".ini")
"""Suffixes of what is written to; a new name without one of them gets the first."""

Name = Annotated[str, Text("the name of the file as it is said", 120)]
Folder = Annotated[str, Text("the name of a folder as it is said; empty for the main one", 120)]
Words = Annotated[str, Text("one to three words to look for", 80)]
Line = Annotated[str, Text("what is to be written, word for word", 600)]


@tool(
    effect=Effect.READ,
    examples=[
        say("What files do I have?"),
        say("list my files"),
        say("Show me the documents, please."),
        say("Which notes are there?"),
        say("What's in my folder?"),
        say("What is in the recipes folder?", folder="recipes"),
        say("list the files in the work folder", folder="work"),
        say("Open the folder called holiday and tell me what's inside.", folder="holiday"),
        say("Can you go through the invoices folder?", folder="invoices"),
        say("I'd like to know which files you can see."),
        say("which documents are stored here"),
        say("Give me an overview of my notes."),
        say("What's saved on this computer?"),
        say("Name all the files I made."),
        say("Do I have any lists?"),
        say("what's stored under photos", folder="photos"),
        say("Are there documents in the school folder?", folder="school"),
    ],
)
def list_files(ctx: ToolContext, folder: Folder = "") -> Result:
    """Tell which files and folders there are."""
    everything = _everything(ctx)
    inside = _named(folder, [e for e in everything if e.folder], "folder").path if folder else PurePosixPath()
    found = [e for e in everything if e.path.parent == inside]
    files, folders = [e for e in found if not e.folder], [e for e in found if e.folder]
    where = f"In {plain(str(inside))} I see" if folder else "I see"
    counted = [_counted(files, "file", inside), _counted(folders, "folder", inside)]
    spoken = ", and ".join(filter(None, counted)) or "nothing"
    names = [[plain(e.path.name) for e in kind[:100]] for kind in (files, folders)]
    data = {"folder": str(inside), "files": names[0], "folders": names[1]}
    return Result(f"{where} {spoken}.", data, untrusted=True)


@list_files.listen
def folder_in_words(said: str, wrote: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A folder that was not said, or a word for all of them, is none."""
    folder = _bare(str(wrote.get("folder", "")))
    return {"folder": folder} if said_in(folder, said) and folder.lower() not in NO_FOLDER else {}


@tool(
    effect=Effect.READ,
    examples=[
        say("Find the file about the boiler.", words="boiler"),
        say("search my notes for the wifi password", words="wifi password"),
        say("Where did I write down the recipe for pancakes?", words="pancakes"),
        say("Do I have a file with my passport number?", words="passport"),
        say("Look for invoice 2026 in my documents.", words="invoice 2026"),
        say("Which file mentions Rotterdam?", words="Rotterdam"),
        say("I need to find my insurance papers.", words="insurance"),
        say("find everything about the garden", words="garden"),
        say("Is there a note on the plumber's phone number?", words="plumber"),
        say("Can you search for packing list?", words="packing list"),
        say("search for the lease", words="lease"),
        say("Which of my notes talk about Berlin?", words="Berlin"),
        say("Go through my documents and look for the warranty.", words="warranty"),
        say("Could you find the notes on the bathroom?", words="bathroom"),
        say("Is there any file with tax in its title?", words="tax"),
        say("look up the vet in my notes", words="vet"),
        say("where's that file with the birthdays", words="birthdays"),
    ],
)
def find_files(ctx: ToolContext, words: Words) -> Result:
    """Find files by their name or by words in them."""
    wanted = _heard(words).split()
    if not wanted:
        raise ToolError("Which words shall I look for?")
    everything = _everything(ctx)
    files = [e for e in everything if not e.folder]
    named = [e for e in files if all(word in _heard(str(e.path)) for word in wanted)]
    lines, complete = _mentions(ctx, [e for e in files if e not in named], wanted)
    names = [plain(str(e.path)) for e in [*named, *lines]]
    rest = "" if complete and len(everything) < MOST else " I did not get through all of your files."
    said = f"I found {_counted([*named, *lines], 'file')}." if names else f"I found no file about {plain(words)}."
    if len(names) == len(lines) == 1:
        said = f"I found {names[0]}. It says: {lines[next(iter(lines))]}"
    data = {"files": names[:50], "lines": list(lines.values())[:50], "complete": complete}
    return Result(said + rest, data, untrusted=True)


@tool(
    effect=Effect.READ,
    examples=[
        say("Read my shopping list.", name="shopping list"),
        say("what's on the shopping list", name="shopping list"),
        say("Read me the file called ideas.", name="ideas"),
        say("Open notes dot txt and read it to me.", name="notes.txt"),
        say("What does the packing list say?", name="packing list"),
        say("Please read the meeting notes aloud.", name="meeting notes"),
        say("Tell me what is in the to do list.", name="to do list"),
        say("I want to hear my pancake recipe.", name="pancake recipe"),
        say("Can you read out the readme file?", name="readme"),
        say("What do I still need to buy?", name="shopping list"),
        say("read the letter to the landlord", name="letter to the landlord"),
        say("What have I got in gift ideas?", name="gift ideas"),
        say("show me budget.txt", name="budget.txt"),
        say("Go over the guest list with me.", name="guest list"),
        say("What did I note in the garden diary?", name="garden diary"),
        say("I'd love to hear the poem file.", name="poem"),
    ],
)
def read_file(ctx: ToolContext, name: Name) -> Result:
    """Read one of the user's files or lists aloud."""
    entry = _named(name, [e for e in _everything(ctx) if not e.folder], "file")
    text = _text(ctx, entry)
    called, spoken = plain(entry.path.name), aloud(text, SPOKEN_WORDS)
    complete = len(text) <= DATA_CHARACTERS and entry.size <= LARGEST
    data = {"name": str(entry.path), "text": text[:DATA_CHARACTERS], "complete": complete}
    return Result(f"In {called} it says: {spoken}" if spoken else f"{called} is empty.", data, untrusted=True)


@read_file.listen
def name_in_words(said: str, wrote: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A file said to be "the bedtime story file" is called bedtime story."""
    return {"name": _bare(str(wrote.get("name", "")))}


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
    files = [e for e in _everything(ctx) if not e.folder]
    same = _same(name, files)
    if len(same) > 1:
        raise ToolError(f"There are {_counted(same, 'file')}. Which one?")
    path = str(same[0].path) if same else _new_name(name)
    before = _addable(ctx, same[0]) if same else b""
    near = _nearest(name, files)
    question = f"Add '{text}' to {path}?" if same else f"There is no {path} yet.{near} Make it, with '{text}' in it?"
    after = _digest(before + _addition(before, text))
    arguments = {"path": path, "text": text, "before": _digest(before) if same else "", "after": after}
    return Plan(question, arguments, "All right, nothing was written.")


@write_file.listen
def note_in_words(said: str, wrote: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The text ends where the words that name its file begin."""
    name = str(wrote.get("name", ""))
    if not said_in(name, said) and (
        lists := re.findall(r"\b(?:to|on|onto|in) (?:the|my|our) ([\w' ]+? list)\b", said.lower())
    ):
        [name] = lists[-1:]
    text = str(wrote.get("text", "")).strip()
    where = (
        rf"[,.]? (?:to|on|onto|in|into|for) (?:the |my |our |a )?(?:file |list )?{re.escape(name)}(?: list| file)?[.!]?"
    )
    shorter = re.sub(rf"{where}$", "", text, flags=re.IGNORECASE)
    return {"name": _bare(name), "text": shorter or text}


def _bare(name: str) -> str:
    """A file's name without the word that says it is one."""
    return re.sub(r"^(?:the|my|our) | file$", "", name.strip().rstrip("."), flags=re.IGNORECASE) or name


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


def _everything(ctx: ToolContext) -> list[Entry]:
    return list(beneath.walk(ctx.workspace, deep=DEEP, most=MOST))


def _dotted(name: str) -> str:
    return re.sub(r"\s+dot\s+", ".", plain(name, 200).casefold())


def _heard(name: str) -> str:
    """A name as it is heard: "Shopping-List.txt", "shopping list" and "my shopping list" are the same."""
    dotted = _dotted(name)
    heard = re.sub(r"[\W_]+", " ", dotted.rpartition(".")[0] if dotted.endswith(TEXT) else dotted).strip()
    return re.sub(r"^(?:my|the|our|a|an) (?=\S)|(?<=\S) (?:file|folder)$", "", heard)


def _same(name: str, entries: list[Entry]) -> list[Entry]:
    """Those with this name or path, to the letter if there is one, else as heard; "to do" and "todo" sound the same."""
    said, heard = _dotted(name), _heard(name).replace(" ", "")
    exact = [e for e in entries if said in (e.path.name.casefold(), str(e.path).casefold())]
    both = ((e, (_heard(e.path.name).replace(" ", ""), _heard(str(e.path)).replace(" ", ""))) for e in entries)
    return exact or [e for e, names in both if heard and heard in names]


def _nearest(name: str, entries: list[Entry]) -> str:
    """A sentence naming the file that sounds most like it, or nothing."""
    names = {_heard(e.path.name): plain(str(e.path)) for e in reversed(entries)}
    close = get_close_matches(_heard(name), list(names), n=1)
    return f" The nearest is {names[close[0]]}." if close else ""


def _named(name: str, entries: list[Entry], kind: str) -> Entry:
    """The one meant by what was said: the same name, else the only one with all of its words."""
    words = set(_heard(name).split())
    found = _same(name, entries) or [e for e in entries if words and words <= set(_heard(str(e.path)).split())]
    if len(found) == 1:
        return found[0]
    if found:
        raise ToolError(f"There are {_counted(found, kind)}. Which one?")
    raise ToolError(f"There is no {kind} called {plain(name)}.{_nearest(name, entries)}")


def _new_name(name: str) -> str:
    said = re.sub(r"\s+dot\s+", ".", plain(name, 120)).strip(" .")
    if not said or "/" in said or "\\" in said:
        raise ToolError("Please say just a name for the new file, such as ideas.")
    return said if said.lower().endswith(TEXT) else f"{said}.txt"


def _counted(entries: list[Entry], kind: str, inside: PurePosixPath | None = None) -> str:
    names = [plain(str(e.path.relative_to(inside or "."))) for e in entries]
    return f"{len(names)} {kind}{'s' if len(names) > 1 else ''}: {listed(names, SPOKEN_NAMES)}" if names else ""


def _content(ctx: ToolContext, entry: Entry) -> bytes:
    try:
        return beneath.read(ctx.workspace, str(entry.path), LARGEST)
    except OSError as error:
        raise ToolError(f"I cannot open {plain(entry.path.name)}.") from error


def _text(ctx: ToolContext, entry: Entry) -> str:
    text = beneath.as_text(_content(ctx, entry))
    if text is None:
        raise ToolError(f"{plain(entry.path.name)} is not a text file.")
    return text


def _addable(ctx: ToolContext, entry: Entry) -> bytes:
    """What the file holds now. Raises ToolError when a line of UTF-8 text has no place in it."""
    content = _content(ctx, entry)
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


def _mentions(ctx: ToolContext, entries: list[Entry], wanted: list[str]) -> tuple[dict[Entry, str], bool]:
    """File -> its first line with most of the words, for files that hold all; and whether all were looked at."""
    found: dict[Entry, str] = {}
    until, left = time.monotonic() + PATIENCE, SEARCHED
    for entry in entries:
        if time.monotonic() > until or left <= 0:
            return found, False
        left -= min(entry.size, LARGEST)
        try:
            text = _text(ctx, entry)
        except ToolError:  # not text, or not readable: not what was looked for
            continue
        if all(word in text.casefold() for word in wanted):
            line = max(text.splitlines(), key=lambda line: sum(word in line.casefold() for word in wanted))
            found[entry] = plain(line, 160)
    return found, True


def _addition(now: bytes, text: str) -> bytes:
    """The bytes to append, in the file's own manner: its line ends and, in a list, its bullets."""
    end = b"\r\n" if b"\r\n" in now else b"\n"
    bullet = re.search(rb"(?:^|\n)([-*+] (?:\[[ x]\] )?)[^\n]*\s*$", now)
    start = bullet.group(1).replace(b"[x]", b"[ ]") if bullet else b""
    return (b"" if not now or now.endswith(b"\n") else end) + start + text.encode() + end


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

"""The user's files: listing, finding and reading, inside one folder only.

Names are looked up as they are said: "shopping list" is shopping-list.txt. Hidden files do not exist here, and what a
file holds is text that others may have written.
"""

from __future__ import annotations

import time
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated

from nearfield_tools import aloud, beneath, plain
from nearfield_tools.api import Effect, Result, Text, ToolContext, ToolError, say, tool
from nearfield_tools.file_names import (
    DATA_CHARACTERS,
    LARGEST,
    MOST,
    PATIENCE,
    SEARCHED,
    SPOKEN_WORDS,
    Name,
    all_entries,
    bytes_of,
    count_and_list,
    find_named,
    heard_as,
)
from nearfield_tools.file_words import folder_in_words, name_in_words

if TYPE_CHECKING:
    from nearfield_tools.beneath import Entry

Folder = Annotated[str, Text("the name of a folder as it is said; empty for the main one", 120)]
Words = Annotated[str, Text("one to three words to look for", 80)]


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
    everything = all_entries(ctx)
    inside = find_named(folder, [e for e in everything if e.folder], "folder").path if folder else PurePosixPath()
    found = [e for e in everything if e.path.parent == inside]
    files, folders = [e for e in found if not e.folder], [e for e in found if e.folder]
    where = f"In {plain(str(inside))} I see" if folder else "I see"
    counted = [count_and_list(files, "file", inside), count_and_list(folders, "folder", inside)]
    spoken = ", and ".join(filter(None, counted)) or "nothing"
    names = [[plain(e.path.name) for e in kind[:100]] for kind in (files, folders)]
    data = {"folder": str(inside), "files": names[0], "folders": names[1]}
    return Result(f"{where} {spoken}.", data, untrusted=True)


list_files.listen(folder_in_words)


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
    wanted = heard_as(words).split()
    if not wanted:
        raise ToolError("Which words shall I look for?")
    everything = all_entries(ctx)
    files = [e for e in everything if not e.folder]
    named = [e for e in files if all(word in heard_as(str(e.path)) for word in wanted)]
    lines, complete = _mentions(ctx, [e for e in files if e not in named], wanted)
    names = [plain(str(e.path)) for e in [*named, *lines]]
    rest = "" if complete and len(everything) < MOST else " I did not get through all of your files."
    said = f"I found {count_and_list([*named, *lines], 'file')}." if names else f"I found no file about {plain(words)}."
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
    entry = find_named(name, [e for e in all_entries(ctx) if not e.folder], "file")
    text = _text(ctx, entry)
    called, spoken = plain(entry.path.name), aloud(text, SPOKEN_WORDS)
    complete = len(text) <= DATA_CHARACTERS and entry.size <= LARGEST
    data = {"name": str(entry.path), "text": text[:DATA_CHARACTERS], "complete": complete}
    return Result(f"In {called} it says: {spoken}" if spoken else f"{called} is empty.", data, untrusted=True)


read_file.listen(name_in_words)


def _text(ctx: ToolContext, entry: Entry) -> str:
    text = beneath.as_text(bytes_of(ctx, entry))
    if text is None:
        raise ToolError(f"{plain(entry.path.name)} is not a text file.")
    return text


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

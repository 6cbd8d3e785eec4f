"""Files by the names people say: finding the one that is meant, and what to call a new one."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Annotated

from nearfield_tools import beneath, listed, plain
from nearfield_tools.api import Text, ToolContext, ToolError

if TYPE_CHECKING:
    from nearfield_tools.beneath import Entry

LARGEST = 1_000_000
"""Bytes that are read of one file, and the most a file may hold to be written to."""

DEEP, MOST, SEARCHED, PATIENCE = 6, 3000, 20_000_000, 2.0
"""Folders within folders and entries looked at; bytes and seconds of a search. One that ends early says so."""

SPOKEN_WORDS, SPOKEN_NAMES, DATA_CHARACTERS = 80, 8, 4000

TEXT = (".txt", ".md", ".csv", ".org", ".rst", ".log", ".tex", ".html", ".json", ".yaml", ".yml", ".toml", ".ini")
"""Suffixes of what is written to; a new name without one of them gets the first."""

Name = Annotated[str, Text("the name of the file as it is said", 120)]


def all_entries(ctx: ToolContext) -> list[Entry]:
    return list(beneath.walk(ctx.workspace, deep=DEEP, most=MOST))


def with_dots(name: str) -> str:
    return re.sub(r"\s+dot\s+", ".", plain(name, 200).casefold())


def heard_as(name: str) -> str:
    """A name as it is heard: "Shopping-List.txt", "shopping list" and "my shopping list" are the same."""
    dotted = with_dots(name)
    heard = re.sub(r"[\W_]+", " ", dotted.rpartition(".")[0] if dotted.endswith(TEXT) else dotted).strip()
    return re.sub(r"^(?:my|the|our|a|an) (?=\S)|(?<=\S) (?:file|folder)$", "", heard)


def same_name(name: str, entries: list[Entry]) -> list[Entry]:
    """Those with this name or path, to the letter if there is one, else as heard; "to do" and "todo" sound the same."""
    said, heard = with_dots(name), heard_as(name).replace(" ", "")
    exact = [e for e in entries if said in (e.path.name.casefold(), str(e.path).casefold())]
    both = ((e, (heard_as(e.path.name).replace(" ", ""), heard_as(str(e.path)).replace(" ", ""))) for e in entries)
    return exact or [e for e, names in both if heard and heard in names]


def nearest_name(name: str, entries: list[Entry]) -> str:
    """A sentence naming the file that sounds most like it, or nothing."""
    names = {heard_as(e.path.name): plain(str(e.path)) for e in reversed(entries)}
    close = get_close_matches(heard_as(name), list(names), n=1)
    return f" The nearest is {names[close[0]]}." if close else ""


def find_named(name: str, entries: list[Entry], kind: str) -> Entry:
    """The one meant by what was said: the same name, else the only one with all of its words."""
    words = set(heard_as(name).split())
    found = same_name(name, entries) or [e for e in entries if words and words <= set(heard_as(str(e.path)).split())]
    if len(found) == 1:
        return found[0]
    if found:
        raise ToolError(f"There are {count_and_list(found, kind)}. Which one?")
    raise ToolError(f"There is no {kind} called {plain(name)}.{nearest_name(name, entries)}")


def new_name(name: str) -> str:
    said = re.sub(r"\s+dot\s+", ".", plain(name, 120)).strip(" .")
    if not said or "/" in said or "\\" in said:
        raise ToolError("Please say just a name for the new file, such as ideas.")
    return said if said.lower().endswith(TEXT) else f"{said}.txt"


def count_and_list(entries: list[Entry], kind: str, inside: PurePosixPath | None = None) -> str:
    names = [plain(str(e.path.relative_to(inside or "."))) for e in entries]
    return f"{len(names)} {kind}{'s' if len(names) > 1 else ''}: {listed(names, SPOKEN_NAMES)}" if names else ""


def bytes_of(ctx: ToolContext, entry: Entry) -> bytes:
    try:
        return beneath.read(ctx.workspace, str(entry.path), LARGEST)
    except OSError as error:
        raise ToolError(f"I cannot open {plain(entry.path.name)}.") from error

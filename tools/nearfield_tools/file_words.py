"""What the words of a request say about files, held against what a small model wrote (see `Tool.listen`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nearfield_tools.spoken import said_in

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


def folder_in_words(said: str, wrote: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A folder that was not said, or a word for all of them, is none."""
    folder = _bare(str(wrote.get("folder", "")))
    return {"folder": folder} if said_in(folder, said) and folder.lower() not in NO_FOLDER else {}


def name_in_words(said: str, wrote: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """A file said to be "the bedtime story file" is called bedtime story."""
    return {"name": _bare(str(wrote.get("name", "")))}


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

"""The tools of Nearfield: what it can do besides talk. They know nothing of the agent, see `api`.

Here stand the helpers that every tool needs to speak: `plain` and `aloud` for text that others wrote, `listed` for
lists.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Control, format (zero width, bidirectional), private use, surrogate and unassigned characters: never spoken, and in
# text from others they are used to hide words.
_UNSPOKEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def plain(text: str, longest: int = 80) -> str:
    """Text as one line without invisible characters, at most `longest` characters, "…" where it was cut."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    line = " ".join("".join(c for c in spaced if unicodedata.category(c) not in _UNSPOKEN).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def listed(items: Sequence[str], most: int = 0) -> str:
    """The items as in a sentence: "a, b and c"; with `most`, the first ones and how many more there are."""
    if most and len(items) > most:
        return ", ".join(items[:most]) + f" and {len(items) - most} more"
    if len(items) < 2:  # noqa: PLR2004
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def aloud(text: str, most: int) -> str:
    """A text of several lines as it is read out, at most `most` words, saying so when there is more; "" for none.

    The short lines of a list get commas between them, longer ones run together as they do on paper.
    """
    lines = [plain(re.sub(r"^\s*(?:[-*+] (?:\[.\] )?|#+ )", "", line), 4000) for line in text.splitlines()]
    lines = [line.rstrip(",;") for line in lines if line]
    short = all(len(line.split()) <= 6 for line in lines)  # noqa: PLR2004
    words = (", " if short else " ").join(lines).split()
    said = " ".join(words[:most]).rstrip(",;")
    stop = "" if not said or said.endswith((".", "!", "?")) else "."
    return said + stop + (" There is more; that was the beginning." if words[most:] else "")

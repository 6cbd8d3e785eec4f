"""Yes or no, decided by words alone: the model is never asked what an answer meant.

A short phrase of the yes list, exactly, is a yes; any negation anywhere is a no; more than that is another request, and what
was asked about is left undone. The spoken question itself contains no words of the yes list, so its echo cannot agree.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

YES = frozenset(
    [
        "yes",
        "yeah",
        "yep",
        "yup",
        "sure",
        "ok",
        "okay",
        "confirm",
        "confirmed",
        "correct",
        "right",
        "do it",
        "go ahead",
        "go on",
        "please do",
        "please",
        "of course",
        "absolutely",
        "definitely",
        "certainly",
        "exactly",
        "sounds good",
        "that's right",
        "that is right",
        "that's fine",
        "fine",
        "all right",
        "alright",
        "yes do it",
        "yes go ahead",
        "yes please do",
        "yes that's right",
        "yes that is right",
        "yes of course",
        "yes that's fine",
        "yes put it in",
        "yes add it",
        "yes write it",
        "yes set it",
        "yes exactly",
        "yes correct",
        "sure go ahead",
        "sure do it",
        "ok do it",
        "ok go ahead",
        "okay do it",
        "okay go ahead",
        "you may",
        "i do",
        "i would",
        "make it so",
        "that would be great",
        "yes that would be great",
    ]
)
NO = re.compile(
    r"\b(no|nope|nah|not|never|dont|\w+n't|cannot|cancel|stop|wait|leave it|forget it|never ?mind|hold on|rather not|"
    r"skip it|wrong|abort|undo)\b"
)
POLITE = re.compile(r"\b(please|thanks|thank you|nearfield|um+|uh+|er+|oh|well|hm+)\b")
LONGEST = 6
"""A yes of more words than this, polite ones aside, is something else; a no may have twice as many."""
APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'"))

UNCLEAR = 2
"""As few words as this that are neither yes nor no ask for another try."""

Word = Literal["yes", "no", "other", "unsure"]


def understand(said: str) -> Word:
    """What `said` means as the answer to a yes-or-no question."""
    plain = unicodedata.normalize("NFKC", said.translate(APOSTROPHES)).lower()
    text = re.sub(r"[^\w' ]|_", " ", plain)  # what is not understood, "yes 10" or another script, still counts as words
    bare = " ".join(POLITE.sub(" ", text).split())
    words = " ".join(text.split())
    if NO.search(words):
        return "no" if len(bare.split()) <= 2 * LONGEST else "other"
    if bare in YES or words in YES:
        return "yes"
    if not bare:  # nothing but "thank you" or "um", which is also what a recogniser makes of noise
        return "unsure"
    halves = re.split(r"\b(?:yes|yeah|yep|sure|okay|ok)\b", bare)
    if len(bare.split()) <= LONGEST and all(not h.strip() or h.strip() in YES for h in halves):
        return "yes"  # "yes yes", "okay, go ahead"
    return "other" if len(bare.split()) > UNCLEAR else "unsure"

"""A model's own words, bounded and held against the truth before anyone hears them.

Pure and streaming. Words come out in whole clauses, so that a claim can be checked before it is spoken and a reply
that ran into its limit ends at the end of a sentence.
"""

from __future__ import annotations

from nearfield.brain.claims import TRUTH, honest
from nearfield.speakable import Clauses

TOO_LONG = "I'll stop there."
REPEATS = 3
"""The same sentence this often in one reply means the model is stuck."""


class Careful:
    """Feed it a model's pieces; see `careful`."""

    def __init__(self, longest: int, *, something_done: bool) -> None:
        self._clauses = Clauses()
        self._longest, self._done = longest, something_done
        self._pieces = 0
        self._seen: dict[str, int] = {}
        self._stuck = False

    @property
    def enough(self) -> bool:
        """True when nothing more should be generated: the limit is reached, it repeats itself, or claims what is not so."""
        return self._stuck or self._pieces >= self._longest

    def feed(self, piece: str) -> list[str]:
        """Clauses that are now complete, each followed by a space."""
        self._pieces += 1
        return self._checked(self._clauses.feed(piece))

    def close(self) -> list[str]:
        """What is left at the end; a half sentence of a reply that ran into its limit is dropped."""
        rest = self._clauses.flush()
        if self._stuck:
            return []
        if self._pieces >= self._longest and rest and not rest[-1].rstrip().endswith((".", "!", "?")):
            return [*self._checked(rest[:-1]), f"{TOO_LONG} "]
        return self._checked(rest)

    def _checked(self, clauses: list[str]) -> list[str]:
        out = []
        for clause in clauses:
            if self._stuck:
                break
            key = " ".join(clause.lower().split())
            self._seen[key] = self._seen.get(key, 0) + 1
            true = honest(clause, something_done=self._done)
            self._stuck = self._seen[key] >= REPEATS or true == TRUTH
            if self._seen[key] < REPEATS:
                out.append(f"{true.strip()} ")
        return out


def careful(longest: int, *, something_done: bool) -> Careful:
    """Bounds a reply to `longest` tokens; `something_done`: a write succeeded in this turn."""
    return Careful(longest, something_done=something_done)

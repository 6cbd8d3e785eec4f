"""Word lists as people write them, so that a table of sixty entries is not sixty lines."""

from __future__ import annotations


def names(text: str) -> tuple[str, ...]:
    """The words of "one two three"."""
    return tuple(text.split())


def table(text: str) -> dict[str, str]:
    """The pairs of "km: kilometer; kg: kilogram", over as many lines as it takes."""
    pairs = (entry.split(":", 1) for entry in " ".join(text.split()).split("; "))
    return {short: said.strip() for short, said in pairs}

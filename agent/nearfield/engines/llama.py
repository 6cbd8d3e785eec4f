"""llama.cpp as a `LanguageModel`: one thread, one owner."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nearfield.engine_thread import EngineThread, Stop
from nearfield.ports import Generate

if TYPE_CHECKING:
    from nearfield.engines.llama_core import LlamaCore

SLOTS = 2
"""Fixed prefixes kept warm side by side: choosing a tool, and answering in words."""


@dataclass(frozen=True)
class Load:
    """How to load a model: `threads` cores, `context` tokens of memory a slot."""

    file: Path
    threads: int
    context: int


class Llama:
    """Loads on first use. `cache` keeps computed prefixes; `progress` hears how far a cold one is."""

    def __init__(self, load: Load, cache: Path, progress: Callable[[int, int], None] | None = None) -> None:
        self._thread = EngineThread("llama")
        self._load, self._cache, self._progress = load, cache, progress
        self._core: LlamaCore | None = None
        self._order: dict[str, int] = {}  # prefix → its slot, least recently used first

    async def load(self) -> None:
        """Load the weights now rather than at the first request."""
        await self._thread.run(self._loaded)

    async def warm(self, prefix: str) -> None:
        def work(stop: Stop) -> Iterator[None]:
            self._warm(self._loaded(), prefix, stop)
            yield

        async with aclosing(self._thread.stream(work)) as done:
            async for _ in done:
                pass

    async def generate(self, request: Generate) -> AsyncGenerator[str, None]:
        async with aclosing(self._thread.stream(lambda stop: self._write(request, stop))) as pieces:
            async for piece in pieces:
                yield piece

    async def aclose(self) -> None:
        await self._thread.run(self._close)
        await self._thread.aclose()

    def _loaded(self) -> LlamaCore:
        if self._core is None:
            from nearfield.engines.llama_core import LlamaCore

            self._core = LlamaCore(self._load)
        return self._core

    def _close(self) -> None:
        if self._core is not None:
            self._core.close()
            self._core = None

    def _warm(self, core: LlamaCore, prefix: str, stop: Stop) -> tuple[int, list[int]]:
        """The slot that begins with `prefix`, and the prefix's tokens."""
        slot = self._slot(prefix)
        tokens = core.tokens(prefix, special=True, begin=True) if prefix else []
        if tokens:
            core.warm(slot, tokens, self._cache, stop, self._progress)
        return slot, tokens

    def _slot(self, prefix: str) -> int:
        if prefix not in self._order:
            self._order[prefix] = (
                len(self._order) if len(self._order) < SLOTS else self._order.pop(next(iter(self._order)))
            )
        self._order[prefix] = self._order.pop(prefix)  # now the most recently used
        return self._order[prefix]

    def _write(self, request: Generate, stop: Stop) -> Iterator[str]:
        if not request.prompt.startswith(request.prefix):
            raise ValueError("a prompt must begin with its prefix")
        core = self._loaded()
        slot, prompt = self._warm(core, request.prefix, stop)
        rest = request.prompt[len(request.prefix) :]
        prompt = prompt + core.tokens(rest, special=request.special, begin=not prompt)
        pieces = core.write(slot, prompt, request, stop)
        yield from until(pieces, request.stop)


def until(pieces: Iterator[str], stops: tuple[str, ...]) -> Iterator[str]:
    """The pieces up to the first stop string; text that may begin one is held back until that is known."""
    held = ""
    for piece in pieces:
        held += piece
        found = [at for stop in stops if (at := held.find(stop)) >= 0]
        if found:
            yield held[: min(found)]
            return
        keep = max((n for stop in stops for n in range(1, len(stop)) if held.endswith(stop[:n])), default=0)
        if len(held) > keep:
            yield held[: len(held) - keep]
            held = held[len(held) - keep :]
    if held:
        yield held

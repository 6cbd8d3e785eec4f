"""One thread for one native engine: nobody else may touch it.

llama.cpp, CTranslate2 and onnxruntime sessions are not safe to enter twice. Each adapter owns one `EngineThread`; every call
to the engine goes through `run` or `stream`. Cancelling the awaiting task sets `stop`, which blocking code looks at
between tokens or sentences; the engine is never entered again before it has really stopped.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Stop:
    """Tells blocking code on an engine thread that nobody wants its result any more. Set by its `EngineThread` alone."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def __bool__(self) -> bool:
        return self._event.is_set()

    def set(self) -> None:
        self._event.set()


class EngineThread:
    """A one-worker executor with streaming and prompt cancellation."""

    def __init__(self, name: str) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def run(self, work: Callable[[], T]) -> T:
        """`work()` on the engine's thread. If the caller is cancelled the work finishes there, its result unused."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def begin(self, work: Callable[[], object]) -> None:
        """Start work that nobody waits for, such as loading ahead. What it raises, the first real use raises again."""
        self._pool.submit(work)

    async def stream(self, make: Callable[[Stop], Iterator[T]]) -> AsyncGenerator[T, None]:
        """Items of the blocking iterator `make(stop)`, as they come. Closing this generator sets `stop`.

        Items cross by a queue, so the engine is never slowed by its listener; whatever it raises is raised here.
        """
        loop = asyncio.get_running_loop()
        stop = Stop()
        items: asyncio.Queue[T | _End] = asyncio.Queue()

        def produce() -> None:
            end = _End(None)
            try:
                for item in make(stop):
                    if stop:
                        break
                    loop.call_soon_threadsafe(items.put_nowait, item)
            except BaseException as error:  # noqa: BLE001  # carried to the caller and raised there
                end = _End(error)
            if not stop:
                loop.call_soon_threadsafe(items.put_nowait, end)

        job = loop.run_in_executor(self._pool, produce)
        try:
            while not isinstance(item := await items.get(), _End):
                yield item
            await job
            if item.error is not None:
                raise item.error
        finally:
            stop.set()

    async def aclose(self) -> None:
        """Wait for what is running and end the thread."""
        await asyncio.to_thread(self._pool.shutdown, wait=True)


class _End:
    def __init__(self, error: BaseException | None) -> None:
        self.error = error

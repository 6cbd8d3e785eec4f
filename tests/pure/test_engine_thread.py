"""One thread for one engine: what comes through it, and how it is stopped."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import aclosing

import pytest

from nearfield.engine_thread import EngineThread

PATIENCE = 5.0
"""Seconds after which a test gives up waiting for a thread."""


def on_a_thread(scene):
    """Run `scene(thread)` with a fresh engine thread, which is ended afterwards."""

    async def run():
        thread = EngineThread("test")
        try:
            return await asyncio.wait_for(scene(thread), PATIENCE)
        finally:
            await thread.aclose()

    return asyncio.run(run())


def test_work_runs_beside_the_event_loop():
    """A result comes back from the engine's own thread, always the same one."""

    async def scene(thread):
        return [await thread.run(threading.current_thread) for _ in range(3)]

    threads = on_a_thread(scene)
    assert len(set(threads)) == 1
    assert threads[0] is not threading.main_thread()


def test_a_stream_keeps_its_order():
    """Every item arrives, in the order in which it was made."""

    async def scene(thread):
        async with aclosing(thread.stream(lambda stop: iter(range(1000)))) as items:
            return [item async for item in items]

    assert on_a_thread(scene) == list(range(1000))


def test_items_arrive_while_the_engine_goes_on():
    """The first item is here before the second is made."""
    go_on = threading.Event()

    def work(stop):
        yield "first"
        assert go_on.wait(PATIENCE)
        yield "second"

    async def scene(thread):
        found = []
        async with aclosing(thread.stream(work)) as items:
            async for item in items:
                found.append(item)
                go_on.set()
        return found

    assert on_a_thread(scene) == ["first", "second"]


def test_an_error_of_the_engine_arrives_after_what_came_before_it():
    """What an engine raises mid-stream is raised where it is listened to, and nothing made before is lost."""

    def work(stop):
        yield 1
        raise ZeroDivisionError("the engine broke")

    async def scene(thread):
        items = thread.stream(work)
        found = [await anext(items)]
        with pytest.raises(ZeroDivisionError, match="the engine broke"):
            await anext(items)
        with pytest.raises(KeyError):
            await thread.run(lambda: {}["nothing"])
        return found, await thread.run(lambda: "still works")

    assert on_a_thread(scene) == ([1], "still works")


def test_closing_a_stream_stops_the_engine():
    """Once nobody listens, an engine that would go on for ever sees it between two items, and ends."""
    made, ended = [], threading.Event()

    def work(stop):
        while not stop:
            made.append(1)
            yield len(made)
            time.sleep(0.001)
        ended.set()

    async def scene(thread):
        async with aclosing(thread.stream(work)) as items:
            async for item in items:
                if item == 3:
                    break
        before = time.monotonic()
        await thread.run(lambda: None)
        return time.monotonic() - before

    assert on_a_thread(scene) < 1
    assert ended.is_set()


def test_an_engine_that_does_not_look_is_stopped_at_its_next_item():
    """Even work that never asks whether to stop ends with the item it is making."""
    made = []

    def work(stop):
        while True:
            made.append(1)
            yield 1
            time.sleep(0.001)

    async def scene(thread):
        async with aclosing(thread.stream(work)) as items:
            await anext(items)
        await thread.run(lambda: None)
        count = len(made)
        await asyncio.sleep(0.05)
        return len(made) - count

    assert on_a_thread(scene) == 0


def test_cancelling_the_listener_stops_the_engine():
    """Cancelling a task is all it takes: no flag to set, nothing to clear up."""
    begun, ended = threading.Event(), threading.Event()

    def work(stop):
        begun.set()
        while not stop:
            time.sleep(0.001)
        ended.set()
        yield "nobody hears this"

    async def scene(thread):
        async def listen():
            async with aclosing(thread.stream(work)) as items:
                async for _ in items:
                    raise AssertionError("something arrived")

        task = asyncio.create_task(listen())
        await asyncio.to_thread(begun.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await thread.run(ended.is_set)

    assert on_a_thread(scene)


class Door:
    """Counts who is inside, and how many there were at most."""

    inside = most = 0

    def __enter__(self):
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.002)

    def __exit__(self, *_):
        self.inside -= 1


def test_the_engine_is_never_entered_twice_at_once():
    """However many ask, one is served at a time; a closed stream has ended before the next begins."""
    door = Door()

    def stream(stop):
        with door:
            yield from range(50)

    def call():
        with door:
            return

    async def listen(thread):
        async with aclosing(thread.stream(stream)) as items:
            return [item async for item in items]

    async def close_early(thread):
        async with aclosing(thread.stream(stream)) as items:
            return [await anext(items)]

    async def scene(thread):
        streams = [listen(thread) if i % 2 else close_early(thread) for i in range(8)]
        return await asyncio.gather(*streams, *(thread.run(call) for _ in range(8)))

    heard = on_a_thread(scene)
    assert heard[:2] == [[0], list(range(50))]
    assert (door.inside, door.most) == (0, 1)


def test_a_cancelled_call_finishes_before_the_next():
    """Work that cannot be stopped midway is waited for by whoever comes next, not overtaken."""
    begun, order = threading.Event(), []

    def slow():
        begun.set()
        time.sleep(0.05)
        order.append("slow")

    async def scene(thread):
        task = asyncio.create_task(thread.run(slow))
        await asyncio.to_thread(begun.wait, PATIENCE)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await thread.run(lambda: order.append("next"))

    on_a_thread(scene)
    assert order == ["slow", "next"]


def test_an_empty_stream_ends():
    """A stream of nothing is over at once, and can be repeated."""

    async def scene(thread):
        return [[item async for item in thread.stream(lambda stop: iter(()))] for _ in range(3)]

    assert on_a_thread(scene) == [[], [], []]


def test_work_begun_ahead_comes_first_and_its_failure_disturbs_nobody():
    """Loading that nobody waits for is done before what is asked for next, and may fail by itself."""
    order = []

    async def scene(thread):
        thread.begin(lambda: order.append("ahead"))
        thread.begin(lambda: 1 / 0)
        return await thread.run(lambda: [*order, "asked for"])

    assert on_a_thread(scene) == ["ahead", "asked for"]


def test_closing_waits_for_what_is_running():
    """When the engine's thread is ended, its last work has been done."""
    done = []

    async def scene():
        thread = EngineThread("test")
        work = asyncio.create_task(thread.run(lambda: (time.sleep(0.05), done.append(1))))
        await asyncio.sleep(0)
        await thread.aclose()
        assert done == [1]
        await work

    asyncio.run(scene())

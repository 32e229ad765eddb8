"""Processes that can be killed and frozen at every point at which they wait."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from datetime import datetime, timedelta
from typing import Any, TypeVar

from simulation.loop import Loop

T = TypeVar("T")

WITHIN: ContextVar[Process | None] = ContextVar("WITHIN", default=None)
"""The process whose code runs now; None for what stands outside: clients, providers, the one who watches."""


class Killed(asyncio.CancelledError):
    """The process is dead, so nothing that it still does has an effect."""


class Process:
    """One process: its tasks, its clock, and whether it lives."""

    def __init__(self, name: str, chance: random.Random, clock_off_by: timedelta = timedelta()) -> None:
        self.name = name
        self.chance = chance
        self.clock_off_by = clock_off_by
        self.dead = asyncio.Event()
        self.frozen = False
        self.open_units = 0
        self.asked_to_end = asyncio.Event()
        self.held: list[Any] = []
        self._tasks: dict[int, asyncio.Task[Any]] = {}

    def run(self, work: Coroutine[Any, Any, T], name: str = "") -> asyncio.Task[T]:
        """Begin the work inside this process."""
        context = copy_context()
        context.run(WITHIN.set, self)
        return context.run(asyncio.get_running_loop().create_task, work, name=name or self.name)

    def own(self, number: int, task: asyncio.Task[Any]) -> None:
        """Note that the task dies with this process."""
        self._tasks[number] = task
        task.add_done_callback(lambda _: self._tasks.pop(number, None))

    def demand_alive(self) -> None:
        """Raise Killed once the process is dead: its ports are gone."""
        if self.dead.is_set():
            raise Killed(self.name)

    def kill(self) -> None:
        """End it here and now, without a word to anybody."""
        self.dead.set()
        self.thaw()
        for task in tuple(self._tasks.values()):
            if task is not asyncio.current_task():
                task.cancel()

    def freeze(self, seconds: float) -> None:
        """Let it do nothing for so long, while time goes on for the others."""
        if not self.frozen and not self.dead.is_set():
            self.frozen = True
            asyncio.get_running_loop().call_later(seconds, self.thaw, context=_OUTSIDE)

    def thaw(self) -> None:
        """Let it go on where it stood."""
        self.frozen = False
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        loop.release(self.held)

    async def step(self) -> None:
        """One point at which it waits a little for something outside."""
        self.demand_alive()
        await asyncio.sleep(self.chance.choice(_WAITS))
        self.demand_alive()


_OUTSIDE = Context()
_WAITS = (0, 0, 0, 0.001, 0.004, 0.03)


class SkewedClock:
    """The clock on the wall of the process that looks at it."""

    def __init__(self, real: Callable[[], datetime]) -> None:
        self._real = real

    def now(self) -> datetime:
        process = WITHIN.get()
        return self._real() + (process.clock_off_by if process else timedelta())


def watch_over(loop: Loop) -> None:
    """Let tasks belong to the process that begins them, and lay aside what a frozen one would do."""

    def holds(context: Context | None) -> list[Any] | None:
        process = context.get(WITHIN) if context is not None else None
        return process.held if process is not None and process.frozen else None

    def born(number: int, task: asyncio.Task[Any]) -> None:
        process = WITHIN.get()
        if process is not None:
            process.own(number, task)

    def entered(context: Context) -> None:
        """A task with a context of its own still belongs to the process that begins it."""
        if WITHIN not in context:
            context.run(WITHIN.set, WITHIN.get())

    loop.hold(holds)
    loop.born = born
    loop.entered = entered


async def answered_by(process: Process, work: Callable[[], Awaitable[T]], within: float) -> T:
    """Return what the process answers; raise ConnectionError where it dies first or the client waits no longer."""
    task = process.run(_of(work))
    gone = asyncio.ensure_future(process.dead.wait())
    try:
        await asyncio.wait({task, gone}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
    if not task.done() or task.cancelled():
        raise ConnectionError(f"{process.name} did not answer")
    return task.result()


async def _of(work: Callable[[], Awaitable[T]]) -> T:
    return await work()

"""An event loop whose time is counted and whose order is drawn from a seed: no threads, no sockets, no waiting."""

from __future__ import annotations

import asyncio
import random
from asyncio.base_events import BaseEventLoop
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

T = TypeVar("T")

Holds = Callable[[Context | None], list[Any] | None]
"""Where to lay a callback of this context instead of running it; None when it may run."""


Born = Callable[[int, "asyncio.Task[Any]"], None]


class NothingLeft(RuntimeError):
    """Everybody waits for something that can never come."""


class _Draw(deque[Any]):
    """Gives what is ready in an order that the seed decides; what belongs to somebody who is frozen is laid aside."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self.holds: Holds = lambda context: None

    def popleft(self) -> Any:
        if len(self) > 1:
            self.rotate(-int(self._chance.random() * len(self)))
        handle = super().popleft()
        aside = self.holds(handle._context)
        if aside is None:
            return handle
        aside.append(handle)
        return _NOTHING


class _Nothing:
    """A callback that was called off, which the loop passes over."""

    _cancelled = True


_NOTHING: Any = _Nothing()


class _Numbered(asyncio.Task[T]):
    """A task that a set keeps by its number, not by its address, so that every run walks through sets alike."""

    number = 0

    def __hash__(self) -> int:
        return self.number

    def __eq__(self, other: object) -> bool:
        return self is other


class Loop(BaseEventLoop):
    """Runs what the seed says; ``time`` is virtual, in seconds from zero."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._now = 0.0
        self._clock_resolution = 1e-9
        self._tasks = 0
        self.born: Born = lambda number, task: None
        self.entered: Callable[[Context], None] = lambda context: None
        self._draw = _Draw(random.Random(seed))
        self._ready = self._draw
        self._selector = self
        self.set_task_factory(self._numbered)
        self.set_exception_handler(lambda loop, context: None)

    def time(self) -> float:
        """Return the virtual time."""
        return self._now

    def hold(self, holds: Holds) -> None:
        """Ask before each callback whether it may run."""
        self._draw.holds = holds

    def release(self, held: list[Any]) -> None:
        """Let the callbacks that were laid aside run after all."""
        self._draw.extend(held)
        held.clear()

    def select(self, timeout: float | None) -> list[Any]:
        """Wait in no time: when nothing is ready, it is now the next timer's moment. Raise NothingLeft without one."""
        if timeout is None:
            raise NothingLeft("nothing is ready and no timer is set")
        self._now += timeout
        return []

    def _process_events(self, event_list: list[Any]) -> None:
        """Nothing comes from outside."""

    def _write_to_self(self) -> None:
        """Nobody calls from another thread."""

    def _numbered(self, loop: Any, coro: Any, **options: Any) -> asyncio.Task[Any]:
        if options.get("context") is not None:
            self.entered(options["context"])
        task: _Numbered[Any] = _Numbered.__new__(_Numbered)
        self._tasks += 1
        task.number = self._tasks
        task.__init__(coro, loop=self, **options)  # type: ignore[misc]
        self.born(self._tasks, task)
        return task


def play(seed: int, main: Coroutine[Any, Any, T]) -> T:
    """Return what the coroutine returns, run on a loop of its own; what it leaves behind is called off."""
    loop = Loop(seed)
    try:
        asyncio.set_event_loop(loop)
        return loop.run_until_complete(main)
    finally:
        _call_off(loop)
        asyncio.set_event_loop(None)
        loop.close()


def _call_off(loop: Loop) -> None:
    """End every task that is left; one that goes on regardless is asked again, a few times."""
    loop.hold(lambda context: None)
    for _ in range(5):
        left = sorted(asyncio.all_tasks(loop), key=lambda task: getattr(task, "number", 0))
        if not left:
            break
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.wait(left, timeout=60))
    loop.run_until_complete(loop.shutdown_asyncgens())

"""Answers that count for less than a second, each asked for once by all who want it at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, TypeVar

from ...ports.errors import Unavailable

_LONGEST = 1.0
_QUESTIONS = 3
K = TypeVar("K")
V = TypeVar("V")


class _Copy(NamedTuple, Generic[V]):
    value: V
    asked_at: float


class Copies(Generic[K, V]):
    """Copies of what was answered. Their age is counted from before the question was sent, and an answer that took a
    second itself is asked for again."""

    def __init__(self, ask: Callable[[K], Awaitable[V]], most: int, oldest: float, clock: Callable[[], float]) -> None:
        self._question = ask
        self._most = most
        self._oldest = oldest
        self._clock = clock
        self._copies: dict[K, _Copy[V]] = {}
        self._asking: dict[K, asyncio.Task[V]] = {}

    def copy_of(self, key: K) -> V | None:
        """Return what was answered less than ``oldest`` ago, or None."""
        copy = self._copies.get(key)
        return copy.value if copy is not None and self._clock() - copy.asked_at < self._oldest else None

    def is_asked(self, key: K) -> bool:
        """Whether the question is under way."""
        return key in self._asking

    async def asked(self, key: K) -> V:
        """Return the answer to the question that is under way, else to a new one; raise Unavailable where none comes
        soon enough to count, and what the question raises."""
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.create_task(self._ask(key))
            asking.add_done_callback(_seen)
        return await asyncio.shield(asking)  # whoever leaves does not take the answer from the others

    def drop(self, key: K) -> None:
        """Forget the copy, and do not keep the answer that is under way."""
        self._copies.pop(key, None)
        self._asking.pop(key, None)

    def drop_where(self, is_meant: Callable[[V], bool]) -> None:
        """Forget such copies, and keep no answer that is under way."""
        for key in [key for key, copy in self._copies.items() if is_meant(copy.value)]:
            del self._copies[key]
        self._asking.clear()

    def clear(self) -> None:
        """Forget all, and keep no answer that is under way."""
        self._copies.clear()
        self._asking.clear()

    async def _ask(self, key: K) -> V:
        this = asyncio.current_task()
        try:
            copy = await self._answer(key)
            if self._asking.get(key) is this:
                self._keep(key, copy)
            return copy.value
        finally:
            if self._asking.get(key) is this:
                del self._asking[key]

    async def _answer(self, key: K) -> _Copy[V]:
        """Ask until an answer comes soon enough to count."""
        for _ in range(_QUESTIONS):
            asked_at = self._clock()
            value = await self._question(key)
            if self._clock() - asked_at < _LONGEST:
                return _Copy(value, asked_at)
        raise Unavailable

    def _keep(self, key: K, copy: _Copy[V]) -> None:
        self._copies.pop(key, None)  # so that the order is the order of age
        self._copies[key] = copy
        if len(self._copies) > self._most:
            del self._copies[next(iter(self._copies))]


def _seen(task: "asyncio.Task[V]") -> None:
    """Where everybody has left, nobody is there to hear why it failed."""
    if not task.cancelled():
        task.exception()

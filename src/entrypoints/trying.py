"""Trying a whole unit of work anew, where it is certain that nothing of it was kept."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from random import Random
from typing import Any, TypeVar

from ..ports.errors import NotKept, PerhapsKept, RolledBack

T = TypeVar("T")

TRIES = 3
_SHORTEST, _LONGEST = 0.01, 0.1
_jitter = Random()  # noqa: S311 - two who were in one another's way must not meet again; no secret


async def again(attempt: Callable[[], Awaitable[T]], *, known_again: bool = False) -> T:
    """Return what the attempt returns, made up to three times while the store undoes it or is lost before the end.

    The attempt must be the whole unit of work, from reading on, and must use up nothing that comes only once, such as
    a stream. ``known_again`` says that it recognises itself (by an idempotency key), so that it may also be repeated
    where nobody knows whether it was kept.
    """
    anew: tuple[type[Exception], ...] = (NotKept, RolledBack, *((PerhapsKept,) if known_again else ()))
    for number in range(1, TRIES):
        try:
            return await attempt()
        except anew:
            await asyncio.sleep(_jitter.uniform(_SHORTEST, _LONGEST) * number)
    return await attempt()


STREAMS = frozenset({"upload_version", "import_catalogue"})
"""The use cases that take in what comes only once."""


class Trying:
    """Use cases that are carried out anew, as ``again`` does, where what they do is one question or one change.

    Those that join an open unit are left alone: only the whole unit can be tried anew, and ``once`` does that.
    """

    def __init__(self, use_cases: object) -> None:
        self._use_cases = use_cases

    def __getattr__(self, name: str) -> Any:
        make = getattr(self._use_cases, name)
        if name in STREAMS:
            return make

        def made(**joined: Any) -> Any:
            case = make(**joined)
            return case if joined or not iscoroutinefunction(type(case).__call__) else _Tried(case)

        return made


class _Tried:
    def __init__(self, case: Any) -> None:
        self._case = case

    def __getattr__(self, name: str) -> Any:
        return getattr(self._case, name)

    async def __call__(self, *given: Any, **named: Any) -> Any:
        return await again(lambda: self._case(*given, **named))

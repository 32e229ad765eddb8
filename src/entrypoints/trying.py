"""Trying a whole unit of work anew, where it is certain that nothing of it was kept."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import TypeVar

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

"""Where answers that are dear to make and may be lost at any time are kept for a while."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol, runtime_checkable

Make = Callable[[], Awaitable[bytes]]


@runtime_checkable
class Cache(Protocol):
    """Keeps bytes under a key for a while. Whatever fails here is as if nothing were kept: nothing is ever raised."""

    async def get(self, key: str) -> bytes | None:
        """Return what is kept, or None."""
        ...

    async def put(self, key: str, value: bytes, lasting: timedelta) -> None:
        """Keep the value for that long, in place of what was kept; one that is too large is not kept."""
        ...

    async def forget(self, key: str) -> None:
        """Keep nothing under the key any more."""
        ...

    async def remembered(self, key: str, lasting: timedelta, make: Make) -> bytes:
        """Return what is kept, else what ``make`` gives, which is then kept.

        Of many that ask at once, in however many processes, one makes it and the others wait for that, for a while
        only. What ``make`` raises goes to everybody of this process who waits for it, and is not kept. Whoever gives up
        waiting takes it from nobody else.
        """
        ...

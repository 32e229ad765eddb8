"""Ids made from the machine's clock and its randomness (UUIDv7, RFC 9562)."""

import secrets
import threading
import time
from uuid import UUID

_TAIL_BITS = 74
_NODE = (1 << 62) - 1


class SystemIds:
    """Makes ids that rise within this process even when the clock stands still or steps back (RFC 9562, 6.2).

    Within a millisecond the random tail goes up by a random step, so that the next id cannot be guessed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millisecond = 0
        self._tail = 0

    def new(self) -> UUID:
        millisecond, tail = self._next()
        return UUID(int=millisecond << 80 | 7 << 76 | (tail >> 62) << 64 | 2 << 62 | (tail & _NODE))

    def _next(self) -> tuple[int, int]:
        now = time.time_ns() // 1_000_000
        with self._lock:
            self._tail += 1 + secrets.randbits(32)
            if now > self._millisecond or self._tail >> _TAIL_BITS:
                self._millisecond = max(now, self._millisecond + 1)
                self._tail = secrets.randbits(_TAIL_BITS - 1)
            return self._millisecond, self._tail

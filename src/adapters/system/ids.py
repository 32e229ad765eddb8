"""Ids made from the machine's clock and its randomness (UUIDv7, RFC 9562)."""

import os
import secrets
import threading
import time
from array import array
from uuid import UUID

_TAIL_BITS = 74
_NODE = (1 << 62) - 1
_STEPS_AT_ONCE = 256


class SystemIds:
    """Makes ids that rise within this process even when the clock stands still or steps back (RFC 9562, 6.2).

    Within a millisecond the random tail goes up by a random step, so that the next id cannot be guessed. The steps are
    drawn many at a time, since asking the system costs more than all the rest; a forked process draws its own.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._millisecond = 0
        self._tail = 0
        self._steps: array[int] = array("I")

    def new(self) -> UUID:
        millisecond, tail = self._next()
        return UUID(int=millisecond << 80 | 7 << 76 | (tail >> 62) << 64 | 2 << 62 | (tail & _NODE))

    def _next(self) -> tuple[int, int]:
        now = time.time_ns() // 1_000_000
        with self._lock:
            if self._process != os.getpid():
                self._process, self._steps, self._tail = os.getpid(), array("I"), secrets.randbits(_TAIL_BITS - 1)
            self._tail += 1 + self._step()
            if now > self._millisecond or self._tail >> _TAIL_BITS:
                self._millisecond = max(now, self._millisecond + 1)
                # Half of the room is left for the steps of this millisecond.
                self._tail = secrets.randbits(_TAIL_BITS - 1)
            return self._millisecond, self._tail

    def _step(self) -> int:
        if not self._steps:
            self._steps.frombytes(secrets.token_bytes(self._steps.itemsize * _STEPS_AT_ONCE))
        return self._steps.pop()

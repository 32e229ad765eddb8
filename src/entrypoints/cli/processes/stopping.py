"""How a process ends when it is told to: in order at the first signal, at once at the second."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

_BY_A_SIGNAL = 128  # shells add the signal's number to this


@dataclass
class Stopping:
    """What a signal means at each time: a start is broken off, whatever runs is asked to end, or all ends here."""

    starting: asyncio.Task[object] | None
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    end: Callable[[], None] | None = None
    """Asks whatever runs to end."""

    def listen(self) -> None:
        """Hear SIGINT and SIGTERM from now on."""
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # on Windows Ctrl-C interrupts by itself
                asyncio.get_running_loop().add_signal_handler(number, self.stop, number)

    def stop(self, number: int) -> None:
        """End whatever runs; the second time at once, with the exit code that a signal gives."""
        if self.asked.is_set():
            with suppress(OSError, ValueError):
                print("Stopped at once.", file=sys.stderr, flush=True)
            os._exit(_BY_A_SIGNAL + number)
        self.asked.set()
        if self.end is not None:
            self.end()
        elif self.starting is not None:
            self.starting.cancel()

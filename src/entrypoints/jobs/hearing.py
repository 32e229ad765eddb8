"""A worker that listens to the doorbell: what it hears, TaskIQ's receiver turns into calls."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

from taskiq.receiver import Receiver

from .broker import heard_by
from .worker import Worker

if TYPE_CHECKING:
    from ...adapters.redis.broker import RedisBroker

log = logging.getLogger(__name__)

_A_MOMENT = 1.0


class Hearing:
    """Brings the worker as many jobs as it runs at once, and as many again for it to go on with.

    TaskIQ's own loop around the receiver makes several tasks for each message; this one makes one.
    """

    def __init__(self, broker: RedisBroker, worker: Worker, at_once: int) -> None:
        heard_by(broker, worker)
        self._broker = broker
        self._receiver = Receiver(broker, max_async_tasks=at_once, run_startup=False, validate_params=False)
        self._places = asyncio.Semaphore(2 * at_once)
        self._calls: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Listen for ever. What was received and not yet begun when this is cancelled is sent again."""
        while True:
            try:
                await self._listen()
            except Exception:
                log.exception("listening for jobs failed")
                await asyncio.sleep(_A_MOMENT)

    async def rest(self) -> None:
        """Wait a moment until all calls have ended; the worker was told to stop before."""
        if self._calls:
            await asyncio.wait(self._calls, timeout=_A_MOMENT)

    async def _listen(self) -> None:
        async with aclosing(self._broker.listen()) as messages:
            async for message in messages:
                call = asyncio.create_task(self._receiver.callback(message))
                self._calls.add(call)
                call.add_done_callback(self._ended)
                await self._places.acquire()  # and only then take another

    def _ended(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self._places.release()

"""A worker that listens to the doorbell: TaskIQ's receiver, which brings it job ids."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from taskiq.receiver import Receiver

from .broker import heard_by
from .worker import Worker

if TYPE_CHECKING:
    from ...adapters.redis.broker import RedisBroker

log = logging.getLogger(__name__)

_A_MOMENT = 1.0


class Hearing:
    """Brings the worker as many jobs as it runs at once, and as many again for it to go on with."""

    def __init__(self, broker: RedisBroker, worker: Worker, at_once: int) -> None:
        heard_by(broker, worker)
        self._finish = asyncio.Event()
        self._receiver = Receiver(
            broker, max_async_tasks=at_once, max_prefetch=at_once, run_startup=False, validate_params=False
        )

    async def run(self) -> None:
        """Listen until told to stop, and then until what was heard before is dealt with."""
        while not self._finish.is_set():
            try:
                await self._receiver.listen(self._finish)
            except Exception:
                log.exception("listening for jobs failed")
                await asyncio.sleep(_A_MOMENT)

    def stop(self) -> None:
        """Listen for nothing more."""
        self._finish.set()

"""What a relay does again and again: pass on events, add what is scheduled, offer what is due."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from ...ports.errors import Unavailable
from .relay import Relay
from .schedules import Scheduler
from .sweeper import Sweeper

_A_MOMENT = 0.05
_BREATH = 0.02

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rhythm:
    """How often to look without being called, and when a job that nobody took is offered again."""

    look_every: timedelta = timedelta(seconds=1)
    offer_again_after: timedelta = timedelta(seconds=10)
    schedule_every: timedelta = timedelta(seconds=5)
    most_waiting: int = 200
    """So many jobs of each priority are offered ahead of those that run; the others wait in their rows, where they
    take no memory."""


@dataclass
class Rounds:
    """Goes round for ever; several may, in as many processes."""

    relay: Relay
    scheduler: Scheduler
    sweeper: Sweeper | None
    """None where nobody can be rung for."""
    rhythm: Rhythm
    wake: asyncio.Event
    """Set by whoever knows of something to do."""
    again_after: timedelta
    """The ``offer_again_after`` of the first round: nothing, where what was offered before is lost for certain."""
    _scheduled: float | None = field(default=None, init=False)

    async def run(self) -> None:
        """Never return; where the database or the doorbell does not answer, try again a little later."""
        while True:
            begun = asyncio.get_running_loop().time()
            self.wake.clear()
            passed_on = await self._pass_on()
            offered = await self._offer()
            if offered is None:
                await self._wait(_A_MOMENT)
            elif not (passed_on or offered):
                await self._wait(self.rhythm.look_every.total_seconds())
            # What comes in meanwhile is then passed on together.
            await asyncio.sleep(max(0.0, begun + _BREATH - asyncio.get_running_loop().time()))

    async def _pass_on(self) -> bool:
        """Return whether there may be more to pass on."""
        try:
            passed_on = await self.relay.pass_on()
            await self._schedule()
        except Unavailable:
            log.warning("events wait: the database does not answer")
            return False
        except Exception:  # the loop outlives whatever one round meets
            log.exception("passing events on failed")
            return False
        return bool(passed_on)

    async def _schedule(self) -> None:
        now, every = asyncio.get_running_loop().time(), self.rhythm.schedule_every.total_seconds()
        if self._scheduled is None or now - self._scheduled >= every:
            await self.scheduler.add_due()
            self._scheduled = now

    async def _offer(self) -> bool | None:
        """Return whether there may be more to offer, None where there is no room for it."""
        if self.sweeper is None:
            return False
        try:
            offered = await self.sweeper.offer(self.again_after)
        except Unavailable:
            log.warning("jobs are not offered: the database or the doorbell does not answer")
            return False
        except Exception:
            log.exception("offering jobs failed")
            return False
        self.again_after = self.rhythm.offer_again_after
        return offered

    async def _wait(self, seconds: float) -> None:
        # Before Python 3.12 ``wait_for`` swallows an end that comes together with what is waited for.
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.wake.wait()

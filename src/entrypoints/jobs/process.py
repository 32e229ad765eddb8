"""The processes behind the API, each until told to stop: the relay, workers, or both within the API's own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from ...ports.ids import Ids
from ...ports.transactions import Transactions
from .broker import Doorbell, FarDoorbell, NearDoorbell, in_process
from .duties import Duties
from .hearing import Hearing
from .lookout import Lookout
from .patience import Patience
from .relay import Relay
from .rounds import Rhythm, Rounds
from .schedules import Scheduler
from .sweeper import Sweeper
from .watch import Watch
from .worker import Worker

if TYPE_CHECKING:
    from ...adapters.redis.broker import RedisBroker

Listen = Callable[[Callable[[], None]], Coroutine[object, object, None]]
"""Calls what it is given whenever events or jobs may have come in, and does not return."""

GRACE = timedelta(seconds=5)

log = logging.getLogger(__name__)


@asynccontextmanager
async def running(
    transactions: Transactions,
    ids: Ids,
    duties: Duties,
    *,
    listen: Listen | None = None,
    rhythm: Rhythm | None = None,
    patience: Patience | None = None,
    watch: Watch | None = None,
    at_once: int = 4,
    grace: timedelta = GRACE,
) -> AsyncIterator[None]:
    """Pass on events and carry out jobs in this process while the block runs, ``at_once`` at most.

    At its end let running ones finish for ``grace``, and hand the rest back.
    """
    broker, rhythm = in_process(), rhythm or Rhythm(most_waiting=20)
    worker, wake = Worker(transactions, duties, patience, at_once, watch), asyncio.Event()
    doorbell = NearDoorbell(broker, worker, rhythm.most_waiting, freed=wake.set)
    # What an earlier process had offered in its memory is lost with it.
    rounds = _rounds(transactions, ids, duties, doorbell, rhythm, wake, again_after=timedelta())
    await broker.startup()
    try:
        async with _tasks(rounds.run(), listen(wake.set) if listen else None):
            yield
    finally:
        await worker.stop(grace)
        await broker.wait_all()
        await broker.shutdown()


@asynccontextmanager
async def relaying(
    transactions: Transactions,
    ids: Ids,
    duties: Duties,
    *,
    broker: RedisBroker | None = None,
    listen: Listen | None = None,
    rhythm: Rhythm | None = None,
) -> AsyncIterator[None]:
    """Pass on events, add what is scheduled and offer what is due while the block runs.

    The broker is opened and closed here. Without one nothing is offered: the workers look into the rows themselves.
    """
    rhythm, wake = rhythm or Rhythm(), asyncio.Event()
    doorbell = FarDoorbell(broker, rhythm.most_waiting) if broker else None
    rounds = _rounds(transactions, ids, duties, doorbell, rhythm, wake, again_after=rhythm.offer_again_after)
    async with _opened(broker), _tasks(rounds.run(), listen(wake.set) if listen else None):
        yield


@asynccontextmanager
async def working(
    transactions: Transactions,
    duties: Duties,
    *,
    broker: RedisBroker | None = None,
    rhythm: Rhythm | None = None,
    patience: Patience | None = None,
    watch: Watch | None = None,
    at_once: int = 4,
    grace: timedelta = GRACE,
) -> AsyncIterator[Worker]:
    """Carry out jobs while the block runs, ``at_once`` at most; the broker is opened and closed here.

    While it does not answer, or without one, the worker looks into the rows by itself. At the end let running jobs
    finish for ``grace``, and hand the rest back.
    """
    worker = Worker(transactions, duties, patience, at_once, watch)
    lookout = Lookout(transactions, worker, rhythm or Rhythm(), needed=lambda: broker is None or not broker.answers)
    async with _opened(broker):
        hearing = Hearing(broker, worker, at_once) if broker else None
        async with _tasks(lookout.run()), _heard(hearing, worker, grace):
            yield worker


@asynccontextmanager
async def _heard(hearing: Hearing | None, worker: Worker, grace: timedelta) -> AsyncIterator[None]:
    """Listen while the block runs; then let the worker end, and pass on to others what it was told of and cannot do."""
    try:
        async with _tasks(hearing.run() if hearing else None):
            yield
    finally:
        await worker.stop(grace)
        if hearing:
            await hearing.rest()


def _rounds(
    transactions: Transactions,
    ids: Ids,
    duties: Duties,
    doorbell: Doorbell | None,
    rhythm: Rhythm,
    wake: asyncio.Event,
    again_after: timedelta,
) -> Rounds:
    relay, scheduler = Relay(transactions, ids, duties.reactions), Scheduler(transactions, ids, duties.schedules)
    sweeper = Sweeper(transactions, doorbell, duties.one_by_one) if doorbell else None
    return Rounds(relay, scheduler, sweeper, rhythm, wake, again_after)


@asynccontextmanager
async def _opened(broker: RedisBroker | None) -> AsyncIterator[None]:
    if broker is None:
        yield
        return
    await broker.startup()
    try:
        yield
    finally:
        await broker.shutdown()


@asynccontextmanager
async def _tasks(*endless: Coroutine[object, object, None] | None) -> AsyncIterator[None]:
    """Run these beside the block, and end them with it; one that ends by itself with an error is logged."""
    tasks = {asyncio.create_task(one) for one in endless if one is not None}
    for task in tasks:
        task.add_done_callback(_say_why)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _say_why(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a part of this process ended", exc_info=error)

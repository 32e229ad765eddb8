"""Carries job ids from whoever offers them to a worker, by TaskIQ: within this process, or over Redis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from taskiq import AsyncTaskiqDecoratedTask, InMemoryBroker
from taskiq.message import BrokerMessage, TaskiqMessage

from ...domain.shared.ids import JobId
from ...ports.errors import Unavailable
from ...ports.jobs import Offer, Priority
from .worker import Worker

if TYPE_CHECKING:
    from ...adapters.redis.broker import RedisBroker

CARRY_OUT = "higherstudy.jobs.carry_out"
"""The task's name on the wire: moving the code must not orphan what waits in a queue."""


class Doorbell(Protocol):
    """Tells workers that there are jobs for them."""

    async def room(self) -> Mapping[Priority, int]:
        """Return how many more jobs of each priority may be offered ahead of those that run."""
        ...

    async def ring(self, offers: Sequence[Offer]) -> None:
        """Let the ids reach workers; nobody waits for what comes of it. Raises Unavailable when they do not get out."""
        ...


class NearDoorbell:
    """Rings for the worker in this process; what is lost with the process is offered again from the job rows."""

    def __init__(self, broker: InMemoryBroker, worker: Worker, most_waiting: int, freed: Callable[[], None]) -> None:
        """``freed`` hears when there is room again after there was none."""
        self._waiting = 0
        self._full = False
        self._most_waiting = most_waiting

        async def carry_out(job_id: str) -> None:
            try:
                await worker.carry_out(JobId(UUID(job_id)))
            finally:
                self._waiting -= 1
                if self._full and self._waiting <= most_waiting // 2:
                    self._full = False
                    freed()

        self._task: AsyncTaskiqDecoratedTask[[str], object] = broker.register_task(carry_out, task_name=CARRY_OUT)

    async def room(self) -> Mapping[Priority, int]:
        room = max(0, self._most_waiting - self._waiting)
        self._full = not room
        return dict.fromkeys(Priority, room)

    async def ring(self, offers: Sequence[Offer]) -> None:
        for offer in offers:
            self._waiting += 1
            await self._task.kiq(str(offer.job_id))


class FarDoorbell:
    """Rings for the workers of all processes."""

    def __init__(self, broker: RedisBroker, most_waiting: int) -> None:
        self._broker = broker
        self._most_waiting = most_waiting

    async def room(self) -> Mapping[Priority, int]:
        waiting = await self._broker.waiting()
        return {priority: max(0, self._most_waiting - waiting[priority]) for priority in Priority}

    async def ring(self, offers: Sequence[Offer]) -> None:
        if offers:
            await self._broker.kick_many([(offer.priority, self._message(offer.job_id)) for offer in offers])

    def _message(self, job_id: JobId) -> BrokerMessage:
        word = str(job_id)
        message = TaskiqMessage(task_id=word, task_name=CARRY_OUT, labels={}, args=[word], kwargs={})
        return self._broker.formatter.dumps(message)


def in_process() -> InMemoryBroker:
    """Return a broker whose messages never leave this process."""
    return InMemoryBroker(max_stored_results=1)


def heard_by(broker: RedisBroker, worker: Worker) -> None:
    """Let the worker carry out what the broker brings; what it is told of after its end goes to the others."""
    doorbell = FarDoorbell(broker, most_waiting=1)

    async def carry_out(job_id: str) -> None:
        if not await worker.carry_out(JobId(UUID(job_id))):
            with suppress(Unavailable):
                await doorbell.ring([Offer(JobId(UUID(job_id)), Priority.HIGH)])  # it has waited for its turn already

    broker.register_task(carry_out, task_name=CARRY_OUT)

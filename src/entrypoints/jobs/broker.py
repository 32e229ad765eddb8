"""Carries job ids from whoever offers them to a worker: TaskIQ, within this process."""

from uuid import UUID

from taskiq import AsyncBroker, AsyncTaskiqDecoratedTask, InMemoryBroker

from ...domain.shared.ids import JobId
from .worker import Worker

CARRY_OUT = "higherstudy.jobs.carry_out"
"""The task's name on the wire: moving the code must not orphan what waits in a queue."""


def in_process() -> InMemoryBroker:
    """Return a broker whose messages never leave this process; what it loses is offered again from the job rows."""
    return InMemoryBroker(max_stored_results=1)


class Doorbell:
    """Tells a worker that there is a job for it; ``waiting`` counts those that it was told of and is not done with."""

    def __init__(self, broker: AsyncBroker, worker: Worker) -> None:
        async def carry_out(job_id: str) -> None:
            try:
                await worker.carry_out(JobId(UUID(job_id)))
            finally:
                self.waiting -= 1

        self.waiting = 0
        self._task: AsyncTaskiqDecoratedTask[[str], object] = broker.register_task(carry_out, task_name=CARRY_OUT)

    async def ring(self, job_id: JobId) -> None:
        """Let the id reach a worker; nobody waits for what comes of it."""
        self.waiting += 1
        await self._task.kiq(str(job_id))

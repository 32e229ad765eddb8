"""A process that works out an impact report, and stands still in the middle of a batch to be killed."""

import asyncio
import sys
from datetime import timedelta
from uuid import UUID

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.domain.impacts.use_cases import WORK_OUT, WorkOutImpact
from higherstudy.domain.shared.ids import ImpactId
from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.patience import Patience
from higherstudy.entrypoints.jobs.process import running
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.ports.jobs import Job
from higherstudy.ports.transactions import Transactions

SHORT = Patience(lease=timedelta(seconds=3), heartbeat=timedelta(seconds=0.5))


def counting(transactions: Transactions, *, stands_still_after: int | None = None) -> Duties:
    """Return what workers know: to work out reports, and where to stand still."""
    worked_out = 0

    async def breathe() -> None:
        nonlocal worked_out
        worked_out += 1
        if worked_out == stands_still_after:
            sys.stdout.write("in the middle\n")
            sys.stdout.flush()
            await asyncio.sleep(3600)
        await asyncio.sleep(0)

    async def task(job: Job, progress: Progress) -> None:
        await WorkOutImpact(transactions, SystemZones())(
            ImpactId(UUID(str(job.arguments["impact"]))), progress, breathe
        )

    return Duties(tasks={WORK_OUT: task})


async def main(url: str) -> None:
    transactions = PostgresTransactions(create_engine(url), SystemIds())
    async with running(transactions, SystemIds(), counting(transactions, stands_still_after=75), patience=SHORT):
        await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

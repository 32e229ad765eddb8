"""A process that takes the rows of a file of students, and stands still in the middle of a batch to be killed."""

import asyncio
import sys
import time
from datetime import timedelta
from uuid import UUID

from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.domain.imports.use_cases.accepting_people import TAKE_ROWS
from higherstudy.domain.imports.use_cases.taking_rows import TakeRows
from higherstudy.domain.shared.ids import ImportId
from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.patience import Patience
from higherstudy.entrypoints.jobs.process import running
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.ports.jobs import Job
from higherstudy.ports.transactions import Transactions

SHORT = Patience(lease=timedelta(seconds=3), heartbeat=timedelta(seconds=0.5))
BATCH = 100


class StandingStill(SystemIds):
    """Ids that stop coming after so many: in the middle of a batch, with rows written and nothing committed."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def new(self) -> UUID:
        self.left -= 1
        if self.left == 0:
            sys.stdout.write("in the middle\n")
            sys.stdout.flush()
            time.sleep(3600)  # as a process that hangs: not even its loop goes on
        return super().new()


def taking(transactions: Transactions, ids: SystemIds | None = None) -> Duties:
    """Return what workers know: to take the rows of files about people."""
    take = TakeRows(transactions, ids or SystemIds(), BundledRulePacks(), SystemZones(), batch=BATCH)

    async def task(job: Job, progress: Progress) -> None:
        await take(ImportId(UUID(str(job.arguments["import"]))), progress, job.origin)

    return Duties(tasks={TAKE_ROWS: task})


async def main(url: str, stands_still_after: str) -> None:
    transactions = PostgresTransactions(create_engine(url), SystemIds())
    duties = taking(transactions, StandingStill(int(stands_still_after)))
    async with running(transactions, SystemIds(), duties, patience=SHORT):
        await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))

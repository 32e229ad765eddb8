"""A process that takes an import in the background, and stands still in the middle of its rows to be killed."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.workbooks.stored import WorkbooksStoredCatalogues
from higherstudy.domain.imports.use_cases.background import TAKE, TakeImport
from higherstudy.domain.shared.ids import ImportId
from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.patience import Patience
from higherstudy.entrypoints.jobs.process import running
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.ports.jobs import Job
from higherstudy.ports.transactions import Transactions

SHORT = Patience(lease=timedelta(seconds=3), heartbeat=timedelta(seconds=0.5))


def taking(transactions: Transactions, folder: Path, *, stands_still_after: int | None = None) -> Duties:
    """Return what workers know: to take imports, and after how many rows to stand still."""

    async def task(job: Job, progress: Progress) -> None:
        async def report(read: int) -> None:
            await progress(read)
            if stands_still_after is not None and read >= stands_still_after:
                sys.stdout.write("in the middle\n")
                sys.stdout.flush()
                await asyncio.sleep(3600)

        files = FolderFiles(folder, b"k" * 32)
        take = TakeImport(transactions, files, WorkbooksStoredCatalogues(), SystemIds())
        await take(ImportId(UUID(str(job.arguments["import"]))), report, job.origin)

    return Duties(tasks={TAKE: task})


async def main(url: str, folder: str) -> None:
    transactions = PostgresTransactions(create_engine(url), SystemIds())
    duties = taking(transactions, Path(folder), stands_still_after=5_000)
    async with running(transactions, SystemIds(), duties, patience=SHORT):
        await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))

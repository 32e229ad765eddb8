"""A process that makes an export, and stands still in the middle of the file to be killed."""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.adapters.memory.vault import MemoryVault
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.rights.use_cases.exporting import MAKE, MakeExport
from higherstudy.domain.shared.ids import ExportId
from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.patience import Patience
from higherstudy.entrypoints.jobs.process import running
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.ports.files import Files
from higherstudy.ports.jobs import Job
from higherstudy.ports.transactions import Transactions

SHORT = Patience(lease=timedelta(seconds=3), heartbeat=timedelta(seconds=0.5))
KEY = b"k" * 32


class StandingStill(FolderFiles):
    """Gives the beginning of each file, says so, and nothing more."""

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        yield b"%PDF"
        sys.stdout.write("in the middle\n")
        sys.stdout.flush()
        await asyncio.sleep(3600)


def making(transactions: Transactions, files: Files) -> Duties:
    """Return what workers know: to make exports."""
    make = MakeExport(transactions, files, MemoryVault(), Messages(), at_most=2**20, lasting=timedelta(days=1))

    async def task(job: Job, _: Progress) -> None:
        await make(ExportId(UUID(str(job.arguments["export"]))))

    return Duties(tasks={MAKE: task})


async def main(database_url: str, folder: Path) -> None:
    engine = create_engine(database_url)
    transactions = PostgresTransactions(engine, SystemIds())
    async with running(transactions, SystemIds(), making(transactions, StandingStill(folder, KEY)), patience=SHORT):
        await asyncio.sleep(3600)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))

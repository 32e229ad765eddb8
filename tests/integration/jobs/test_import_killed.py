"""A worker that is killed in the middle of a file leaves nothing of it; the next one takes all of it, once."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from waiting import until
from worlds import staff

from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.workbooks.stored import WorkbooksStoredCatalogues
from higherstudy.domain.imports.catalogue_import import Import, State, Table
from higherstudy.domain.imports.use_cases.background import AcceptImport
from higherstudy.domain.imports.use_cases.reading import GetImport
from higherstudy.domain.shared.ids import ImportId
from higherstudy.entrypoints.jobs.process import running
from higherstudy.ports.transactions import Transactions

from .import_to_kill import taking
from .test_killed_process import QUICK

PROGRAM = Path(__file__).with_name("import_to_kill.py")
ROWS = 12_000
HEADER = "key,institution_key,institution,country,name,level,source_title,retrieved_on,confidence"


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


async def test_the_file_is_taken_once_and_it_is_told_that_it_was_resumed(
    database_url: str, engine: AsyncEngine, tmp_path: Path
) -> None:
    transactions = PostgresTransactions(engine, SystemIds())
    import_id = await accepted(transactions, tmp_path)
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), database_url, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    reached = await asyncio.wait_for(process.stdout.readline(), 60)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    killed_at = await told(transactions, import_id)
    rows_then = await programmes(engine)

    async with running(transactions, SystemIds(), taking(transactions, tmp_path), rhythm=QUICK):
        await until(lambda: is_closed(transactions, import_id), 60)

    whole = await told(transactions, import_id)
    counts = whole.counts[Table.PROGRAMMES]
    assert reached.decode().strip() == "in the middle"
    assert (killed_at.state, rows_then) == (State.RUNNING, 0)
    assert (whole.state, whole.resumed) == (State.FINISHED, 1)
    assert (counts.read, counts.added, counts.refused, whole.problems) == (ROWS, ROWS - 1, 1, 1)
    assert await programmes(engine) == ROWS - 1


async def accepted(transactions: Transactions, folder: Path) -> ImportId:
    """Have a file taken in the background in which the last row but one is wrong."""
    rows = [f"p{n},u,University,DE,Programme {n},master,A page,2026-11-04,U" for n in range(ROWS)]
    rows[-2] = rows[-2].replace("master", "masters")
    content = "\n".join([HEADER, *rows]).encode()

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    accept = AcceptImport(transactions, FolderFiles(folder, b"k" * 32), WorkbooksStoredCatalogues(), SystemIds())
    return (await accept(staff(), pieces(), "coast.csv", at_most=len(content))).run.id


async def told(transactions: Transactions, import_id: ImportId) -> Import:
    return (await GetImport(transactions)(staff(), import_id)).run


async def is_closed(transactions: Transactions, import_id: ImportId) -> bool:
    return not (await told(transactions, import_id)).is_open


async def programmes(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM programmes WHERE origin = 'coast'")))

"""A process that is killed between the commit and the effect loses nothing, and nothing happens twice."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from higherstudy.adapters.folder.mailbox import FolderMailbox
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.clock import SystemClock
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.entrypoints.jobs.process import running
from higherstudy.entrypoints.jobs.rounds import Rhythm

from .process_to_kill import welcome

PROGRAM = Path(__file__).with_name("process_to_kill.py")
QUICK = Rhythm(look_every=timedelta(seconds=0.1), offer_again_after=timedelta(seconds=0.5))


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.mark.parametrize("place", ["committed", "before", "after"])
async def test_the_mail_is_written_once_whenever_the_process_dies(
    database_url: str, engine: AsyncEngine, tmp_path: Path, place: str
) -> None:
    email = f"owner-{place}@example.org"
    transactions = PostgresTransactions(engine, SystemIds())
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), database_url, str(tmp_path), place, email, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    reached = await asyncio.wait_for(process.stdout.readline(), 20)
    process.send_signal(signal.SIGKILL)
    await process.wait()

    async with running(transactions, SystemIds(), welcome(transactions, _mailbox(tmp_path)), rhythm=QUICK):
        await _until_nothing_is_open(engine)
        await asyncio.sleep(1.2)

    assert reached.decode().strip() == place
    assert [message_from_bytes(path.read_bytes())["To"] for path in tmp_path.glob("*")] == [email]


def _mailbox(folder: Path) -> FolderMailbox:
    return FolderMailbox(folder, SystemClock())


async def _until_nothing_is_open(engine: AsyncEngine) -> None:
    waiting = text(
        "SELECT (SELECT count(*) FROM outbox WHERE passed_on_at IS NULL) + "
        "(SELECT count(*) FROM jobs WHERE status <> 'done')"
    )
    async with asyncio.timeout(20):
        while True:
            async with engine.connect() as connection:
                if await connection.scalar(waiting) == 0:
                    return
            await asyncio.sleep(0.1)

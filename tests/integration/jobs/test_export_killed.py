"""A process that is killed while it makes an export leaves no file that counts, and another one makes it whole."""

import asyncio
import io
import signal
import sys
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from waiting import until
from worlds import PDF, pieces

from higherstudy.adapters.folder.files import FolderFiles
from higherstudy.adapters.memory.vault import MemoryVault
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.documents.document import Document
from higherstudy.domain.documents.use_cases.sealed import place_of
from higherstudy.domain.identity.use_cases.accounts import asker_of
from higherstudy.domain.profile.student import Student
from higherstudy.domain.rights.export import Export, State
from higherstudy.domain.rights.use_cases.exporting import AskForExport
from higherstudy.domain.shared.ids import DocumentId
from higherstudy.entrypoints.jobs.process import running
from higherstudy.ports.contracts.samples import a_full_profile, a_version, an_account
from higherstudy.ports.transactions import Transactions

from .export_to_kill import KEY, making
from .test_killed_process import QUICK

PROGRAM = Path(__file__).with_name("export_to_kill.py")


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


async def test_the_export_is_begun_again_and_had_whole(database_url: str, engine: AsyncEngine, tmp_path: Path) -> None:
    transactions, files = PostgresTransactions(engine, SystemIds()), FolderFiles(tmp_path, KEY)
    export = await an_export_that_was_asked_for(transactions, files)
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), database_url, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    reached = await asyncio.wait_for(process.stdout.readline(), 60)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    killed_at = await found(transactions, export)

    async with running(transactions, SystemIds(), making(transactions, files), rhythm=QUICK):
        await until(lambda: is_ready(transactions, export), 60)

    whole = await found(transactions, export)
    keys = await MemoryVault().keys_of(whole.student_id)  # the same in every process
    place = place_of(DocumentId(whole.id))
    content = b"".join([piece async for piece in keys.opening(place, files.read(whole.sha256))])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.read("papers/001-passport/1.pdf") == PDF
    assert reached.decode().strip() == "in the middle"
    assert (killed_at.state, killed_at.sha256) == (State.MAKING, "")
    assert len(content) == whole.size


async def an_export_that_was_asked_for(transactions: Transactions, files: FolderFiles) -> Export:
    """Keep a student with one paper who asks for everything."""
    account = an_account()
    assert account.student_id is not None
    stored = await files.store(pieces(PDF), at_most=10_000)
    async with transactions() as work:
        version = replace(a_version(), sha256=stored.sha256, size=stored.size, content_type="application/pdf")
        await work.accounts.add(account)
        await work.students.add(Student(account.student_id, account.id, a_full_profile()))
        await work.documents.add(
            Document(DocumentId(uuid4()), account.student_id, "passport", versions=(replace(version, number=1),))
        )
    return await AskForExport(transactions, SystemIds())(asker_of(account), account.student_id)


async def found(transactions: Transactions, export: Export) -> Export:
    async with transactions() as work:
        return await work.exports.get(export.id)


async def is_ready(transactions: Transactions, export: Export) -> bool:
    return (await found(transactions, export)).state is State.READY

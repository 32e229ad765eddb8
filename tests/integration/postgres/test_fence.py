"""The fence of an erasure on PostgreSQL, and the one way in which the application may take a record away."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from higherstudy.adapters.memory.files import MemoryFiles
from higherstudy.adapters.memory.incoming import MemoryIncoming
from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.adapters.memory.tombstones import MemoryTombstones
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.clock import SystemClock
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.profile.student import Student
from higherstudy.domain.rights.erasure import State, Tombstone, is_shell
from higherstudy.domain.rights.use_cases.erasing import Erase, EraseAnew
from higherstudy.ports.contracts.samples import AT, an_account, an_erasure


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


async def test_no_erasure_begins_beside_somebody_who_publishes_and_who_comes_later_sees_it(engine: AsyncEngine) -> None:
    transactions, erasure = PostgresTransactions(engine, SystemIds()), an_erasure()
    async with transactions() as work:
        await work.erasures.add(erasure)

    async def begin() -> None:
        async with transactions() as work:
            await work.erasures.is_fenced(erasure.student_id)
            erasure.begin(AT)
            await work.erasures.save(erasure)

    async with transactions() as publishing:
        before = await publishing.erasures.is_fenced(erasure.student_id)
        beginning = asyncio.create_task(begin())
        await asyncio.wait((beginning,), timeout=0.5)
        begun_beside = beginning.done()
    await beginning

    async with transactions() as late:
        assert (before, begun_beside, await late.erasures.is_fenced(erasure.student_id)) == (False, False, True)


@pytest.mark.parametrize("table", ["snapshots", "application_history", "receipts", "overrides", "consents"])
async def test_what_is_only_added_to_the_application_takes_away_by_no_statement_of_its_own(
    engine: AsyncEngine, table: str
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with engine.begin() as connection:
            await connection.execute(text(f"DELETE FROM {table}"))


async def test_two_servers_that_find_somebody_brought_back_at_once_erase_her_once(engine: AsyncEngine) -> None:
    transactions, ids, clock = PostgresTransactions(engine, SystemIds()), SystemIds(), SystemClock()
    account, tombstones = an_account(), MemoryTombstones()
    assert account.student_id is not None
    async with transactions() as work:
        await work.accounts.add(account)
        await work.students.add(Student(account.student_id, account.id, Profile()))
    await tombstones.keep(Tombstone(account.student_id, account.id, AT))
    files, incoming = MemoryFiles(clock), MemoryIncoming(clock)
    erase = Erase(transactions, ids, files, incoming, MemoryMailbox(), tombstones)
    servers = [EraseAnew(transactions, ids, tombstones, erase) for _ in range(8)]

    await asyncio.gather(*(anew() for anew in servers))

    async with transactions() as work:
        found = await work.erasures.of_student(account.student_id)
        assert is_shell((await work.accounts.get(account.id)).email)
    assert [one.state for one in found] == [State.ERASED]

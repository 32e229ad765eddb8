"""What PostgreSQL does that memory cannot: two writers at once, locks that last, connections that are lost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

import servers
from higherstudy.adapters.postgres.engine import create_engine, translated
from higherstudy.adapters.postgres.listener import PostgresListener
from higherstudy.adapters.postgres.often import driver_of
from higherstudy.adapters.postgres.tables import students
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.identity.errors import EmailTaken
from higherstudy.domain.identity.events import AccountRegistered
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.shared.errors import Conflict, Invalid
from higherstudy.domain.shared.ids import AccountId
from higherstudy.ports.contracts.samples import a_student, an_account
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.transactions import joined


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url, lock_timeout=timedelta(seconds=0.3), pool_size=2, overflow=2)
    yield engine
    await engine.dispose()


@pytest.fixture
def transactions(engine: AsyncEngine) -> PostgresTransactions:
    return PostgresTransactions(engine, SystemIds())


async def test_of_two_writers_at_once_one_gets_a_conflict(transactions: PostgresTransactions) -> None:
    student = a_student()
    async with transactions() as work:
        await work.students.add(student)

    async def rename(name: str) -> str:
        async with transactions() as work:
            mine = await work.students.get(student.id)
            await asyncio.sleep(0.1)
            mine.change_profile(Profile(name=name))
            await work.students.save(mine)
        return name

    results = await asyncio.gather(rename("Student"), rename("Rahim"), return_exceptions=True)
    async with transactions() as work:
        found = await work.students.get(student.id)

    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert found.profile.name in results
    assert found.version == 2


async def test_of_two_who_register_one_address_at_once_one_is_refused(transactions: PostgresTransactions) -> None:
    first, second = an_account(), an_account()
    second.email = first.email

    async def add(account: object) -> None:
        async with transactions() as work:
            await work.accounts.add(account)  # type: ignore[arg-type]
            await asyncio.sleep(0.05)

    results = await asyncio.gather(add(first), add(second), return_exceptions=True)

    assert sorted(type(result).__name__ for result in results) == [EmailTaken.__name__, "NoneType"]


async def test_a_row_that_stays_locked_is_unavailable(engine: AsyncEngine, transactions: PostgresTransactions) -> None:
    student = a_student()
    async with transactions() as work:
        await work.students.add(student)

    async with engine.connect() as other:
        await other.execute(select(students).where(students.c.id == student.id).with_for_update())
        with pytest.raises(Unavailable) as refusal:
            async with transactions() as work:
                await work.students.save(student)

    assert refusal.value.__cause__ is not None


@pytest.mark.parametrize("in_a_statement", [False, True], ids=["between statements", "in a statement"])
async def test_a_brief_unit_that_stands_still_is_undone_and_gives_free_what_it_holds(
    engine: AsyncEngine, transactions: PostgresTransactions, in_a_statement: bool
) -> None:
    student = a_student()
    async with transactions() as work:
        await work.students.add(student)
    brief = PostgresTransactions(engine, SystemIds(), still_at_most=timedelta(seconds=0.3))

    became_free = []

    async def stand_still() -> None:
        async with brief() as work, engine.connect() as other:
            await work.students.save(student)
            with translated():
                driver = driver_of(work._connection)
                if in_a_statement and driver.get_server_version().major < 17:
                    pytest.skip("the server has no transaction_timeout, which came with PostgreSQL 17")
                # What the driver has announced and not sent yet: the server waits for it, and does not count as idle.
                asked = await driver.prepare("SELECT 1") if in_a_statement else None
                await other.execute(text("SET lock_timeout = '20s'"))
                await other.execute(select(students).where(students.c.id == student.id).with_for_update())
                became_free.append(student.id)
                if asked:
                    await asked.fetch()

    with pytest.raises(Unavailable):
        await stand_still()

    assert became_free == [student.id]
    async with transactions() as work:
        assert (await work.students.get(student.id)).version == 1


async def test_limits_of_a_brief_unit_end_with_it(engine: AsyncEngine) -> None:
    brief = PostgresTransactions(engine, SystemIds(), still_at_most=timedelta(seconds=0.3))
    shown = [text(f"SHOW {name}") for name in ("statement_timeout", "idle_in_transaction_session_timeout")]

    async with brief() as work:
        within = [await work._connection.scalar(one) for one in shown]
    async with engine.connect() as same:
        after = [await same.scalar(one) for one in shown]

    assert within == ["300ms", "300ms"]
    assert after == ["15s", "30s"]


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    engine = create_engine("postgresql://nobody@127.0.0.1:1/nothing")

    with pytest.raises(Unavailable):
        async with PostgresTransactions(engine, SystemIds())():
            pass

    await engine.dispose()


async def test_a_unit_begins_although_the_pool_holds_a_dead_connection(
    transactions: PostgresTransactions, postgres: servers.Cluster, database: servers.Database
) -> None:
    async with transactions() as work:
        before = work.now
    await _cut_off(postgres, database)

    async with transactions() as work:
        after = work.now

    assert after > before


async def test_a_unit_whose_connection_is_lost_is_unavailable_and_keeps_nothing(
    transactions: PostgresTransactions, postgres: servers.Cluster, database: servers.Database
) -> None:
    account = an_account()

    async def register() -> None:
        async with transactions() as work:
            await work.accounts.add(account)
            await _cut_off(postgres, database)

    with pytest.raises(Unavailable):
        await register()
    async with transactions() as work:
        found = await work.accounts.find_by_email(account.email)

    assert found is None


async def test_use_cases_that_join_a_unit_are_kept_or_discarded_together(transactions: PostgresTransactions) -> None:
    first, second = an_account(), an_account()

    async def register_all() -> None:
        async with transactions() as work:
            for account in (first, second, first):
                async with joined(work)() as part:
                    await part.accounts.add(account)

    with pytest.raises(EmailTaken):
        await register_all()
    async with transactions() as work:
        found = [await work.accounts.find_by_email(one.email) for one in (first, second)]

    assert found == [None, None]


@pytest.mark.parametrize("name", ["null \x00 character", "half a letter \ud800"])
async def test_a_text_that_cannot_be_kept_is_invalid(transactions: PostgresTransactions, name: str) -> None:
    student, account = a_student(Profile(name=name)), an_account()
    account.email = name

    async def add_student() -> None:
        async with transactions() as work:
            await work.students.add(student)

    async def add_account() -> None:
        async with transactions() as work:
            await work.accounts.add(account)

    with pytest.raises(Invalid):
        await add_student()
    with pytest.raises(Invalid):
        await add_account()


async def test_two_relays_at_once_never_take_the_same_event(transactions: PostgresTransactions, owner_url: str) -> None:
    await _empty(owner_url)
    async with transactions() as work:
        for _ in range(4):
            work.record(AccountRegistered(AccountId(SystemIds().new())), 1)

    async with transactions() as one, transactions() as other:
        mine = await one.outbox.take(2)
        theirs = await other.outbox.take(10)

    assert (len(mine), len(theirs)) == (2, 2)
    assert not {envelope.id for envelope in mine} & {envelope.id for envelope in theirs}


async def test_no_relay_takes_an_event_whose_predecessor_another_one_holds(
    transactions: PostgresTransactions, owner_url: str
) -> None:
    await _empty(owner_url)
    account = AccountId(SystemIds().new())
    for version in (1, 2):
        async with transactions() as work:
            work.record(AccountRegistered(account), version)

    async with transactions() as one, transactions() as other:
        mine = await one.outbox.take(10)
        theirs = await other.outbox.take(10)

    assert ([envelope.aggregate_version for envelope in mine], list(theirs)) == ([1], [])


async def test_a_commit_with_events_is_heard_at_once(transactions: PostgresTransactions, database_url: str) -> None:
    heard = asyncio.Event()
    listening = asyncio.create_task(PostgresListener(database_url)(heard.set))
    await asyncio.wait_for(heard.wait(), 5)
    heard.clear()

    async with transactions() as work:
        work.record(AccountRegistered(AccountId(SystemIds().new())), 1)
    await asyncio.wait_for(heard.wait(), 2)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)

    assert heard.is_set()


async def test_a_listener_that_was_cut_off_listens_again(
    database_url: str, postgres: servers.Cluster, database: servers.Database
) -> None:
    heard = asyncio.Event()
    listening = asyncio.create_task(PostgresListener(database_url, again_after=0.05)(heard.set))
    await asyncio.wait_for(heard.wait(), 5)
    heard.clear()

    await _cut_off(postgres, database)
    await asyncio.wait_for(heard.wait(), 5)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)

    assert heard.is_set()


async def _cut_off(postgres: servers.Cluster, database: servers.Database) -> None:
    """End every connection to the database, as a restart of the server does."""
    engine = create_engine(postgres.admin_url)
    async with engine.connect() as connection:
        await connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": database.name},
        )
    await engine.dispose()
    await asyncio.sleep(0.1)


async def _empty(owner_url: str) -> None:
    engine = create_engine(owner_url)
    async with engine.begin() as connection:
        await connection.execute(text("TRUNCATE jobs, outbox"))
    await engine.dispose()

"""What the database undid, or lost before it was kept, is done anew; what may have been kept is not, unless it knows
itself again."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from waiting import until

import servers
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.profile.student import Student
from higherstudy.entrypoints.trying import TRIES, again
from higherstudy.ports.contracts.samples import a_student
from higherstudy.ports.errors import NotKept, PerhapsKept, RolledBack

SLOW_COMMITS = """
CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(5); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER slowly AFTER INSERT ON students DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION slowly();
"""
QUICK_COMMITS = "DROP TRIGGER slowly ON students; DROP FUNCTION slowly()"


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url, pool_size=2, overflow=2)
    yield engine
    await engine.dispose()


@pytest.fixture
def transactions(engine: AsyncEngine) -> PostgresTransactions:
    return PostgresTransactions(engine, SystemIds())


@pytest.fixture
async def slow_commits(postgres: servers.Cluster, database: servers.Database) -> AsyncIterator[None]:
    """Let the commit of a new student take seconds, in which its connection can be cut."""
    await _as_admin(postgres, database, SLOW_COMMITS)
    yield
    await _as_admin(postgres, database, QUICK_COMMITS)


async def test_two_who_lock_each_other_out_both_come_through(transactions: PostgresTransactions) -> None:
    one, other = a_student(), a_student()
    await _keep(transactions, one, other)
    both_hold_one, undone = asyncio.Barrier(2), 0

    async def rename(first: Student, second: Student, name: str) -> None:
        tries = 0

        async def attempt() -> None:
            nonlocal tries, undone
            tries += 1
            try:
                async with transactions() as work:
                    for student in (first, second):
                        mine = await work.students.get(student.id)
                        mine.change_profile(Profile(name=f"{mine.profile.name} {name}"))
                        await work.students.save(mine)
                        if tries == 1 and student is first:
                            await both_hold_one.wait()
            except RolledBack:
                undone += 1
                raise

        await again(attempt)

    async with asyncio.timeout(20):
        await asyncio.gather(rename(one, other, "A"), rename(other, one, "B"))
    async with transactions() as work:
        names = [(await work.students.get(student.id)).profile.name for student in (one, other)]

    assert undone == 1
    assert all(name.endswith(("A B", "B A")) for name in names)


async def test_a_unit_whose_connection_is_lost_before_its_commit_is_done_anew_and_once(
    transactions: PostgresTransactions, postgres: servers.Cluster, database: servers.Database
) -> None:
    student, tries = a_student(), 0

    async def attempt() -> None:
        nonlocal tries
        tries += 1
        async with transactions() as work:
            await work.students.add(student)
            if tries == 1:
                student.version = 0
                await _cut_off(postgres, database)

    await again(attempt)
    async with transactions() as work:
        found = await work.students.get(student.id)

    assert (tries, found.version) == (2, 1)


async def test_after_three_tries_it_is_told_that_nothing_was_kept(
    transactions: PostgresTransactions, postgres: servers.Cluster, database: servers.Database
) -> None:
    tries = 0

    async def attempt() -> None:
        nonlocal tries
        tries += 1
        async with transactions() as work:
            await work.students.add(a_student())
            await _cut_off(postgres, database)

    with pytest.raises(NotKept):
        await again(attempt)

    assert tries == TRIES


@pytest.mark.parametrize(("known_again", "expected"), [(False, 1), (True, 2)])
async def test_what_may_have_been_kept_is_only_repeated_where_it_knows_itself_again(
    transactions: PostgresTransactions,
    postgres: servers.Cluster,
    database: servers.Database,
    slow_commits: None,
    known_again: bool,
    expected: int,
) -> None:
    tries = 0

    async def attempt() -> None:
        nonlocal tries
        tries += 1
        if tries == 2:
            return
        async with transactions() as work:
            await work.students.add(a_student())

    async def cut() -> None:
        await until(lambda: _is_committing(postgres, database), pause=0.02)
        await _cut_off(postgres, database)

    async with asyncio.timeout(20):
        cutting = asyncio.create_task(cut())
        outcome = await asyncio.gather(again(attempt, known_again=known_again), return_exceptions=True)
        await cutting

    assert tries == expected
    assert [type(one) for one in outcome] == ([PerhapsKept] if expected == 1 else [type(None)])


async def test_a_connection_that_was_lost_does_not_come_back_from_the_pool(
    engine: AsyncEngine, transactions: PostgresTransactions, postgres: servers.Cluster, database: servers.Database
) -> None:
    async def lose() -> None:
        async with transactions() as work:
            await _cut_off(postgres, database)
            await work.students.add(a_student())

    for _ in range(3):
        with pytest.raises(NotKept):
            await lose()

    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


_COMMITTING = "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND query = 'COMMIT' AND state = 'active'"


async def _keep(transactions: PostgresTransactions, *students: Student) -> None:
    async with transactions() as work:
        for student in students:
            await work.students.add(student)


async def _cut_off(postgres: servers.Cluster, database: servers.Database) -> None:
    cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"
    connection = await asyncpg.connect(postgres.admin_url)
    await connection.execute(cut, database.name)
    await connection.close()


async def _is_committing(postgres: servers.Cluster, database: servers.Database) -> bool:
    connection = await asyncpg.connect(postgres.admin_url)
    try:
        return bool(await connection.fetchval(_COMMITTING, database.name))
    finally:
        await connection.close()


async def _as_admin(postgres: servers.Cluster, database: servers.Database, statement: str) -> None:
    start, _, rest = postgres.admin_url.partition("?")
    connection = await asyncpg.connect(start.rpartition("/")[0] + f"/{database.name}" + (f"?{rest}" if rest else ""))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()

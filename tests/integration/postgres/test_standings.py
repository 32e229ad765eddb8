"""Whoever has lost a role or the account is refused within a second by every process, whatever has failed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import asyncpg
import pytest
from waiting import until

import servers
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.listener import PostgresListener
from higherstudy.adapters.postgres.reading import Reading
from higherstudy.adapters.postgres.standings import PostgresStandings
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.identity.account import Account, Role
from higherstudy.domain.identity.key import ApiKey
from higherstudy.domain.shared.errors import NotFound
from higherstudy.ports.contracts.samples import a_key, an_account
from higherstudy.ports.errors import Unavailable

FOREVER = 3600.0
LISTENING = """SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE 'LISTEN%accounts%' AND state = 'idle'"""


@pytest.fixture
async def reading(database_url: str) -> AsyncIterator[Reading]:
    reading = Reading(database_url)
    yield reading
    await reading.close()


@pytest.fixture
async def account(database_url: str) -> AsyncIterator[Account]:
    engine = create_engine(database_url)
    account = an_account()
    async with PostgresTransactions(engine, SystemIds())() as work:
        await work.accounts.add(account)
    yield account
    await engine.dispose()


async def test_a_change_is_known_at_once_where_changes_are_heard(
    reading: Reading, account: Account, database: servers.Database
) -> None:
    standings = PostgresStandings(reading, oldest=FOREVER)  # so that the age of the copy does not help
    async with _listening(standings, database.app_url):
        before = await standings.of(account.id)
        await _as_owner(database, "UPDATE accounts SET roles = '{admin}' WHERE id = $1", account.id)
        assert before.roles == account.roles
        await until(lambda: _has(standings, account, Role.ADMIN), 5)


async def test_an_account_that_was_removed_is_refused_at_once_where_changes_are_heard(
    reading: Reading, account: Account, database: servers.Database
) -> None:
    standings = PostgresStandings(reading, oldest=FOREVER)
    async with _listening(standings, database.app_url):
        await standings.of(account.id)
        await _as_owner(database, "DELETE FROM accounts WHERE id = $1", account.id)

        await until(lambda: _is_refused(standings, account), 5)


async def test_a_revoked_key_and_a_closed_account_are_refused_by_every_process_that_hears_of_it(
    reading: Reading, account: Account, database: servers.Database, database_url: str
) -> None:
    standings, elsewhere = (PostgresStandings(reading, oldest=FOREVER) for _ in range(2))
    revoked, left = a_key(account.id), a_key(account.id)
    engine = create_engine(database_url)
    async with PostgresTransactions(engine, SystemIds())() as work:
        await work.keys.add(revoked)
        await work.keys.add(left)
    await engine.dispose()

    async with _listening(standings, database.app_url), _listening(elsewhere, database.app_url):
        for one in (standings, elsewhere):
            await one.of(account.id)
            await one.of_key(revoked.id)
            await one.of_key(left.id)
        await _as_owner(database, "UPDATE api_keys SET used_at = now() WHERE id = $1", revoked.id)
        await _as_owner(database, "UPDATE api_keys SET revoked_at = now() WHERE id = $1", revoked.id)
        for one in (standings, elsewhere):
            await until(partial(_is_refused_by_key, one, revoked), 10)
            assert not await _is_refused_by_key(one, left)
        await _as_owner(database, "UPDATE accounts SET closed_at = now() WHERE id = $1", account.id)
        for one in (standings, elsewhere):
            await until(partial(_is_refused, one, account), 10)


async def test_where_nobody_hears_of_changes_the_age_of_a_copy_ends_it_within_a_second(
    reading: Reading, account: Account, database: servers.Database
) -> None:
    standings = PostgresStandings(reading)
    await standings.of(account.id)
    await _as_owner(database, "DELETE FROM accounts WHERE id = $1", account.id)

    assert await until(lambda: _is_refused(standings, account), pause=0.01) < 1.5  # a slow machine's share included


async def test_all_copies_go_when_the_connection_that_hears_of_changes_is_cut(
    reading: Reading, account: Account, postgres: servers.Cluster, database: servers.Database
) -> None:
    standings = PostgresStandings(reading, oldest=FOREVER)
    async with _listening(standings, database.app_url):
        await standings.of(account.id)
        await _cut_listeners(postgres, database)
        await asyncio.sleep(0.05)
        await _as_owner(database, "UPDATE accounts SET roles = '{admin}' WHERE id = $1", account.id)

        await until(lambda: _has(standings, account, Role.ADMIN), 5)


async def test_without_the_database_nobody_is_let_in_on_an_old_copy(account: Account, database_url: str) -> None:
    now = 0.0
    reading = Reading(database_url)
    standings = PostgresStandings(reading, clock=lambda: now)
    await standings.of(account.id)
    await reading.close()
    reading._url = "postgresql://nobody@127.0.0.1:1/nothing"  # the server is gone

    now = 0.8
    while_it_counts = await standings.of(account.id)
    now = 1.0
    with pytest.raises(Unavailable):
        await standings.of(account.id)

    assert while_it_counts.roles == account.roles


async def test_an_answer_that_took_a_second_is_asked_for_again(account: Account, reading: Reading) -> None:
    moments = iter([0.0, 0.0, 1.2, 1.2, 1.3])  # on asking, and with each answer
    standings = PostgresStandings(reading, clock=lambda: next(moments))

    assert (await standings.of(account.id)).roles == account.roles
    assert list(moments) == [1.3] or not list(moments)


@asynccontextmanager
async def _listening(standings: PostgresStandings, url: str) -> AsyncIterator[None]:
    listening = asyncio.create_task(standings.listen(PostgresListener(url, again_after=0.1)))
    try:
        await until(lambda: _somebody_listens(url))
        yield
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def _has(standings: PostgresStandings, account: Account, role: Role) -> bool:
    return (await standings.of(account.id)).roles == {role}


async def _is_refused_by_key(standings: PostgresStandings, key: ApiKey) -> bool:
    try:
        await standings.of_key(key.id)
    except NotFound:
        return True
    return False


async def _is_refused(standings: PostgresStandings, account: Account) -> bool:
    try:
        await standings.of(account.id)
    except NotFound:
        return True
    return False


async def _somebody_listens(url: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        return bool(await connection.fetchval(LISTENING))
    finally:
        await connection.close()


async def _as_owner(database: servers.Database, statement: str, *values: object) -> None:
    connection = await asyncpg.connect(database.owner_url)
    await connection.execute(statement, *values)
    await connection.close()


async def _cut_listeners(postgres: servers.Cluster, database: servers.Database) -> None:
    connection = await asyncpg.connect(postgres.admin_url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND query LIKE 'LISTEN%'",
        database.name,
    )
    await connection.close()

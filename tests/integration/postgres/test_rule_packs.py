"""An edition that comes into force is had by every process without a restart, and one that cannot be read by none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest
from rule_worlds import germany
from waiting import until
from worlds import staff

import servers
from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.listener import PostgresListener
from higherstudy.adapters.postgres.reading import Reading
from higherstudy.adapters.postgres.rule_packs import PostgresRulePacks
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.rulebook.editions import Edition, edition_of
from higherstudy.domain.rulebook.use_cases.editions import ActivateEdition, GetEditionInForce, ProposePack
from higherstudy.domain.rulebook.use_cases.proposing import Proposal
from higherstudy.ports.contracts.rule_packs import RulePacksContract
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.rule_packs import RulePacks
from higherstudy.ports.transactions import Transactions

FOREVER = 3600.0


@pytest.fixture
async def reading(database_url: str) -> AsyncIterator[Reading]:
    reading = Reading(database_url)
    yield reading
    await reading.close()


@pytest.fixture
async def transactions(database_url: str, database: servers.Database) -> AsyncIterator[Transactions]:
    """Transactions on a database in which no edition was ever in force."""
    await as_owner(database, "TRUNCATE rule_editions, rule_packs")
    engine = create_engine(database_url)
    yield PostgresTransactions(engine, SystemIds())
    await engine.dispose()


class TestPostgresRulePacks(RulePacksContract):
    takes_packs = False

    @pytest.fixture
    async def rule_packs(self, reading: Reading, transactions: Transactions) -> RulePacks:
        packs = PostgresRulePacks(reading, BundledRulePacks())
        await activate(transactions, packs, germany())
        await packs.refresh()
        return packs


async def test_an_edition_is_in_force_in_two_processes_as_soon_as_it_is_called_out(
    database: servers.Database, reading: Reading, transactions: Transactions
) -> None:
    one, other = (PostgresRulePacks(reading, BundledRulePacks()) for _ in range(2))
    async with listening(one, database, FOREVER), listening(other, database, FOREVER):
        edition = await activate(transactions, one, germany())

        await until(lambda: name_of(one) == name_of(other) == edition.sha256, 10)

    assert one.rulebook() is not other.rulebook()


async def test_an_edition_that_nobody_heard_of_is_found_by_looking(
    database: servers.Database, reading: Reading, transactions: Transactions
) -> None:
    deaf = PostgresRulePacks(reading, BundledRulePacks())
    nowhere = PostgresListener("postgresql://nobody@127.0.0.1:1/nothing")
    looking = asyncio.create_task(deaf.listen(nowhere, 0.05))

    edition = await activate(transactions, deaf, germany())

    await until(lambda: name_of(deaf) == edition.sha256, 10)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)


async def test_earlier_editions_stay_at_hand_by_their_names(reading: Reading, transactions: Transactions) -> None:
    packs = PostgresRulePacks(reading, BundledRulePacks())
    before = name_of(packs)
    first = await activate(transactions, packs, germany())
    second = await activate(transactions, packs, germany(monthly="1100"))
    await packs.refresh()

    had = [edition_of(packs.edition(name).edition) for name in (before, first.sha256, second.sha256)]

    assert had == [before, first.sha256, second.sha256]
    assert packs.edition(before).facts("de.blocked_account.monthly")[-1].number == 992
    assert packs.edition(first.sha256).facts("de.blocked_account.monthly")[-1].number == 1052


async def test_a_start_in_haste_leaves_the_texts_that_it_does_not_need_for_the_next_look(
    reading: Reading, transactions: Transactions
) -> None:
    before = PostgresRulePacks(reading, BundledRulePacks())
    first = await activate(transactions, before, germany())
    parts, keeper = (transactions, before, SystemIds()), staff()
    await ActivateEdition(*parts)(keeper, Proposal(drop=("germany",)), first.number, reason="as it was")
    packs = PostgresRulePacks(reading, BundledRulePacks())

    await packs.refresh(in_haste=True)
    with pytest.raises(Unavailable):
        packs.edition(first.sha256)
    await packs.refresh(in_haste=True)
    with pytest.raises(Unavailable):
        packs.edition(first.sha256)
    await packs.refresh()

    assert name_of(packs) == edition_of(BundledRulePacks().rulebook().edition)
    assert packs.edition(first.sha256).facts("de.blocked_account.monthly")[-1].number == 1052


async def test_a_start_in_haste_has_a_chosen_pack_in_force(reading: Reading, transactions: Transactions) -> None:
    first = await activate(transactions, PostgresRulePacks(reading, BundledRulePacks()), germany())
    packs = PostgresRulePacks(reading, BundledRulePacks())

    await packs.refresh(in_haste=True)

    assert name_of(packs) == first.sha256


async def test_a_process_that_cannot_read_an_edition_keeps_the_one_before_and_says_so_until_it_can(
    database: servers.Database, reading: Reading, transactions: Transactions
) -> None:
    packs = PostgresRulePacks(reading, BundledRulePacks())
    good = await activate(transactions, packs, germany())
    await packs.refresh()
    unreadable = uuid4().hex * 2
    await as_owner(
        database,
        "INSERT INTO rule_packs VALUES ($1, 'germany', '9', 'of a later release', 9, 'key = \"new\"', now(), null)",
        unreadable,
    )
    await as_owner(
        database,
        """INSERT INTO rule_editions (number, id, sha256, packs, chosen, activated_at, reason)
           VALUES ($1, gen_random_uuid(), 'later', ARRAY[$2], ARRAY[$2], now(), 'a later release')""",
        good.number + 1,
        unreadable,
    )

    await packs.refresh()
    behind, standing = packs.is_behind, name_of(packs)
    await as_owner(
        database,
        """INSERT INTO rule_editions (number, id, sha256, packs, chosen, activated_at, reason)
           VALUES ($1, gen_random_uuid(), $2, $3, $4, now(), 'back')""",
        good.number + 2,
        good.sha256,
        list(good.packs),
        list(good.chosen),
    )
    await packs.refresh()

    assert (behind, standing) == (True, good.sha256)
    assert (packs.is_behind, name_of(packs)) == (False, good.sha256)


async def test_the_application_can_neither_change_nor_remove_what_was_in_force(
    database_url: str, transactions: Transactions, reading: Reading
) -> None:
    await activate(transactions, PostgresRulePacks(reading, BundledRulePacks()), germany())
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        for statement in (
            "DELETE FROM rule_editions",
            "UPDATE rule_editions SET reason = ''",
            "DELETE FROM rule_packs",
            "UPDATE rule_packs SET text = ''",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def activate(transactions: Transactions, packs: RulePacks, text: str) -> Edition:
    """Let the pack come into force, as an administrator does."""
    parts, keeper = (transactions, packs, SystemIds()), staff()
    stored = await ProposePack(*parts)(keeper, text, "germany.toml")
    current = await GetEditionInForce(*parts)(keeper)
    return await ActivateEdition(*parts)(keeper, Proposal((stored.sha256,)), current.number, reason="a new amount")


def name_of(packs: RulePacks) -> str:
    return edition_of(packs.rulebook().edition)


@asynccontextmanager
async def listening(packs: PostgresRulePacks, database: servers.Database, every: float) -> AsyncIterator[None]:
    """Keep the packs fresh, from when their connection listens on."""
    await packs.refresh()
    task = asyncio.create_task(packs.listen(PostgresListener(database.app_url), every))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def as_owner(database: servers.Database, statement: str, *values: object) -> None:
    connection = await asyncpg.connect(database.owner_url)
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()

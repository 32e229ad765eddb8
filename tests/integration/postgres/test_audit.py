"""The audit trail on a real PostgreSQL: who may change it, what a hostile owner leaves behind, many writers at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from audited import SIGNATURES, findings, sealed, written
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tampering import ACTS, Trail

from higherstudy.adapters.folder.anchors import FolderAnchors
from higherstudy.adapters.memory.anchors import MemoryAnchors
from higherstudy.adapters.postgres.audit_entries import written as rows_of
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.audit.checking import Flaw
from higherstudy.domain.audit.deed import Deed
from higherstudy.domain.audit.query import Query
from higherstudy.domain.audit.use_cases.sealing import AnchorHead, SealEntries
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import AccountId
from higherstudy.entrypoints.cli.main import main
from higherstudy.entrypoints.parts.keys import audit_signatures
from higherstudy.entrypoints.settings import read_settings
from higherstudy.ports.transactions import Transactions

TABLES = "audit_entries, audit_waiting, audit_seals, audit_sealed"
WRITERS, TIMES = 8, 12


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """A connection as the owner of the tables, with an empty trail."""
    connection = await asyncpg.connect(owner_url)
    await connection.execute(f"TRUNCATE {TABLES}, outbox, jobs")
    yield connection
    await connection.close()


@pytest.fixture
async def engine(database_url: str, owner: object) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url, pool_size=WRITERS + 4)
    yield engine
    await engine.dispose()


@pytest.fixture
def transactions(engine: AsyncEngine) -> Transactions:
    return PostgresTransactions(engine, SystemIds())


async def everything(transactions: Transactions) -> Trail:
    async with transactions() as work:
        found = await work.audit_trail.search(Query(), 10_000)
        waiting = await work.audit_trail.waiting(10_000)
        seals = await work.audit_trail.seals(1, 10_000)
    entries = {one.place: one.entry for one in found}
    return Trail(entries, {one.place for one in waiting}, {seal.number: seal for seal in seals})


async def put(owner: "asyncpg.Connection[Any]", trail: Trail) -> None:
    """Let the database hold exactly this, as only its owner can."""
    async with owner.transaction():
        await owner.execute(f"TRUNCATE {TABLES}")
        await owner.execute(
            """
            INSERT INTO audit_entries OVERRIDING SYSTEM VALUE
            SELECT place, id, at, action, subject, subject_id, student_id, actor, on_behalf_of, request_id, trace,
                   details, address_digest, reason_digest, address, reason
            FROM unnest($1::jsonb[], $2::bigint[]) AS row (content, place)
            CROSS JOIN LATERAL jsonb_to_record(content) AS given (
                id uuid, at timestamptz, action text, subject text, subject_id uuid, student_id uuid, actor uuid,
                on_behalf_of uuid, request_id text, trace text, details jsonb, address_digest text,
                reason_digest text, address text, reason text)
            """,
            [rows_of([entry])[1:-1] for entry in trail.entries.values()],
            list(trail.entries),
        )
        await owner.executemany("INSERT INTO audit_waiting VALUES ($1)", [(place,) for place in trail.waiting])
        for number, seal in trail.seals.items():
            head = seal.head
            await owner.execute(
                "INSERT INTO audit_seals VALUES ($1, $2, $3, $4, $5, $6)",
                *(number, seal.previous, head.hash, head.sealed_at, head.key, head.signature),
            )
            await owner.executemany(
                "INSERT INTO audit_sealed VALUES ($1, $2, $3, $4, now(), '', null, null, null, '')",
                [(one.place, number, one.entry_id, bytes.fromhex(one.digest)) for one in seal.entries],
            )


async def test_whatever_the_owner_does_to_the_rows_is_found_and_named(
    transactions: Transactions, owner: "asyncpg.Connection[Any]"
) -> None:
    anchors = MemoryAnchors()
    await sealed(transactions, anchors)
    whole = await everything(transactions)
    assert await findings(transactions, anchors) == []

    unseen = {}
    for name, act in ACTS.items():
        trail = Trail(dict(whole.entries), set(whole.waiting), dict(whole.seals))
        expected = list(act(trail, Random(name)))
        await put(owner, trail)
        found = await findings(transactions, anchors)
        if missed := [one for one in expected if not any(map(one.is_met_by, found))]:
            unseen[name] = (missed, found)

    assert unseen == {}


@pytest.mark.parametrize("number", [0, -1, 999])
async def test_an_entry_that_is_put_in_with_a_line_of_no_seal_is_named(
    transactions: Transactions, owner: "asyncpg.Connection[Any]", number: int
) -> None:
    anchors = MemoryAnchors()
    await sealed(transactions, anchors)
    await owner.execute("INSERT INTO audit_seals SELECT 0, '', '', now(), '', '' WHERE $1::bigint = 0", number)
    place = await owner.fetchval(
        """
        WITH put AS (
            INSERT INTO audit_entries (id, at, action, subject, request_id, trace, details, address_digest,
                                       reason_digest)
            VALUES (gen_random_uuid(), now(), 'session.begun', '', '', '', '{}', '', '') RETURNING *
        )
        INSERT INTO audit_sealed SELECT place, $1, id, '', at, action, null, null, null, '' FROM put RETURNING place
        """,
        number,
    )

    found = await findings(transactions, anchors)

    assert [(one.flaw, one.place) for one in found] == [(Flaw.ENTRY_ADDED, place)]


@pytest.mark.parametrize(
    "change",
    [
        "at = at - interval '1 day'",
        "action = 'session.begun'",
        "subject_id = null",
        "student_id = null",
        "actor = gen_random_uuid()",
        "request_id = ''",
    ],
)
async def test_an_entry_that_a_search_is_made_to_miss_is_named(
    transactions: Transactions, owner: "asyncpg.Connection[Any]", change: str
) -> None:
    anchors = MemoryAnchors()
    await sealed(transactions, anchors)
    place = await owner.fetchval(
        f"UPDATE audit_sealed SET {change} WHERE place = "
        "(SELECT max(place) FROM audit_sealed WHERE student_id IS NOT NULL) RETURNING place"
    )

    found = await findings(transactions, anchors)

    assert [(one.flaw, one.place) for one in found] == [(Flaw.ENTRY_MISFILED, place)]


@pytest.mark.parametrize(
    "statement",
    [
        *(
            f"UPDATE {table} SET {column} = {column}"
            for table, column in (
                ("audit_entries", "action"),
                ("audit_entries", "address"),
                ("audit_seals", "hash"),
                ("audit_sealed", "digest"),
                ("audit_waiting", "place"),
            )
        ),
        *(f"DELETE FROM {table}" for table in ("audit_entries", "audit_seals", "audit_sealed")),
        *(f"TRUNCATE {table}" for table in ("audit_entries", "audit_seals", "audit_sealed", "audit_waiting")),
    ],
)
async def test_the_application_may_only_add_and_read(database_url: str, owner: object, statement: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_writers_at_once_and_a_slow_one_never_make_a_false_alarm(transactions: Transactions) -> None:
    anchors, slow_wrote, go_on = MemoryAnchors(), asyncio.Event(), asyncio.Event()
    writing = True

    async def slowly() -> None:
        async with transactions(Origin(AccountId(uuid4()))) as work:
            work.note(Deed("session.begun"))
            await work.write_events()  # type: ignore[attr-defined]
            slow_wrote.set()
            await go_on.wait()

    async def write() -> None:
        for _ in range(TIMES):
            await written(transactions, 1)

    async def seal() -> int:
        times = 0
        while writing:
            times += bool(await SealEntries(transactions, SIGNATURES)())
            await asyncio.sleep(0)
        return times

    async def verify() -> list[Any]:
        found: list[Any] = []
        while writing:
            found += await findings(transactions, anchors)
        return found

    slow = asyncio.create_task(slowly())
    await slow_wrote.wait()
    sealers = [asyncio.create_task(seal()) for _ in range(2)]
    verifier = asyncio.create_task(verify())
    await asyncio.gather(*(write() for _ in range(WRITERS)))
    await SealEntries(transactions, SIGNATURES)()
    go_on.set()
    await slow
    writing = False
    seals = await asyncio.gather(*sealers)
    while await SealEntries(transactions, SIGNATURES)():
        pass

    assert await verifier == []
    assert await findings(transactions, anchors) == []
    trail = await everything(transactions)
    assert sum(seals) >= 1
    assert len(trail.entries) == 2 * WRITERS * TIMES + 1
    assert sorted(place for place, _ in trail.sealed()) == sorted(trail.entries)


async def test_lines_that_wait_for_nothing_keep_no_entry_from_its_seal(
    transactions: Transactions, engine: AsyncEngine
) -> None:
    anchors = MemoryAnchors()
    await sealed(transactions, anchors, 1)
    async with engine.begin() as connection:  # all of this the application's role may do
        for lines in ("SELECT -g FROM generate_series(1, 1100) AS g", "SELECT place FROM audit_entries"):
            await connection.execute(text(f"INSERT INTO audit_waiting {lines}"))

    while await SealEntries(transactions, SIGNATURES)():
        pass

    trail = await everything(transactions)
    assert sorted(place for place, _ in trail.sealed()) == sorted(trail.entries)
    assert await findings(transactions, anchors) == []


async def test_events_of_a_release_that_knows_no_trail_make_no_alarm(
    transactions: Transactions, owner: "asyncpg.Connection[Any]"
) -> None:
    anchors = MemoryAnchors()
    await sealed(transactions, anchors, 1)
    await owner.execute(
        "INSERT INTO outbox (id, at, tag, aggregate, aggregate_id, aggregate_version, request_id, data) "
        "VALUES ($1, now(), 'account.registered.v1', 'account', $1, 1, '', jsonb_build_object('account_id', $1::uuid))",
        uuid4(),
    )

    assert await findings(transactions, anchors) == []


async def test_old_addresses_are_forgotten_and_young_ones_stay_whatever_is_asked(
    transactions: Transactions, owner: "asyncpg.Connection[Any]"
) -> None:
    anchors = MemoryAnchors()
    await written(transactions, 2)
    first = "(SELECT min(place) FROM audit_entries)"
    await owner.execute(f"UPDATE audit_entries SET at = at - interval '40 days' WHERE place = {first}")
    await SealEntries(transactions, SIGNATURES)()

    async with transactions() as work:
        forgotten = await work.audit_trail.forget_addresses(work.now, 100)

    assert forgotten == 1
    trail = await everything(transactions)
    assert sorted(entry.address is None for entry in trail.entries.values()) == [False, False, False, True]
    assert await findings(transactions, anchors) == []


def test_whoever_operates_the_database_verifies_and_searches_without_a_sign_in(
    database_url: str,
    owner_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("HIGHERSTUDY_HOME", str(tmp_path))
    asyncio.run(_sealed_by(database_url, owner_url, tmp_path))

    codes = [main(["audit", *words, "--here"]) for words in (["verify"], ["search", "--most", "2"])]
    printed = capsys.readouterr()
    asyncio.run(_changed(owner_url))

    assert codes == [0, 0], printed.err
    assert "The audit trail is what was sealed." in printed.out
    assert main(["audit", "verify", "--here"]) == 1
    assert "An entry was changed after it was sealed." in capsys.readouterr().out


async def _sealed_by(database_url: str, owner_url: str, home: Path) -> None:
    """Let a trail be sealed with the key of that home, and its end be noted there."""
    await _as_owner(owner_url, f"TRUNCATE {TABLES}")
    engine = create_engine(database_url)
    transactions = PostgresTransactions(engine, SystemIds())
    signatures = audit_signatures(read_settings({"HIGHERSTUDY_HOME": str(home)}))
    await written(transactions)
    await SealEntries(transactions, signatures)()
    await AnchorHead(transactions, signatures, FolderAnchors(home / "audit" / "heads.jsonl"))()
    await engine.dispose()


async def _changed(owner_url: str) -> None:
    await _as_owner(
        owner_url, "UPDATE audit_entries SET actor = id WHERE place = (SELECT min(place) FROM audit_sealed)"
    )


async def _as_owner(owner_url: str, statement: str) -> None:
    connection = await asyncpg.connect(owner_url)
    await connection.execute(statement)
    await connection.close()

"""A worker that is killed in the middle of a batch leaves what stood at its checkpoint; each row is taken once."""

import asyncio
import signal
import sys
from pathlib import Path
from uuid import uuid4

from importing import a_counsellor_in
from sqlalchemy import text
from waiting import until

from higherstudy.adapters.memory.given_tables import MemoryGivenTables
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.imports.catalogue_import import Counts, Import, ImportKind, State, Table
from higherstudy.domain.imports.use_cases.accepting_people import AcceptPeople
from higherstudy.domain.imports.use_cases.reading import GetImport, ListRowProblems
from higherstudy.domain.shared.ids import ImportId
from higherstudy.entrypoints.jobs.process import running
from higherstudy.ports.transactions import Transactions

from .rows_to_kill import BATCH, taking
from .test_killed_process import QUICK

PROGRAM = Path(__file__).with_name("rows_to_kill.py")
ROWS = 1_000


async def test_each_row_is_taken_once_and_the_next_worker_begins_behind_the_checkpoint(database_url: str) -> None:
    engine = create_engine(database_url)
    try:
        transactions = PostgresTransactions(engine, SystemIds())
        sender = await a_counsellor_in(transactions, SystemIds(), f"{uuid4().hex}@example.org")
        import_id = await accepted(transactions, sender)
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(PROGRAM), database_url, "351", stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        reached = await asyncio.wait_for(process.stdout.readline(), 60)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        killed_at = await told(transactions, sender, import_id)

        async with running(transactions, SystemIds(), taking(transactions), rhythm=QUICK):
            await until(lambda: is_closed(transactions, sender, import_id), 60)

        whole = await told(transactions, sender, import_id)
        problems = await ListRowProblems(transactions)(sender, import_id)
        async with engine.connect() as connection:
            rows = (
                await connection.execute(
                    text("SELECT row FROM record_offers WHERE import_id = :id ORDER BY row"), {"id": import_id}
                )
            ).scalars()
        events = await invited(transactions, import_id)
    finally:
        await engine.dispose()

    bad = 998 + 2
    assert reached.decode().strip() == "in the middle"
    assert (killed_at.state, killed_at.checkpoint) == (State.RUNNING, 3 * BATCH + 1)
    assert killed_at.counts == {Table.STUDENTS: Counts(read=3 * BATCH, added=3 * BATCH)}
    assert (whole.state, whole.resumed) == (State.FINISHED, 1)
    assert whole.counts == {Table.STUDENTS: Counts(read=ROWS, added=ROWS - 1, refused=1)}
    assert [(one.row, one.code) for one in problems] == [(bad, "country.unknown")]
    assert list(rows) == [row for row in range(2, ROWS + 2) if row != bad]
    assert events == ROWS - 1


async def accepted(transactions: Transactions, sender: Asker) -> ImportId:
    """Have a file taken in the background in which the last row but one is wrong."""
    mark = uuid4().hex
    rows = [f"s{number}-{mark}@example.org,Student {number},BD" for number in range(ROWS)]
    rows[-2] = rows[-2].replace(",BD", ",Bangladesh")
    accept = AcceptPeople(transactions, MemoryGivenTables(), SystemIds())
    content = "\n".join(["email,name,nationality", *rows]).encode()
    return (await accept(sender, ImportKind.STUDENTS, content, "students.csv")).run.id


async def told(transactions: Transactions, sender: Asker, import_id: ImportId) -> Import:
    return (await GetImport(transactions)(sender, import_id)).run


async def is_closed(transactions: Transactions, sender: Asker, import_id: ImportId) -> bool:
    return not (await told(transactions, sender, import_id)).is_open


async def invited(transactions: PostgresTransactions, import_id: ImportId) -> int:
    """Return how many invitations follow from the import, each row's once."""
    query = text("SELECT count(DISTINCT data->>'offer_id') FROM outbox WHERE data->>'import_id' = :id AND tag = :tag")
    async with transactions._engine.connect() as connection:
        given = {"id": str(import_id), "tag": "record_offer.made.v1"}
        return int((await connection.execute(query, given)).scalar_one())

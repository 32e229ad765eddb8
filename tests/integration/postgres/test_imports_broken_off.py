"""Whether an import runs is seen by every process: one whose process died is broken off, one that runs never is."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from waiting import until

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.imports.catalogue_import import Import, State
from higherstudy.domain.imports.use_cases.importing import BreakOffImports, ImportCatalogue

from .import_to_kill import KEEPER, SlowCatalogue

PROGRAM = Path(__file__).with_name("import_to_kill.py")
AT_ONCE = timedelta()
PLACES = pytest.mark.parametrize("place", ["opening", "reading"])


@asynccontextmanager
async def a_machine(url: str) -> AsyncIterator[PostgresTransactions]:
    """Transactions over connections that no other machine shares."""
    engine = create_engine(url)
    yield PostgresTransactions(engine, SystemIds())
    await engine.dispose()


async def running_now(transactions: PostgresTransactions) -> list[Import]:
    async with transactions() as work:
        return list(await work.imports.running_since(work.now + timedelta(days=1)))


@PLACES
async def test_an_import_that_runs_is_not_broken_off_by_another_machine_and_comes_to_its_end(
    database_url: str, place: str
) -> None:
    source = SlowCatalogue(f"living {place}", place)
    async with a_machine(database_url) as here, a_machine(database_url) as there:
        importing = asyncio.create_task(ImportCatalogue(here, SystemIds())(KEEPER, source))
        await asyncio.wait_for(source.there.wait(), 20)

        broken_off = [await BreakOffImports(machine, AT_ONCE)() for machine in (here, there)]
        source.may_go_on.set()
        run = await asyncio.wait_for(importing, 20)

    assert (broken_off, run.state) == ([0, 0], State.FINISHED)


@PLACES
async def test_an_import_whose_process_is_killed_is_broken_off_by_another_one_while_others_run(
    database_url: str, place: str
) -> None:
    other = SlowCatalogue(f"other {place}", "reading")
    async with a_machine(database_url) as here:
        importing = asyncio.create_task(ImportCatalogue(here, SystemIds())(KEEPER, other))
        await asyncio.wait_for(other.there.wait(), 20)
        [running] = await running_now(here)
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(PROGRAM), database_url, f"dying {place}", place, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        reached = await asyncio.wait_for(process.stdout.readline(), 30)
        [dying] = [run for run in await running_now(here) if run.id != running.id]

        process.send_signal(signal.SIGKILL)
        await process.wait()
        await until(lambda: _breaks_off_one(here), what="the server has heard that the process is gone")
        async with here() as work:
            dead = await work.imports.get(dying.id)
        other.may_go_on.set()
        run = await asyncio.wait_for(importing, 20)

    assert reached.decode().strip() == place
    assert (dead.state, dead.finished_at is None, run.state) == (State.BROKEN_OFF, False, State.FINISHED)


async def _breaks_off_one(transactions: PostgresTransactions) -> bool:
    return await BreakOffImports(transactions, AT_ONCE)() == 1

"""An import that comes to no end of its own is noted as broken off, and never stays running for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.transactions import MemoryTransactions, MemoryUnitOfWork
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.imports.catalogue_import import Import, ImportKind, State, Table
from higherstudy.domain.imports.rows import Batch, Edition
from higherstudy.domain.imports.use_cases.importing import BEGINS_WITHIN, BreakOffImports, ImportCatalogue
from higherstudy.domain.imports.use_cases.reading import GetImport
from higherstudy.domain.shared.errors import RuleBroken
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import AccountId, ImportId
from higherstudy.ports.errors import Unavailable

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
KEEPER = Asker(AccountId(MemoryIds(7).new()), frozenset({Role.ADMIN}))
RUN = ImportId(MemoryIds(1).new())


@dataclass
class _Failing:
    """A catalogue that fails while its rows are read."""

    error: Callable[[], BaseException]
    kind = ImportKind.CATALOGUE_CSV
    file_name = "mine.csv"
    sha256 = "0" * 64

    async def open(self) -> Edition:
        return Edition("mine", "Mine", "1")

    async def read(self) -> AsyncIterator[Batch]:
        yield Batch(Table.INSTITUTIONS)
        raise self.error()


@pytest.fixture
def clock() -> MemoryClock:
    return MemoryClock(NOON)


@pytest.fixture
def transactions(clock: MemoryClock) -> MemoryTransactions:
    return MemoryTransactions(clock)


async def state(transactions: MemoryTransactions) -> tuple[State, bool]:
    run = (await GetImport(transactions)(KEEPER, RUN)).run
    return run.state, run.finished_at is not None


@pytest.mark.parametrize("error", [MemoryError, Unavailable, asyncio.CancelledError, ZeroDivisionError])
async def test_whatever_ends_an_import_is_noted_and_goes_on_as_it_was(
    transactions: MemoryTransactions, error: type[BaseException]
) -> None:
    with pytest.raises(error):
        await ImportCatalogue(transactions, MemoryIds(1))(KEEPER, _Failing(error))

    assert await state(transactions) == (State.BROKEN_OFF, True)


async def begun(transactions: MemoryTransactions) -> Import:
    run = Import(RUN, ImportKind.CATALOGUE_CSV, "mine.csv", "0" * 64, False, KEEPER.account_id, NOON)
    async with transactions() as work:
        await work.imports.add(run)
    return run


async def test_an_import_whose_process_died_is_noted_once(transactions: MemoryTransactions, clock: MemoryClock) -> None:
    await begun(transactions)
    clock.set(NOON + BEGINS_WITHIN + timedelta(seconds=1))

    noted = await BreakOffImports(transactions)()

    assert (noted, await state(transactions)) == (1, (State.BROKEN_OFF, True))
    assert await BreakOffImports(transactions)() == 0


async def test_an_import_that_has_only_just_begun_is_left_alone(
    transactions: MemoryTransactions, clock: MemoryClock
) -> None:
    await begun(transactions)
    clock.set(NOON + BEGINS_WITHIN)

    noted = await BreakOffImports(transactions)()

    assert (noted, await state(transactions)) == (0, (State.RUNNING, False))


@dataclass
class _Late:
    """Transactions whose second unit comes only after the import was broken off."""

    transactions: MemoryTransactions
    clock: MemoryClock
    opened: int = 0

    def __call__(self, origin: Origin = Origin()) -> AbstractAsyncContextManager[MemoryUnitOfWork]:  # noqa: B008
        self.opened += 1
        return self._second() if self.opened == 2 else self.transactions(origin)

    @asynccontextmanager
    async def _second(self) -> AsyncIterator[MemoryUnitOfWork]:
        self.clock.set(NOON + BEGINS_WITHIN + timedelta(seconds=1))
        await BreakOffImports(self.transactions)()
        async with self.transactions() as work:
            yield work


async def test_an_import_that_was_broken_off_before_it_came_to_read_its_file_takes_nothing(
    transactions: MemoryTransactions, clock: MemoryClock
) -> None:
    with pytest.raises(RuleBroken) as refused:
        await ImportCatalogue(_Late(transactions, clock), MemoryIds(1))(KEEPER, _Failing(AssertionError))

    assert refused.value.reasons[0].code == "import.closed"
    assert await state(transactions) == (State.BROKEN_OFF, True)


def test_an_import_that_was_broken_off_cannot_finish() -> None:
    run = Import(RUN, ImportKind.CATALOGUE_CSV, "mine.csv", "0" * 64, False, KEEPER.account_id, NOON)
    run.break_off(NOON)

    with pytest.raises(RuleBroken):
        run.finish(NOON)

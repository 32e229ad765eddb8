"""Snapshots in plain Python and in arrays do what every adapter must."""

import asyncio

import pytest

from higherstudy.adapters.memory.editions import MemoryEditions
from higherstudy.adapters.memory.snapshots import MemoryEntries, MemorySnapshots
from higherstudy.adapters.memory.transactions import MemoryTransactions, Store
from higherstudy.adapters.numpy.snapshots import NumpySnapshots
from higherstudy.domain.matching.asking import Apart
from higherstudy.entrypoints.wiring import real
from higherstudy.entrypoints.wiring.memory import memory_ports
from higherstudy.ports.contracts.snapshots import SnapshotsContract
from higherstudy.ports.snapshots import Snapshots
from higherstudy.ports.transactions import Transactions


class _InMemory:
    @pytest.fixture
    def store(self) -> Store:
        return Store()

    @pytest.fixture
    def transactions(self, store: Store) -> Transactions:
        return MemoryTransactions(store=store)


class TestMemorySnapshots(_InMemory, SnapshotsContract):
    @pytest.fixture
    def snapshots(self, store: Store, transactions: Transactions) -> Snapshots:
        return MemorySnapshots(MemoryEditions(store.imports), MemoryEntries(transactions))


class TestNumpySnapshots(_InMemory, SnapshotsContract):
    @pytest.fixture
    def snapshots(self, store: Store, transactions: Transactions) -> Snapshots:
        return NumpySnapshots(MemoryEditions(store.imports), MemoryEntries(transactions))


def test_where_numpy_is_not_installed_plain_python_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(real, "find_spec", lambda name: None)

    assert isinstance(memory_ports().snapshots, MemorySnapshots)


async def test_whoever_asks_at_the_same_time_waits_for_one_snapshot(store: Store) -> None:
    transactions = MemoryTransactions(store=store)
    snapshots = NumpySnapshots(MemoryEditions(store.imports), MemoryEntries(transactions))

    asking = [asyncio.create_task(snapshots.current(Apart())) for _ in range(5)]
    await asyncio.sleep(0)
    asking[0].cancel()
    found = await asyncio.gather(*asking, return_exceptions=True)

    assert isinstance(found[0], asyncio.CancelledError)
    assert len({id(one) for one in found[1:]}) == 1
    assert await snapshots.current(Apart()) is found[1]


@pytest.fixture
def store() -> Store:
    return Store()

"""Snapshots in plain Python and in arrays do what every adapter must."""

import pytest

from higherstudy.adapters.memory.editions import MemoryEditions
from higherstudy.adapters.memory.snapshots import MemoryEntries, MemorySnapshots
from higherstudy.adapters.memory.transactions import MemoryTransactions, Store
from higherstudy.adapters.numpy.snapshots import NumpySnapshots
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

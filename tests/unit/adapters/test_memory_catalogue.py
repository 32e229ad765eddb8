"""The catalogue and its imports in memory do what every adapter must."""

import pytest

from higherstudy.adapters.memory.editions import MemoryEditions
from higherstudy.adapters.memory.transactions import MemoryTransactions, Store
from higherstudy.ports.contracts.catalogue import CatalogueContract
from higherstudy.ports.contracts.editions import EditionsContract
from higherstudy.ports.contracts.imports import ImportsContract
from higherstudy.ports.editions import Editions
from higherstudy.ports.transactions import Transactions


class _InMemory:
    @pytest.fixture
    def transactions(self) -> Transactions:
        return MemoryTransactions()


class TestMemoryCatalogue(_InMemory, CatalogueContract):
    pass


class TestMemoryImports(_InMemory, ImportsContract):
    pass


class TestMemoryEditions(EditionsContract):
    @pytest.fixture
    def store(self) -> Store:
        return Store()

    @pytest.fixture
    def transactions(self, store: Store) -> Transactions:
        return MemoryTransactions(store=store)

    @pytest.fixture
    def editions(self, store: Store) -> Editions:
        return MemoryEditions(store.imports)

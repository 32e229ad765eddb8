"""The catalogue and its imports in memory do what every adapter must."""

import pytest

from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.ports.contracts.catalogue import CatalogueContract
from higherstudy.ports.contracts.imports import ImportsContract
from higherstudy.ports.transactions import Transactions


class _InMemory:
    @pytest.fixture
    def transactions(self) -> Transactions:
        return MemoryTransactions()


class TestMemoryCatalogue(_InMemory, CatalogueContract):
    pass


class TestMemoryImports(_InMemory, ImportsContract):
    pass

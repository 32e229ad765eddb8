"""Lists and standings that are read through units of work do what every quick way must."""

import pytest

from higherstudy.adapters.memory.reading import MemoryApplicationList, MemoryStandings
from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.ports.contracts.reading import ApplicationListContract
from higherstudy.ports.contracts.standings import StandingsContract
from higherstudy.ports.reading import ApplicationList
from higherstudy.ports.standings import Standings
from higherstudy.ports.transactions import Transactions


class _InMemory:
    @pytest.fixture
    def transactions(self) -> Transactions:
        return MemoryTransactions()


class TestMemoryApplicationList(_InMemory, ApplicationListContract):
    @pytest.fixture
    def application_list(self, transactions: Transactions) -> ApplicationList:
        return MemoryApplicationList(transactions)


class TestMemoryStandings(_InMemory, StandingsContract):
    @pytest.fixture
    def standings(self, transactions: Transactions) -> Standings:
        return MemoryStandings(transactions)

"""Jobs, events and answers in memory do what every adapter must."""

import pytest

from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.ports.contracts.answers import AnswersContract
from higherstudy.ports.contracts.jobs import JobsContract
from higherstudy.ports.contracts.outbox import OutboxContract
from higherstudy.ports.transactions import Transactions


class _InMemory:
    @pytest.fixture
    def transactions(self) -> Transactions:
        return MemoryTransactions()


class TestMemoryJobs(_InMemory, JobsContract):
    pass


class TestMemoryOutbox(_InMemory, OutboxContract):
    pass


class TestMemoryAnswers(_InMemory, AnswersContract):
    pass

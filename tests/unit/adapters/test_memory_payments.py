"""The provider of payments in memory."""

import pytest

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.payments import MemoryPayments
from higherstudy.ports.contracts.payments import PaymentsContract


class MovedMemoryPayments(MemoryPayments):
    """Goes by a clock that tests move."""

    def __init__(self) -> None:
        self.clock = MemoryClock()
        super().__init__(self.clock.now)
        self.now = self.clock.now
        self.wait = self.clock.move


class TestMemoryPayments(PaymentsContract):
    @pytest.fixture
    def world(self) -> MovedMemoryPayments:
        return MovedMemoryPayments()

    @pytest.fixture
    def payments(self, world: MovedMemoryPayments) -> MovedMemoryPayments:
        return world

    @pytest.fixture
    def away(self) -> MovedMemoryPayments:
        gone = MovedMemoryPayments()
        gone.is_away = True
        return gone

"""The limits of one process are kept as every limit must be, within bounded memory."""

from datetime import timedelta

import pytest
from moving import MovingTime

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.limits import MemoryLimits
from higherstudy.ports.contracts.limits import LimitsContract
from higherstudy.ports.contracts.passing_time import PassingTime
from higherstudy.ports.limits import Limit, Limits


class TestMemoryLimits(LimitsContract):
    @pytest.fixture
    def clock(self) -> MemoryClock:
        return MemoryClock()

    @pytest.fixture
    def limits(self, clock: MemoryClock) -> Limits:
        return MemoryLimits(lambda: clock.now().timestamp())

    @pytest.fixture
    def time(self, clock: MemoryClock) -> PassingTime:
        return MovingTime(clock)


async def test_of_very_many_only_those_who_came_last_are_remembered() -> None:
    limits = MemoryLimits(most=100)
    once = Limit("sign-in", 1, timedelta(hours=1))

    for number in range(1_000):
        await limits.hit(once, f"198.51.100.{number}")

    assert len(limits._windows) == 100
    assert not (await limits.hit(once, "198.51.100.999")).allowed

"""What any keeper of counts of failures must do."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.identity.throttle import Pace
from ..transactions import Transactions
from .samples import AT


class ThrottlesContract:
    """Override ``transactions``; the store need not be empty, but holds no failure from before the year 1990."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_what_was_counted_is_there_in_the_next_unit(self, transactions: Transactions) -> None:
        key = str(uuid4())

        found = [await _claimed(transactions, key) for _ in range(3)]

        assert found == [1, 2, 3]

    async def test_one_key_knows_nothing_of_another(self, transactions: Transactions) -> None:
        await _claimed(transactions, str(uuid4()))

        assert await _claimed(transactions, str(uuid4())) == 1

    async def test_what_is_removed_begins_anew(self, transactions: Transactions) -> None:
        key = str(uuid4())
        await _claimed(transactions, key)

        async with transactions() as work:
            await work.throttles.remove(key)
            await work.throttles.remove(str(uuid4()))

        assert await _claimed(transactions, key) == 1

    async def test_of_many_at_once_none_is_lost(self, transactions: Transactions) -> None:
        key = str(uuid4())

        found = await asyncio.gather(*(_claimed(transactions, key) for _ in range(6)))

        assert sorted(found) == [1, 2, 3, 4, 5, 6]

    async def test_what_is_old_is_removed_in_portions(self, transactions: Transactions) -> None:
        keys = [str(uuid4()) for _ in range(3)]
        long_ago = AT.replace(year=1985)
        for key in keys:
            async with transactions() as work:
                throttle = await work.throttles.held(key)
                throttle.claim(long_ago, Pace())
                await work.throttles.save(throttle)

        async with transactions() as work:
            removed = [await work.throttles.remove_over(long_ago + timedelta(days=1), 2) for _ in range(3)]

        assert removed == [2, 1, 0]


async def _claimed(transactions: Transactions, key: str) -> int:
    async with transactions() as work:
        throttle = await work.throttles.held(key)
        throttle.claim(work.now, Pace())
        await work.throttles.save(throttle)
    return throttle.failures

"""What any keeper of used tickets must do."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from ..transactions import Transactions
from .samples import AT


class UsedTicketsContract:
    """Override ``transactions``; the store need not be empty, but holds no ticket from before the year 1990."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_ticket_is_used_once(self, transactions: Transactions) -> None:
        ticket = str(uuid4())

        assert [await _used(transactions, ticket) for _ in range(3)] == [True, False, False]

    async def test_one_ticket_is_not_another(self, transactions: Transactions) -> None:
        assert [await _used(transactions, str(uuid4())) for _ in range(2)] == [True, True]

    async def test_of_many_at_once_one_uses_it(self, transactions: Transactions) -> None:
        ticket = str(uuid4())

        found = await asyncio.gather(*(_used(transactions, ticket) for _ in range(6)))

        assert sorted(found) == [False] * 5 + [True]

    async def test_a_unit_that_is_not_kept_has_used_nothing(self, transactions: Transactions) -> None:
        ticket = str(uuid4())

        with pytest.raises(LookupError):
            await _used(transactions, ticket, LookupError())

        assert await _used(transactions, ticket)

    async def test_what_is_over_is_removed_in_portions(self, transactions: Transactions) -> None:
        ended = AT.replace(year=1985)
        async with transactions() as work:
            for _ in range(3):
                await work.used_tickets.use(str(uuid4()), ended)

        async with transactions() as work:
            removed = [await work.used_tickets.remove_over(ended + timedelta(days=1), 2) for _ in range(3)]

        assert removed == [2, 1, 0]


async def _used(transactions: Transactions, ticket: str, ends_with: Exception | None = None) -> bool:
    async with transactions() as work:
        was_first = await work.used_tickets.use(ticket, AT)
        if ends_with is not None:
            raise ends_with
    return was_first

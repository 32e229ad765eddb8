"""What any keeper of price lists must do."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.shared.errors import NotFound
from ...domain.shared.ids import PriceListId
from ..transactions import Transactions
from .payment_samples import a_price_list
from .samples import AT

A_DAY = timedelta(days=1)


class PricesContract:
    """Override ``transactions``; the store need not be empty, but holds nothing in the currencies XCD and XCG."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_list_holds_from_its_first_moment_to_before_its_last(self, transactions: Transactions) -> None:
        given = a_price_list("XCD", AT, AT + A_DAY)
        async with transactions() as work:
            await work.prices.add(given)

        async with transactions() as work:
            assert await work.prices.in_force("XCD", AT) == given
            assert await work.prices.in_force("XCD", AT + A_DAY - timedelta(microseconds=1)) == given
            for moment in (AT - timedelta(microseconds=1), AT + A_DAY):
                with pytest.raises(NotFound):
                    await work.prices.in_force("XCD", moment)
            assert "XCD" in await work.prices.currencies(AT)
            assert "XCD" not in await work.prices.currencies(AT + A_DAY)

    async def test_lists_come_the_latest_first_and_one_can_be_ended(self, transactions: Transactions) -> None:
        first, second = a_price_list("XCG"), a_price_list("XCG", AT + A_DAY)
        async with transactions() as work:
            await work.prices.of_currency("XCG")
            await work.prices.add(first)
            await work.prices.end(first.id, AT + A_DAY)
            await work.prices.add(second)

        async with transactions() as work:
            found = await work.prices.of_currency("XCG")
            with pytest.raises(NotFound):
                await work.prices.end(PriceListId(uuid4()), AT)
        assert [(one.id, one.valid_until) for one in found] == [(second.id, None), (first.id, AT + A_DAY)]

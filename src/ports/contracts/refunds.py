"""What any keeper of refunds must do."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.payments.refund import Action, RefundCase
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import RefundId
from ..transactions import Transactions
from .payment_samples import a_refund, an_attempt, an_order
from .samples import AT

LONG_AGO = AT.replace(year=1988)


class RefundsContract:
    """Override ``transactions``; the store need not be empty, but nothing in it is of the year 1988."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_a_refund_comes_back_as_it_was_kept(self, transactions: Transactions) -> None:
        given = await _kept(transactions)
        given.take(Action.APPROVE, AT, given.asked_by, "It is so.")
        given.sent_as("re_1")
        async with transactions() as work:
            await work.refunds.save(given)

        async with transactions() as work:
            assert await work.refunds.get(given.id) == given
            assert list(await work.refunds.of_order(given.order_id)) == [given]
            with pytest.raises(NotFound):
                await work.refunds.get(RefundId(uuid4()))

    async def test_of_two_who_change_one_the_second_is_told(self, transactions: Transactions) -> None:
        given = await _kept(transactions)
        async with transactions() as work:
            first, second = [await work.refunds.get(given.id) for _ in range(2)]
            await work.refunds.save(first)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.refunds.save(second)

    async def test_those_that_run_come_by_their_day_and_late_ones_are_counted(self, transactions: Transactions) -> None:
        later, sooner, over = [await _kept(transactions) for _ in range(3)]
        today = LONG_AGO.date()
        later.expected_by, sooner.expected_by, over.expected_by = today, today - timedelta(days=1), today
        over.take(Action.REFUSE, AT)
        async with transactions() as work:
            before = await work.refunds.count_late(today)
            for one in (later, sooner, over):
                await work.refunds.save(one)

        async with transactions() as work:
            assert [one.id for one in await work.refunds.running(2)][:2] == [sooner.id, later.id]
            assert await work.refunds.count_late(today) == before + 1
            for one in (later, sooner):
                one.take(Action.REFUSE, AT)
                await work.refunds.save(one)

    async def test_those_that_are_to_be_sent_or_are_on_their_way_are_found(self, transactions: Transactions) -> None:
        asked, approved, sent, done = [await _kept(transactions, old=True) for _ in range(4)]
        for one in (approved, sent, done):
            one.take(Action.APPROVE, AT)
        sent.take(Action.SEND, AT)
        done.take(Action.FINISH, AT)
        async with transactions() as work:
            for one in (asked, approved, sent, done):
                await work.refunds.save(one)

        async with transactions() as work:
            found = await work.refunds.to_send(LONG_AGO + timedelta(minutes=1), 10)
            assert await work.refunds.to_send(LONG_AGO, 10) == []
        assert {one.id for one in found} == {approved.id, sent.id}


async def _kept(transactions: Transactions, *, old: bool = False) -> RefundCase:
    order = an_order()
    attempt = an_attempt(order)
    case = a_refund(order, attempt)
    if old:
        case.asked_at = LONG_AGO
    async with transactions() as work:
        await work.orders.add(order)
        await work.orders.add_attempt(attempt)
        await work.refunds.add(case)
    return case

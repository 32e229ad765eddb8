"""What any keeper of orders must do."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.payments.attempt import State as AttemptState
from ...domain.payments.dispute import Stage
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import OrderId, StudentId
from ...domain.shared.money import Money
from ..payments import Notice
from ..transactions import Transactions
from .payment_samples import a_dispute, an_attempt, an_order
from .samples import AT

LONG_AGO = AT.replace(year=1988)
A_MINUTE = timedelta(minutes=1)


class OrdersContract:
    """Override ``transactions``; the store need not be empty, but nothing in it is of the year 1988."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_an_order_comes_back_as_it_was_kept(self, transactions: Transactions) -> None:
        given = an_order(due_at=AT + timedelta(days=14))
        async with transactions() as work:
            await work.orders.add(given)
        given.pay(AT, AT)
        given.give_back(Money(100, "EUR"), AT)
        async with transactions() as work:
            await work.orders.lock(given.id)
            await work.orders.save(given)

        async with transactions() as work:
            found = await work.orders.get(given.id)
            with pytest.raises(NotFound):
                await work.orders.lock(OrderId(uuid4()))

        assert (found, found.version) == (given, 2)

    async def test_of_two_who_change_one_the_second_is_told(self, transactions: Transactions) -> None:
        given = an_order()
        async with transactions() as work:
            await work.orders.add(given)
        async with transactions() as work:
            first, second = [await work.orders.get(given.id) for _ in range(2)]
            await work.orders.save(first)

        with pytest.raises(Conflict):
            async with transactions() as work:
                await work.orders.save(second)

    async def test_those_of_a_student_come_newest_first_and_page_by_page(self, transactions: Transactions) -> None:
        student_id = StudentId(uuid4())
        given = sorted((an_order(student_id) for _ in range(3)), key=lambda one: one.id, reverse=True)
        async with transactions() as work:
            for one in (*given, an_order()):
                await work.orders.add(one)

        async with transactions() as work:
            assert list(await work.orders.of_student(student_id, 2)) == given[:2]
            assert list(await work.orders.of_student(student_id, 2, given[1].id)) == given[2:]

    async def test_open_orders_whose_day_has_come_are_found(self, transactions: Transactions) -> None:
        early, late, paid, cancelled = (an_order(due_at=LONG_AGO + timedelta(days=days)) for days in (1, 2, 0, 0))
        paid.pay(AT, AT)
        cancelled.cancel(AT)
        async with transactions() as work:
            for one in (late, early, paid, cancelled, an_order()):
                await work.orders.add(one)

        async with transactions() as work:
            found = await work.orders.over(LONG_AGO + timedelta(days=2), 10)
            assert list(found) == [early.id, late.id]
            assert list(await work.orders.over(LONG_AGO + timedelta(days=1), 10)) == [early.id]

    async def test_an_attempt_comes_back_by_its_order_and_by_the_providers_id(self, transactions: Transactions) -> None:
        order = an_order()
        given = an_attempt(order)
        async with transactions() as work:
            await work.orders.add(order)
            await work.orders.add_attempt(given)
        given.collection, given.page, given.declined = f"col_{uuid4().hex}", "https://pay.example.org/1", "no_funds"
        given.state, given.waits_for_payer, given.looked_at = AttemptState.TAKEN, True, AT
        given.taken, given.taken_at = order.total, AT
        async with transactions() as work:
            await work.orders.save_attempt(given)

        async with transactions() as work:
            assert list(await work.orders.attempts_of(order.id)) == [given]
            assert await work.orders.attempt_of(given.collection) == given
            assert await work.orders.attempt_of("col_unknown") is None
            assert await work.orders.attempt_of("") is None

    async def test_an_order_has_one_attempt_at_a_time(self, transactions: Transactions) -> None:
        order = an_order()
        first = an_attempt(order)
        async with transactions() as work:
            await work.orders.add(order)
            await work.orders.add_attempt(first)

        for second in (an_attempt(order, 2), an_attempt(order, 1)):
            with pytest.raises(Conflict):
                async with transactions() as work:
                    await work.orders.add_attempt(second)
        first.state = AttemptState.CLOSED
        async with transactions() as work:
            await work.orders.save_attempt(first)
            await work.orders.add_attempt(an_attempt(order, 2))
            assert [one.number for one in await work.orders.attempts_of(order.id)] == [1, 2]

    async def test_attempts_that_nobody_looked_at_are_found_and_those_that_are_done_or_paid_are_not(
        self, transactions: Transactions
    ) -> None:
        given = []
        async with transactions() as work:
            for minutes, state in enumerate(AttemptState):
                order = an_order()
                attempt = an_attempt(order)
                attempt.state, attempt.asked_at = state, LONG_AGO + minutes * A_MINUTE
                await work.orders.add(order)
                await work.orders.add_attempt(attempt)
                given.append(attempt)
            given[0].looked_at = LONG_AGO + 5 * A_MINUTE
            await work.orders.save_attempt(given[0])

        async with transactions() as work:
            found = await work.orders.unlooked(LONG_AGO + 6 * A_MINUTE, 10)
            early = await work.orders.unlooked(LONG_AGO + 2 * A_MINUTE, 10)
        states = [AttemptState.OPEN, AttemptState.UNDER_WAY, AttemptState.HELD, AttemptState.ASKED]
        assert ([one.state for one in found], [one.state for one in early]) == (states, states[:1])

    async def test_a_dispute_is_put_in_place_of_what_was_known(self, transactions: Transactions) -> None:
        order = an_order()
        attempt = an_attempt(order)
        given = a_dispute(order, attempt)
        given.answer_by = LONG_AGO
        async with transactions() as work:
            await work.orders.add(order)
            await work.orders.put_dispute(given)
        async with transactions() as work:
            opened = await work.orders.open_disputes(1)
            assert await work.orders.is_disputed(order.student_id)
            assert not await work.orders.is_disputed(StudentId(uuid4()))
            given.decide(Stage.LOST, AT)
            await work.orders.put_dispute(given)

        async with transactions() as work:
            assert [one.id for one in opened] == [given.id]
            assert not await work.orders.is_disputed(order.student_id)
            assert list(await work.orders.disputes_of(order.id)) == [given]
            assert given.id not in [one.id for one in await work.orders.open_disputes(10)]

    async def test_a_notice_is_news_once_and_waits_until_it_is_followed_up(self, transactions: Transactions) -> None:
        collection = f"col_{uuid4().hex}"
        first, second = (Notice(f"evt_{uuid4().hex}", "changed", AT, collection) for _ in range(2))
        about_nothing = Notice(f"evt_{uuid4().hex}", "ping", AT)
        async with transactions() as work:
            assert await work.orders.hear(first, LONG_AGO)
            assert await work.orders.hear(about_nothing, LONG_AGO)
            assert not await work.orders.hear(first, LONG_AGO + A_MINUTE)
            assert await work.orders.hear(second, LONG_AGO + 2 * A_MINUTE)

        async with transactions() as work:
            waiting = await work.orders.unsettled(LONG_AGO, LONG_AGO + A_MINUTE, 10)
            await work.orders.settled(collection, LONG_AGO + A_MINUTE)
            rest = await work.orders.count_unsettled(LONG_AGO + 3 * A_MINUTE)
            none = await work.orders.unsettled(LONG_AGO, LONG_AGO + A_MINUTE, 10)
            await work.orders.settled(collection, LONG_AGO + 2 * A_MINUTE)
            assert await work.orders.count_unsettled(LONG_AGO + 3 * A_MINUTE) == 0
        assert (list(waiting), rest, list(none)) == ([collection], 1, [])

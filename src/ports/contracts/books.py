"""What any keeper of the books must do."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ...domain.payments.ledger import CLEARING, RECEIVABLE, Kind, Posting
from ...domain.payments.order import Order
from ...domain.payments.papers import Paper, Series
from ...domain.payments.reconciling import Found, What
from ...domain.shared.errors import Invalid
from ...domain.shared.ids import LedgerEntryId, RefundId
from ...domain.shared.money import Money
from ..books import Account, Behind
from ..transactions import Transactions
from .payment_samples import an_entry, an_order
from .samples import AT

LONG_AGO = AT.replace(year=1988)
A_MINUTE = timedelta(minutes=1)


class BooksContract:
    """Override ``transactions``; the store need not be empty, but nothing in it is of the year 1988, and nothing is in
    the currencies XCD and XCG."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_what_is_booked_twice_counts_once(self, transactions: Transactions) -> None:
        first = an_entry(500, "XCD")
        again = replace(first, id=LedgerEntryId(uuid4()))
        async with transactions() as work:
            assert list(await work.books.post([first])) == [first]

        async with transactions() as work:
            assert list(await work.books.post([again, other := an_entry(7, "XCD")])) == [other]
        async with transactions() as work:
            balances = await work.books.balances()
            booked = await work.books.booked(Kind.TAKEN, [first.cause, "col_unknown"])
        assert (balances[Account(CLEARING, "XCD")], balances[Account(RECEIVABLE, "XCD")]) == (507, -507)
        assert booked == {first.cause: first}

    async def test_what_is_given_twice_at_once_counts_once(self, transactions: Transactions) -> None:
        first = an_entry(order_id=an_order().id)
        twin = replace(first, id=LedgerEntryId(uuid4()))

        async with transactions() as work:
            assert list(await work.books.post([first, twin])) == [first]

    async def test_an_entry_that_is_not_balanced_is_refused(self, transactions: Transactions) -> None:
        broken = replace(an_entry(), postings=(Posting(CLEARING, Money(1, "EUR")), Posting(CLEARING, Money(-1, "USD"))))

        async with transactions() as work:
            with pytest.raises(Invalid):
                await work.books.post([broken])

    async def test_entries_come_page_by_page_and_balances_of_an_earlier_moment(
        self, transactions: Transactions
    ) -> None:
        order = an_order()
        given = [an_entry(minor, "XCG", LONG_AGO + minor * A_MINUTE, order_id=order.id) for minor in (1, 2, 3)]
        async with transactions() as work:
            await work.orders.add(order)
            await work.books.post(given[::-1])

        async with transactions() as work:
            until = LONG_AGO + 3 * A_MINUTE
            page = await work.books.entries(LONG_AGO, until, 1)
            rest = await work.books.entries(LONG_AGO, until, 10, Behind(page[-1].at, page[-1].id))
            before = await work.books.balances(LONG_AGO + 2 * A_MINUTE)
            happened = await work.books.happened([Kind.TAKEN], LONG_AGO, LONG_AGO + A_MINUTE)
            assert list(await work.books.of_order(order.id)) == given
        assert ([*page, *rest], before[Account(CLEARING, "XCG")], list(happened)) == (given[:2], 1, given[:1])

    async def test_papers_are_numbered_without_a_gap_however_many_write_and_fail(
        self, transactions: Transactions
    ) -> None:
        order = await _kept(transactions)

        async def write(fails: bool) -> Paper | None:
            try:
                async with transactions() as work:
                    paper = await work.books.write_paper(Series.RECEIPT, LONG_AGO, order.id, order.total)
                    if fails:
                        raise _BrokenOff
            except _BrokenOff:
                return None
            return paper

        found = await asyncio.gather(*(write(number % 3 == 0) for number in range(9)))
        places = sorted(one.place for one in found if one is not None)
        assert places == list(range(places[0], places[0] + 6))

    async def test_papers_come_back_by_their_order(self, transactions: Transactions) -> None:
        order, refund_id = await _kept(transactions), RefundId(uuid4())
        async with transactions() as work:
            invoice = await work.books.write_paper(Series.INVOICE, LONG_AGO, order.id, order.total)
            note = await work.books.write_paper(Series.CREDIT_NOTE, AT, order.id, order.total, refund_id)

        async with transactions() as work:
            assert list(await work.books.papers_of(order.id)) == [invoice, note]
        assert (invoice.number[:9], note.refund_id) == ("INV-1988-", refund_id)

    async def test_a_difference_is_new_once_and_over_when_it_is_not_found_again(
        self, transactions: Transactions
    ) -> None:
        subject = f"col_{uuid4().hex}"
        found = Found(What.TAKEN_THERE_ONLY, subject, Money(5, "XCD"), None, LONG_AGO)
        async with transactions() as work:
            first = await work.books.note_differences([found], LONG_AGO, LONG_AGO)
            again = await work.books.note_differences([found], LONG_AGO + A_MINUTE, LONG_AGO)
            await work.books.note_differences([], LONG_AGO + A_MINUTE, LONG_AGO + A_MINUTE)  # not looked so far back

        async with transactions() as work:
            (known,) = [one for one in await work.books.differences(1000) if one.found.subject == subject]
            count = await work.books.count_differences()
            await work.books.note_differences([], LONG_AGO + 2 * A_MINUTE, LONG_AGO)
            assert subject not in [one.found.subject for one in await work.books.differences(1000)]
            assert await work.books.count_differences() < count
        assert ([one.found for one in first], list(again)) == ([found], [])
        assert (known.found, known.first_seen, known.last_seen) == (found, LONG_AGO, LONG_AGO + A_MINUTE)


class _BrokenOff(Exception):
    """The unit was left."""


async def _kept(transactions: Transactions) -> Order:
    order = an_order()
    async with transactions() as work:
        await work.orders.add(order)
    return order

"""Asking what something would cost, and ordering it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ....ports.ids import Ids
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker
from ...identity.policies import admitted, demand_bookkeeper, demand_staff
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, Invalid, NotFound, Reason
from ...shared.ids import OrderId, StudentId
from ..order import Order
from ..papers import Series
from ..quoting import Discount, Quote, Wanted, quote
from .seeing import SeenOrder, seen

LONGEST_DUE = timedelta(days=366)


@dataclass(frozen=True)
class QuoteOrder:
    """Say what services would cost the student now, without ordering them."""

    transactions: Transactions

    async def __call__(
        self,
        asker: Asker,
        student_id: StudentId,
        *,
        currency: str,
        lines: Sequence[Wanted],
        discounts: Sequence[Discount] = (),
    ) -> Quote:
        """Return it; raise NotFound for whoever may not order for her, Invalid for what is not sold in the currency."""
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.PLACE_ORDERS)
            return await _quoted(work, asker, currency, lines, discounts)


@dataclass(frozen=True)
class PlaceOrder:
    """Order services for a student; she takes them by paying. What costs nothing is paid at once."""

    transactions: Transactions
    ids: Ids
    lasting: timedelta
    """How long an order can be paid where nothing else was said."""

    async def __call__(
        self,
        asker: Asker,
        student_id: StudentId,
        *,
        currency: str,
        lines: Sequence[Wanted],
        discounts: Sequence[Discount] = (),
        due_at: datetime | None = None,
    ) -> SeenOrder:
        """Return the order, at the prices of now.

        Raises NotFound for whoever may not order for her, Invalid for what is not sold in the currency or a day that is
        past, RoleRefused where others than administrators give discounts or others than staff name a day, Conflict
        where her record is being erased.
        """
        admitted(asker, student_id, Doing.PLACE_ORDERS)
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.PLACE_ORDERS)
            await work.students.get(student_id)
            if await work.erasures.is_fenced(student_id):
                raise Conflict
            found = await _quoted(work, asker, currency, lines, discounts)
            if due_at is not None:
                demand_staff(asker)
                if not timedelta() < due_at - work.now <= LONGEST_DUE:
                    raise Invalid(Reason("order.wrong_due_at", {"at_most": LONGEST_DUE.days}, "due_at"))
            order = Order.of(
                OrderId(self.ids.new()),
                student_id,
                asker.account_id,
                work.now,
                found,
                due_at or work.now + self.lasting,
            )
            events = [order.placed(), *([] if order.total.minor else [order.pay(work.now, work.now)])]
            await work.orders.add(order)
            if not order.total.minor:
                await work.books.write_paper(Series.INVOICE, work.now, order.id, order.total)
            for event in events:
                work.record(event, order.version)
            return await seen(work, order)


async def _quoted(
    work: UnitOfWork, asker: Asker, currency: str, lines: Sequence[Wanted], discounts: Sequence[Discount]
) -> Quote:
    if discounts:
        demand_bookkeeper(asker)
    try:
        prices = await work.prices.in_force(currency, work.now)
    except NotFound:
        raise Invalid(Reason("order.no_prices", {"currency": currency[:40]}, "currency")) from None
    return quote(prices, lines, discounts)

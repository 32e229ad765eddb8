"""Everything about an order as it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ....ports.rates import Rates
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...shared.dataclass import dataclass
from ...shared.ids import OrderId, StudentId
from ...shared.money import Money
from ..attempt import Attempt
from ..dispute import DisputeCase
from ..order import Order
from ..papers import Paper
from ..rates import Beside, beside
from ..refund import RefundCase
from ..standing import Standing, standing_of
from .admitting import order_for


@dataclass(frozen=True, slots=True)
class SeenOrder:
    """An order with all that happened to it, and where it stands."""

    order: Order
    attempts: Sequence[Attempt]
    refunds: Sequence[RefundCase]
    disputes: Sequence[DisputeCase]
    papers: Sequence[Paper]
    standing: Standing

    @property
    def page(self) -> str:
        """Where it can be paid now, blank where nowhere."""
        last = self.attempts[-1] if self.attempts else None
        return "" if last is None or last.is_done or last.taken is not None else last.page


async def seen(work: UnitOfWork, order: Order) -> SeenOrder:
    """Return the order with everything about it."""
    attempts = await work.orders.attempts_of(order.id)
    refunds = await work.refunds.of_order(order.id)
    disputes = await work.orders.disputes_of(order.id)
    papers = await work.books.papers_of(order.id)
    return SeenOrder(order, attempts, refunds, disputes, papers, standing_of(order, attempts, refunds, disputes))


@dataclass(frozen=True)
class GetOrder:
    """Show one order."""

    transactions: Transactions

    async def __call__(self, asker: Asker, order_id: OrderId) -> SeenOrder:
        """Return it; raise NotFound for whoever may not know of it."""
        async with self.transactions(asker.origin) as work:
            return await seen(work, await order_for(work, asker, order_id, Doing.SEE_ORDERS, office=True))


@dataclass(frozen=True)
class ListOrders:
    """Show the orders of a student."""

    transactions: Transactions

    async def __call__(
        self, asker: Asker, student_id: StudentId, limit: int, after: OrderId | None = None
    ) -> Sequence[SeenOrder]:
        """Return at most so many, the newest first; raise NotFound for whoever may not know of them."""
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.SEE_ORDERS)
            return [await seen(work, one) for one in await work.orders.of_student(student_id, limit, after)]


@dataclass(frozen=True)
class ConvertBeside:
    """Say what an amount comes to in another currency, to be shown beside it."""

    rates: Rates | None

    def __call__(self, money: Money, currency: str, on: date) -> Beside | None:
        """Return it by the rates of the day; None where there is no rate, and for the money's own currency. Raises
        Unreadable where rates are kept that cannot be read."""
        if self.rates is None or currency == money.currency:
            return None
        return beside(money, currency, self.rates.of(money.currency, on), self.rates.of(currency, on))

"""Paying an order: one attempt, one key, one collection, however many ask at once and wherever they break off."""

from __future__ import annotations

from ....ports.errors import Refused
from ....ports.ids import Ids
from ....ports.payments import Collection, Demand, Payments
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker
from ...identity.scopes import Doing
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound, Reason, RuleBroken
from ...shared.ids import AttemptId, OrderId
from ..attempt import Attempt, State
from ..order import SOLD, Action, Order
from .admitting import order_for
from .seeing import SeenOrder, seen
from .settling import Settlement

_ROUNDS = 3


@dataclass(frozen=True)
class Ask:
    """Asks the provider for the collection of an attempt, which it opens once for a key."""

    payments: Payments | None
    order_page: str

    async def __call__(self, order: Order, attempt: Attempt) -> Collection:
        """Return how it stands; raise NotFound without a provider, and what the port raises."""
        back_to = self.order_page.format(order=order.id)
        return await demanded(self.payments).ask(Demand(attempt.key, attempt.amount, order.number, back_to))


def demanded(payments: Payments | None) -> Payments:
    """Return the provider; raise NotFound where none is set up."""
    if payments is None:
        raise NotFound(Reason("payment.no_provider"))
    return payments


@dataclass(frozen=True)
class Pay:
    """Open the page on which an order is paid, or return the one that is open."""

    transactions: Transactions
    ids: Ids
    ask: Ask
    settlement: Settlement

    async def __call__(self, asker: Asker, order_id: OrderId) -> SeenOrder:
        """Return the order with its page, or as it is once it is paid.

        Broken off anywhere, it may be asked for again: the key of the attempt is the same. Raises NotFound for whoever
        may not pay it, RuleBroken where it can no longer be paid or the provider will not collect it, Unavailable when
        the provider does not answer.
        """
        for _ in range(_ROUNDS):
            begun = await self._begun(asker, order_id)
            if isinstance(begun, SeenOrder):
                return begun
            order, attempt = begun
            try:
                collection = await self.ask(order, attempt)
            except Refused as error:
                await close_refused(self.transactions, attempt)
                raise RuleBroken(Reason("payment.refused")) from error
            async with self.transactions(asker.origin) as work:
                settled = await self.settlement(work, collection)
                if settled is None:
                    raise NotFound
                found = await seen(work, settled)
            if not found.attempts[-1].is_done or found.order.state is not order.state:
                return found
        raise Conflict

    async def _begun(self, asker: Asker, order_id: OrderId) -> SeenOrder | tuple[Order, Attempt]:
        """Return the order with the one attempt that is to be asked for, or what is to be seen where none is."""
        async with self.transactions(asker.origin) as work:
            order = await order_for(work, asker, order_id, Doing.PAY_ORDERS, locked=True)
            if order.state in SOLD:
                return await seen(work, order)
            order.demand(Action.PAY)
            every = await work.orders.attempts_of(order.id)
            if every and not every[-1].is_done:
                return order, every[-1]
            if order.is_over(work.now):
                raise RuleBroken(Reason("order.too_late"))
            number = every[-1].number + 1 if every else 1
            attempt = Attempt(AttemptId(self.ids.new()), order.id, number, order.total, work.now)
            await work.orders.add_attempt(attempt)
            return order, attempt


async def close_refused(transactions: Transactions, attempt: Attempt) -> None:
    """Note that the provider will not collect this: nothing was opened."""
    async with transactions() as work:
        await work.orders.lock(attempt.order_id)
        now = await attempt_now(work, attempt)
        if now.state is State.ASKED:
            now.state, now.looked_at = State.CLOSED, work.now
            await work.orders.save_attempt(now)


async def attempt_now(work: UnitOfWork, attempt: Attempt) -> Attempt:
    """Return the attempt as it is in this unit."""
    return next(one for one in await work.orders.attempts_of(attempt.order_id) if one.id == attempt.id)

"""Giving an order up: first nothing can be paid any more at the provider, then it is given up here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ....ports.errors import Refused
from ....ports.transactions import Transactions
from ...identity.account import Asker
from ...identity.scopes import Doing
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound, Reason, RuleBroken
from ...shared.events import Origin
from ...shared.ids import OrderId
from ..attempt import Attempt, State
from ..order import Action, Order
from ..order import State as OrderState
from .admitting import order_for
from .paying import Ask, close_refused, demanded
from .seeing import SeenOrder, seen
from .settling import Settlement

_ROUNDS = 3
_AT_A_TIME = 100
Progress = Callable[[int], Awaitable[None]]
"""Hears how much is done, as that grows."""


@dataclass(frozen=True)
class GiveUp:
    """Close what is open at the provider, and end the order, unless it turns out to be paid."""

    transactions: Transactions
    ask: Ask
    settlement: Settlement

    async def __call__(self, order_id: OrderId, action: Action, origin: Origin) -> SeenOrder:
        """Return the order as it is then: ended, or paid where the payer was first.

        Raises RuleBroken where it is not open, or a bank is still at a payment of it; Conflict where somebody begins to
        pay again and again; Unavailable when the provider does not answer, and then it stays open.
        """
        for _ in range(_ROUNDS):
            async with self.transactions(origin) as work:
                order = await work.orders.lock(order_id)
                if order.state in (OrderState.PAID, OrderState.PARTLY_REFUNDED):
                    return await seen(work, order)
                order.demand(action)
                attempt = next((one for one in await work.orders.attempts_of(order.id) if not one.is_done), None)
                if attempt is None:
                    event = order.cancel(work.now) if action is Action.CANCEL else order.expire(work.now)
                    await work.orders.save(order)
                    work.record(event, order.version)
                    return await seen(work, order)
            await self._close(order, attempt)
        raise Conflict(Reason("order.paid_meanwhile"))

    async def _close(self, order: Order, attempt: Attempt) -> None:
        try:
            collection = attempt.collection or (await self.ask(order, attempt)).id
        except Refused:
            await close_refused(self.transactions, attempt)
            return
        closed = await demanded(self.ask.payments).close(collection)
        async with self.transactions() as work:
            await self.settlement(work, closed)
            found = {one.id: one for one in await work.orders.attempts_of(order.id)}[attempt.id]
        if found.state in (State.UNDER_WAY, State.HELD):
            raise RuleBroken(Reason("order.payment_under_way"))


@dataclass(frozen=True)
class CancelOrder:
    """Give an order up that is not paid, for the student, whoever pays for her, or the office."""

    transactions: Transactions
    give_up: GiveUp

    async def __call__(self, asker: Asker, order_id: OrderId) -> SeenOrder:
        """Return the order as it is then: cancelled, or paid where the payment was quicker. Raises NotFound for whoever
        may not pay it, and what ``GiveUp`` raises."""
        async with self.transactions(asker.origin) as work:
            order = await order_for(work, asker, order_id, Doing.PAY_ORDERS, office=True)
            if order.state is not OrderState.OPEN:
                order.demand(Action.CANCEL)
        return await self.give_up(order_id, Action.CANCEL, asker.origin)


@dataclass(frozen=True)
class ExpireOrders:
    """End the orders whose day has come and that nobody has paid; what a bank is still at stays open."""

    transactions: Transactions
    give_up: GiveUp

    async def __call__(self, report: Progress) -> int:
        """Return how many ended; raise Unavailable when the provider does not answer."""
        async with self.transactions() as work:
            over = await work.orders.over(work.now, _AT_A_TIME)
        ended = 0
        for order_id in over:
            try:
                found = await self.give_up(order_id, Action.EXPIRE, Origin())
            except (RuleBroken, Conflict, NotFound):  # a bank is at it, it ended meanwhile, nobody can close it
                continue
            ended += found.order.state is OrderState.EXPIRED
            await report(ended)
        return ended

"""Looking again at what nobody told us of: lost notices and broken-off requests heal by this."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

from ....ports.errors import Refused
from ....ports.transactions import Transactions
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound, RuleBroken
from ..attempt import Attempt
from ..refund import RefundCase, State
from .hearing import SettleCollection
from .paying import Ask, close_refused
from .refunding import SendRefund
from .settling import Settlement

AFTER = timedelta(minutes=10)
"""What has not moved for so long is looked at."""
HEARD_FOR = timedelta(days=7)
"""For so long what was told of a collection that nobody knows is looked at again."""
_AT_A_TIME = 100
Progress = Callable[[int], Awaitable[None]]
"""Hears how much is done, as that grows."""


@dataclass(frozen=True)
class LookAgain:
    """Look at attempts that have not moved, at refunds on their way, and at what was told and not followed up."""

    transactions: Transactions
    ask: Ask
    settlement: Settlement
    settle: SettleCollection
    send_refund: SendRefund
    after: timedelta = AFTER

    async def __call__(self, report: Progress) -> int:
        """Return how many were looked at; raise Unavailable when the provider does not answer."""
        if self.ask.payments is None:
            return 0
        async with self.transactions() as work:
            before = work.now - self.after
            attempts = await work.orders.unlooked(before, _AT_A_TIME)
            told = await work.orders.unsettled(work.now - HEARD_FOR, before, _AT_A_TIME)
            refunds = await work.refunds.to_send(before, _AT_A_TIME)
        done = 0
        looks: list[Callable[[], Awaitable[object]]] = [
            *(partial(self._attempt, one) for one in attempts),
            *(partial(self.settle, one) for one in told),
            *(partial(self._refund, one) for one in refunds),
        ]
        for look in looks:
            with suppress(RuleBroken, Conflict, NotFound):  # one that cannot be helped keeps no other waiting
                await look()
            await report(done := done + 1)
        return done

    async def _attempt(self, attempt: Attempt) -> None:
        if attempt.collection:
            await self.settle(attempt.collection)
            return
        async with self.transactions() as work:
            order = await work.orders.get(attempt.order_id)
        try:
            collection = await self.ask(order, attempt)
        except Refused:
            await close_refused(self.transactions, attempt)
            return
        async with self.transactions() as work:
            await self.settlement(work, collection)

    async def _refund(self, case: RefundCase) -> None:
        if case.state is State.APPROVED:
            await self.send_refund(case.id)
            return
        async with self.transactions() as work:
            found = await work.orders.attempts_of(case.order_id)
        for attempt in found:
            if attempt.id == case.attempt_id:
                await self.settle(attempt.collection)

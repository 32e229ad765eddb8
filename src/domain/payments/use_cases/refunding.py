"""Refunds: asked for, decided, sent, sent again or by another way, each step seen by the student."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ....ports.ids import Ids
from ....ports.payments import Payments
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker
from ...identity.policies import demand_bookkeeper
from ...identity.scopes import Doing
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, Invalid, Reason, RuleBroken
from ...shared.ids import OrderId, RefundId
from ...shared.money import Money
from ..attempt import HAS_MONEY, Attempt
from ..attempt import State as AttemptState
from ..order import Order
from ..refund import Action, Because, RefundCase, State, Terms, demand_reason
from .admitting import order_for
from .paying import demanded
from .settling import Settlement, by_hand, dropped, left_to_refund


@dataclass(frozen=True)
class AskForRefund:
    """Ask for money back of an order that is paid: for the student, or for the office in her place."""

    transactions: Transactions
    ids: Ids
    terms: Terms

    async def __call__(
        self, asker: Asker, order_id: OrderId, *, reason: str, amount: Money | None = None
    ) -> RefundCase:
        """Return the case, with the day by which the money is back; without an amount it is all that is left.

        Raises NotFound for whoever may not ask, Invalid without a reason or for another currency or no amount,
        RuleBroken for more than is left.
        """
        async with self.transactions(asker.origin) as work:
            order = await order_for(work, asker, order_id, Doing.ASK_FOR_REFUNDS, office=True, locked=True)
            demand_reason(reason)
            attempt, left = await _paid(work, order)
            wanted = left if amount is None else amount
            if wanted.currency != order.currency or (wanted.minor <= 0 and amount is not None):
                raise Invalid(Reason("refund.wrong_amount", {"currency": order.currency}, "amount"))
            if wanted.minor > left.minor or not left.minor:
                raise RuleBroken(Reason("refund.more_than_left", {"left": str(left)}, "amount"))
            case = RefundCase(
                RefundId(self.ids.new()),
                order.id,
                attempt.id,
                order.student_id,
                wanted,
                Because.ASKED,
                reason.strip(),
                asker.account_id,
                work.now,
                self.terms.asked(work.now.date()),
            )
            event = case.asked()
            await work.refunds.add(case)
            work.record(event, case.version)
        return case


async def _paid(work: UnitOfWork, order: Order) -> tuple[Attempt, Money]:
    """Return the attempt of which something is left to be given back, and how much: the one that paid the order, or one
    whose money came beside it."""
    cases, disputes = await work.refunds.of_order(order.id), await work.orders.disputes_of(order.id)
    paid = [one for one in await work.orders.attempts_of(order.id) if one.state in HAS_MONEY]
    if not paid:
        raise RuleBroken(Reason("refund.not_paid"))
    paid.sort(key=lambda one: one.state is not AttemptState.TAKEN)
    found = [(one, left_to_refund(one, cases, disputes, order.currency)) for one in paid]
    return next(((one, left) for one, left in found if left.minor), found[0])


@dataclass(frozen=True)
class DecideRefund:
    """Approve a refund, which is sent then, or refuse it with a reason that the student reads."""

    transactions: Transactions
    settlement: Settlement

    async def __call__(self, asker: Asker, refund_id: RefundId, *, approve: bool, reason: str = "") -> RefundCase:
        """Return the case as decided.

        Raises RoleRefused for all but administrators, Invalid for a refusal without a reason,
        RuleBroken where it was decided before, or less is left by now.
        """
        demand_bookkeeper(asker)
        if not approve:
            demand_reason(reason)
        async with self.transactions(asker.origin) as work:
            order, case = await _case(work, asker, refund_id)
            event = case.take(Action.APPROVE if approve else Action.REFUSE, work.now, asker.account_id, reason.strip())
            if approve:
                attempt = await _attempt(work, case)
                await _demand_left(work, order, attempt, case)
                entry = await self.settlement.owe(work, order, attempt, case)
                await work.orders.save(order)
                await work.books.post([entry])
                await work.jobs.add(self.settlement.sending(work, case))
            await work.refunds.save(case)
            work.record(event, case.version, reason.strip())
        return case


@dataclass(frozen=True)
class ResendRefund:
    """Send a refund once more that has failed."""

    transactions: Transactions
    settlement: Settlement

    async def __call__(self, asker: Asker, refund_id: RefundId) -> RefundCase:
        """Return the case, on its way again; raise RuleBroken unless it has failed, RoleRefused for all but
        administrators."""
        demand_bookkeeper(asker)
        async with self.transactions(asker.origin) as work:
            _, case = await _case(work, asker, refund_id)
            event = case.take(Action.SEND_AGAIN, work.now, asker.account_id)
            await work.refunds.save(case)
            await work.jobs.add(self.settlement.sending(work, case))
            work.record(event, case.version)
        return case


@dataclass(frozen=True)
class SettleRefundByHand:
    """Note that a refund that had failed went another way."""

    transactions: Transactions
    settlement: Settlement

    async def __call__(self, asker: Asker, refund_id: RefundId, reference: str) -> RefundCase:
        """Return the case; ``reference`` is what the student finds it by, such as that of a bank transfer. Raises
        Invalid without one, RuleBroken unless it has failed, RoleRefused for all but administrators."""
        demand_bookkeeper(asker)
        demand_reason(reference)
        async with self.transactions(asker.origin) as work:
            order, case = await _case(work, asker, refund_id)
            event = case.take(Action.SETTLE_BY_HAND, work.now, asker.account_id, reference.strip())
            case.reference = reference.strip()
            await work.refunds.save(case)
            await work.books.post([by_hand(self.settlement, work, order, case)])
            work.record(event, case.version)
        return case


@dataclass(frozen=True)
class DropRefund:
    """Note that a refund that had failed is not owed any more, such as because the payer's bank was quicker."""

    transactions: Transactions
    settlement: Settlement

    async def __call__(self, asker: Asker, refund_id: RefundId, reason: str) -> RefundCase:
        """Return the case; raise Invalid without a reason, which the student reads, RuleBroken unless it has failed,
        RoleRefused for all but administrators."""
        demand_bookkeeper(asker)
        demand_reason(reason)
        async with self.transactions(asker.origin) as work:
            order, case = await _case(work, asker, refund_id)
            event = case.take(Action.DROP, work.now, asker.account_id, reason.strip())
            await work.refunds.save(case)
            entry = await dropped(self.settlement, work, order, case)
            await work.orders.save(order)
            await work.books.post([entry])
            work.record(event, case.version, reason.strip())
        return case


@dataclass(frozen=True)
class PostponeRefund:
    """Move the day by which the money is back, with a reason that the student reads."""

    transactions: Transactions

    async def __call__(self, asker: Asker, refund_id: RefundId, until: date, reason: str) -> RefundCase:
        """Return the case; raise RoleRefused for all but administrators, Invalid without a reason or for a day that is
        past."""
        demand_bookkeeper(asker)
        async with self.transactions(asker.origin) as work:
            _, case = await _case(work, asker, refund_id)
            event = case.postpone(until, work.now, asker.account_id, reason.strip())
            await work.refunds.save(case)
            work.record(event, case.version)
        return case


@dataclass(frozen=True)
class ListRefunds:
    """Show the refunds that have not ended, those first whose day comes first."""

    transactions: Transactions

    async def __call__(self, asker: Asker, limit: int) -> Sequence[RefundCase]:
        """Return at most so many; raise RoleRefused for all but administrators."""
        demand_bookkeeper(asker)
        async with self.transactions(asker.origin) as work:
            return await work.refunds.running(limit)


@dataclass(frozen=True)
class SendRefund:
    """Send a refund that is approved, by a key of its own; broken off anywhere, it may be done again."""

    transactions: Transactions
    payments: Payments | None
    settlement: Settlement

    async def __call__(self, refund_id: RefundId) -> None:
        """Return once the provider has it, will not have it, or it is not to be sent; raise Unavailable when the
        provider does not answer."""
        async with self.transactions() as work:
            case = await work.refunds.get(refund_id)
            attempt = await _attempt(work, case)
        if case.state is not State.APPROVED:
            return
        try:
            await demanded(self.payments).repay(case.key, attempt.collection, case.amount)
        except (RuleBroken, Conflict) as error:
            await self._failed(case, error.reasons[0].code if error.reasons else error.code)
            return
        found = await demanded(self.payments).look(attempt.collection)
        async with self.transactions() as work:
            await self.settlement(work, found)

    async def _failed(self, sent: RefundCase, code: str) -> None:
        async with self.transactions() as work:
            await work.orders.lock(sent.order_id)
            case = await work.refunds.get(sent.id)
            if case.state is State.APPROVED and case.number == sent.number:
                event = case.take(Action.FAIL, work.now, note=code)
                await work.refunds.save(case)
                work.record(event, case.version)


async def _case(work: UnitOfWork, asker: Asker, refund_id: RefundId) -> tuple[Order, RefundCase]:
    """Return the case with its order, both ours alone."""
    known = await work.refunds.get(refund_id)
    order = await order_for(work, asker, known.order_id, Doing.SEE_ORDERS, office=True, locked=True)
    return order, await work.refunds.get(refund_id)


async def _demand_left(work: UnitOfWork, order: Order, attempt: Attempt, case: RefundCase) -> None:
    others = [one for one in await work.refunds.of_order(order.id) if one.id != case.id]
    left = left_to_refund(attempt, others, await work.orders.disputes_of(order.id), order.currency)
    if left < case.amount:
        raise RuleBroken(Reason("refund.more_than_left", {"left": str(left)}, "amount"))


async def _attempt(work: UnitOfWork, case: RefundCase) -> Attempt:
    """Return the attempt whose money the case sends back."""
    found = await work.orders.attempts_of(case.order_id)
    return next(one for one in found if one.id == case.attempt_id and one.state in HAS_MONEY)

"""Bringing what we know of a payment to what the provider says of it now, however often and in whichever order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ....ports.ids import Ids
from ....ports.jobs import Job
from ....ports.payments import Collection, DisputeStage, Repayment, RepaymentStage, Stage
from ....ports.payments import Dispute as DisputeThere
from ....ports.transactions import UnitOfWork
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import JobId, LedgerEntryId, RefundId
from ...shared.money import Money
from .. import attempt as attempts
from .. import refund as refunds
from ..attempt import HAS_MONEY, Attempt
from ..dispute import DisputeCase
from ..dispute import Stage as DisputeHere
from ..events import DisputeMoved, PaymentDeclined
from ..ledger import (
    CLEARING,
    DISPUTED,
    PAID_OUT,
    RECEIVABLE,
    REFUNDS_DUE,
    UNCLAIMED,
    Entry,
    Kind,
    Posting,
    between,
    sold,
    taken_back,
)
from ..order import Action as OrderAction
from ..order import Order
from ..papers import Series
from ..refund import Action, Because, RefundCase, Terms

SEND_REFUND = "send_refund"
"""The name of the job that sends a refund that is approved."""

_STATES = {
    Stage.WAITING: attempts.State.OPEN,
    Stage.ASKED_BACK: attempts.State.OPEN,
    Stage.UNDER_WAY: attempts.State.UNDER_WAY,
    Stage.HELD: attempts.State.HELD,
    Stage.CLOSED: attempts.State.CLOSED,
}
_ACTIONS = {
    RepaymentStage.UNDER_WAY: Action.SEND,
    RepaymentStage.DONE: Action.FINISH,
    RepaymentStage.FAILED: Action.FAIL,
}
_DECIDED = {DisputeStage.WON: DisputeHere.WON, DisputeStage.LOST: DisputeHere.LOST}


@dataclass(frozen=True)
class Settlement:
    """Moves attempt, order, refunds and disputes to what a collection says, and books what follows, once each.

    What was looked up earlier and comes later changes nothing: each state only goes forward, and each entry is known by
    its cause.
    """

    ids: Ids
    terms: Terms

    async def __call__(self, work: UnitOfWork, collection: Collection) -> Order | None:
        """Return the order, locked; None where the collection is none of ours."""
        known = attempts.read_key(collection.key)
        if known is None:
            return None
        try:
            order = await work.orders.lock(known.order_id)
        except NotFound:
            return None
        every = await work.orders.attempts_of(order.id)
        attempt = next((one for one in every if one.number == known.number), None)
        if attempt is None:
            return None
        await _Settling(self, work, order, attempt, every).settle(collection)
        return order

    def entry(
        self, work: UnitOfWork, kind: Kind, cause: str, postings: Sequence[Posting], order: Order, at: datetime
    ) -> Entry:
        """Return an entry over the order; ``at`` is when it was so at the provider."""
        return Entry(LedgerEntryId(self.ids.new()), work.now, at, kind, cause, tuple(postings), order.id)

    async def owe(self, work: UnitOfWork, order: Order, attempt: Attempt, case: RefundCase) -> Entry:
        """Return the entry by which the amount of the case becomes a debt to the payer, and write the credit note."""
        if attempt.state is attempts.State.SURPLUS:
            postings = between(UNCLAIMED, REFUNDS_DUE, case.amount)
        else:
            postings = taken_back(order, case.amount, REFUNDS_DUE)
            if {OrderAction.REFUND, OrderAction.REFUND_PART} & set(order.possible):
                order.give_back(case.amount, work.now)
            else:
                order.reversed += case.amount.minor
            await work.books.write_paper(Series.CREDIT_NOTE, work.now, order.id, case.amount, case.id)
        return self.entry(work, Kind.REFUND_OWED, str(case.id), postings, order, work.now)

    def sending(self, work: UnitOfWork, case: RefundCase) -> Job:
        """Return the job that sends the case."""
        return Job(JobId(self.ids.new()), SEND_REFUND, work.now, arguments={"refund": str(case.id)}, key=case.key)


class _Settling:
    """One collection within one unit of work."""

    def __init__(
        self, by: Settlement, work: UnitOfWork, order: Order, attempt: Attempt, every: Sequence[Attempt]
    ) -> None:
        self.by = by
        self.work = work
        self.order = order
        self.attempt = attempt
        self.every = every
        self.entries: list[Entry] = []
        self.version = order.version
        self.changed = False

    async def settle(self, collection: Collection) -> None:
        self._look(collection)
        if collection.taken is not None and self.attempt.state not in HAS_MONEY:
            await self._take(collection.id, collection.taken, collection.taken_at or self.work.now)
        await self.work.orders.save_attempt(self.attempt)
        if self.attempt.state in HAS_MONEY:
            for repayment in collection.repayments:
                await self._repay(repayment)
            for dispute in collection.disputes:
                await self._dispute(dispute)
        if self.changed:
            await self.work.orders.save(self.order)
        if self.entries:
            await self.work.books.post(self.entries)

    def _look(self, collection: Collection) -> None:
        attempt = self.attempt
        attempt.collection, attempt.looked_at = collection.id, self.work.now
        state = _STATES.get(collection.stage)
        if state is None or attempt.is_done or attempt.state in HAS_MONEY:
            return
        attempt.go(state)
        attempt.page = collection.page
        attempt.waits_for_payer = collection.stage is Stage.ASKED_BACK
        if collection.declined and collection.declined != attempt.declined:
            event = PaymentDeclined(self.order.id, self.order.student_id, attempt.number)
            self.work.record(event, self.order.version)
        attempt.declined = collection.declined

    async def _take(self, cause: str, taken: Money, at: datetime) -> None:
        attempt, order = self.attempt, self.order
        attempt.taken, attempt.taken_at, attempt.page, attempt.declined = taken, at, "", ""
        beside = any(one.id != attempt.id and not one.is_done for one in self.every)
        if order.counts_for(at) and not beside and taken == order.total:
            attempt.state = attempts.State.TAKEN
            event = order.pay(at, self.work.now)
            self._book(Kind.TAKEN, cause, between(CLEARING, RECEIVABLE, taken), at)
            self._book(Kind.SOLD, str(order.id), sold(order), at)
            await self.work.books.write_paper(Series.INVOICE, self.work.now, order.id, taken)
            await self.work.books.write_paper(Series.RECEIPT, self.work.now, order.id, taken)
            self.changed = True
            self.work.record(event, order.version + 1)
            return
        attempt.state = attempts.State.SURPLUS
        self._book(Kind.TAKEN, cause, between(CLEARING, UNCLAIMED, taken), at)
        case = await self._open_case(Because.NOT_ORDERED, taken)
        await self.work.jobs.add(self.by.sending(self.work, case))

    async def _open_case(self, because: Because, amount: Money) -> RefundCase:
        """Keep a case that is approved by itself, and owe its amount."""
        now = self.work.now
        case = RefundCase(
            RefundId(self.by.ids.new()),
            self.order.id,
            self.attempt.id,
            self.order.student_id,
            amount,
            because,
            "",
            None,
            now,
            self.by.terms.approved(now.date()),
        )
        case.asked()
        event = case.take(Action.APPROVE, now)
        self.entries.append(await self.by.owe(self.work, self.order, self.attempt, case))
        self.changed = self.changed or self.attempt.state is attempts.State.TAKEN
        await self.work.refunds.add(case)
        self.work.record(event, case.version)
        return case

    async def _repay(self, there: Repayment) -> None:
        case = await self._case_of(there)
        if case is None:
            case = await self._open_case(Because.AT_PROVIDER, there.amount)
            case.sent_as(there.id)
            await self.work.refunds.save(case)
        self._book(Kind.REPAID, there.id, between(REFUNDS_DUE, CLEARING, there.amount), there.at)
        if there.stage is RepaymentStage.FAILED:
            self._book(Kind.REPAYMENT_FAILED, there.id, between(CLEARING, REFUNDS_DUE, there.amount), there.at)
        action = _ACTIONS[there.stage]
        if case.repayment == there.id and action in case.possible:
            event = case.take(action, self.work.now, note=there.reason)
            await self.work.refunds.save(case)
            self.work.record(event, case.version)

    async def _case_of(self, there: Repayment) -> RefundCase | None:
        """Return the case to which the repayment belongs: the one that sent it; else, where somebody sent it back at
        the provider itself, one of that amount which waits for just that."""
        cases = await self.work.refunds.of_order(self.order.id)
        if found := next((one for one in cases if there.id in one.repayments), None):
            return found
        if found := next((one for one in cases if one.key == there.key and not one.repayment), None):
            found.sent_as(there.id)
            return found
        if refunds.read_key(there.key) is not None:
            return None
        for case in cases:
            waits = case.state in (refunds.State.ASKED, refunds.State.APPROVED, refunds.State.FAILED)
            if case.attempt_id != self.attempt.id or case.amount != there.amount or not waits:
                continue
            if case.state is refunds.State.ASKED:
                await self._approve(case)
            if case.state is refunds.State.FAILED:
                self.work.record(case.take(Action.SEND_AGAIN, self.work.now), case.version + 1)
            if not case.repayment:
                case.sent_as(there.id)
                return case
        return None

    async def _approve(self, case: RefundCase) -> None:
        event = case.take(Action.APPROVE, self.work.now)
        self.entries.append(await self.by.owe(self.work, self.order, self.attempt, case))
        self.changed = self.changed or self.attempt.state is attempts.State.TAKEN
        self.work.record(event, case.version + 1)

    async def _dispute(self, there: DisputeThere) -> None:
        known = await self.work.orders.disputes_of(self.order.id)
        dispute = next((one for one in known if one.id == there.id), None)
        news = dispute is None
        if dispute is None:
            dispute = DisputeCase(
                there.id, self.order.id, self.attempt.id, self.order.student_id, there.amount, there.at
            )
            self._book(Kind.DISPUTED, there.id, between(DISPUTED, CLEARING, there.amount), there.at)
        dispute.answer_by, dispute.reason = there.answer_by, there.reason
        if there.stage in _DECIDED and dispute.decide(_DECIDED[there.stage], self.work.now):
            news = True
            self._decided(dispute, there.at)
        await self.work.orders.put_dispute(dispute)
        if news:
            event = DisputeMoved(self.order.id, self.order.student_id, dispute.stage.value)
            self.work.record(event, self.order.version + self.changed)

    def _decided(self, dispute: DisputeCase, at: datetime) -> None:
        if dispute.stage is DisputeHere.WON:
            self._book(Kind.DISPUTE_WON, dispute.id, between(CLEARING, DISPUTED, dispute.amount), at)
            return
        if self.attempt.state is attempts.State.SURPLUS:
            self._book(Kind.DISPUTE_LOST, dispute.id, between(UNCLAIMED, DISPUTED, dispute.amount), at)
            return
        self._book(Kind.DISPUTE_LOST, dispute.id, taken_back(self.order, dispute.amount, DISPUTED), at)
        event = self.order.charge_back(dispute.amount, self.work.now)
        self.changed = True
        self.work.record(event, self.order.version + 1)

    def _book(self, kind: Kind, cause: str, postings: Sequence[Posting], at: datetime) -> None:
        self.entries.append(self.by.entry(self.work, kind, cause, postings, self.order, at))


def by_hand(settlement: Settlement, work: UnitOfWork, order: Order, case: RefundCase) -> Entry:
    """Return the entry for an amount that went back from the organisation's own bank account."""
    postings = between(REFUNDS_DUE, PAID_OUT, case.amount)
    return settlement.entry(work, Kind.SETTLED_BY_HAND, str(case.id), postings, order, work.now)


async def dropped(settlement: Settlement, work: UnitOfWork, order: Order, case: RefundCase) -> Entry:
    """Return the counter-entry for an amount that is not owed any more, and write the invoice that stands against the
    credit note."""
    owed = (await work.books.booked(Kind.REFUND_OWED, [str(case.id)]))[str(case.id)]
    postings = [Posting(one.account, one.amount * -1) for one in owed.postings]
    if UNCLAIMED not in {one.account for one in postings}:
        order.keep(case.amount, work.now)
        await work.books.write_paper(Series.INVOICE, work.now, order.id, case.amount, case.id)
    return settlement.entry(work, Kind.REFUND_DROPPED, str(case.id), postings, order, work.now)


def left_to_refund(
    attempt: Attempt, cases: Sequence[RefundCase], disputes: Sequence[DisputeCase], currency: str
) -> Money:
    """Return what of the attempt's money neither went back, nor is on its way, nor was taken or is held by the bank."""
    if attempt.taken is None:
        return Money(0, currency)
    gone = sum(one.amount.minor for one in cases if one.attempt_id == attempt.id and one.counts)
    contested = sum(
        one.amount.minor for one in disputes if one.attempt_id == attempt.id and one.stage is not DisputeHere.WON
    )
    return Money(max(0, attempt.taken.minor - gone - contested), currency)

"""A provider of payments that misbehaves on demand, and everything that is done about payments over it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.transactions import MemoryTransactions, Store
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.payments.price_list import Price
from higherstudy.domain.payments.refund import Terms
from higherstudy.domain.payments.use_cases.giving_up import CancelOrder, ExpireOrders, GiveUp
from higherstudy.domain.payments.use_cases.hearing import SETTLE, HearNotice, SettleCollection
from higherstudy.domain.payments.use_cases.looking_again import LookAgain
from higherstudy.domain.payments.use_cases.ordering import PlaceOrder, QuoteOrder
from higherstudy.domain.payments.use_cases.paying import Ask, Pay
from higherstudy.domain.payments.use_cases.pricing import SetPrices
from higherstudy.domain.payments.use_cases.reconciling import Reconcile
from higherstudy.domain.payments.use_cases.refunding import (
    AskForRefund,
    DecideRefund,
    DropRefund,
    ResendRefund,
    SendRefund,
    SettleRefundByHand,
)
from higherstudy.domain.payments.use_cases.seeing import GetOrder, ListOrders
from higherstudy.domain.payments.use_cases.settling import SEND_REFUND, Settlement
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.profile.student import Student
from higherstudy.domain.shared.errors import Conflict, NotFound, RuleBroken
from higherstudy.domain.shared.ids import AccountId, RefundId, StudentId
from higherstudy.domain.shared.money import Money
from higherstudy.ports.delivery_reports import NotSigned
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.ids import Ids
from higherstudy.ports.payments import (
    Collection,
    Demand,
    Dispute,
    DisputeStage,
    Movement,
    MovementKind,
    Notice,
    Repayment,
    RepaymentStage,
    Stage,
)
from higherstudy.ports.transactions import Transactions

STUDENT_ID = StudentId(UUID(int=0x51))
STUDENT = Asker(AccountId(UUID(int=0xA1)), frozenset({Role.STUDENT}), STUDENT_ID)
ADMIN = Asker(AccountId(UUID(int=0xAD)), frozenset({Role.ADMIN}))
PAGE = "https://pay.example.org/"


F = TypeVar("F", Collection, Repayment)


class Crashed(BaseException):
    """The process was killed here."""


class Fate:
    """Decides at each step whether the process dies there, and lets others go first; nothing happens by default."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self.chance = chance
        self.crash = 0.0
        self.crashes = 0

    async def point(self) -> None:
        if self.chance is None:
            return
        for _ in range(self.chance.choice((0, 0, 1, 3))):
            await asyncio.sleep(0)
        if self.chance.random() < self.crash:
            self.crashes += 1
            raise Crashed


class CrashingTransactions:
    """Units of work before and behind whose end the process may die."""

    def __init__(self, inner: Transactions, fate: Fate) -> None:
        self._inner = inner
        self._fate = fate

    @asynccontextmanager
    async def __call__(self, *given: Any) -> AsyncIterator[Any]:
        await self._fate.point()
        async with self._inner(*given) as work:
            yield work
            if self._fate.chance is not None and self._fate.chance.random() < self._fate.crash:
                self._fate.crashes += 1
                raise Crashed  # before it was kept
        await self._fate.point()


@dataclass
class FaultyProvider:
    """Keeps collections as a provider does, and loses answers and notices where it is told to."""

    clock: MemoryClock
    fate: Fate = field(default_factory=Fate)
    down: bool = False
    is_within_a_unit: Callable[[], bool] = lambda: False
    lost: float = 0.0
    """How often an answer is lost, half of them after the work was done."""
    by_key: dict[str, str] = field(default_factory=dict)
    there: dict[str, Collection] = field(default_factory=dict)
    moved: list[Movement] = field(default_factory=list)
    told: list[Notice] = field(default_factory=list)
    """Notices that are to be delivered."""
    prefix: str = ""
    asked: int = 0
    count: int = 0
    repaid: dict[str, tuple[str, str]] = field(default_factory=dict)

    async def ask(self, demand: Demand) -> Collection:
        await self._before()
        self.asked += 1
        if demand.key not in self.by_key:
            new = f"col_{self.prefix}{len(self.there) + 1}"
            self.by_key[demand.key] = new
            self.there[new] = Collection(new, demand.key, demand.amount, Stage.WAITING, f"{PAGE}{new}")
        found = self.there[self.by_key[demand.key]]
        if found.asked != demand.amount:
            raise Conflict
        return await self._after(found)

    async def look(self, collection: str) -> Collection:
        await self._before()
        if collection not in self.there:
            raise NotFound
        return await self._after(self.there[collection])

    async def take(self, collection: str, amount: Money) -> Collection:
        raise RuleBroken

    async def close(self, collection: str) -> Collection:
        await self._before()
        if self.there[collection].stage in (Stage.WAITING, Stage.ASKED_BACK):
            self._put(collection, stage=Stage.CLOSED, page="")
        return await self._after(self.there[collection])

    async def repay(self, key: str, collection: str, amount: Money) -> Repayment:
        await self._before()
        if key not in self.repaid:
            if self.left(collection) < amount.minor:
                raise RuleBroken
            self._repay(key, collection, amount)
        at, which = self.repaid[key]
        found = next(one for one in self.there[at].repayments if one.id == which)
        if (at, found.amount) != (collection, amount):
            raise Conflict
        return await self._after(found)

    async def every_movement(self, since: datetime, until: datetime) -> list[Movement]:
        """Return at once what ``movements`` yields."""
        return [one async for one in self.movements(since, until)]

    async def movements(self, since: datetime, until: datetime) -> AsyncIterator[Movement]:
        await self._before()
        for one in sorted(self.moved, key=lambda one: one.at):
            if since <= one.at < until:
                yield one

    def hear(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        if headers.get("signature") != "ours":
            raise NotSigned
        collection = body.decode().partition("|")[2]
        return Notice(body.decode(), "changed", now, collection)

    # What payers, banks and people at the provider do.

    def pay(self, collection: str, *, slowly: bool = False) -> None:
        if self.there[collection].stage in (Stage.WAITING, Stage.ASKED_BACK):
            if slowly:
                self._put(collection, stage=Stage.UNDER_WAY)
            else:
                self._taken(collection)

    def pay_late(self, collection: str) -> None:
        """Let money come for what was closed: a bank had it under way already."""
        if self.there[collection].stage is Stage.CLOSED:
            self._taken(collection)

    def finish(self, collection: str, *, paid: bool) -> None:
        if self.there[collection].stage is Stage.UNDER_WAY:
            if paid:
                self._taken(collection)
            else:
                self._put(collection, stage=Stage.WAITING, declined="debit_failed")

    def decline(self, collection: str) -> None:
        if self.there[collection].stage is Stage.WAITING:
            self._put(collection, declined="card_declined")

    def lapse(self, collection: str) -> None:
        if self.there[collection].stage is Stage.WAITING:
            self._put(collection, stage=Stage.CLOSED, page="")

    def repay_there(self, collection: str, minor: int) -> None:
        if 0 < minor <= self.left(collection):
            self._repay("", collection, Money(minor, self.there[collection].asked.currency))

    def end_repayment(self, collection: str, place: int, stage: RepaymentStage) -> None:
        was = self.there[collection].repayments[place]
        if was.stage is RepaymentStage.FAILED or was.stage is stage:
            return
        repayments = list(self.there[collection].repayments)
        repayments[place] = replace(was, stage=stage)
        self._put(collection, repayments=tuple(repayments))
        if stage is RepaymentStage.FAILED:
            self._move(MovementKind.REPAYMENT_FAILED, was.amount, collection, was.id)

    def dispute(self, collection: str) -> None:
        left = self.left(collection)
        if left > 0:
            known = self.there[collection].disputes
            new = f"dp_{collection}_{len(known)}"
            amount = Money(left, self.there[collection].asked.currency)
            made = Dispute(new, collection, amount, DisputeStage.OPEN, self.clock.now(), self.clock.now())
            self._put(collection, disputes=(*known, made))
            self._move(MovementKind.DISPUTED, amount * -1, collection, new)

    def decide(self, collection: str, *, won: bool) -> None:
        found = []
        for one in self.there[collection].disputes:
            if one.stage is DisputeStage.OPEN:
                found.append(replace(one, stage=DisputeStage.WON if won else DisputeStage.LOST))
                if won:
                    self._move(MovementKind.DISPUTE_WON, one.amount, collection, one.id)
            else:
                found.append(one)
        self._put(collection, disputes=tuple(found))

    def pay_out(self, currency: str) -> None:
        if (held := self.balance(currency)) > 0:
            self._move(MovementKind.PAID_OUT, Money(-held, currency), "", "")

    def balance(self, currency: str) -> int:
        """What our balance at the provider is, after fees, in minor units."""
        return sum(one.amount.minor - one.fee.minor for one in self.moved if one.amount.currency == currency)

    def left(self, collection: str) -> int:
        found = self.there[collection]
        if found.taken is None:
            return 0
        back = sum(one.amount.minor for one in found.repayments if one.stage is not RepaymentStage.FAILED)
        gone = sum(one.amount.minor for one in found.disputes if one.stage is not DisputeStage.WON)
        return found.taken.minor - back - gone

    def _taken(self, collection: str) -> None:
        asked = self.there[collection].asked
        self._put(collection, stage=Stage.TAKEN, taken=asked, taken_at=self.clock.now(), page="", declined="")
        self._move(MovementKind.TAKEN, asked, collection, "", fee=asked.minor // 40)

    def _repay(self, key: str, collection: str, amount: Money) -> None:
        known = self.there[collection].repayments
        new = f"re_{collection}_{len(known)}"
        made = Repayment(new, key, collection, amount, RepaymentStage.UNDER_WAY, self.clock.now())
        if key:
            self.repaid[key] = collection, new
        self._put(collection, repayments=(*known, made))
        self._move(MovementKind.REPAID, amount * -1, collection, new)

    def _put(self, collection: str, **changes: Any) -> None:
        self.there[collection] = replace(self.there[collection], **changes)
        self.count += 1
        self.told.append(Notice(f"evt_{self.count}", "changed", self.clock.now(), collection))

    def _move(self, kind: MovementKind, amount: Money, collection: str, cause: str, fee: int = 0) -> None:
        at = self.clock.now()
        new = f"txn_{self.prefix}{len(self.moved)}"
        self.moved.append(Movement(new, at, kind, amount, Money(fee, amount.currency), collection, cause))

    async def _before(self) -> None:
        assert not self.is_within_a_unit(), "nobody outside is asked within a unit of work"
        await self.fate.point()
        if self.down or self._chance() < self.lost / 2:
            raise Unavailable

    async def _after(self, found: F) -> F:
        if self._chance() < self.lost / 2:
            raise Unavailable
        await self.fate.point()
        return found

    def _chance(self) -> float:
        return 1.0 if self.fate.chance is None else self.fate.chance.random()


PRICES = (
    Price("courier", "Courier of papers", "কাগজপত্রের কুরিয়ার", Money(3333, "EUR"), Decimal(19)),
    Price("handling", "Handling of an application", "আবেদন পরিচালনা", Money(9999, "EUR"), Decimal("7.5")),
    Price("counselling", "Counselling", "পরামর্শ", Money(5000, "EUR"), Decimal(19), tax_included=True),
)


async def quiet(_: int) -> None:
    """Hear of progress, and say nothing."""


class Desk:
    """Every use case of payments over one store and one provider."""

    def __init__(
        self,
        chance: random.Random | None = None,
        transactions: Transactions | None = None,
        ids: Ids | None = None,
        provider: Any = None,
    ) -> None:
        self.clock = MemoryClock()
        self.fate = Fate(chance)
        self.ids = ids or MemoryIds(seed=3)
        self.store = Store()
        self.plain = transactions or MemoryTransactions(self.clock, MemoryIds(seed=2), self.store)
        self.provider: FaultyProvider = provider or FaultyProvider(self.clock, self.fate)
        if isinstance(plain := self.plain, MemoryTransactions) and provider is None:
            self.provider.is_within_a_unit = lambda: plain._holder is asyncio.current_task()
        self.transactions: Any = CrashingTransactions(self.plain, self.fate)
        at: Any = self.transactions
        ids, terms = self.ids, Terms()
        self.settlement = Settlement(ids, terms)
        self.ask = Ask(self.provider, "https://example.org/orders/{order}")
        self.set_prices = SetPrices(at, ids)
        self.quote = QuoteOrder(at)
        self.place = PlaceOrder(at, ids, timedelta(days=14))
        self.pay = Pay(at, ids, self.ask, self.settlement)
        self.give_up = GiveUp(at, self.ask, self.settlement)
        self.cancel = CancelOrder(at, self.give_up)
        self.expire = ExpireOrders(at, self.give_up)
        self.hear = HearNotice(at, self.provider, self.clock, ids)
        self.settle = SettleCollection(at, self.provider, self.settlement)
        self.send_refund = SendRefund(at, self.provider, self.settlement)
        self.look_again = LookAgain(at, self.ask, self.settlement, self.settle, self.send_refund)
        self.reconcile = Reconcile(at, ids, self.provider, self.settle)
        self.ask_for_refund = AskForRefund(at, ids, terms)
        self.decide = DecideRefund(at, self.settlement)
        self.resend = ResendRefund(at, self.settlement)
        self.drop = DropRefund(at, self.settlement)
        self.by_hand = SettleRefundByHand(at, self.settlement)
        self.get = GetOrder(at)
        self.list = ListOrders(at)

    async def open(self) -> None:
        """Let there be a student, and prices."""
        async with self.plain() as work:
            await work.students.add(Student(STUDENT_ID, STUDENT.account_id, Profile()))
        await self.set_prices(ADMIN, currency="EUR", prices=PRICES)

    async def deliver(self, notice: Notice) -> bool:
        """Let the provider's notice come, as a request."""
        return await self.hear({"signature": "ours"}, f"{notice.id}|{notice.collection}".encode())

    async def work(self) -> None:
        """Carry out the jobs that wait; what fails waits on."""
        async with self.plain() as work:
            jobs = [one.job for one in self.store.jobs.rows() if one.job.status.value == "waiting"]
            del work
        for job in jobs:
            with suppress(Unavailable):
                if job.name == SETTLE:
                    await self.settle(str(job.arguments["collection"]))
                elif job.name == SEND_REFUND:
                    await self.send_refund(RefundId(UUID(str(job.arguments["refund"]))))
                async with self.plain():
                    self.store.jobs.remove(job.id)

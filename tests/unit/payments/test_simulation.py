"""Worlds in which everything goes wrong that can, played from seeds: at the end the books balance and nobody waits
without a state."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from paying import ADMIN, STUDENT, STUDENT_ID, Crashed, Desk, quiet

from higherstudy.domain.payments.attempt import State as AttemptState
from higherstudy.domain.payments.ledger import CLEARING
from higherstudy.domain.payments.order import SOLD
from higherstudy.domain.payments.quoting import Discount, Wanted
from higherstudy.domain.payments.refund import Action
from higherstudy.domain.payments.refund import State as RefundState
from higherstudy.domain.payments.standing import sentences
from higherstudy.domain.shared.errors import DomainError, RuleBroken
from higherstudy.domain.shared.ids import OrderId
from higherstudy.domain.shared.money import Money
from higherstudy.ports.payments import RepaymentStage, Stage

RUNS, AT_ONCE = 2000, 250
_STEPS = 30


class World:
    """One run: people, the provider, jobs and the clock, several at once, any of which may die at any step."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.desk = Desk(self.chance)
        self.orders: list[OrderId] = []
        self.seen: defaultdict[str, int] = defaultdict(int)
        self.surplus = 0
        """How often money came for an order that was not to be paid any more."""

    async def play(self) -> None:
        """Do something thirty times, then let everything heal."""
        desk, chance = self.desk, self.chance
        await desk.open()
        desk.fate.crash = chance.choice((0.0, 0.02, 0.1))
        for _ in range(_STEPS):
            desk.provider.down = chance.random() < 0.1
            desk.provider.lost = chance.choice((0.0, 0.0, 0.3))
            acts = chance.choices(self.acts(), k=chance.choice((1, 1, 2, 4)))
            for ended in await asyncio.gather(*(self.act(one) for one in acts), return_exceptions=True):
                if isinstance(ended, BaseException) and not isinstance(ended, Crashed | DomainError):
                    raise ended
        await self.heal()

    async def act(self, one: Callable[[], Awaitable[object]]) -> None:
        self.seen[one.__name__] += 1
        await one()

    def acts(self) -> list[Callable[[], Awaitable[object]]]:
        often = [self.pay, self.pay, self.payer, self.payer, self.notice, self.notice, self.jobs]
        return [
            *often,
            self.place,
            self.place,
            self.cancel,
            self.ask_back,
            self.decide,
            self.again,
            self.bank,
            self.office_there,
            self.time,
            self.sweep,
            self.expire,
            self.compare,
        ]

    async def place(self) -> None:
        codes = self.chance.sample(("courier", "handling", "counselling"), k=self.chance.choice((1, 2, 3)))
        lines = [Wanted(code, self.chance.choice((1, 2, 7))) for code in codes]
        off = [Discount("Early", "Early", Money(self.chance.choice((1, 333, 10**6)), "EUR"))]
        found = await self.desk.place(
            ADMIN_FOR_HER if (by_office := self.chance.random() < 0.2) else STUDENT,
            STUDENT_ID,
            currency="EUR",
            lines=lines,
            discounts=off if by_office else (),
        )
        self.orders.append(found.order.id)

    async def pay(self) -> None:
        if self.orders:
            await self.desk.pay(STUDENT, self.chance.choice(self.orders))

    async def cancel(self) -> None:
        if self.orders:
            await self.desk.cancel(STUDENT, self.chance.choice(self.orders))

    async def payer(self) -> None:
        provider = self.desk.provider
        if not provider.there:
            return
        one = self.chance.choice(list(provider.there))
        match self.chance.randrange(9):
            case 8:
                closed = [one.id for one in provider.there.values() if one.stage is Stage.CLOSED]
                provider.pay_late(self.chance.choice(closed or [one]))
            case 0:
                provider.decline(one)
            case 1:
                provider.lapse(one)
            case 2:
                provider.pay(one, slowly=True)
            case 3:
                provider.finish(one, paid=self.chance.random() < 0.7)
            case _:
                provider.pay(one)

    async def bank(self) -> None:
        provider = self.desk.provider
        for one in provider.there.values():
            for place, repayment in enumerate(one.repayments):
                if self.chance.random() < 0.5:
                    failed = self.chance.random() < 0.3
                    stage = RepaymentStage.FAILED if failed else RepaymentStage.DONE
                    del repayment
                    provider.end_repayment(one.id, place, stage)
            if self.chance.random() < 0.1:
                provider.dispute(one.id)
            elif self.chance.random() < 0.4 and one.disputes:
                provider.decide(one.id, won=self.chance.random() < 0.5)

    async def office_there(self) -> None:
        provider = self.desk.provider
        match self.chance.randrange(3):
            case 0:
                provider.pay_out("EUR")
            case 1 if provider.there:
                one = self.chance.choice(list(provider.there))
                provider.repay_there(one, self.chance.choice((1, 100, provider.left(one))))

    async def notice(self) -> None:
        """One of the notices that wait, in any order: it comes, comes twice, or is lost."""
        told = self.desk.provider.told
        if not told:
            return
        one = told.pop(self.chance.randrange(len(told)))
        for _ in range(self.chance.choice((0, 1, 1, 2))):
            await self.desk.deliver(one)

    async def jobs(self) -> None:
        await self.desk.work()

    async def ask_back(self) -> None:
        if self.orders:
            amount = self.chance.choice((None, Money(1, "EUR"), Money(777, "EUR")))
            order_id = self.chance.choice(self.orders)
            await self.desk.ask_for_refund(STUDENT, order_id, reason="Not needed.", amount=amount)

    async def decide(self) -> None:
        for case in await self.cases(RefundState.ASKED):
            with suppress(RuleBroken):  # more than is left by now
                await self.desk.decide(ADMIN, case, approve=self.chance.random() < 0.8, reason="So it is.")

    async def again(self) -> None:
        for case in await self.cases(RefundState.FAILED):
            async with self.desk.plain() as work:
                found = await work.refunds.get(case)
                attempts = {one.id: one for one in await work.orders.attempts_of(found.order_id)}
            left = self.desk.provider.left(attempts[found.attempt_id].collection)
            if left < found.amount.minor:
                await self.desk.drop(ADMIN, case, "It went back already.")
            elif self.chance.random() < 0.7:
                await self.desk.resend(ADMIN, case)
            else:
                await self.desk.by_hand(ADMIN, case, "Transfer 77")

    async def time(self) -> None:
        self.desk.clock.move(timedelta(minutes=self.chance.choice((1, 11, 60, 60 * 24, 60 * 24 * 8))))

    async def sweep(self) -> None:
        await self.desk.look_again(quiet)

    async def expire(self) -> None:
        await self.desk.expire(quiet)

    async def compare(self) -> None:
        await self.desk.reconcile(quiet, timedelta(days=400))

    async def cases(self, state: RefundState) -> list:  # type: ignore[type-arg]
        async with self.desk.plain() as work:
            return [one.id for one in await work.refunds.running(1000) if one.state is state]

    async def heal(self) -> None:
        """Nothing fails any more, but what was lost stays lost."""
        desk = self.desk
        desk.fate.crash, desk.provider.down, desk.provider.lost = 0.0, False, 0.0
        for one in desk.provider.there.values():
            desk.provider.finish(one.id, paid=True)
        desk.provider.told.clear()
        for _ in range(3):
            desk.clock.move(timedelta(minutes=20))
            await desk.work()
            await desk.look_again(quiet)
            await desk.expire(quiet)
            await desk.reconcile(quiet, timedelta(days=4000))
        await self.again()
        await desk.work()
        await self.check()

    async def check(self) -> None:
        """Assert all that must hold."""
        desk = self.desk
        async with desk.plain() as work:
            books = await work.books.balances()
            differences = await work.books.differences(10)
        assert sum(books.values()) == 0
        postings: defaultdict[str, int] = defaultdict(int)
        for entry in desk.store.books.entries.rows():
            entry.demand_balanced()
            for one in entry.postings:
                postings[one.account] += one.amount.minor
        assert {name: minor for (name, _), minor in books.items()} == dict(postings)
        assert postings[CLEARING] == desk.provider.balance("EUR")
        assert postings["receivable"] == 0
        assert differences == []
        for order_id in self.orders:
            await self.check_order(order_id)
        for collection in desk.provider.there.values():
            async with desk.plain() as work:
                assert await work.orders.attempt_of(collection.id) is not None
        numbers: defaultdict[str, list[int]] = defaultdict(list)
        for paper in desk.store.books.papers.rows():
            numbers[f"{paper.series}{paper.year}"].append(paper.place)
        for places in numbers.values():
            assert sorted(places) == list(range(1, len(places) + 1))

    async def check_order(self, order_id: OrderId) -> None:
        """Assert that it is paid once at most, that nothing is open, and that a sentence tells where it stands."""
        found = await self.desk.get(STUDENT, order_id)
        order = found.order
        paid = [one for one in found.attempts if one.state is AttemptState.TAKEN]
        assert len(paid) == (order.state in SOLD and order.total.minor > 0)
        assert found.standing.code in sentences()
        assert [one for one in found.attempts if one.state is AttemptState.ASKED] == []
        for attempt in found.attempts:
            there = self.desk.provider.there[attempt.collection]
            assert (there.stage is Stage.TAKEN) == (attempt.state in (AttemptState.TAKEN, AttemptState.SURPLUS))
            cases = [one for one in found.refunds if one.attempt_id == attempt.id and one.counts]
            taken = attempt.taken.minor if attempt.taken else 0
            through = [one for one in cases if one.state not in (RefundState.ASKED, RefundState.BY_HAND)]
            assert sum(one.amount.minor for one in through) <= taken or found.disputes
            if attempt.state is AttemptState.SURPLUS:
                self.surplus += 1
                dropped = any(one.state is RefundState.DROPPED for one in found.refunds)
                assert sum(one.amount.minor for one in cases) >= taken or dropped
            back = sum(one.amount.minor for one in there.repayments if one.stage is not RepaymentStage.FAILED)
            assert back == sum(one.amount.minor for one in cases if one.state in (RefundState.SENT, RefundState.DONE))
        for case in found.refunds:
            assert case.state is not RefundState.APPROVED
            assert case.expected_by.weekday() < 5
            assert Action.SEND not in case.possible


ADMIN_FOR_HER = STUDENT.__class__(ADMIN.account_id, ADMIN.roles | STUDENT.roles, STUDENT_ID)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, RUNS, AT_ONCE))
def test_whatever_goes_wrong_the_books_balance_and_nothing_is_paid_twice(first: int) -> None:
    crashes, surplus, seen = 0, 0, defaultdict[str, int](int)
    for seed in range(first, first + AT_ONCE):
        world = World(seed)
        try:
            asyncio.run(world.play())
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise
        crashes += world.desk.fate.crashes
        surplus += world.surplus
        for name, count in world.seen.items():
            seen[name] += count

    assert crashes > AT_ONCE  # on the average more than one a run
    assert surplus > AT_ONCE / 20
    assert min(seen.values()) > AT_ONCE / 2

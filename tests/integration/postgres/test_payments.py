"""Payments over PostgreSQL: what is asked for by many at once happens once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from paying import ADMIN, PRICES, Desk
from sqlalchemy.ext.asyncio import AsyncEngine

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.payments.ledger import CLEARING
from higherstudy.domain.payments.order import State
from higherstudy.domain.payments.quoting import Wanted
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.profile.student import Student
from higherstudy.domain.shared.errors import Conflict, RuleBroken
from higherstudy.domain.shared.ids import AccountId, OrderId, StudentId
from higherstudy.domain.shared.money import Money
from higherstudy.ports.payments import Notice

AT_ONCE = 50


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url, pool_wait=timedelta(seconds=30))
    yield engine
    await engine.dispose()


@pytest.fixture
async def desk(engine: AsyncEngine) -> Desk:
    made = Desk(transactions=PostgresTransactions(engine, SystemIds()), ids=SystemIds())
    made.provider.prefix = uuid4().hex
    async with made.plain() as work:
        known = await work.prices.of_currency("EUR")
    if not known:
        await made.set_prices(ADMIN, currency="EUR", prices=PRICES)
    return made


def first(desk: Desk) -> str:
    """What the provider calls the first collection."""
    return f"col_{desk.provider.prefix}1"


async def a_student(desk: Desk) -> Asker:
    asker = Asker(AccountId(uuid4()), frozenset({Role.STUDENT}), StudentId(uuid4()))
    async with desk.plain() as work:
        await work.students.add(Student(asker.student_id, asker.account_id, Profile()))  # type: ignore[arg-type]
    return asker


async def an_order(desk: Desk, asker: Asker) -> OrderId:
    assert asker.student_id is not None
    found = await desk.place(asker, asker.student_id, currency="EUR", lines=[Wanted("courier", 1)])
    return found.order.id


async def test_fifty_who_pay_one_order_at_once_are_given_one_collection(desk: Desk) -> None:
    asker = await a_student(desk)
    order_id = await an_order(desk, asker)

    found = await asyncio.gather(*(desk.pay(asker, order_id) for _ in range(AT_ONCE)))

    assert {one.page for one in found} == {f"https://pay.example.org/{first(desk)}"}
    assert len(desk.provider.there) == 1
    assert [one.number for one in (await desk.get(asker, order_id)).attempts] == [1]


async def test_what_fifty_hear_at_once_of_one_payment_is_booked_once(desk: Desk) -> None:
    asker = await a_student(desk)
    order_id = await an_order(desk, asker)
    await desk.pay(asker, order_id)
    async with desk.plain() as work:
        before = (await work.books.balances()).get((CLEARING, "EUR"), 0)  # type: ignore[call-overload]
    desk.provider.pay(first(desk))
    notice = Notice(f"evt_{uuid4()}", "changed", desk.clock.now(), first(desk))

    news = await asyncio.gather(*(desk.deliver(notice) for _ in range(AT_ONCE)))
    await asyncio.gather(*(desk.settle(first(desk)) for _ in range(AT_ONCE)))
    found = await desk.get(asker, order_id)

    assert (sum(news), found.order.state) == (1, State.PAID)
    assert [one.series for one in found.papers] == ["INV", "RC"]
    async with desk.plain() as work:
        assert (await work.books.balances())[CLEARING, "EUR"] == before + found.order.total.minor  # type: ignore[index]


async def test_of_refunds_that_many_ask_for_at_once_no_more_go_through_than_there_is(desk: Desk) -> None:
    asker = await a_student(desk)
    order_id = await an_order(desk, asker)
    await desk.pay(asker, order_id)
    desk.provider.pay(first(desk))
    await desk.settle(first(desk))
    amount = Money(1000, "EUR")  # of 39.66, so three of them

    asked = await asyncio.gather(
        *(desk.ask_for_refund(asker, order_id, reason="Too many.", amount=amount) for _ in range(10)),
        return_exceptions=True,
    )
    cases = [one for one in asked if not isinstance(one, BaseException)]
    await asyncio.gather(*(desk.decide(ADMIN, case.id, approve=True) for case in cases for _ in range(1)))
    await asyncio.gather(*(desk.send_refund(case.id) for case in cases for _ in range(3)))

    assert (len(cases), {type(one) for one in asked if isinstance(one, BaseException)}) == (3, {RuleBroken})
    assert desk.provider.left(first(desk)) == 966
    assert len(desk.provider.there[first(desk)].repayments) == 3


async def test_lists_of_prices_that_are_set_at_once_do_not_overlap(desk: Desk) -> None:
    async with desk.plain() as work:
        begins = work.now + timedelta(days=3650)
    prices = [PRICES[0].__class__("courier", "Courier", "কুরিয়ার", Money(5, "XAF"), PRICES[0].tax_rate)]

    found = await asyncio.gather(
        *(desk.set_prices(ADMIN, currency="XAF", prices=prices, valid_from=begins) for _ in range(5)),
        return_exceptions=True,
    )

    assert sorted(type(one) is Conflict for one in found) == [False, True, True, True, True]

"""The way of an order: quoted, placed, paid, told of, refunded; over what is kept in memory."""

from dataclasses import replace
from datetime import timedelta

import pytest
from paying import ADMIN, STUDENT, STUDENT_ID, Desk, quiet

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.payments import MemoryPayments
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.payments.ledger import CLEARING, FEES, REFUNDS_DUE, UNCLAIMED
from higherstudy.domain.payments.order import State
from higherstudy.domain.payments.quoting import Wanted
from higherstudy.domain.payments.refund import Because
from higherstudy.domain.payments.refund import State as RefundState
from higherstudy.domain.payments.use_cases.hearing import UNKNOWN_FOR
from higherstudy.domain.payments.use_cases.seeing import SeenOrder
from higherstudy.domain.shared.errors import Conflict, NotFound, RuleBroken
from higherstudy.domain.shared.ids import AccountId
from higherstudy.domain.shared.money import Money
from higherstudy.ports.books import Account
from higherstudy.ports.delivery_reports import NotSigned
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.payments import Notice, RepaymentStage

LINES = (Wanted("courier", 2), Wanted("handling", 1))


@pytest.fixture
async def desk() -> Desk:
    made = Desk()
    await made.open()
    return made


async def an_order(desk: Desk) -> SeenOrder:
    return await desk.place(STUDENT, STUDENT_ID, currency="EUR", lines=LINES)


async def a_paid_order(desk: Desk) -> SeenOrder:
    order = (await an_order(desk)).order
    await desk.pay(STUDENT, order.id)
    desk.provider.pay("col_1")
    await told(desk)
    return await desk.get(STUDENT, order.id)


async def told(desk: Desk) -> None:
    """Let every notice come, and the jobs be carried out."""
    for notice in desk.provider.told:
        await desk.deliver(notice)
    desk.provider.told.clear()
    await desk.work()


async def balances(desk: Desk) -> dict[str, int]:
    async with desk.plain() as work:
        return {name: minor for (name, _), minor in (await work.books.balances()).items() if minor}


async def test_an_order_that_is_paid_is_known_to_be_by_a_notice_and_booked(desk: Desk) -> None:
    placed = await an_order(desk)
    page = await desk.pay(STUDENT, placed.order.id)
    desk.provider.pay("col_1")
    await told(desk)
    found = await desk.get(STUDENT, placed.order.id)

    assert (placed.standing.code, placed.order.total) == ("payment.state_to_pay", Money(18682, "EUR"))
    assert (page.standing.code, page.page) == ("payment.state_page_open", "https://pay.example.org/col_1")
    assert (found.order.state, found.standing.code, found.page) == (State.PAID, "payment.state_paid", "")
    assert [one.number for one in found.papers] == ["INV-2027-000001", "RC-2027-000001"]
    assert await balances(desk) == {
        CLEARING: 18682,
        "revenue:courier": -6666,
        "revenue:handling": -9999,
        "tax:19": -1267,
        "tax:7.5": -750,
    }


async def test_a_notice_that_comes_twice_changes_nothing_and_a_forged_one_is_refused(desk: Desk) -> None:
    await a_paid_order(desk)
    desk.provider.decide("col_1", won=True)  # nothing but another notice
    (notice,) = desk.provider.told

    assert [await desk.deliver(notice) for _ in range(2)] == [True, False]
    await desk.work()
    with pytest.raises(NotSigned):
        await desk.hear({"signature": "theirs"}, b"x")
    assert (await balances(desk))[CLEARING] == 18682


async def test_paying_again_gives_the_same_page_and_once_paid_none(desk: Desk) -> None:
    order = (await an_order(desk)).order

    pages = {(await desk.pay(STUDENT, order.id)).page for _ in range(3)}
    desk.provider.pay("col_1")
    paid = await desk.pay(STUDENT, order.id)
    again = await desk.pay(STUDENT, order.id)

    assert (pages, len(desk.provider.there)) == ({"https://pay.example.org/col_1"}, 1)
    assert (paid.order.state, again.order.state, again.page) == (State.PAID, State.PAID, "")


async def test_a_provider_that_does_not_answer_leaves_a_state_and_the_same_key(desk: Desk) -> None:
    order = (await an_order(desk)).order
    desk.provider.down = True

    with pytest.raises(Unavailable):
        await desk.pay(STUDENT, order.id)
    between = await desk.get(STUDENT, order.id)
    desk.provider.down = False
    desk.clock.move(timedelta(minutes=11))
    await desk.look_again(quiet)
    healed = await desk.get(STUDENT, order.id)

    assert (between.standing.code, healed.standing.code) == ("payment.state_preparing", "payment.state_page_open")
    assert [one.number for one in healed.attempts] == [1]


async def test_a_page_that_lapsed_at_the_provider_is_followed_by_another(desk: Desk) -> None:
    order = (await an_order(desk)).order
    await desk.pay(STUDENT, order.id)
    desk.provider.lapse("col_1")

    found = await desk.pay(STUDENT, order.id)

    assert ([one.number for one in found.attempts], found.page) == ([1, 2], "https://pay.example.org/col_2")


async def test_a_lost_notice_is_made_up_for_by_looking_again(desk: Desk) -> None:
    order = (await an_order(desk)).order
    await desk.pay(STUDENT, order.id)
    desk.provider.pay("col_1")
    desk.clock.move(timedelta(minutes=11))

    assert await desk.look_again(quiet) == 1
    assert (await desk.get(STUDENT, order.id)).order.state is State.PAID


async def test_an_order_is_cancelled_only_once_nothing_can_be_paid_any_more(desk: Desk) -> None:
    first, second = (await an_order(desk)).order, (await an_order(desk)).order
    for order in (first, second):
        await desk.pay(STUDENT, order.id)
    desk.provider.pay("col_2")

    cancelled = await desk.cancel(STUDENT, first.id)
    paid = await desk.cancel(STUDENT, second.id)

    assert (cancelled.order.state, desk.provider.there["col_1"].stage) == (State.CANCELLED, "closed")
    assert paid.order.state is State.PAID
    with pytest.raises(RuleBroken):
        await desk.pay(STUDENT, first.id)


async def test_paid_before_its_day_counts_however_late_we_hear_of_it(desk: Desk) -> None:
    order = (await an_order(desk)).order
    await desk.pay(STUDENT, order.id)
    desk.provider.pay("col_1", slowly=True)
    desk.clock.move(timedelta(days=13))
    desk.provider.finish("col_1", paid=True)
    desk.clock.move(timedelta(days=3))
    async with desk.plain() as work:  # somebody had it expired without asking
        kept = await work.orders.get(order.id)
        kept.expire(work.now)
        await work.orders.save(kept)
    await told(desk)

    assert (await desk.get(STUDENT, order.id)).order.state is State.PAID


async def test_money_for_an_order_that_expired_becomes_a_refund_by_itself_once(desk: Desk) -> None:
    order = (await an_order(desk)).order
    await desk.pay(STUDENT, order.id)
    desk.provider.pay("col_1", slowly=True)
    async with desk.plain() as work:
        kept = await work.orders.get(order.id)
        kept.expire(work.now)
        await work.orders.save(kept)
    desk.clock.move(timedelta(days=15))
    desk.provider.finish("col_1", paid=True)
    await told(desk)
    desk.provider.decline("col_1")
    await told(desk)
    found = await desk.get(STUDENT, order.id)

    assert [(one.because, one.state, one.amount) for one in found.refunds] == [
        (Because.NOT_ORDERED, RefundState.SENT, order.total)
    ]
    assert found.order.state is State.EXPIRED
    assert {name: minor for name, minor in (await balances(desk)).items() if name in (CLEARING, UNCLAIMED)} == {}


async def test_an_order_expires_on_its_day_and_one_at_which_a_bank_is_waits(desk: Desk) -> None:
    expiring, waiting = (await an_order(desk)).order, (await an_order(desk)).order
    for order in (expiring, waiting):
        await desk.pay(STUDENT, order.id)
    desk.provider.pay("col_2", slowly=True)
    desk.clock.move(timedelta(days=15))

    assert await desk.expire(quiet) == 1
    assert (await desk.get(STUDENT, expiring.id)).order.state is State.EXPIRED
    assert (await desk.get(STUDENT, waiting.id)).standing.code == "payment.state_under_way"


async def test_a_refund_is_asked_for_approved_sent_and_done_in_sight(desk: Desk) -> None:
    paid = await a_paid_order(desk)
    case = await desk.ask_for_refund(STUDENT, paid.order.id, reason="It was not needed.", amount=Money(5000, "EUR"))
    asked = await desk.get(STUDENT, paid.order.id)
    await desk.decide(ADMIN, case.id, approve=True)
    await desk.work()
    sent = await desk.get(STUDENT, paid.order.id)
    desk.provider.end_repayment("col_1", 0, RepaymentStage.DONE)
    await told(desk)
    done = await desk.get(STUDENT, paid.order.id)

    assert (asked.standing.code, str(asked.standing.by)) == ("payment.state_refund_asked", "2027-01-25")
    assert sent.standing.code == "payment.state_refund_sent"
    assert (done.order.state, done.standing.code) == (State.PARTLY_REFUNDED, "payment.state_partly_refunded")
    assert [one.what for one in done.refunds[0].history] == ["asked", "approve", "send", "finish"]
    assert "CN-2027-000001" in [one.number for one in done.papers]
    books = await balances(desk)
    assert (books[CLEARING], sum(books.values()), REFUNDS_DUE in books) == (13682, 0, False)


async def test_no_more_goes_back_than_was_paid(desk: Desk) -> None:
    paid = await a_paid_order(desk)
    await desk.ask_for_refund(STUDENT, paid.order.id, reason="Half.", amount=Money(18000, "EUR"))

    with pytest.raises(RuleBroken, match="more_than_left"):
        await desk.ask_for_refund(STUDENT, paid.order.id, reason="Again.", amount=Money(683, "EUR"))
    rest = await desk.ask_for_refund(STUDENT, paid.order.id, reason="The rest.")
    assert rest.amount == Money(682, "EUR")


async def test_a_refund_that_came_back_is_sent_again_or_goes_another_way(desk: Desk) -> None:
    paid = await a_paid_order(desk)
    case = await desk.ask_for_refund(STUDENT, paid.order.id, reason="It was not needed.")
    await desk.decide(ADMIN, case.id, approve=True)
    await desk.work()
    desk.provider.end_repayment("col_1", 0, RepaymentStage.FAILED)
    await told(desk)
    failed = (await desk.get(STUDENT, paid.order.id)).refunds[0].state
    await desk.resend(ADMIN, case.id)
    await desk.work()
    desk.provider.end_repayment("col_1", 1, RepaymentStage.FAILED)
    await told(desk)
    settled = await desk.by_hand(ADMIN, case.id, "Transfer 77")

    assert (failed, settled.state, settled.reference) == (RefundState.FAILED, RefundState.BY_HAND, "Transfer 77")
    assert await balances(desk) == {CLEARING: 18682, "paid_out": -18682}


async def test_what_is_told_of_a_payment_that_nobody_knows_is_kept_looked_at_again_and_counted(desk: Desk) -> None:
    await desk.deliver(Notice("evt_9", "changed", desk.clock.now(), "col_9"))
    await desk.work()
    desk.clock.move(UNKNOWN_FOR + timedelta(seconds=1))
    looked = await desk.look_again(quiet)
    async with desk.plain() as work:
        unknown = await work.orders.count_unsettled(work.now - UNKNOWN_FOR)

    assert (looked, unknown) == (1, 1)


@pytest.mark.parametrize("order_of", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (2, 0, 1)])
async def test_a_dispute_and_a_refund_before_the_payment_itself_lead_to_the_same_end(
    desk: Desk, order_of: tuple[int, ...]
) -> None:
    order = (await an_order(desk)).order
    await desk.pay(STUDENT, order.id)
    desk.provider.pay("col_1")
    desk.provider.repay_there("col_1", 1000)
    desk.provider.dispute("col_1")
    told_of = list(desk.provider.told)
    for place in order_of:
        await desk.deliver(told_of[place])
        await desk.work()
    found = await desk.get(STUDENT, order.id)

    assert (found.order.state, found.standing.code) == (State.PARTLY_REFUNDED, "payment.state_disputed")
    assert [one.state for one in found.refunds] == [RefundState.SENT]
    assert await balances(desk) == {
        "disputed": 17682,
        "revenue:courier": -6309,
        "revenue:handling": -9464,
        "tax:19": -1199,
        "tax:7.5": -710,
    }


async def test_who_may_not_know_of_an_order_does_not(desk: Desk) -> None:
    order = (await an_order(desk)).order
    stranger = Asker(AccountId(order.id), frozenset(), None)

    for ask in (desk.get, desk.pay, desk.cancel):
        with pytest.raises(NotFound):
            await ask(stranger, order.id)
    with pytest.raises(NotFound):
        await desk.pay(ADMIN, order.id)
    assert (await desk.get(ADMIN, order.id)).order.id == order.id


async def test_reconciling_heals_what_notices_missed_and_books_fees(desk: Desk) -> None:
    await a_paid_order(desk)
    desk.provider.dispute("col_1")
    desk.provider.decide("col_1", won=False)
    desk.provider.told.clear()
    desk.clock.move(timedelta(hours=1))

    assert await desk.reconcile(quiet) == 0
    books = await balances(desk)
    assert (books[CLEARING], books[FEES]) == (desk.provider.balance("EUR"), 467)
    assert sum(books.values()) == 0


async def test_what_only_the_provider_knows_is_named_until_it_is_gone(desk: Desk) -> None:
    await a_paid_order(desk)
    desk.provider.moved[0] = replace(desk.provider.moved[0], amount=Money(18000, "EUR"))
    desk.clock.move(timedelta(hours=1))

    assert await desk.reconcile(quiet) == 1
    assert await desk.reconcile(quiet) == 0
    async with desk.plain() as work:
        (found,) = await work.books.differences(10)
    assert (found.found.what, found.found.there, found.found.here) == (
        "amounts_differ",
        Money(18000, "EUR"),
        Money(18682, "EUR"),
    )
    desk.provider.moved[0] = replace(desk.provider.moved[0], amount=Money(18682, "EUR"))
    await desk.reconcile(quiet)
    async with desk.plain() as work:
        assert await work.books.differences(10) == []


async def test_an_account_is_told_by_name_and_currency(desk: Desk) -> None:
    await a_paid_order(desk)

    async with desk.plain() as work:
        assert (await work.books.balances())[Account(CLEARING, "EUR")] == 18682


async def test_two_lists_of_one_currency_never_hold_at_once(desk: Desk) -> None:
    async with desk.plain() as work:
        now = work.now
        (prices,) = await work.prices.of_currency("EUR")
    later = now + timedelta(days=10)
    await desk.set_prices(ADMIN, currency="EUR", prices=prices.prices, valid_from=later)

    with pytest.raises(Conflict):
        await desk.set_prices(ADMIN, currency="EUR", prices=prices.prices, valid_from=now + timedelta(days=1))


async def test_the_provider_in_memory_can_be_paid_and_reconciled_with_too() -> None:
    clock = MemoryClock()
    provider = MemoryPayments(clock.now)
    desk = Desk(provider=provider)
    desk.clock.set(clock.now())
    await desk.open()
    order = (await an_order(desk)).order
    await desk.pay(STUDENT, order.id)
    provider.pay("col_1")
    await desk.settle("col_1")
    case = await desk.ask_for_refund(STUDENT, order.id, reason="Not needed.")
    await desk.decide(ADMIN, case.id, approve=True)
    await desk.work()
    desk.clock.move(timedelta(hours=1))
    new = await desk.reconcile(quiet)
    found = await desk.get(STUDENT, order.id)

    assert (new, found.order.state, found.standing.code) == (0, State.REFUNDED, "payment.state_refunded")
    assert [one.state for one in found.refunds] == [RefundState.DONE]

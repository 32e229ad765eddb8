"""Shares, prices, quotes, orders, refunds and entries by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from higherstudy.domain.payments.allocation import half_up, percent_of, shares, tax_within
from higherstudy.domain.payments.attempt import State as AttemptState
from higherstudy.domain.payments.attempt import key_of, read_key
from higherstudy.domain.payments.ledger import LOSSES, REFUNDS_DUE, Posting, sold, sums, taken_back
from higherstudy.domain.payments.order import Order, State
from higherstudy.domain.payments.price_list import Price, PriceList, demand_free
from higherstudy.domain.payments.quoting import Discount, Wanted, quote
from higherstudy.domain.payments.reconciling import Booked, Side, What, compared
from higherstudy.domain.payments.refund import Terms, working_days_after
from higherstudy.domain.shared.errors import Conflict, Invalid, RuleBroken
from higherstudy.domain.shared.ids import AccountId, OrderId, PriceListId, StudentId
from higherstudy.domain.shared.money import Money
from higherstudy.ports.contracts.payment_samples import an_attempt

AT = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
ID = UUID(int=7)


def prices(currency: str = "EUR", **units: tuple[int, str, bool]) -> PriceList:
    """A list of services, each with its price, its rate and whether that is in it."""
    every = tuple(
        Price(code, code, code, Money(minor, currency), Decimal(rate), included)
        for code, (minor, rate, included) in units.items()
    )
    return PriceList(PriceListId(ID), currency, AT, None, every)


def an_order(*lines: Wanted, of: PriceList, discounts: tuple[Discount, ...] = ()) -> Order:
    found = quote(of, lines, discounts)
    return Order.of(OrderId(ID), StudentId(ID), AccountId(ID), AT, found, AT + timedelta(days=14))


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 10**12), min_size=1, max_size=20))
def test_shares_lose_no_unit_and_none_is_off_by_more_than_one(total: int, weights: list[int]) -> None:
    parts = shares(total, weights)
    whole = sum(weights)

    assert sum(parts) == total
    if whole:
        assert all(abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True))


def test_equal_remainders_go_to_the_first() -> None:
    assert shares(100, [1, 1, 1]) == (34, 33, 33)
    assert shares(-100, [1, 1, 1]) == (-34, -33, -33)
    assert shares(5, [0, 0]) == (5, 0)


def test_halves_go_away_from_zero() -> None:
    assert [half_up(Decimal(one)) for one in ("0.5", "1.5", "2.5", "-0.5", "0.49")] == [1, 2, 3, -1, 0]
    assert (percent_of(150, Decimal(1)), tax_within(119, Decimal(19)), tax_within(1, Decimal(19))) == (2, 19, 0)


def test_tax_is_rounded_once_for_a_rate_and_not_for_each_line() -> None:
    of = prices(a=(33, "10", False), b=(33, "10", False), c=(33, "10", False), d=(7, "0", False))
    found = quote(of, [Wanted(code, 1) for code in "abcd"])

    assert [(one.rate, one.net.minor, one.tax.minor) for one in found.taxes] == [
        (Decimal(0), 7, 0),
        (Decimal(10), 99, 10),
    ]
    assert [line.tax for line in found.lines] == [4, 3, 3, 0]
    assert found.total == Money(116, "EUR")


def test_a_price_that_holds_its_tax_stays_the_sum() -> None:
    found = quote(prices(a=(11900, "19", True)), [Wanted("a", 3)])

    assert (found.total.minor, found.net.minor, found.taxes[0].tax.minor) == (35700, 30000, 5700)


def test_discounts_are_divided_over_the_lines_before_tax_one_after_another() -> None:
    of = prices(a=(1000, "0", False), b=(2000, "20", False))
    found = quote(
        of,
        [Wanted("a", 1), Wanted("b", 1)],
        [Discount("x", "x", amount=Money(300, "EUR")), Discount("y", "y", percent=Decimal(10))],
    )

    assert [(line.discount, line.net) for line in found.lines] == [(190, 810), (380, 1620)]
    assert found.total.minor == 810 + 1620 + 324


def test_no_discount_makes_a_price_negative() -> None:
    found = quote(prices(a=(100, "19", False)), [Wanted("a", 1)], [Discount("x", "x", amount=Money(10**6, "EUR"))])

    assert found.total == Money(0, "EUR")


@pytest.mark.parametrize(("currency", "minor", "shown"), [("JPY", 1000, "1100"), ("KWD", 1005, "1.106")])
def test_currencies_of_no_and_of_three_decimals_are_reckoned_in_their_own_units(
    currency: str, minor: int, shown: str
) -> None:
    found = quote(prices(currency, a=(minor, "10", False)), [Wanted("a", 1)])

    assert f"{found.total.amount:f}" == shown


@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.sampled_from(["0", "5", "7.5", "19"]), st.booleans()),
        min_size=1,
        max_size=5,
    ),
    st.lists(st.integers(1, 10**6), max_size=3),
    st.lists(st.integers(1, 5000), max_size=8),
)
def test_whatever_is_sold_and_given_back_in_parts_every_entry_sums_to_zero_and_the_end_is_nothing(
    units: list[tuple[int, str, bool]], off: list[int], parts: list[int]
) -> None:
    of = prices("EUR", **{f"s{place}": unit for place, unit in enumerate(units)})
    discounts = tuple(Discount("x", "x", amount=Money(one, "EUR")) for one in off)
    order = an_order(*(Wanted(one.code, 2) for one in of.prices), of=of, discounts=discounts)
    books = list[Posting](sold(order))
    assert sums(books).get("EUR", 0) == 0
    for part in [*parts, 10**9]:
        amount = Money(min(part, order.total.minor - order.reversed), "EUR")
        entry = taken_back(order, amount, REFUNDS_DUE)
        assert sums(entry).get("EUR", 0) == 0
        order.reversed += amount.minor
        books += entry
    held: dict[str, int] = {}
    for one in books:
        held[one.account] = held.get(one.account, 0) + one.amount.minor
    assert {name for name, minor in held.items() if minor} <= {"receivable", REFUNDS_DUE}
    assert held.get("receivable", 0) == order.total.minor == -held.get(REFUNDS_DUE, 0)


def test_what_goes_back_beyond_what_was_paid_is_a_loss() -> None:
    order = an_order(Wanted("a", 1), of=prices(a=(100, "0", False)))
    order.reversed = 80

    found = {one.account: one.amount.minor for one in taken_back(order, Money(50, "EUR"), REFUNDS_DUE)}

    assert found == {"revenue:a": 20, LOSSES: 30, REFUNDS_DUE: -50}


@pytest.mark.parametrize(
    ("wanted", "discounts", "code"),
    [
        ([], [], "order.wrong_count_of_lines"),
        ([Wanted("x", 1)], [], "order.no_such_service"),
        ([Wanted("a", 0)], [], "order.wrong_count"),
        ([Wanted("a", 1001)], [], "order.wrong_count"),
        ([Wanted("a", 1)], [Discount("x", "x")], "order.discount_one_of_two"),
        ([Wanted("a", 1)], [Discount("x", "x", Money(1, "USD"))], "order.wrong_discount"),
        ([Wanted("a", 1)], [Discount("x", "x", percent=Decimal(101))], "order.wrong_percent"),
        ([Wanted("a", 1)], [Discount(" ", "x", percent=Decimal(1))], "data.not_text"),
        ([Wanted("dear", 1000)], [], "money.out_of_range"),
    ],
)
def test_what_is_not_sold_is_refused_by_its_place(wanted: list[Wanted], discounts: list[Discount], code: str) -> None:
    of = prices(a=(100, "0", False), dear=(10**12, "0", False))

    with pytest.raises(Invalid) as refused:
        quote(of, wanted, discounts)
    assert code in {one.code for one in refused.value.reasons}


def test_a_list_that_is_not_sound_is_refused_with_every_reason() -> None:
    twice = prices(a=(-1, "101", False))
    broken = replace(twice, valid_until=AT, prices=(*twice.prices, replace(twice.prices[0], title=" ")))

    with pytest.raises(Invalid) as refused:
        broken.demand_sound()
    assert {one.code for one in refused.value.reasons} >= {
        "price.ends_before_it_begins",
        "price.negative",
        "price.wrong_rate",
        "price.twice",
        "data.not_text",
    }


def test_lists_may_follow_one_another_and_not_overlap() -> None:
    first = replace(prices(a=(1, "0", False)), valid_until=AT + timedelta(days=1))

    demand_free(replace(first, valid_from=AT + timedelta(days=1), valid_until=None), [first])
    demand_free(replace(first, currency="USD"), [first])
    with pytest.raises(Conflict):
        demand_free(replace(first, valid_from=AT + timedelta(hours=23), valid_until=None), [first])


def test_an_order_that_is_over_is_neither_cancelled_nor_given_back() -> None:
    order = an_order(Wanted("a", 1), of=prices(a=(100, "0", False)))
    order.expire(AT)

    with pytest.raises(RuleBroken):
        order.cancel(AT)
    with pytest.raises(RuleBroken):
        order.give_back(Money(1, "EUR"), AT)
    assert [order.counts_for(AT + timedelta(days=days)) for days in (14, 15)] == [True, False]


def test_what_does_not_go_back_after_all_is_paid_again() -> None:
    order = an_order(Wanted("a", 1), of=prices(a=(100, "0", False)))
    order.pay(AT, AT)
    states = []
    for give, amount in ((True, 60), (True, 40), (False, 40), (False, 60)):
        (order.give_back if give else order.keep)(Money(amount, "EUR"), AT)
        states.append(order.state)

    assert states == [State.PARTLY_REFUNDED, State.REFUNDED, State.PARTLY_REFUNDED, State.PAID]


def test_an_attempt_never_goes_back_but_from_a_bank_that_said_no() -> None:
    attempt = an_attempt(an_order(Wanted("a", 1), of=prices(a=(100, "0", False))))
    ways = [AttemptState.UNDER_WAY, AttemptState.OPEN, AttemptState.CLOSED, AttemptState.OPEN]

    assert [attempt.go(state) for state in ways] == [True, True, True, False]


def test_a_key_says_order_and_number_and_no_other_word_is_one() -> None:
    assert read_key(key_of(OrderId(ID), 3)) == (ID, 3)
    assert [read_key(word) for word in ("", "order:x:1", f"order:{'-' * 36}:1", f"refund:{ID}:1")] == [None] * 4


def test_working_days_leave_weekends_out() -> None:
    friday = date(2027, 1, 8)

    assert working_days_after(friday, 1) == date(2027, 1, 11)
    assert (Terms(5, 10).asked(friday), Terms(5, 10).approved(friday)) == (date(2027, 1, 29), date(2027, 1, 22))


def test_books_differ_in_what_one_side_lacks_or_says_otherwise() -> None:
    def line(cause: str, minor: int, side: Side = Side.TAKEN, hours: int = 1) -> Booked:
        return Booked(side, cause, Money(minor, "EUR"), AT + timedelta(hours=hours))

    there = [line("a", 1), line("b", 2), line("r", -1, Side.REPAID), line("late", 9, hours=48)]
    here = [line("b", 3), line("c", 4), line("d", -4, Side.DISPUTED)]
    found = compared(there, here, AT, AT + timedelta(days=1))

    assert [(one.what, one.subject) for one in found] == [
        (What.DISPUTED_HERE_ONLY, "d"),
        (What.REPAID_THERE_ONLY, "r"),
        (What.TAKEN_THERE_ONLY, "a"),
        (What.AMOUNTS_DIFFER, "b"),
        (What.TAKEN_HERE_ONLY, "c"),
    ]

"""What an order would cost: discounts first, divided over the lines, then taxes, each rounded once.

Tax is rounded once for each rate of the whole order, as invoices after EN 16931 state it (BR-CO-17, BR-CO-14), not for
each line: many small lines would otherwise be taxed by sums of roundings. What lines show of it are shares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason, refuse_if_any
from ..shared.money import Money
from ..shared.texts import text_problems
from .allocation import percent_of, shares, tax_within
from .price_list import Price, PriceList

MOST_LINES = 50
MOST_OF_ONE = 1000
MOST_DISCOUNTS = 10
_LONGEST_NAME, _LONGEST_REASON = 120, 500
_LARGEST = 10**13


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many of one service."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Discount:
    """What is taken off the order as a whole, before tax: an amount, or a percentage of what is left by then."""

    name: str
    reason: str
    amount: Money | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was sold: all it needs to be read without a price list."""

    price: Price
    count: int
    discount: int
    """In minor units, as are the next."""
    net: int
    tax: int

    @property
    def gross(self) -> int:
        """What the line costs in all."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax at one rate over the whole order."""

    rate: Decimal
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """What it costs."""

    currency: str
    lines: tuple[Line, ...]
    discounts: tuple[Discount, ...]
    taxes: tuple[Tax, ...]
    total: Money

    @property
    def net(self) -> Money:
        """The sum without tax."""
        return Money(sum(line.net for line in self.lines), self.currency)


def quote(prices: PriceList, wanted: Sequence[Wanted], discounts: Sequence[Discount] = ()) -> Quote:
    """Return what these services cost; raise Invalid with everything that is wrong with what was asked for."""
    refuse_if_any((*_wrong_lines(prices, wanted), *_wrong_discounts(prices, discounts)), Invalid)
    chosen = [(price, one.count) for one in wanted if (price := prices.price(one.code)) is not None]
    given = [price.unit.minor * count for price, count in chosen]
    if sum(given) > _LARGEST:
        raise Invalid(Reason("money.out_of_range", {"amount": str(sum(given))}, "lines"))
    left = _discounted(given, discounts)
    lines = [
        Line(price, count, before - after, after, 0)
        for (price, count), before, after in zip(chosen, given, left, strict=True)
    ]
    taxed, taxes = _taxed(lines, prices.currency)
    total = Money(sum(line.gross for line in taxed), prices.currency)
    return Quote(prices.currency, taxed, tuple(discounts), taxes, total)


def _discounted(given: Sequence[int], discounts: Sequence[Discount]) -> Sequence[int]:
    left = list(given)
    for one in discounts:
        whole = sum(left)
        off = one.amount.minor if one.amount is not None else percent_of(whole, one.percent or Decimal(0))
        left = [before - part for before, part in zip(left, shares(min(off, whole), left), strict=True)]
    return left


def _taxed(lines: Sequence[Line], currency: str) -> tuple[tuple[Line, ...], tuple[Tax, ...]]:
    found = list(lines)
    sums: dict[Decimal, tuple[int, int]] = {}
    for rate, included in sorted({(line.price.tax_rate, line.price.tax_included) for line in lines}):
        places = [
            place
            for place, line in enumerate(lines)
            if (line.price.tax_rate, line.price.tax_included) == (rate, included)
        ]
        given = [lines[place].net for place in places]
        tax = tax_within(sum(given), rate) if included else percent_of(sum(given), rate)
        for place, part in zip(places, shares(tax, given), strict=True):
            net = found[place].net - (part if included else 0)
            found[place] = replace(found[place], net=net, tax=part)
        net_before, tax_before = sums.get(rate, (0, 0))
        sums[rate] = net_before + sum(given) - (tax if included else 0), tax_before + tax
    taxes = tuple(Tax(rate, Money(net, currency), Money(tax, currency)) for rate, (net, tax) in sorted(sums.items()))
    return tuple(found), taxes


def _wrong_lines(prices: PriceList, wanted: Sequence[Wanted]) -> Iterator[Reason]:
    if not 0 < len(wanted) <= MOST_LINES:
        yield Reason("order.wrong_count_of_lines", {"at_most": MOST_LINES}, "lines")
    for place, one in enumerate(wanted):
        if prices.price(one.code) is None:
            known = ", ".join(price.code for price in prices.prices)
            yield Reason("order.no_such_service", {"given": one.code[:40], "known": known}, f"lines[{place}].code")
        if not 0 < one.count <= MOST_OF_ONE:
            yield Reason("order.wrong_count", {"at_most": MOST_OF_ONE}, f"lines[{place}].count")


def _wrong_discounts(prices: PriceList, discounts: Sequence[Discount]) -> Iterator[Reason]:
    if len(discounts) > MOST_DISCOUNTS:
        yield Reason("order.too_many_discounts", {"at_most": MOST_DISCOUNTS}, "discounts")
    for place, one in enumerate(discounts):
        where = f"discounts[{place}]"
        for name, text, at_most in (("name", one.name, _LONGEST_NAME), ("reason", one.reason, _LONGEST_REASON)):
            yield from text_problems(text, f"{where}.{name}", at_most=at_most)
            if not text.strip():
                yield Reason("data.not_text", {}, f"{where}.{name}")
        if (one.amount is None) == (one.percent is None):
            yield Reason("order.discount_one_of_two", {}, where)
        if one.amount is not None and (one.amount.currency != prices.currency or one.amount.minor <= 0):
            yield Reason("order.wrong_discount", {"currency": prices.currency}, f"{where}.amount")
        if one.percent is not None and not (one.percent.is_finite() and 0 < one.percent <= 100):
            yield Reason("order.wrong_percent", {}, f"{where}.percent")

"""Price lists: what each service costs in one currency from a moment on. What was ordered keeps its price."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from ..shared.currencies import CURRENCIES
from ..shared.dataclass import dataclass
from ..shared.errors import Conflict, Invalid, Reason, refuse_if_any
from ..shared.ids import PriceListId
from ..shared.money import Money
from ..shared.texts import text_problems

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_HIGHEST_RATE = Decimal(100)
_MOST_DECIMALS = -4
_LONGEST_TITLE = 120
MOST_PRICES = 200


@dataclass(frozen=True, slots=True)
class Price:
    """What one service costs. ``tax_rate`` is a percentage; ``tax_included`` says whether ``unit`` holds it already."""

    code: str
    title: str
    title_bn: str
    unit: Money
    tax_rate: Decimal
    tax_included: bool = False


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices in one currency, from ``valid_from`` to before ``valid_until``, or until another follows."""

    id: PriceListId
    currency: str
    valid_from: datetime
    valid_until: datetime | None
    prices: tuple[Price, ...]

    def holds_at(self, moment: datetime) -> bool:
        """Whether these prices are in force then."""
        return self.valid_from <= moment and (self.valid_until is None or moment < self.valid_until)

    def price(self, code: str) -> Price | None:
        """Return what the service costs, None where it is not offered."""
        return next((one for one in self.prices if one.code == code), None)

    def demand_sound(self) -> None:
        """Raise Invalid with everything that is wrong with the list."""
        refuse_if_any(self._problems(), Invalid)

    def _problems(self) -> Iterator[Reason]:
        if self.currency not in CURRENCIES:
            yield Reason("money.currency_unknown", {"currency": self.currency[:40]}, "currency")
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            yield Reason("price.ends_before_it_begins", {}, "valid_until")
        if not 0 < len(self.prices) <= MOST_PRICES:
            yield Reason("price.wrong_count", {"at_most": MOST_PRICES}, "prices")
        codes = set[str]()
        for place, price in enumerate(self.prices):
            yield from self._problems_of(price, f"prices[{place}]")
            if price.code in codes:
                yield Reason("price.twice", {"code": price.code[:40]}, f"prices[{place}].code")
            codes.add(price.code)

    def _problems_of(self, price: Price, where: str) -> Iterator[Reason]:
        if not _CODE.fullmatch(price.code):
            yield Reason("price.wrong_code", {}, f"{where}.code")
        for name, title in (("title", price.title), ("title_bn", price.title_bn)):
            yield from text_problems(title, f"{where}.{name}", at_most=_LONGEST_TITLE)
            if not title.strip():
                yield Reason("data.not_text", {}, f"{where}.{name}")
        if price.unit.currency != self.currency:
            params = {"one": self.currency[:40], "other": price.unit.currency}
            yield Reason("money.currencies_differ", params, f"{where}.unit")
        if price.unit.minor < 0:
            yield Reason("price.negative", {}, f"{where}.unit")
        rate = price.tax_rate
        if not (rate.is_finite() and 0 <= rate <= _HIGHEST_RATE and int(rate.as_tuple().exponent) >= _MOST_DECIMALS):
            yield Reason("price.wrong_rate", {"at_most": int(_HIGHEST_RATE)}, f"{where}.tax_rate")


def demand_free(wanted: PriceList, known: Iterable[PriceList]) -> None:
    """Raise Conflict where another list of the currency is in force at any moment of the wanted one."""
    for one in known:
        if one.currency == wanted.currency and _overlap(one, wanted):
            raise Conflict(Reason("price.overlaps", {"other": str(one.id)}, "valid_from"))


def _overlap(one: PriceList, other: PriceList) -> bool:
    return (one.valid_until is None or other.valid_from < one.valid_until) and (
        other.valid_until is None or one.valid_from < other.valid_until
    )

"""What is known of a student's money, and what it is to be shown for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from ..rulebook.conditions import Circumstance
from ..rulebook.facts import Scope
from ..shared.dataclass import dataclass
from ..shared.money import Money


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of exchange on a day, as somebody gave it: one unit of ``source`` is so many of ``target``.

    ``haircut`` is a share in percent that is taken off funds, and put onto costs, to be on the safe side.
    """

    id: str
    source: str
    target: str
    rate: Decimal
    on: date
    haircut: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account held at the end of a day, and until the next balance that is stated."""

    on: date
    amount: Money


def _day_of(balance: Balance) -> date:
    return balance.on


@dataclass(frozen=True, slots=True)
class Funds:
    """Money that can be shown: an amount, or an account by the balances of its statement in the order of their days.

    ``paper`` is the kind of document that proves it, empty where none was named. A statement covers the days from its
    first balance to its last; of days outside it shows nothing.
    """

    name: str
    paper: str = ""
    amount: Money | None = None
    balances: tuple[Balance, ...] = ()

    @property
    def currency(self) -> str:
        """The currency that the money is in."""
        return self.amount.currency if self.amount else self.balances[0].amount.currency

    def held_on(self, day: date) -> Money | None:
        """Return what was held at the end of the day, or None where nothing shows it."""
        if not self.balances:
            return self.amount
        if not self.balances[0].on <= day <= self.balances[-1].on:
            return None
        return self.balances[bisect_right(self.balances, day, key=_day_of) - 1].amount


@dataclass(frozen=True, slots=True)
class Family:
    """Who comes along; ``school_children`` of the children go to school."""

    partner: bool = False
    children: int = 0
    school_children: int = 0

    @property
    def comes_along(self) -> bool:
        """Whether anybody does."""
        return self.partner or self.children > 0


@dataclass(frozen=True, slots=True)
class MoneyCase:
    """For which studies money is shown, on which day, and what there is. What is None is not known.

    ``on`` is the day of the visa application. ``citizenships``, ``mission`` and ``institution`` choose figures for
    these alone. ``papers`` maps kinds of documents that are at hand to their day of
    issue. ``income`` is a year's income of whoever pays.
    """

    country: str
    level: str
    on: date
    months: int | None = None
    tuition: Money | None = None
    tuition_paid: Money | None = None
    travel: Money | None = None
    cost_of_attendance: Money | None = None
    income: Money | None = None
    family: Family = field(default_factory=Family)
    circumstances: Mapping[str, Circumstance] = field(default_factory=lambda: MappingProxyType({}))
    funds: tuple[Funds, ...] = ()
    papers: Mapping[str, date | None] = field(default_factory=lambda: MappingProxyType({}))
    rates: tuple[Rate, ...] = ()
    citizenships: tuple[str, ...] = ()
    mission: str = ""
    institution: str = ""

    @property
    def scope(self) -> Scope:
        """For whom figures are asked for; the nationality that was stated counts where no citizenship was."""
        stated = self.circumstances.get("nationality")
        people = self.citizenships or ((stated,) if isinstance(stated, str) else ())
        return Scope(self.country, self.mission, people, self.level, self.institution)

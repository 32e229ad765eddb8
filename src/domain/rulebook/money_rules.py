"""How countries want to see money: a few kinds of rules over dated facts, of which a pack chooses one.

A new country whose rule is of a kind that stands here needs no code.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.sources import Confidence, Source
from .conditions import Condition


class MoneyKind(StrEnum):
    """Which calculator a rule is for."""

    MONTHLY_RATE = "monthly_rate"
    HELD_FOR_DAYS = "held_for_days"
    YEARLY_SUM = "yearly_sum"
    STATED_COST = "stated_cost"


class Person(StrEnum):
    """For whom a cost of living is shown; a child at school costs what its school costs, besides its living."""

    STUDENT = "student"
    PARTNER = "partner"
    CHILD = "child"
    SCHOOL_CHILD = "school_child"


@dataclass(frozen=True, slots=True)
class LivingRate:
    """What living costs one such person, as the fact with the key says, where the condition holds."""

    fact: str
    person: Person = Person.STUDENT
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class IncomeOption:
    """A yearly income that counts instead of savings, as the fact with the key says."""

    fact: str
    with_family: bool


@dataclass(frozen=True, slots=True)
class MonthlyRate:
    """A rate times months, paid in beforehand; under a condition a year's tuition on top."""

    rate: str
    months: int
    plus_first_year_tuition_when: Condition | None = None


@dataclass(frozen=True, slots=True)
class HeldForDays:
    """Living for at most so many months and the tuition still to be paid, held on every one of so many days.

    ``days`` and ``within_days`` are keys of facts: how long it is held, and how many days may lie between the last of
    them and the application.
    """

    living: tuple[LivingRate, ...]
    months: int
    days: str
    within_days: str


@dataclass(frozen=True, slots=True)
class YearlySum:
    """A year's living of everybody who comes along, a year's tuition and the journey; or an income instead.

    ``minus_paid`` says whether tuition that was paid already comes off.
    """

    living: tuple[LivingRate, ...]
    minus_paid: bool
    travel: bool
    incomes: tuple[IncomeOption, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedCost:
    """What the school states as its cost of attendance; every line of funding needs a paper."""


Terms = MonthlyRate | HeldForDays | YearlySum | StatedCost


@dataclass(frozen=True, slots=True)
class MoneyRule:
    """How much a country wants to see, in what form.

    ``proofs`` are the papers that prove money held, ``letters`` those that promise an amount, which counts without
    having been held; each of ``alone`` takes the place of the whole sum.
    """

    id: str
    country: str
    level: str
    terms: Terms
    proofs: tuple[str, ...]
    source: Source
    confidence: Confidence
    letters: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    note: str = ""
    note_bn: str = ""

    @property
    def kind(self) -> MoneyKind:
        """Which calculator the rule is for."""
        return _KINDS[type(self.terms)]

    def figures(self) -> Iterator[tuple[str, str, str]]:
        """Yield each place of the rule that names a fact, with its key and what it is counted in."""
        match self.terms:
            case MonthlyRate():
                yield "rate", self.terms.rate, "month"
            case HeldForDays():
                yield from ((f"living[{at}].fact", one.fact, "month") for at, one in enumerate(self.terms.living))
                yield "days", self.terms.days, "days"
                yield "within_days", self.terms.within_days, "days"
            case YearlySum():
                yield from ((f"living[{at}].fact", one.fact, "year") for at, one in enumerate(self.terms.living))
                yield from ((f"incomes[{at}].fact", one.fact, "year") for at, one in enumerate(self.terms.incomes))


_KINDS: dict[type[Terms], MoneyKind] = {
    MonthlyRate: MoneyKind.MONTHLY_RATE,
    HeldForDays: MoneyKind.HELD_FOR_DAYS,
    YearlySum: MoneyKind.YEARLY_SUM,
    StatedCost: MoneyKind.STATED_COST,
}

"""What has to be shown, part by part, by the facts of the day of application."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ..rulebook.facts import Fact, Scope
from ..rulebook.money_rules import (
    HeldForDays,
    LivingRate,
    MoneyRule,
    MonthlyRate,
    Person,
    StatedCost,
    YearlySum,
)
from ..rulebook.pack import Rulebook
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from ..shared.money import Money
from .case import MoneyCase
from .converting import Converted, as_cost, as_funds


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what has to be shown.

    ``amount`` is the most that may be asked, None where that is not known; ``at_least`` is what is asked for certain,
    None where it is nothing; ``surely_enough`` says whether ``amount`` covers whatever is asked. ``depends_on`` names
    circumstances, and ``lacks`` a figure, that would have to be known to tell.
    """

    code: str
    amount: Money | None
    at_least: Money | None
    surely_enough: bool = True
    each: Money | None = None
    times: int = 1
    facts: tuple[Fact, ...] = ()
    converted: Converted | None = None
    depends_on: tuple[str, ...] = ()
    lacks: Reason | None = None


def required_parts(rule: MoneyRule, case: MoneyCase, rulebook: Rulebook) -> tuple[Part, ...]:
    """Return the parts of the sum that the rule asks for in this case."""
    return tuple(_Reckoning(rule, case, rulebook).parts())


def figure(key: str, day: date, scope: Scope, rulebook: Rulebook) -> Fact | None:
    """Return the fact of the key that holds on the day for such a case, or None where none holds or its figure is not
    known."""
    fact = rulebook.in_force(key, day, scope)
    return fact if fact is not None and isinstance(fact.value, Decimal) else None


def money_of(fact: Fact) -> Money:
    """Return the amount that the fact states, whatever time it is for."""
    return Money.of(fact.number, fact.unit.partition("/")[0])


class _Reckoning:
    """Reckons one rule for one case."""

    def __init__(self, rule: MoneyRule, case: MoneyCase, rulebook: Rulebook) -> None:
        self.rule, self.case, self.rulebook = rule, case, rulebook

    def parts(self) -> Iterator[Part]:
        """Yield each part."""
        match self.rule.terms:
            case MonthlyRate():
                yield from self._by_month(self.rule.terms)
            case HeldForDays():
                months = min(self.rule.terms.months, self.case.months or self.rule.terms.months)
                living = list(self._living(self.rule.terms.living, months))
                yield from (*living, self._tuition(living, minus_paid=True))
            case YearlySum():
                living = list(self._living(self.rule.terms.living, 1))
                found = (*living, self._tuition(living, minus_paid=self.rule.terms.minus_paid))
                yield from found
                if self.rule.terms.travel:
                    yield self._cost("travel", self.case.travel, currency_of(found))
            case StatedCost():
                cost = self.case.cost_of_attendance
                lacks = None if cost else Reason("money_proof.cost_not_stated")
                yield Part("cost_of_attendance", cost, cost, cost is not None, lacks=lacks)

    def _by_month(self, terms: MonthlyRate) -> Iterator[Part]:
        living = list(self._living((LivingRate(terms.rate),), terms.months))
        yield from living
        condition = terms.plus_first_year_tuition_when
        answer = condition.answer(self.case.circumstances) if condition else None
        if answer is None or answer.holds is False:
            return
        part = self._tuition(living, minus_paid=False)
        if answer.holds is None:
            part = replace(part, at_least=None, depends_on=tuple(sorted(answer.missing)))
        yield part

    def _living(self, rates: tuple[LivingRate, ...], times: int) -> Iterator[Part]:
        family = self.case.family
        counts = {
            Person.STUDENT: 1,
            Person.PARTNER: int(family.partner),
            Person.CHILD: family.children,
            Person.SCHOOL_CHILD: family.school_children,
        }
        for person, count in counts.items():
            if count:
                own = [rate for rate in rates if rate.person is person]
                yield self._person(person, own, count * times)

    def _person(self, person: Person, rates: list[LivingRate], times: int) -> Part:
        """Return the part of one kind of person; of several rates that may hold, the greatest counts."""
        answers = [(rate, rate.when.answer(self.case.circumstances) if rate.when else None) for rate in rates]
        possible = [rate.fact for rate, answer in answers if answer is None or answer.holds is not False]
        missing = {name for _, answer in answers if answer and answer.holds is None for name in answer.missing}
        found = [figure(key, self.case.on, self.case.scope, self.rulebook) for key in possible]
        facts = tuple(fact for fact in found if fact is not None)
        code = f"living_{person.value}"
        unknown = [key for key, fact in zip(possible, found, strict=True) if fact is None]
        lacks = self._lacking(person, unknown) if unknown or not possible else None
        if not facts:
            return Part(code, None, None, False, depends_on=tuple(sorted(missing)), lacks=lacks)
        each = [money_of(fact) for fact in facts]
        most, least = max(each, key=lambda one: one.minor), min(each, key=lambda one: one.minor)
        return Part(
            code=code,
            amount=most * times,
            at_least=None if unknown else least * times,
            surely_enough=not unknown,
            each=most,
            times=times,
            facts=facts,
            depends_on=tuple(sorted(missing)),
            lacks=lacks,
        )

    def _lacking(self, person: Person, keys: Iterable[str]) -> Reason:
        """Return which figures the rules do not have for the day; without any key the rule itself names none."""
        named = ", ".join(keys)
        if not named:
            return Reason("money_proof.no_rate_for", {"who": person.value})
        on = self.case.on.isoformat()
        return Reason("money_proof.rate_not_known", {"who": person.value, "fact": named, "on": on})

    def _tuition(self, living: Iterable[Part], *, minus_paid: bool) -> Part:
        part = self._cost("tuition", self.case.tuition, currency_of(living))
        paid = self.case.tuition_paid
        if not minus_paid or paid is None or part.amount is None:
            return part
        gone = as_funds(paid, part.amount.currency, self.case.rates, self.case.on)
        if gone is None:
            return replace(part, at_least=None, lacks=_no_rate(paid.currency, part.amount.currency))
        left = Money(max(0, part.amount.minor - gone.money.minor), part.amount.currency)
        return replace(part, code="tuition_unpaid", amount=left, at_least=left)

    def _cost(self, code: str, cost: Money | None, currency: str | None) -> Part:
        if cost is None:
            return Part(code, None, None, False, lacks=Reason(f"money_proof.{code}_not_stated"))
        wanted = currency or cost.currency
        converted = as_cost(cost, wanted, self.case.rates, self.case.on)
        if converted is None:
            return Part(code, None, None, False, lacks=_no_rate(cost.currency, wanted))
        return Part(code, converted.money, converted.money, converted=converted)


def currency_of(parts: Iterable[Part]) -> str | None:
    """Return the currency that the parts are in, None where no amount is known."""
    return next((part.amount.currency for part in parts if part.amount is not None), None)


def _no_rate(source: str, target: str) -> Reason:
    return Reason("money_proof.no_rate", {"source": source, "target": target})

"""How much money a student has to show for a target."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from ..rulebook.conditions import Answer, Circumstance
from ..rulebook.facts import Scope
from ..rulebook.pack import MoneyRule, Rulebook, weakest
from ..shared.dataclass import dataclass
from ..shared.money import Money
from ..shared.sources import Confidence


@dataclass(frozen=True, slots=True)
class MoneyNeed:
    """What has to be shown, how it is made up, by which facts, and the papers that prove it.

    ``tuition_too`` says whether a year's tuition comes on top: yes, no, or not known (None); ``depends_on`` names
    what would have to be known to tell. ``tuition_counted`` says whether the amount holds that tuition: no where it is
    not known or in another currency, None where it is not said to come on top.
    """

    rule: str
    amount: Money
    a_month: Money
    months: int
    tuition_too: bool | None
    proofs: tuple[str, ...]
    on: date
    rests_on: tuple[str, ...]
    confidence: Confidence
    source_url: str
    tuition_counted: bool | None = None
    depends_on: tuple[str, ...] = ()


def money_needs(
    country: str,
    level: str,
    lodged_on: date,
    circumstances: Mapping[str, Circumstance],
    tuition_a_year: Money | None,
    rulebook: Rulebook,
) -> tuple[MoneyNeed, ...]:
    """Return what each money rule of the country asks for when the papers are lodged on the day.

    A rule whose rate is not known for that day is left out: no figure is better than a wrong one.
    """
    found = []
    for rule in rulebook.money_rules_of(country, level):
        need = _monthly(rule, lodged_on, circumstances, tuition_a_year, rulebook)
        if need is not None:
            found.append(need)
    return tuple(found)


def _monthly(
    rule: MoneyRule,
    lodged_on: date,
    circumstances: Mapping[str, Circumstance],
    tuition_a_year: Money | None,
    rulebook: Rulebook,
) -> MoneyNeed | None:
    fact = rulebook.in_force(rule.rate, lodged_on, Scope(country=rule.country, level=rule.level))
    if fact is None or not isinstance(fact.value, Decimal):
        return None
    a_month = Money.of(fact.value, fact.unit.partition("/")[0])
    condition = rule.plus_first_year_tuition_when
    answer = condition.answer(circumstances) if condition else Answer(False)
    amount = a_month * rule.months
    counted = None
    if answer.holds:
        counted = tuition_a_year is not None and tuition_a_year.currency == amount.currency
    if counted and tuition_a_year is not None:
        amount = amount + tuition_a_year
    return MoneyNeed(
        rule=rule.id,
        amount=amount,
        a_month=a_month,
        months=rule.months,
        tuition_too=answer.holds,
        proofs=rule.proofs,
        on=lodged_on,
        rests_on=(fact.id,),
        confidence=weakest([fact.confidence, rule.confidence]),
        source_url=fact.source.url,
        tuition_counted=counted,
        depends_on=tuple(sorted(answer.missing)) if answer.holds is None else (),
    )

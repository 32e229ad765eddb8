"""How much money a student has to show for a target."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..rulebook.conditions import Answer, Circumstance
from ..rulebook.facts import Scope
from ..rulebook.money_rules import HeldForDays, MoneyRule, MonthlyRate, StatedCost
from ..rulebook.pack import Rulebook, weakest
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from ..shared.money import Money
from ..shared.sources import Confidence
from .case import MoneyCase
from .required import figure, money_of, required_parts

_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class MoneyNeed:
    """What has to be shown, how it is made up, by which facts, and the papers that prove it.

    ``a_month`` is absent where the rule counts by the year. ``tuition_too`` says whether a year's tuition comes on top:
    yes, no, or not known (None); ``depends_on`` names what would have to be known to tell. ``tuition_counted`` says
    whether the amount holds that tuition: no where it is not known or in another currency, None where it is not said to
    come on top.
    """

    rule: str
    amount: Money
    a_month: Money | None
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
    scope: Scope,
    lodged_on: date,
    circumstances: Mapping[str, Circumstance],
    tuition_a_year: Money | None,
    rulebook: Rulebook,
) -> tuple[MoneyNeed, ...]:
    """Return what each money rule of the country asks for in such a case when the papers are lodged on the day.

    A rule whose rate is not known for that day is left out: no figure is better than a wrong one. So is one that
    follows what the school states. ``money_unknown`` names both.
    """
    case = _case(scope, lodged_on, circumstances, tuition_a_year)
    needs = (_need(rule, case, rulebook) for rule in rulebook.money_rules_of(scope.country, scope.level))
    return tuple(need for need in needs if need is not None)


def money_unknown(
    scope: Scope, lodged_on: date, circumstances: Mapping[str, Circumstance], rulebook: Rulebook
) -> tuple[Reason, ...]:
    """Return for the country's money rules of which no amount is known why not, each reason once: the school states it,
    or the rules have no figure for the day on which the papers are lodged."""
    case, country = _case(scope, lodged_on, circumstances), scope.country
    found: list[Reason] = []
    for rule in rulebook.money_rules_of(country, scope.level):
        if _need(rule, case, rulebook) is None:
            stated = isinstance(rule.terms, StatedCost)
            on_day = Reason("money_need.not_known", {"country": country, "on": lodged_on.isoformat()})
            why = Reason("money_need.school_states", {"country": country}) if stated else on_day
            found += [why] if why not in found else []
    return tuple(found)


def _case(
    scope: Scope, lodged_on: date, circumstances: Mapping[str, Circumstance], tuition: Money | None = None
) -> MoneyCase:
    return MoneyCase(
        scope.country,
        scope.level,
        lodged_on,
        tuition=tuition,
        circumstances=circumstances,
        citizenships=scope.nationality,
        mission=scope.mission,
        institution=scope.institution,
    )


def _need(rule: MoneyRule, case: MoneyCase, rulebook: Rulebook) -> MoneyNeed | None:
    if isinstance(rule.terms, StatedCost):
        return None
    if isinstance(rule.terms, MonthlyRate):
        return _monthly(rule, rule.terms, case, rulebook)
    return _by_parts(rule, case, rulebook)


def _monthly(rule: MoneyRule, terms: MonthlyRate, case: MoneyCase, rulebook: Rulebook) -> MoneyNeed | None:
    fact = figure(terms.rate, case.on, case.scope, rulebook)
    if fact is None:
        return None
    condition = terms.plus_first_year_tuition_when
    answer = condition.answer(case.circumstances) if condition else Answer(False)
    a_month = money_of(fact)
    amount = a_month * terms.months
    counted = None
    if answer.holds:
        counted = case.tuition is not None and case.tuition.currency == amount.currency
    if counted and case.tuition is not None:
        amount = amount + case.tuition
    return MoneyNeed(
        rule=rule.id,
        amount=amount,
        a_month=a_month,
        months=terms.months,
        tuition_too=answer.holds,
        proofs=rule.proofs,
        on=case.on,
        rests_on=(fact.id,),
        confidence=weakest([fact.confidence, rule.confidence]),
        source_url=fact.source.url,
        tuition_counted=counted,
        depends_on=tuple(sorted(answer.missing)) if answer.holds is None else (),
    )


def _by_parts(rule: MoneyRule, case: MoneyCase, rulebook: Rulebook) -> MoneyNeed | None:
    """Return the student's own living and the tuition; of several rates that may hold, the greatest counts."""
    parts = required_parts(rule, case, rulebook)
    living, tuition = parts[0], parts[1]
    if living.amount is None or living.each is None:
        return None
    by_month = isinstance(rule.terms, HeldForDays)
    return MoneyNeed(
        rule=rule.id,
        amount=living.amount if tuition.amount is None else living.amount + tuition.amount,
        a_month=living.each if by_month else None,
        months=living.times if by_month else _A_YEAR,
        tuition_too=True,
        proofs=rule.proofs,
        on=case.on,
        rests_on=tuple(fact.id for fact in living.facts),
        confidence=weakest([rule.confidence, *(fact.confidence for fact in living.facts)]),
        source_url=living.facts[0].source.url,
        tuition_counted=tuition.amount is not None,
        depends_on=living.depends_on,
    )

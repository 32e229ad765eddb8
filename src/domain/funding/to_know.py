"""What there is to know of the money for a target besides the amount: what nobody knows, and since when it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from ..rulebook.conditions import Circumstance
from ..rulebook.facts import Scope
from ..rulebook.money_rules import HeldForDays, MoneyRule, StatedCost
from ..rulebook.pack import Rulebook
from ..shared.errors import Reason
from .case import MoneyCase
from .need import money_need
from .proving import days_of
from .required import figure


def money_to_know(
    country: str, level: str, lodged_on: date, circumstances: Mapping[str, Circumstance], rulebook: Rulebook
) -> tuple[Reason, ...]:
    """Return, for papers that are lodged on the day, what the country's money rules leave open: a sum that is not known
    for that day, with the last one that was, or that the school states; and since when the money has to be there."""
    case = MoneyCase(country, level, lodged_on, circumstances=circumstances)
    return tuple(found for rule in rulebook.money_rules_of(country, level) for found in _to_know(rule, case, rulebook))


def _to_know(rule: MoneyRule, case: MoneyCase, rulebook: Rulebook) -> Iterator[Reason]:
    if isinstance(rule.terms, StatedCost):
        yield Reason("money.school_states_it", {"country": rule.country})
    elif money_need(rule, case, rulebook) is None:
        yield _not_known(rule, case, rulebook)
    elif isinstance(rule.terms, HeldForDays):
        yield from _held_since(rule, rule.terms, case, rulebook)


def _not_known(rule: MoneyRule, case: MoneyCase, rulebook: Rulebook) -> Reason:
    """Say that the sum is not known for the day, and until when which sum was."""
    said = {"country": rule.country, "on": case.on.isoformat()}
    for until in _ends_before(rule, case, rulebook):
        last = money_need(rule, MoneyCase(case.country, case.level, until, circumstances=case.circumstances), rulebook)
        if last is not None:
            return Reason("money.sum_ran_out", {**said, "until": until.isoformat(), "last": str(last.amount)})
    return Reason("money.sum_not_known", said)


def _ends_before(rule: MoneyRule, case: MoneyCase, rulebook: Rulebook) -> list[date]:
    """Return the days before that of the case on which a figure of the rule ended, the latest first."""
    scope = Scope(country=rule.country, level=case.level)
    facts = (
        fact for _, key, _ in rule.figures() for fact in rulebook.facts(key) if scope.country == fact.scope.country
    )
    return sorted({fact.valid_to for fact in facts if fact.valid_to and fact.valid_to < case.on}, reverse=True)


def _held_since(rule: MoneyRule, terms: HeldForDays, case: MoneyCase, rulebook: Rulebook) -> Iterator[Reason]:
    days = figure(terms.days, case.on, rule.country, case.level, rulebook)
    within = figure(terms.within_days, case.on, rule.country, case.level, rulebook)
    if days is None or within is None:
        return
    held = days_of(days)
    since = case.on - timedelta(days=held - 1)
    yield Reason(
        "money.held_since",
        {
            "country": rule.country,
            "days": held,
            "within_days": days_of(within),
            "since": since.isoformat(),
            "on": case.on.isoformat(),
        },
    )

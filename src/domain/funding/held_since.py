"""Since when money has to be there where a country wants it held for days in a row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ..rulebook.facts import Scope
from ..rulebook.money_rules import HeldForDays
from ..rulebook.pack import Rulebook
from ..shared.errors import Params, Reason
from .proving import days_of
from .required import figure


def money_held_since(scope: Scope, lodged_on: date, rulebook: Rulebook) -> tuple[Reason, ...]:
    """Return for each rule of the country by which money is held for days in a row on which days it has to be there if
    the papers are lodged on the day; nothing where the rules do not know how many days that are."""
    return tuple(_held_since(scope, lodged_on, rulebook))


def _held_since(scope: Scope, lodged_on: date, rulebook: Rulebook) -> Iterator[Reason]:
    for rule in rulebook.money_rules_of(scope.country, scope.level):
        if not isinstance(rule.terms, HeldForDays):
            continue
        days = figure(rule.terms.days, lodged_on, scope, rulebook)
        within = figure(rule.terms.within_days, lodged_on, scope, rulebook)
        if days is None or within is None:
            continue
        held = days_of(days)
        since = lodged_on - timedelta(days=held - 1)
        said: Params = {"country": scope.country, "days": held, "within_days": days_of(within)}
        yield Reason("money_need.held_since", {**said, "since": since.isoformat(), "on": lodged_on.isoformat()})

"""Reading money rules, each by its kind."""

from __future__ import annotations

from ..shared.reading import Record
from ..shared.sourced import Sources, source_of
from ..shared.sources import Confidence
from .limits import MOST_MONTHS
from .money_rules import (
    HeldForDays,
    IncomeOption,
    LivingRate,
    MoneyKind,
    MoneyRule,
    MonthlyRate,
    Person,
    StatedCost,
    Terms,
    YearlySum,
)
from .reading_conditions import maybe_condition
from .reading_whom import country_of, level_of


def read_money_rule(r: Record, sources: Sources) -> MoneyRule:
    """Return the money rule in the record; what is wrong with it is noted."""
    rule = MoneyRule(
        id=r.text("id"),
        country=country_of(r),
        level=level_of(r),
        terms=_terms(r),
        proofs=r.texts("proofs"),
        letters=r.texts("letters"),
        alone=r.texts("alone"),
        note=r.text("note", ""),
        note_bn=r.text("note_bn", ""),
        source=source_of(r, sources),
        confidence=r.choice("confidence", Confidence),
    )
    r.done()
    return rule


def _terms(r: Record) -> Terms:
    match r.choice("kind", MoneyKind):
        case MoneyKind.MONTHLY_RATE:
            months = r.maybe_integer("months", required=True, least=1, most=MOST_MONTHS) or 1
            return MonthlyRate(r.text("rate"), months, maybe_condition(r, "plus_first_year_tuition_when"))
        case MoneyKind.HELD_FOR_DAYS:
            months = r.maybe_integer("months", required=True, least=1, most=MOST_MONTHS) or 1
            return HeldForDays(_living(r), months, r.text("days"), r.text("within_days"))
        case MoneyKind.YEARLY_SUM:
            return YearlySum(_living(r), r.flag("minus_paid"), r.flag("travel"), _incomes(r))
        case MoneyKind.STATED_COST:
            return StatedCost()


def _living(r: Record) -> tuple[LivingRate, ...]:
    found = []
    for entry in r.tables("living"):
        person = entry.choice("person", Person, Person.STUDENT)
        found.append(LivingRate(entry.text("fact"), person, maybe_condition(entry, "when")))
        entry.done()
    if not any(one.person is Person.STUDENT for one in found):
        r.wrong("living", "data.missing")
    return tuple(found)


def _incomes(r: Record) -> tuple[IncomeOption, ...]:
    found = []
    for entry in r.tables("incomes"):
        found.append(IncomeOption(entry.text("fact"), entry.flag("with_family")))
        entry.done()
    return tuple(found)

"""Reading a money case: what comes in over the API or from a file, in one form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from ..rulebook.conditions import Circumstance, wrong_circumstance
from ..rulebook.limits import MOST_MONTHS
from ..rulebook.pack import Rulebook
from ..shared.countries import COUNTRIES
from ..shared.errors import Invalid, Reason
from ..shared.levels import STUDY_LEVELS
from ..shared.money import Money
from ..shared.reading import Problems, Record
from ..shared.toml import NotToml, load_toml, with_lines
from .case import Balance, Family, Funds, MoneyCase, Rate

MOST_FUNDS, MOST_BALANCES, MOST_RATES, MOST_PEOPLE = 20, 500, 100, 30
_LARGEST_RATE = Decimal(1_000_000)


class BrokenMoneyCase(Invalid):
    """What was given of the money cannot be understood."""

    code = "broken_money_case"


def read_money_case(data: Mapping[str, Any], rulebook: Rulebook) -> MoneyCase:
    """Return the case in the data; raise BrokenMoneyCase with every problem and its place."""
    problems = Problems()
    case = _case(Record(data, "", problems), rulebook)
    if problems.found:
        raise BrokenMoneyCase(*problems.found)
    return case


def read_money_case_file(text: str, name: str, rulebook: Rulebook) -> MoneyCase:
    """Return the case in the TOML text; raise BrokenMoneyCase with every problem, ``name``, line and place."""
    try:
        return read_money_case(load_toml(text), rulebook)
    except NotToml as error:
        raise BrokenMoneyCase(Reason("case.not_toml", {"detail": str(error)}, name)) from None
    except BrokenMoneyCase as error:
        raise BrokenMoneyCase(*with_lines(list(error.reasons), text, name)) from None


def _case(r: Record, rulebook: Rulebook) -> MoneyCase:
    case = MoneyCase(
        country=_country(r),
        level=_level(r),
        on=r.day("on"),
        months=r.maybe_integer("months", least=1, most=MOST_MONTHS),
        tuition=_money(r, "tuition"),
        tuition_paid=_money(r, "tuition_paid"),
        travel=_money(r, "travel"),
        cost_of_attendance=_money(r, "cost_of_attendance"),
        income=_money(r, "income"),
        family=_family(r),
        circumstances=_circumstances(r),
        funds=_funds(r, rulebook),
        papers=_papers(r, rulebook),
        rates=_rates(r),
        citizenships=_citizenships(r),
        mission=r.text("mission", ""),
        institution=r.text("institution", ""),
    )
    r.done()
    return case


def _country(r: Record) -> str:
    code = r.text("country")
    if code and code not in COUNTRIES:
        r.wrong("country", "country.unknown", given=code[:40])
    return code


def _citizenships(r: Record) -> tuple[str, ...]:
    codes = r.texts("citizenships")
    for index, code in enumerate(codes):
        if code not in COUNTRIES:
            r.wrong(f"citizenships[{index}]", "country.unknown", given=code[:40])
    return codes


def _level(r: Record) -> str:
    level = r.text("level")
    if level and level not in STUDY_LEVELS:
        r.wrong("level", "data.unknown_word", given=level[:40], known=", ".join(STUDY_LEVELS))
    return level


def _money(r: Record, key: str) -> Money | None:
    table = r.maybe_table(key)
    if table is None:
        return None
    money = table.money()
    table.done()
    return _not_negative(money, table, "amount")


def _not_negative(money: Money | None, r: Record, key: str) -> Money | None:
    if money is not None and money.minor < 0:
        r.wrong(key, "money.negative", amount=str(money))
        return None
    return money


def _family(r: Record) -> Family:
    table = r.maybe_table("family")
    if table is None:
        return Family()
    family = Family(
        table.flag("partner", False),
        table.integer("children", 0, most=MOST_PEOPLE),
        table.integer("school_children", 0, most=MOST_PEOPLE),
    )
    table.done()
    if family.school_children > family.children:
        table.wrong("school_children", "data.number_too_large", given=family.school_children, at_most=family.children)
    return family


def _circumstances(r: Record) -> dict[str, Circumstance]:
    table = r.maybe_table("circumstances")
    if table is None:
        return {}
    for name, value in table.data.items():
        wrong = wrong_circumstance(name, value, table.place(name[:80]))
        if wrong is not None:
            r.problems.found.append(wrong)
    return dict(table.data)


def _funds(r: Record, rulebook: Rulebook) -> tuple[Funds, ...]:
    found = []
    for entry in r.tables("funds"):
        name, paper, currency = entry.text("name"), _paper(entry, "paper", rulebook), _currency(entry, "currency")
        balances = _balances(entry, currency)
        amount = _amount(entry, currency)
        if amount is not None and balances:
            entry.wrong("amount", "data.both_given", other="balances")
        if amount is None and not balances and not entry.has("amount") and not entry.has("balances"):
            entry.wrong("amount", "data.missing")
        entry.done()
        if amount is not None or balances:
            found.append(Funds(name, paper, None if balances else amount, balances))
    _at_most(r, "funds", len(found), MOST_FUNDS)
    return tuple(found)


def _amount(r: Record, currency: str) -> Money | None:
    amount = r.maybe_decimal("amount")
    if amount is None or not currency:
        return None
    return _not_negative(_of(amount, currency, r, "amount"), r, "amount")


def _of(amount: Decimal, currency: str, r: Record, key: str) -> Money | None:
    try:
        return Money.of(amount, currency)
    except Invalid as error:
        for reason in error.reasons:
            r.problems.note(reason.code, r.place(key), **reason.params)
        return None


def _balances(r: Record, currency: str) -> tuple[Balance, ...]:
    found = []
    for entry in r.tables("balances"):
        on, amount = entry.maybe_day("on", required=True), entry.maybe_decimal("amount", required=True)
        entry.done()
        if on is not None and amount is not None and currency:
            money = _not_negative(_of(amount, currency, entry, "amount"), entry, "amount")
            if money is not None:
                found.append(Balance(on, money))
    _at_most(r, "balances", len(found), MOST_BALANCES)
    if any(later.on <= earlier.on for earlier, later in pairwise(found)):
        r.wrong("balances", "money_proof.balances_out_of_order")
    return tuple(found)


def _paper(r: Record, key: str, rulebook: Rulebook) -> str:
    kind = r.text(key, "")
    if kind and kind not in rulebook.document_kinds:
        r.wrong(key, "document.unknown_kind", kind=kind[:80])
    return kind


def _papers(r: Record, rulebook: Rulebook) -> dict[str, date | None]:
    found: dict[str, date | None] = {}
    for entry in r.tables("papers"):
        kind = _paper(entry, "kind", rulebook) or entry.text("kind")
        issued_on = entry.maybe_day("issued_on")
        entry.done()
        if kind in found:
            entry.wrong("kind", "data.twice", given=kind[:80])
        found[kind] = issued_on
    return found


def _rates(r: Record) -> tuple[Rate, ...]:
    found: dict[str, Rate] = {}
    for entry in r.tables("rates"):
        rate = Rate(
            id=entry.text("id"),
            source=_currency(entry, "from"),
            target=_currency(entry, "to"),
            rate=entry.decimal("rate"),
            on=entry.day("on"),
            haircut=entry.maybe_decimal("haircut_percent") or Decimal(0),
        )
        entry.done()
        if not 0 < rate.rate <= _LARGEST_RATE and entry.has("rate"):
            entry.wrong("rate", "money_proof.rate_out_of_range")
        if not 0 <= rate.haircut < 100:
            entry.wrong("haircut_percent", "money_proof.haircut_out_of_range")
        if rate.id in found:
            entry.wrong("id", "data.twice", given=rate.id[:80])
        found[rate.id] = rate
    _at_most(r, "rates", len(found), MOST_RATES)
    return tuple(found.values())


def _currency(r: Record, key: str) -> str:
    """Return the code of a currency; none after noting that it is no such code, so that it is told once."""
    code = r.text(key)
    return code if code and _of(Decimal(0), code, r, key) is not None else ""


def _at_most(r: Record, key: str, count: int, most: int) -> None:
    if count > most:
        r.wrong(key, "data.too_many", at_most=most)

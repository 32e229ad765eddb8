"""Four rules over a few round figures, and a money proof written out as a text, field by field."""

from collections.abc import Iterator
from typing import Any

from higherstudy.domain.funding.proof import MoneyProof
from higherstudy.domain.funding.proving import money_proofs
from higherstudy.domain.funding.reading import read_money_case
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.reading import read_pack

_HEAD = """
[pack]
id = "own"
title = "Own"
version = "1"
review_by = 2026-12-31
[[sources]]
id = "page"
title = "A page"
kind = "official"
retrieved_on = 2026-11-01
url = "https://example.org/rules"
[[sources]]
id = "table"
title = "A table"
kind = "official"
retrieved_on = 2026-11-01
url = "https://example.org/figures"
"""
_FIGURES = {
    "month": ("900", "EUR/month", "M"),
    "london": ("1500", "GBP/month", "M"),
    "outside": ("1100", "GBP/month", "L"),
    "partner": ("800", "GBP/month", "M"),
    "days": ("4", "weeks", "H"),
    "within": ("5", "days", "H"),
    "year": ("29000", "AUD/year", "H"),
    "year.partner": ("10000", "AUD/year", "H"),
    "year.child": ("4000", "AUD/year", "H"),
    "year.school": ("13000", "AUD/year", "H"),
    "income": ("87000", "AUD/year", "H"),
    "unread": ("as the page says", "", "M"),
    "income.family": ("102000", "AUD/year", "U"),
}
_ONLY = {
    "days": 'valid_from = 2026-01-01\nscope = { country = "GB", level = "master" }\n',
    "london": 'valid_from = 2026-01-01\nscope = { country = "GB", level = "master" }\n',
    "income": 'valid_from = 2026-01-01\nscope = { country = "AU", level = "master" }\n',
    "outside": "valid_from = 2026-03-01\n",
    "within": 'valid_from = 2026-02-01\nscope = { country = "GB", level = "master" }\n',
}
_PAPERS = {"statement": "", "account": "", "letter": "", "scholarship": "valid_months = 6\n", "pledge": ""}
_RULES = """
[[money_rules]]
id = "de"
kind = "monthly_rate"
country = "DE"
rate = "month"
months = 12
proofs = ["account"]
alone = ["scholarship", "pledge"]
plus_first_year_tuition_when = { circumstance = "university_sector", is = "private" }
source = "page"
confidence = "L"
note = "Ask the embassy."
[[money_rules]]
id = "gb"
kind = "held_for_days"
country = "GB"
months = 9
days = "days"
within_days = "within"
proofs = ["statement"]
letters = ["letter"]
living = [
  { fact = "london", when = { circumstance = "in_london", is = true } },
  { fact = "outside", when = { circumstance = "in_london", is = false } },
  { fact = "partner", person = "partner" },
]
source = "page"
confidence = "M"
[[money_rules]]
id = "au"
kind = "yearly_sum"
country = "AU"
minus_paid = true
travel = true
proofs = ["statement"]
living = [
  { fact = "year" },
  { fact = "year.partner", person = "partner" },
  { fact = "year.child", person = "child" },
  { fact = "year.school", person = "school_child" },
]
incomes = [{ fact = "income", with_family = false }, { fact = "income.family", with_family = true }]
source = "page"
confidence = "H"
[[money_rules]]
id = "us"
kind = "stated_cost"
country = "US"
level = "master"
proofs = ["statement"]
source = "page"
confidence = "H"
"""


def _text() -> str:
    facts = (
        f'[[facts]]\nid = "{key}.1"\nkey = "{key}"\nvalue = "{value}"\nunit = "{unit}"\n'
        f'note = "Look again."\nsource = "table"\nconfidence = "{confidence}"\n'
        + _ONLY.get(key, "valid_from = 2026-01-01\n")
        for key, (value, unit, confidence) in _FIGURES.items()
    )
    papers = (
        f'[[document_kinds]]\ncode = "{code}"\ntitle = "{code}"\n{more}source = "page"\nconfidence = "M"\n'
        for code, more in _PAPERS.items()
    )
    return _HEAD + "".join((*facts, *papers)) + _RULES


RULES = Rulebook((read_pack(_text(), "own.toml"),))

RATES = [
    {"id": "r", "from": "BDT", "to": "EUR", "rate": "0.0075", "on": "2026-06-01", "haircut_percent": "2"},
    {"id": "g", "from": "BDT", "to": "GBP", "rate": "0.006", "on": "2026-06-01"},
]
"""Rates into euro, with two percent to be on the safe side, and into pounds."""


def money(amount: str, currency: str) -> dict[str, str]:
    """Return an amount as a case states it."""
    return {"amount": amount, "currency": currency}


def line(name: str, amount: str, currency: str, paper: str = "") -> dict[str, str]:
    """Return a line of funds."""
    return {"name": name, **money(amount, currency), **({"paper": paper} if paper else {})}


def account(currency: str, **balances: str) -> dict[str, Any]:
    """Return a statement of these balances, each named by its month and day, such as ``m0510``."""
    days = [{"on": f"2026-{day[1:3]}-{day[3:]}", "amount": amount} for day, amount in balances.items()]
    return {"name": "Bank", "paper": "statement", "currency": currency, "balances": days}


def proof(country: str, **data: Any) -> MoneyProof:
    """Return the one proof for a Master's in the country, on 10 June 2026 where nothing else is said."""
    case = read_money_case({"country": country, "level": "master", "on": "2026-06-10", **data}, RULES)
    (found,) = money_proofs(case, RULES)
    return found


def told(proof: MoneyProof) -> str:
    """Return the proof as lines, all of it but the packs."""
    return "\n" + "".join(f"{line}\n" for line in _lines(proof)).replace("money_proof.", "")


def _lines(proof: MoneyProof) -> Iterator[str]:
    yield f"{proof.rule}, {proof.kind}, {proof.country}, {proof.on}: {proof.passes}"
    yield f"required {proof.required}, at least {proof.at_least}, held {proof.held}, gap {proof.gap}"
    for part in proof.parts:
        sure = "" if part.surely_enough else ", perhaps more"
        facts = " ".join(fact.id for fact in part.facts)
        yield f"part {part.code}: {part.amount}, at least {part.at_least}{sure}"
        yield f"  {part.times} x {part.each}, by {facts or None}, depends on {part.depends_on}, lacks {part.lacks}"
        if part.converted is not None:
            yield f"  from {part.converted.original} by {part.converted.rate and part.converted.rate.id}"
    for line in proof.funds:
        came_to = line.converted and f"{line.converted.money} by {line.converted.rate and line.converted.rate.id}"
        yield f"funds {line.funds.name}: {line.counted}, {came_to}, {line.why_not}"
    for option in proof.options:
        yield f"or {option.code}: {option.passes}, {option.required}, {option.held}, by {option.facts}"
    if proof.holding is not None:
        held = proof.holding
        spans = [f"{span.first}..{span.last}" for span in held.legal]
        window = held.window and f"{held.window.first}..{held.window.last}"
        yield f"holding {held.passes}, least {held.least_held}, window {window}, legal {spans}"
        yield f"  {len(held.dips)} dips, earliest {held.earliest}, if kept {held.if_kept}"
    yield f"proofs {' '.join(proof.proofs)}"
    yield f"rests on {' '.join(proof.rests_on) or None}, {proof.confidence}, {proof.source_url}"
    yield f"depends on {proof.depends_on}"
    yield from (f"said {reason}" for reason in proof.said)
    yield from (f"warning {reason}" for reason in proof.warnings)

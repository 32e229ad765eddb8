"""Holding a student's money against the rules of a country: pure functions over dated facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from ..rulebook.facts import Fact
from ..rulebook.money_rules import HeldForDays, MoneyRule, StatedCost, YearlySum
from ..rulebook.pack import Rulebook, weakest
from ..rulebook.pathways import DAYS_OF
from ..shared.dataclass import dataclass
from ..shared.errors import NotFound, Reason
from ..shared.money import Money
from ..shared.times import add_months
from .case import Balance, Funds, MoneyCase
from .converting import as_funds, by_rate, rate_for
from .holding import Holding, judge_holding
from .proof import CountedFunds, MoneyProof, Option
from .required import Part, currency_of, figure, money_of, required_parts
from .wording import said_of, warnings_of


def money_proofs(case: MoneyCase, rulebook: Rulebook) -> tuple[MoneyProof, ...]:
    """Return a proof by each money rule of the country; raise NotFound where no rule of it is known."""
    rules = rulebook.money_rules_of(case.country, case.level)
    if not rules:
        raise NotFound(Reason("money_proof.no_rule", {"country": case.country, "level": case.level}, "country"))
    return tuple(money_proof(rule, case, rulebook) for rule in rules)


def money_proof(rule: MoneyRule, case: MoneyCase, rulebook: Rulebook) -> MoneyProof:
    """Return how the money stands against the rule. More money never makes it worse, and what is not known is unknown.

    All sums are in the currency of the rule; what cannot be converted into it is named and not counted.
    """
    parts = required_parts(rule, case, rulebook)
    currency = currency_of(parts)
    sums = _Sums.of(parts, currency)
    funds = tuple(_counted(one, rule, case, currency) for one in case.funds)
    held = _held(rule, case, rulebook, funds, sums)
    options = tuple(_options(rule, case, rulebook))
    outcomes = [_passes(sums, held, funds), *(option.passes for option in options)]
    facts = (*(fact for part in parts for fact in part.facts), *held.facts)
    named = tuple(dict.fromkeys((*(fact.id for fact in facts), *(one for option in options for one in option.facts))))
    proof = MoneyProof(
        rule=rule.id,
        kind=rule.kind,
        country=rule.country,
        on=case.on,
        passes=True if True in outcomes else None if None in outcomes else False,
        required=sums.required,
        at_least=sums.at_least,
        held=held.money,
        gap=_gap(sums, held.money),
        parts=parts,
        funds=funds,
        options=options,
        holding=held.holding,
        proofs=(*rule.proofs, *rule.letters, *rule.alone),
        rests_on=named,
        depends_on=tuple(sorted({name for part in parts for name in part.depends_on})),
        confidence=weakest([rule.confidence, *(rulebook.fact(name).confidence for name in named)]),
        source_url=rule.source.url,
        rulebook=rulebook.edition,
        said=(),
        warnings=(),
        lacks=held.lacks,
    )
    return _worded(proof, rule, rulebook)


def _worded(proof: MoneyProof, rule: MoneyRule, rulebook: Rulebook) -> MoneyProof:
    return replace(proof, said=tuple(said_of(proof)), warnings=tuple(warnings_of(proof, rule, rulebook)))


@dataclass(frozen=True, slots=True)
class _Sums:
    """What is asked at most and at least; ``sure`` says whether the most covers whatever is asked."""

    required: Money | None
    at_least: Money | None
    sure: bool

    @classmethod
    def of(cls, parts: Iterable[Part], currency: str | None) -> _Sums:
        """Return the sums of the parts in their currency, None where no amount is known."""
        known = tuple(parts)
        if currency is None:
            return cls(None, None, False)
        nothing = Money(0, currency)
        amounts = [part.amount for part in known]
        most = None if None in amounts else sum((one for one in amounts if one), nothing)
        least = sum((part.at_least for part in known if part.at_least), nothing)
        return cls(most, least, all(part.surely_enough for part in known))


@dataclass(frozen=True, slots=True)
class _Held:
    """What is held, whether it is what is asked at most and at least, how it was held, and by which facts; ``lacks``
    names those that are not known."""

    money: Money | None = None
    all_asked: bool = False
    least_asked: bool = False
    holding: Holding | None = None
    facts: tuple[Fact, ...] = ()
    lacks: tuple[Reason, ...] = ()


def _passes(sums: _Sums, held: _Held, funds: Iterable[CountedFunds]) -> bool | None:
    """Whether the money is enough; not known where more may be asked than it is, or more may be there than counts."""
    if held.money is None:
        return None
    if sums.sure and held.all_asked:
        return True
    more_may_be_there = any(one.why_not is not None and one.why_not.code == "money_proof.no_rate" for one in funds)
    return None if held.least_asked or more_may_be_there else False


def _gap(sums: _Sums, held: Money | None) -> Money | None:
    if sums.required is None or held is None:
        return None
    return Money(max(0, sums.required.minor - held.minor), held.currency)


def _counted(funds: Funds, rule: MoneyRule, case: MoneyCase, currency: str | None) -> CountedFunds:
    """Return the line with what it comes to on the day, or with the reason why it does not count."""
    promised = funds.paper in rule.letters
    if funds.paper and not promised and funds.paper not in rule.proofs:
        return CountedFunds(funds, False, why_not=Reason("money_proof.paper_not_taken", {"document": funds.paper}))
    if not funds.paper and isinstance(rule.terms, StatedCost):
        return CountedFunds(funds, False, why_not=Reason("money_proof.no_paper"))
    by_days = isinstance(rule.terms, HeldForDays) and not promised
    if by_days and not funds.balances:
        return CountedFunds(funds, False, why_not=Reason("money_proof.no_balances"))
    money = funds.balances[-1].amount if by_days else funds.held_on(case.on)
    if money is None:
        return CountedFunds(funds, False, why_not=Reason("money_proof.not_shown", {"on": case.on.isoformat()}))
    if currency is None:
        return CountedFunds(funds, False)
    converted = as_funds(money, currency, case.rates, case.on)
    if converted is None:
        missing = Reason("money_proof.no_rate", {"source": money.currency, "target": currency})
        return CountedFunds(funds, False, why_not=missing)
    return CountedFunds(funds, True, converted)


def _held(rule: MoneyRule, case: MoneyCase, rulebook: Rulebook, funds: tuple[CountedFunds, ...], sums: _Sums) -> _Held:
    if sums.at_least is None:
        return _Held()
    if isinstance(rule.terms, HeldForDays):
        return _held_for_days(rule.terms, rule, case, rulebook, funds, sums)
    nothing = Money(0, sums.at_least.currency)
    money = sum((one.converted.money for one in funds if one.converted), nothing)
    return _Held(money, sums.required is not None and sums.required <= money, sums.at_least <= money)


def _held_for_days(
    terms: HeldForDays,
    rule: MoneyRule,
    case: MoneyCase,
    rulebook: Rulebook,
    funds: tuple[CountedFunds, ...],
    sums: _Sums,
) -> _Held:
    days = figure(terms.days, case.on, case.scope, rulebook)
    within = figure(terms.within_days, case.on, case.scope, rulebook)
    figures = (("days", terms.days, days), ("within_days", terms.within_days, within))
    lacks = tuple(
        Reason(f"money_proof.{name}_not_known", {"fact": key, "on": case.on.isoformat()})
        for name, key, fact in figures
        if fact is None
    )
    if sums.at_least is None or days is None or within is None:
        return _Held(lacks=lacks)
    nothing = Money(0, sums.at_least.currency)
    counted = [one for one in funds if one.counted]
    promised = sum((one.converted.money for one in counted if one.converted and _is_letter(one, rule)), nothing)
    accounts = [_in_currency(one.funds, nothing.currency, case) for one in counted if not _is_letter(one, rule)]

    def held_on(day: date) -> Money | None:
        shown = [money for account in accounts if (money := account.held_on(day)) is not None]
        return sum(shown, promised) if shown or promised.minor else None

    def judged(wanted: Money) -> Holding:
        return judge_holding(held_on, wanted, days_of(days), days_of(within), case.on)

    least = judged(sums.at_least)
    most = least if sums.required is None or sums.required == sums.at_least else judged(sums.required)
    return _Held(most.least_held, sums.required is not None and most.passes, least.passes, most, (days, within))


def _is_letter(counted: CountedFunds, rule: MoneyRule) -> bool:
    return counted.funds.paper in rule.letters


def _in_currency(account: Funds, currency: str, case: MoneyCase) -> Funds:
    """Return the account with every balance in the currency; one without a rate to it was not counted."""
    rate = rate_for(account.currency, currency, case.rates, case.on)
    if account.currency == currency or rate is None:
        return account
    return replace(account, balances=tuple(Balance(one.on, by_rate(one.amount, rate)) for one in account.balances))


def days_of(fact: Fact) -> int:
    """Return how many days the fact states."""
    return int(fact.number * DAYS_OF[fact.unit])


def _options(rule: MoneyRule, case: MoneyCase, rulebook: Rulebook) -> Iterator[Option]:
    """Yield whatever may take the place of the sum: papers, and a sponsor's income."""
    for kind in rule.alone:
        good = _is_good(kind, case, rulebook) if kind in case.papers else False
        unknown = Reason("money_proof.paper_age_not_stated", {"document": kind}) if good is None else None
        yield Option(kind, good, lacks=unknown)
    if not isinstance(rule.terms, YearlySum):
        return
    for income in rule.terms.incomes:
        fact = figure(income.fact, case.on, case.scope, rulebook)
        if income.with_family is case.family.comes_along and fact is not None:
            yield _by_income(fact, case)


def _is_good(kind: str, case: MoneyCase, rulebook: Rulebook) -> bool | None:
    """Whether the paper at hand is young enough on the day; None where its age counts and is not known."""
    issued, months = case.papers[kind], rulebook.document_kinds[kind].valid_months
    if months is None:
        return True
    return None if issued is None else issued <= case.on <= add_months(issued, months)


def _by_income(fact: Fact, case: MoneyCase) -> Option:
    required = money_of(fact)
    if case.income is None:
        return Option("income", False, required, None, (fact.id,))
    held = as_funds(case.income, required.currency, case.rates, case.on)
    if held is None:
        no_rate = Reason("money_proof.no_rate", {"source": case.income.currency, "target": required.currency})
        return Option("income", None, required, None, (fact.id,), no_rate)
    return Option("income", required <= held.money, required, held.money, (fact.id,))

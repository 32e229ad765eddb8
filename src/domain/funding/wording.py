"""What a money proof says: the answer first, then why, then what to check before leaning on it."""

from __future__ import annotations

from collections.abc import Iterator

from ..rulebook.facts import Fact
from ..rulebook.money_rules import MoneyRule
from ..rulebook.pack import Rulebook
from ..shared.errors import Params, Reason
from .holding import Holding
from .proof import MoneyProof

_MOST_DIPS = 10


def said_of(proof: MoneyProof) -> Iterator[Reason]:
    """Yield the answer and its reasons."""
    by_option = next((option for option in proof.options if option.passes), None)
    if proof.passes and by_option is not None:
        yield _option(by_option.code, proof)
    elif proof.passes:
        yield _enough(proof)
    elif proof.passes is None:
        yield Reason("money_proof.not_known")
    elif proof.holding is not None:
        yield Reason("money_proof.not_held", _sums(proof))
    else:
        yield Reason("money_proof.short", _sums(proof))
    if not proof.passes:
        yield from _open_questions(proof)
        if proof.holding is not None and not proof.holding.passes:
            yield from _days_below(proof.holding)
        yield from (_instead(option.code, str(option.required)) for option in proof.options)


def warnings_of(proof: MoneyProof, rule: MoneyRule, rulebook: Rulebook) -> Iterator[Reason]:
    """Yield what should be checked first: figures that nobody has verified, packs that are out of date."""
    if not rule.confidence.is_verified:
        yield Reason("money_proof.rule_unverified", _noted(rule))
    for name in proof.rests_on:
        fact = rulebook.fact(name)
        if not fact.confidence.is_verified:
            yield Reason("money_proof.fact_unverified", {"fact": name} | _noted(fact))
    leaned_on = {proof.rule, *proof.rests_on}
    for pack in rulebook.packs:
        held = {*(one.id for one in pack.money_rules), *(one.id for one in pack.facts)}
        if pack.is_stale(proof.on) and held & leaned_on:
            yield Reason("pack.stale", {"about": pack.id})


def _noted(one: MoneyRule | Fact) -> dict[str, str]:
    """Return the note, in Bangla besides where it has one."""
    return {"note": one.note} | ({"note_bn": one.note_bn} if one.note_bn else {})


def _enough(proof: MoneyProof) -> Reason:
    if proof.holding is not None and proof.holding.window is not None:
        window = proof.holding.window
        days: dict[str, str] = {"first": window.first.isoformat(), "last": window.last.isoformat()}
        return Reason("money_proof.held_long_enough", _sums(proof) | days)
    return Reason("money_proof.enough", _sums(proof))


def _sums(proof: MoneyProof) -> dict[str, str]:
    required = proof.required if proof.required is not None else proof.at_least
    gap = proof.gap
    if gap is None and required is not None and proof.held is not None:
        gap = required - proof.held
    return {"required": str(required), "held": str(proof.held), "gap": str(gap)}


def _option(code: str, proof: MoneyProof) -> Reason:
    if code == "income":
        income = next(option for option in proof.options if option.code == code)
        return Reason("money_proof.income_enough", {"required": str(income.required), "held": str(income.held)})
    return Reason("money_proof.paper_enough", {"document": code})


def _instead(code: str, required: str) -> Reason:
    if code == "income":
        return Reason("money_proof.income_instead", {"required": required})
    return Reason("money_proof.paper_instead", {"document": code})


def _open_questions(proof: MoneyProof) -> Iterator[Reason]:
    """Yield each thing once that would have to be known."""
    seen: list[Reason] = []
    for one in _lacking(proof):
        if one not in seen:
            seen.append(one)
            yield one


def _lacking(proof: MoneyProof) -> Iterator[Reason]:
    yield from (part.lacks for part in proof.parts if part.lacks is not None)
    yield from proof.lacks
    yield from (option.lacks for option in proof.options if option.lacks is not None)
    if proof.passes is None:  # what no rate makes count might be enough
        yield from (one.why_not for one in proof.funds if one.why_not and one.why_not.code == "money_proof.no_rate")
    yield from (Reason("money_proof.depends_on", {"circumstance": name}) for name in proof.depends_on)


def _days_below(holding: Holding) -> Iterator[Reason]:
    shown = [dip for dip in holding.dips if dip.shown]
    for dip in shown[:_MOST_DIPS]:
        yield Reason("money_proof.dip", {"on": dip.on.isoformat(), "held": str(dip.held), "by": str(dip.short_by)})
    if len(shown) > _MOST_DIPS:
        yield Reason("money_proof.more_dips", {"days": len(shown) - _MOST_DIPS})
    hidden = [dip.on for dip in holding.dips if not dip.shown]
    if hidden:
        params: Params = {"days": len(hidden), "first": hidden[0].isoformat(), "last": hidden[-1].isoformat()}
        yield Reason("money_proof.days_not_shown", params)
    if holding.earliest is None:
        yield Reason("money_proof.no_day")
    elif holding.if_kept:
        yield Reason("money_proof.earliest_if_kept", {"on": holding.earliest.isoformat()})
    else:
        yield Reason("money_proof.earliest", {"on": holding.earliest.isoformat()})

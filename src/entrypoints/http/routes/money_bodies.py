"""How money proofs are sent."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from ....domain.funding.converting import Converted
from ....domain.funding.holding import Holding, Span
from ....domain.funding.proof import CountedFunds, MoneyProof, Option
from ....domain.funding.required import Part
from ....domain.rulebook.facts import Fact
from ....domain.rulebook.pack import Rulebook
from ..told import figure_in_words
from ..wire import MoneyBody, ReasonBody, SourceBody, money_body, reason_body, source_body
from ..words import text_of


class UsedFactBody(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that was used, since when it holds, and which day of the case decides whether it applies."""

    id: str
    value: str
    unit: str
    valid_from: date | None
    valid_to: date | None
    applies_by: str | None
    confidence: str
    source: SourceBody
    figure: Annotated[str, msgspec.Meta(description="The value with its unit, in words.")]
    note: str


class ConvertedBody(msgspec.Struct, frozen=True):
    """What money comes to in the currency of the rule, by which rate of which day; no rate where none was needed."""

    original: MoneyBody | None
    converted: MoneyBody | None
    rate_id: str | None
    rate_on: date | None


class PartBody(msgspec.Struct, frozen=True, kw_only=True):
    """A part of what has to be shown; ``amount`` is null where not known, ``at_least`` where it may be nothing."""

    code: Annotated[str, msgspec.Meta(examples=["living_student", "tuition_unpaid"])]
    amount: MoneyBody | None
    at_least: MoneyBody | None
    each: MoneyBody | None
    times: int
    facts: list[UsedFactBody]
    conversion: ConvertedBody | None
    depends_on: list[str]
    lacks: ReasonBody | None


class CountedFundsBody(msgspec.Struct, frozen=True):
    """A line of funds: what it came to, or why it was not counted."""

    name: str
    paper: str
    counted: bool
    conversion: ConvertedBody | None
    why_not: ReasonBody | None


class OptionBody(msgspec.Struct, frozen=True, kw_only=True):
    """What may take the place of the whole sum: a paper, or ``income``."""

    code: str
    passes: bool | None
    required: MoneyBody | None
    held: MoneyBody | None
    facts: list[str]


class SpanBody(msgspec.Struct, frozen=True):
    """Days from the first to the last, both included."""

    first: date
    last: date


class DipBody(msgspec.Struct, frozen=True):
    """A day below the line; ``shown`` is false where no statement covers it."""

    on: date
    held: MoneyBody | None
    short_by: MoneyBody | None
    shown: bool


class HoldingBody(msgspec.Struct, frozen=True, kw_only=True):
    """What daily balances say.

    ``legal`` are the days on which one may apply by the statements as they are; ``earliest`` is the first of them not
    before the day asked for, or with ``if_kept`` the first on which it would do if what is there stays.
    """

    passes: bool
    window: SpanBody | None
    dips: list[DipBody]
    legal: list[SpanBody]
    earliest: date | None
    if_kept: bool


class MoneyProofBody(msgspec.Struct, frozen=True, kw_only=True):
    """How the money stands against a rule; ``passes`` null means that it is not known, and ``said`` tells why."""

    rule: str
    kind: str
    country: str
    on: date
    passes: bool | None
    required: MoneyBody | None
    at_least: MoneyBody | None
    held: MoneyBody | None
    gap: MoneyBody | None
    said: list[ReasonBody]
    warnings: list[ReasonBody]
    parts: list[PartBody]
    funds: list[CountedFundsBody]
    options: list[OptionBody]
    holding: HoldingBody | None
    proofs: list[str]
    rests_on: list[UsedFactBody]
    depends_on: list[str]
    confidence: str
    rulebook: list[str]


class MoneyProofList(msgspec.Struct, frozen=True):
    """A proof by each rule of the country."""

    items: list[MoneyProofBody]
    next: str | None = None


def money_proof_body(proof: MoneyProof, rulebook: Rulebook) -> MoneyProofBody:
    """Return the proof as it is sent."""
    return MoneyProofBody(
        rule=proof.rule,
        kind=proof.kind.value,
        country=proof.country,
        on=proof.on,
        passes=proof.passes,
        required=money_body(proof.required),
        at_least=money_body(proof.at_least),
        held=money_body(proof.held),
        gap=money_body(proof.gap),
        said=[reason_body(reason) for reason in proof.said],
        warnings=[reason_body(reason) for reason in proof.warnings],
        parts=[_part(part) for part in proof.parts],
        funds=[_funds(one) for one in proof.funds],
        options=[_option(option) for option in proof.options],
        holding=_holding(proof.holding) if proof.holding else None,
        proofs=list(proof.proofs),
        rests_on=[_fact(rulebook.fact(name)) for name in proof.rests_on],
        depends_on=list(proof.depends_on),
        confidence=proof.confidence.value,
        rulebook=list(proof.rulebook),
    )


def _part(part: Part) -> PartBody:
    return PartBody(
        code=part.code,
        amount=money_body(part.amount),
        at_least=money_body(part.at_least),
        each=money_body(part.each),
        times=part.times,
        facts=[_fact(fact) for fact in part.facts],
        conversion=_converted(part.converted),
        depends_on=list(part.depends_on),
        lacks=reason_body(part.lacks) if part.lacks else None,
    )


def _fact(fact: Fact) -> UsedFactBody:
    return UsedFactBody(
        id=fact.id,
        value=str(fact.value),
        unit=fact.unit,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        applies_by=fact.applies_by.value if fact.applies_by else None,
        confidence=fact.confidence.value,
        source=source_body(fact.source),
        figure=figure_in_words(fact),
        note=text_of(fact, "note"),
    )


def _converted(one: Converted | None) -> ConvertedBody | None:
    if one is None:
        return None
    rate = one.rate
    money = money_body(one.money)
    return ConvertedBody(money_body(one.original), money, rate.id if rate else None, rate.on if rate else None)


def _funds(one: CountedFunds) -> CountedFundsBody:
    why_not = reason_body(one.why_not) if one.why_not else None
    return CountedFundsBody(one.funds.name, one.funds.paper, one.counted, _converted(one.converted), why_not)


def _option(option: Option) -> OptionBody:
    return OptionBody(
        code=option.code,
        passes=option.passes,
        required=money_body(option.required),
        held=money_body(option.held),
        facts=list(option.facts),
    )


def _holding(holding: Holding) -> HoldingBody:
    return HoldingBody(
        passes=holding.passes,
        window=_span(holding.window) if holding.window else None,
        dips=[DipBody(dip.on, money_body(dip.held), money_body(dip.short_by), dip.shown) for dip in holding.dips],
        legal=[_span(span) for span in holding.legal],
        earliest=holding.earliest,
        if_kept=holding.if_kept,
    )


def _span(span: Span) -> SpanBody:
    return SpanBody(span.first, span.last)

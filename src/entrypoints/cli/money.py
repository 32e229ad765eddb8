"""The command ``money``: whether the money of a case is enough for a visa, by dated rules of the country."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.console import RenderableType
from rich.text import Text

from ...adapters.bundled.packs import bundled_rulebook
from ...domain.funding.converting import Converted
from ...domain.funding.proof import CountedFunds, MoneyProof
from ...domain.funding.proving import money_proofs
from ...domain.funding.reading import read_money_case_file
from ...domain.funding.required import Part
from ...domain.rulebook.pack import Rulebook
from ...domain.shared.errors import DomainError
from ...domain.shared.money import Money
from .bundle import read_text
from .errors import NEGATIVE, CommandFailed
from .screen import heading, indented, item, print_json, show
from .words import CONFIDENCE, Words, day, sentences_of

_ANSWERS = {True: ("enough", "bold green"), False: ("not enough", "bold red"), None: ("not known", "bold yellow")}


def money(
    file: Path,
    /,
    *,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Hold money against each rule of a country: what is required, by which dated facts, and what is lacking.

    Exits with 1 when it is not enough.

    Parameters
    ----------
    file
        What there is and what it is for, such as examples/uk-28-days.toml.
    json
        Print everything as JSON, in the form of POST /v1/money-proofs.
    """
    rulebook = bundled_rulebook()
    try:
        case = read_money_case_file(read_text(file), str(file), rulebook)
        proofs = money_proofs(case, rulebook)
    except DomainError as error:
        raise CommandFailed(*sentences_of(error, str(file))) from error
    if json:
        from ..http.routes.money_bodies import MoneyProofList, money_proof_body  # noqa: PLC0415 - slow

        print_json(msgspec.to_builtins(MoneyProofList([money_proof_body(proof, rulebook) for proof in proofs])))
    else:
        words = Words(rulebook)
        show(line for proof in proofs for line in _page(proof, rulebook, words))
    return NEGATIVE if any(proof.passes is False for proof in proofs) else 0


def _page(proof: MoneyProof, rulebook: Rulebook, words: Words) -> Iterator[RenderableType]:
    answer, style = _ANSWERS[proof.passes]
    yield Text.assemble((f"{proof.rule}: {answer}", style), f", for an application on {day(proof.on)}")
    yield from (item("-", words.reason(reason)) for reason in proof.said)
    yield heading("What is asked")
    yield from (item("-", line) for part in proof.parts for line in _part(part, words))
    if proof.required is not None:
        yield indented(f"Together {proof.required}.")
    yield heading("What is there")
    yield from (item("-", _funds(one, words)) for one in proof.funds)
    if not proof.funds:
        yield indented("Nothing was stated.")
    yield indented(f"Papers that prove it: {', '.join(words.paper(kind) for kind in proof.proofs)}.")
    yield from _leans_on(proof, rulebook, words)


def _part(part: Part, words: Words) -> Iterator[str]:
    name = part.code.replace("_", " ")
    if part.amount is None:
        yield f"{name}: not known"
    elif part.each is not None and part.times > 1:
        yield f"{name}: {part.amount}, that is {part.times} times {part.each}{_by_rate(part.converted)}"
    else:
        yield f"{name}: {part.amount}{_by_rate(part.converted)}"
    if part.depends_on:
        yield f"{name}: the most that may be asked; it depends on {', '.join(part.depends_on)}"


def _funds(one: CountedFunds, words: Words) -> str:
    if one.why_not is not None:
        return f"{one.funds.name}: not counted. {words.reason(one.why_not)}"
    held = one.converted.money if one.converted else _last(one)
    return f"{one.funds.name}: {held}{_by_rate(one.converted)}"


def _last(one: CountedFunds) -> Money | None:
    return one.funds.amount or (one.funds.balances[-1].amount if one.funds.balances else None)


def _by_rate(converted: Converted | None) -> str:
    if converted is None or converted.rate is None:
        return ""
    rate = converted.rate
    less = f" and {rate.haircut} percent to be safe" if rate.haircut else ""
    return f", from {converted.original} by the rate {rate.id} of {day(rate.on)}{less}"


def _leans_on(proof: MoneyProof, rulebook: Rulebook, words: Words) -> Iterator[RenderableType]:
    yield heading("What this leans on")
    for name in proof.rests_on:
        fact = rulebook.fact(name)
        since = f", in force since {day(fact.valid_from)}" if fact.valid_from else ""
        until = f" until {day(fact.valid_to)}" if fact.valid_to else ""
        by = f", by the {fact.applies_by.value.replace('_', ' ')}" if fact.applies_by else ""
        yield item("-", f"{fact.id} = {fact.value} {fact.unit} [{fact.confidence.value}]{since}{until}{by}.")
    yield from (item("!", Text(words.reason(warning), style="yellow")) for warning in proof.warnings)
    letters = "; ".join(f"{letter} {meaning}" for letter, meaning in CONFIDENCE.items())
    yield item("-", f"Letters in brackets: {letters}.")

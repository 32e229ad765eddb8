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
from .words import Words, day, locale, named, say, sentences_of, trust

_ANSWERS = {
    True: ("money_enough", "bold green"),
    False: ("money_not_enough", "bold red"),
    None: ("money_unknown", "bold yellow"),
}


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
    yield Text.assemble((f"{proof.rule}: {say(answer)}", style), say("money_application", on=day(proof.on)))
    yield from (item("-", words.reason(reason)) for reason in proof.said)
    yield heading(say("money_asked"))
    yield from (item("-", line) for part in proof.parts for line in _part(part))
    if proof.required is not None:
        yield indented(say("money_together", amount=str(proof.required)))
    yield heading(say("money_there"))
    yield from (item("-", _funds(one, words)) for one in proof.funds)
    if not proof.funds:
        yield indented(say("money_nothing"))
    yield indented(say("money_papers", papers=", ".join(words.paper(kind) for kind in proof.proofs)))
    yield from _leans_on(proof, rulebook, words)


def _part(part: Part) -> Iterator[str]:
    name = named("money_part", part.code)
    if part.amount is None:
        yield say("money_part_unknown", part=name)
    elif part.each is not None and part.times > 1:
        yield say(
            "money_part_times",
            part=name,
            amount=str(part.amount),
            times=part.times,
            each=str(part.each),
            rate=_by_rate(part.converted),
        )
    else:
        yield say("money_part", part=name, amount=str(part.amount), rate=_by_rate(part.converted))
    if part.depends_on:
        yield say(
            "money_part_depends", part=name, names=", ".join(named("circumstance", one) for one in part.depends_on)
        )


def _funds(one: CountedFunds, words: Words) -> str:
    if one.why_not is not None:
        return say("money_not_counted", name=one.funds.name, why=words.reason(one.why_not))
    held = one.converted.money if one.converted else _last(one)
    return say("money_held", name=one.funds.name, amount=str(held), rate=_by_rate(one.converted))


def _last(one: CountedFunds) -> Money | None:
    return one.funds.amount or (one.funds.balances[-1].amount if one.funds.balances else None)


def _by_rate(converted: Converted | None) -> str:
    if converted is None or converted.rate is None:
        return ""
    rate = converted.rate
    less = say("money_haircut", percent=locale().digits(str(rate.haircut))) if rate.haircut else ""
    return say("money_rate", original=str(converted.original), rate=rate.id, on=day(rate.on), haircut=less)


def _leans_on(proof: MoneyProof, rulebook: Rulebook, words: Words) -> Iterator[RenderableType]:
    yield heading(say("leans_on_this"))
    for name in proof.rests_on:
        fact = rulebook.fact(name)
        since = say("fact_since", on=day(fact.valid_from)) if fact.valid_from else ""
        until = say("fact_until", on=day(fact.valid_to)) if fact.valid_to else ""
        by = say(f"fact_by_{fact.applies_by.value}") if fact.applies_by else ""
        yield item("-", f"{fact.id} = {words.figure(fact)} [{fact.confidence.value}]{since}{until}{by}{say('stop')}")
    yield from (item("!", Text(words.reason(warning), style="yellow")) for warning in proof.warnings)
    yield item("-", trust())

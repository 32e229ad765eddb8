"""The parts of a plan's page that tell deadlines, money and what it all leans on, each with its source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rich.console import RenderableType
from rich.text import Text

from ..screen import address, heading, indented, item
from ..words import day, listed, locale, moment, say, trust
from .plan_view import DeadlineView, LeansOn, MoneyView, PlanView


def deadlines_part(view: PlanView) -> Iterator[RenderableType]:
    """Yield each deadline in both zones."""
    yield heading(say("deadlines"), say("deadlines_beside"))
    if not view.deadlines:
        yield indented(say("no_deadlines"))
    for deadline in view.deadlines:
        yield from _deadline(deadline)


def _deadline(deadline: DeadlineView) -> Iterator[RenderableType]:
    passed = deadline.days_left < 0
    left = say("applied") if deadline.met else say("passed") if passed else say("in_days", days=deadline.days_left)
    style = "dim" if deadline.met else "red" if passed else "bold"
    yield indented(Text.assemble((f"{say(f'deadline_{deadline.kind}')}: {left}", style), f", {deadline.title}"))
    yield indented(f"{moment(deadline.local)} {deadline.zone}", 4)
    yield indented(f"{moment(deadline.home)} {deadline.home_zone}", 4)
    notes = [say("last_day", on=day(deadline.last_day))]
    if not deadline.time_stated:
        notes.append(say("no_hour"))
    if deadline.basis in ("received", "postmark"):
        notes.append(say(f"basis_{deadline.basis}"))
    if deadline.opens_on and not deadline.met:
        notes.append(say("opens", on=day(deadline.opens_on)))
    yield indented(" ".join(notes), 4)
    yield from _source(deadline.source_title, deadline.source_url, deadline.read_on, deadline.confidence, 4)


def _source(title: str, url: str, read_on: date | None, confidence: str, by: int) -> Iterator[RenderableType]:
    if read_on is None:
        return
    yield indented(say("source", source=title, on=day(read_on), trust=confidence), by)
    if url:
        yield address(url, by)


def money_part(view: PlanView) -> Iterator[RenderableType]:
    """Yield the money to show in each country, with the facts that make it."""
    yield heading(say("money"))
    if not view.money:
        yield indented(say("no_money"))
    for need in view.money:
        country = f"{need.country[:1].upper()}{need.country[1:]}: " if view.has_countries else ""
        amount = (f"{need.currency} {_grouped(need.amount)}", "bold")
        yield indented(Text.assemble(country, amount, f", {_made_up_of(need)}"))
        yield indented(say("one_of", proofs=", ".join(need.proofs)))
        for fact in need.facts:
            if fact.valid_from:
                yield indented(say("by_fact_since", fact=fact.id, figure=fact.figure, on=day(fact.valid_from)))
            else:
                yield indented(say("by_fact", fact=fact.id, figure=fact.figure))
            if fact.note:
                yield indented(fact.note)
            yield from _source(fact.source_title, fact.source_url, fact.read_on, fact.confidence, 2)


def _made_up_of(need: MoneyView) -> str:
    tuition = ""
    if need.tuition_too:
        tuition = f" {say('tuition_counted')}" if need.tuition_counted else f"; {say('tuition_on_top')}"
    elif need.tuition_too is None:
        tuition = f"; {say('tuition_unknown')}"
    living = say("a_years_living")
    if need.a_month:
        living = say("months_of", months=need.months, amount=f"{need.currency} {_grouped(need.a_month)}")
    return say("made_up_of", living=living, tuition=tuition, on=day(need.on))


def _grouped(amount: str) -> str:
    whole, _, cents = amount.partition(".")
    return locale().digits(f"{int(whole):,}.{cents}" if cents else f"{int(whole):,}")


def leans_on_part(leans: LeansOn) -> Iterator[RenderableType]:
    """Yield what is unverified, and the packs."""
    yield heading(say("leans_on"))
    for warning in leans.warnings:
        yield item("!", Text(warning, style="yellow"))
    if leans.unverified_steps:
        yield item("-", say("unverified_steps", codes=listed([step.key for step in leans.unverified_steps])))
    for fact in leans.unverified_facts:
        figure = f"{fact.id} = {fact.figure}"
        yield item("-", say("unverified_fact", figure=figure, trust=fact.confidence, note=fact.note))
    for pack in leans.packs:
        stale = f" {say('out_of_date')}" if pack.stale else ""
        yield item("-", say("pack", pack=pack.id, edition=pack.version, on=day(pack.review_by)) + stale)
    yield item("-", f"{say('zones', zones=leans.zones)} {trust()}")
    yield item("-", say("no_admission"))

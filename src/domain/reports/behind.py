"""What is behind a readiness report: the money to show, what to know on the way, and what all of it leans on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..funding.need import MoneyNeed
from ..planning.schedule import Schedule, State
from ..planning.target import Target
from ..rulebook.pack import Rulebook, RulePack
from ..shared.errors import Reason
from .content import Block, Bullets, Joined, Mark, Paragraph, Said, Section, Table, Text, Titled, said, told
from .standing import sourced


def money_section(needs: Sequence[tuple[Target, MoneyNeed]], rulebook: Rulebook) -> Section:
    """Return the money to show in each country, made up of what, with the facts behind it."""
    if not needs:
        return Section(said("page.money"), (Paragraph(said("page.no_money")),))
    return Section(
        said("page.money"), tuple(block for target, need in needs for block in _need(target, need, rulebook))
    )


def _need(target: Target, need: MoneyNeed, rulebook: Rulebook) -> Iterator[Block]:
    amount = said("report.money_in", country=target.country, amount=str(need.amount))
    yield Paragraph(Joined((amount, said("page.made_up_of", living=_living(need), tuition="", on=need.on.isoformat()))))
    if tuition := _tuition(need):
        yield Paragraph(tuition)
    proofs = Joined(tuple(_paper(code, rulebook) for code in need.proofs), ", ")
    yield Paragraph(said("page.one_of", proofs=proofs))
    facts = [rulebook.fact(name) for name in need.rests_on]
    head = said("report.fact"), said("report.figure"), said("report.since"), said("report.source")
    rows = tuple(
        (fact.id, f"{fact.value} {fact.unit}".strip(), fact.valid_from, sourced(fact.source, fact.confidence))
        for fact in facts
    )
    yield Table(head, rows, (4, 2, 2, 5))


def _living(need: MoneyNeed) -> Said:
    if need.a_month is None:
        return said("page.a_years_living")
    return said("page.months_of", months=need.months, amount=str(need.a_month))


def _tuition(need: MoneyNeed) -> Said | None:
    if need.tuition_too is None:
        return said("report.tuition_unknown")
    if not need.tuition_too:
        return None
    return said("report.tuition_counted" if need.tuition_counted else "report.tuition_on_top")


def _paper(code: str, rulebook: Rulebook) -> Text:
    kind = rulebook.document_kinds.get(code)
    return code.replace("_", " ") if kind is None else Titled(kind)


def notice_section(notices: Sequence[Reason]) -> Iterator[Section]:
    """Yield what there is to know on the way; nothing where there is nothing."""
    if notices:
        yield Section(said("page.notices"), (Bullets(tuple(map(told, notices))),))


def leaning_section(warnings: Sequence[str], packs: Sequence[RulePack], schedule: Schedule) -> Section:
    """Return what of the rules is stale or unverified, and each pack with the day by which it is to be looked at."""
    doubts: list[Text] = []
    for warning in warnings:
        code, _, about = warning.partition(":")
        doubts.append(said(code, about=about))
    open_steps = [one for one in schedule.steps if one.state is not State.DONE and one.key in schedule.unverified]
    titles = tuple(dict.fromkeys(Titled(one.task.step) for one in open_steps))
    if titles:
        doubts.append(said("page.unverified_steps", codes=Joined(titles, "; ")))
    head = said("report.pack"), said("report.version"), said("report.review_by"), said("report.stands")
    rows = tuple(
        (
            Titled(pack),
            pack.version,
            pack.review_by,
            said("page.out_of_date") if pack.is_stale(schedule.today) else said("report.in_date"),
        )
        for pack in packs
    )
    blocks: list[Block] = [Bullets(tuple(doubts))] if doubts else []
    blocks += [Table(head, rows, (5, 2, 2, 4)), Paragraph(said("page.zones", zones=schedule.zones), Mark.SMALL)]
    letters = Joined(tuple(Joined((one, said(f"page.trust_{one.lower()}"))) for one in "HMLU"), "; ")
    blocks.append(Paragraph(said("page.letters", letters=letters), Mark.SMALL))
    return Section(said("page.leans_on"), tuple(blocks))

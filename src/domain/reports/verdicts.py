"""The verdicts of a readiness report: how each requirement stands, why, and by which source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..catalogue.programme import Programme
from ..matching.verdict import Finding, Standing, Verdict
from ..planning.target import Target
from ..rulebook.pack import Rulebook
from ..shared.sources import Confidence
from .content import Block, Joined, Mark, Paragraph, Said, Section, Table, Text, Titled, said
from .standing import sourced


def verdict_sections(judged: Sequence[tuple[Target, Programme, Verdict]], rulebook: Rulebook) -> Iterator[Section]:
    """Yield the verdict of each target with every finding, the leading one first."""
    yield Section(said("report.verdicts"), (Paragraph(said("report.about_verdicts"), Mark.SMALL),))
    for target, programme, verdict in judged:
        yield Section(target.title, tuple(_verdict(programme, verdict, rulebook)), level=2)


def _verdict(programme: Programme, verdict: Verdict, rulebook: Rulebook) -> Iterator[Block]:
    standing = said("report.on_it_is", on=verdict.on.isoformat(), stands=standing_said(verdict.standing))
    yield Paragraph(Joined((standing, _change(verdict.finding))), Mark.STRONG)
    if verdict.ruled is not None and verdict.ruled is not verdict.standing:
        yield Paragraph(said("report.by_rules_alone", stands=standing_said(verdict.ruled)), Mark.WARNING)
    head = said("report.requirement"), said("report.stands"), said("report.source")
    rows = tuple(
        (finding_said(leaf), standing_said(leaf.standing), _source_of(leaf, programme, rulebook))
        for leaf in verdict.finding.leaves()
    )
    yield Table(head, rows, (6, 2, 6))
    yield Paragraph(
        Joined((said("report.page_of_programme"), sourced(programme.source, programme.confidence))), Mark.SMALL
    )
    for code in _doubts(programme, verdict):
        yield Paragraph(code, Mark.WARNING)


def finding_said(finding: Finding) -> Said:
    """Return the sentence of one finding."""
    code = finding.code if "." in finding.code else f"{finding.code}.{finding.code}"
    return Said(code, finding.params)


def standing_said(standing: Standing) -> Said:
    """Return what a standing is called."""
    return said(f"page.match_{standing.word}")


def _change(finding: Finding) -> Said:
    if finding.standing is Standing.MET:
        return said("told.nothing_to_change")
    if not finding.flip:
        return said("told.no_change")
    changes = tuple(Said(f"change.{one.code}", one.params) for one in finding.flip)
    return said("told.one_change", changes=Joined(changes, "; "))


def _source_of(finding: Finding, programme: Programme, rulebook: Rulebook) -> Text:
    """Return where the requirement was read, and each fact and table that the finding used, with its own source."""
    parts: list[Text] = []
    if finding.source_id in ("", programme.source.id):
        parts.append(_read(programme, finding.confidence))
    else:
        parts.append(said("report.by_source", source=finding.source_id, trust=finding.confidence.value))
        if finding.source_url:
            parts.append(finding.source_url)
    parts += [_held(name, rulebook) for name in finding.rests_on]
    if not finding.confidence.is_verified:
        parts.append(said("report.unverified"))
    if finding.override is not None:
        by = finding.override
        parts.append(said("report.overridden", on=by.at.date().isoformat(), reason=by.reason))
    return Joined(tuple(parts), "\n")


def _read(programme: Programme, confidence: Confidence) -> Text:
    on = programme.source.retrieved_on.isoformat()
    return said("report.read", source=Titled(programme.source), on=on, trust=confidence.value)


def _held(name: str, rulebook: Rulebook) -> Text:
    """Return a fact, table or scale by its name, with the day on which its source was read where it has one."""
    for held in rulebook.leaning(name):
        source = getattr(held.record, "source", None)
        confidence = getattr(held.record, "confidence", Confidence.UNVERIFIED)
        if source is not None:
            on = source.retrieved_on.isoformat()
            return Joined((f"{name}:", said("report.read", source=Titled(source), on=on, trust=confidence.value)))
    return name


def _doubts(programme: Programme, verdict: Verdict) -> Iterator[Said]:
    if programme.synthetic:
        yield said("programme.synthetic")
    for warning in verdict.warnings:
        code, _, about = warning.partition(":")
        yield said(code, about=about)

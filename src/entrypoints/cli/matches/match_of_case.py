"""From a case and a catalogue to verdicts as they are shown, by the domain alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from ....adapters.bundled.told import told_verdict
from ....domain.catalogue.programme import Programme
from ....domain.documents.document import Document
from ....domain.documents.judging import usable_kinds
from ....domain.matching.evidence import Evidence
from ....domain.matching.judging import judge_programme
from ....domain.matching.ranking import Match, Tally
from ....domain.matching.verdict import Finding
from ....domain.planning.case import Case
from ....domain.rulebook.pack import Rulebook
from ..progress import bar
from ..words import Words
from .match_view import FindingView, MatchesView, MatchView

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which programmes are asked for; what is left out fits all. ``fields`` are ISCED-F prefixes."""

    countries: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    def fits(self, programme: Programme) -> bool:
        """Whether the programme is asked for; programmes that are no longer offered never are."""
        return (
            not programme.expired
            and (not self.countries or programme.institution.country in self.countries)
            and (not self.levels or programme.level.value in self.levels)
            and (not self.fields or any(field.startswith(self.fields) for field in programme.fields))
        )


def evidence_of(case: Case, documents: Iterable[Document], rulebook: Rulebook, on: date) -> Evidence:
    """Return what the case can show on the day; papers that it does not list are unknown."""
    papers = None if case.papers is None else usable_kinds(documents, rulebook.document_kinds, on)
    return Evidence(case.profile, on, papers)


def matches_view(programmes: list[Programme], evidence: Evidence, rulebook: Rulebook, limit: int) -> MatchesView:
    """Return the counts over all programmes and the best ``limit`` of them."""
    tally = Tally(keep=limit)
    remaining = iter(programmes)
    with bar("Judging programmes", len(programmes)) as advance:
        while batch := list(islice(remaining, _BATCH)):
            tally.add_all(Match(programme, judge_programme(programme, evidence, rulebook)) for programme in batch)
            advance(len(batch))
    found = tally.page(0, limit)
    words = Words(rulebook)
    return MatchesView(
        name=evidence.profile.name,
        on=evidence.on,
        total=found.total,
        counts={standing.word: count for standing, count in found.counts.items()},
        matches=tuple(match_view(match, words) for match in found.page),
        rulebook=rulebook.edition,
    )


def match_view(match: Match, words: Words) -> MatchView:
    """Return one match as it is shown."""
    programme, verdict = match.programme, match.verdict
    fee = programme.tuition
    codes = [code.partition(":") for code in verdict.warnings]
    return MatchView(
        key=programme.key,
        name=programme.name,
        institution=programme.institution.name,
        city=programme.institution.city,
        country=programme.institution.country,
        level=programme.level.value,
        tuition=f"{fee.money} a {fee.per.value} [{fee.confidence.value}]" if fee else "",
        standing=verdict.standing.word,
        finding=_finding(verdict.finding, words),
        warnings=tuple(words.sentence(code, {"about": about}) for code, _, about in codes),
        notes=programme.notes,
        source_title=programme.source.title,
        source_url=programme.source.url,
        read_on=programme.source.retrieved_on,
        confidence=programme.confidence.value,
        summary=told_verdict(verdict.finding, words.messages),
    )


def _finding(finding: Finding, words: Words) -> FindingView:
    flip = finding.flip
    sentence = finding.code if "." in finding.code else f"{finding.code}.{finding.code}"
    return FindingView(
        standing=finding.standing.word,
        code=finding.code,
        says=words.sentence(sentence, finding.params),
        distance=finding.distance,
        changes=None if flip is None else tuple(words.sentence(f"change.{one.code}", one.params) for one in flip),
        confidence=finding.confidence.value,
        source_url=finding.source_url,
        rests_on=finding.rests_on,
        parts=tuple(_finding(part, words) for part in finding.parts),
    )

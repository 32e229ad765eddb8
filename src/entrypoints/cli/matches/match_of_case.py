"""From a case and a catalogue to verdicts as they are shown, by the domain alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ....adapters.bundled.told import told_verdict
from ....domain.catalogue.programme import Programme
from ....domain.documents.document import Document
from ....domain.matching.embedded import match_all, unlock
from ....domain.matching.evidence import Days, Evidence, evidence_with
from ....domain.matching.ranking import Match
from ....domain.matching.verdict import Finding
from ....domain.planning.case import Case
from ....domain.rulebook.pack import Rulebook
from ..words import Words, day, say
from .asked import Asked
from .match_view import FindingView, MatchesView, MatchView, UnlocksView, UnlockView


def evidence_of(
    case: Case, documents: Iterable[Document], rulebook: Rulebook, on: date, days: Days | None = None
) -> Evidence:
    """Return what the case can show on the day; papers that it does not list are unknown."""
    if case.papers is None:
        return Evidence(case.profile, on, days=days)
    return evidence_with(case.profile, documents, rulebook.document_kinds, on, days)


def matches_view(programmes: Iterable[Programme], evidence: Evidence, rulebook: Rulebook, asked: Asked) -> MatchesView:
    """Return the counts over all programmes that fit, and the best of them."""
    found = match_all(
        programmes,
        evidence,
        rulebook,
        asked.limit,
        wanted=asked.wanted,
        only=asked.standings,
        missing=asked.missing,
    )
    words = Words(rulebook)
    return MatchesView(
        name=evidence.profile.name,
        on=evidence.on,
        total=found.total,
        counts={standing.word: count for standing, count in found.counts.items()},
        matches=tuple(match_view(match, words) for match in found.page),
        rulebook=rulebook.edition,
    )


def unlocks_view(programmes: Iterable[Programme], evidence: Evidence, rulebook: Rulebook, asked: Asked) -> UnlocksView:
    """Return what would open most of the programmes for its effort."""
    offered = {programme.id: programme for programme in programmes if not programme.expired}
    found = unlock(offered.values(), evidence, rulebook, asked.limit, wanted=asked.wanted)
    words = Words(rulebook)
    items = tuple(
        UnlockView(
            key=one.key,
            says=words.sentence(f"change.{one.change.code}", one.change.params),
            effort=one.change.effort,
            opened=one.opened,
            words_left=one.words_left,
            at_best=one.at_best,
            programmes=tuple(f"{offered[id_].name}, {offered[id_].institution.name}" for id_ in one.programmes),
        )
        for one in found.items
    )
    name = evidence.profile.name
    return UnlocksView(name, evidence.on, found.total, found.open, items, found.unanswered, rulebook.edition)


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
        tuition=f"{say(f'fee_{fee.per.value}', amount=str(fee.money))} [{fee.confidence.value}]" if fee else "",
        standing=verdict.standing.word,
        fit={name: fits.word for name, fits in match.fit._asdict().items()},
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
        used=tuple(used_text(one.part, one.index, one.name, one.on) for one in finding.used),
        notices=tuple(words.reason(notice) for notice in finding.notices),
        counts_until=finding.validity.until if finding.validity else None,
        decided_by=finding.validity.layer.value if finding.validity else "",
        held_on=finding.validity.held_on if finding.validity else None,
    )


def used_text(part: str, index: int | None, name: str, on: date | None) -> str:
    """Return a piece of evidence as it is shown, by the place at which a profile or a case has it."""
    place = part if index is None else f"{part}[{index}]"
    return f"{place} {name}".rstrip() + (f" of {day(on)}" if on else "")

"""Folding a verdict anew with the overrides that count; what the rules say stays beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..catalogue.programme import Programme
from ..catalogue.requirement import (
    AllOf,
    AnyOf,
    CitizenshipNeeded,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    Leaf,
    MoneyNeeded,
    Requirement,
    TestNeeded,
)
from ..catalogue.writing import requirement_data
from ..profile.writing import profile_data
from ..shared.canonical import canonical_bytes, sha256_of
from .evidence import Evidence
from .judging import fold_all, fold_any
from .override import Override, Overrides, sorted_out
from .verdict import Change, Finding, Standing, Verdict

ROOT = "/"
_ASK_COUNSELLOR = 3
_LOOKS_AT: dict[type, str] = {
    TestNeeded: "tests",
    GradeNeeded: "qualifications",
    DegreeNeeded: "qualifications",
    ExperienceNeeded: "work",
    CitizenshipNeeded: "citizenships",
    MoneyNeeded: "budget_a_year",
}


def places(requirement: Requirement, place: str = ROOT) -> Iterator[tuple[str, Leaf]]:
    """Yield each leaf with its place: ``/`` for a requirement of one, else the numbers that lead to it, as ``/1/0``."""
    if isinstance(requirement, AllOf | AnyOf):
        for index, part in enumerate(requirement.parts):
            yield from places(part, below(place, index))
    else:
        yield place, requirement


def below(place: str, index: int) -> str:
    """Return the place of the part with the number, counted from 0."""
    return f"{place.rstrip('/')}/{index}"


def places_to_override(programme: Programme) -> dict[str, Leaf]:
    """Return the requirements by their places; none where the programme has ended or nobody knows what it requires."""
    if programme.expired or programme.requirement is None:
        return {}
    return dict(places(programme.requirement))


def basis_of(leaf: Leaf, evidence: Evidence) -> str:
    """Return a digest of what the leaf requires and of the part of the evidence that it is judged by.

    The page on which it was read does not count, nor does the day.
    """
    required = {key: value for key, value in requirement_data(leaf).items() if key not in ("source", "confidence")}
    shown: Any = None
    if isinstance(leaf, DocumentNeeded):
        shown = None if evidence.papers is None else evidence.papers.get(leaf.kind)
    elif part := _LOOKS_AT.get(type(leaf)):
        shown = profile_data(evidence.profile).get(part)
    return sha256_of(canonical_bytes({"required": required, "shown": shown}))


def those_that_count(programme: Programme, evidence: Evidence, overrides: Iterable[Override]) -> Overrides:
    """Return which of the overrides of this student and programme count with this evidence."""
    basis_at = {place: basis_of(leaf, evidence) for place, leaf in places_to_override(programme).items()}
    return sorted_out(overrides, basis_at, evidence.on)


def with_overrides(
    verdict: Verdict, programme: Programme, evidence: Evidence, overrides: Iterable[Override]
) -> Verdict:
    """Return the verdict as the overrides of this student and programme leave it, with all of them on it."""
    given = tuple(overrides)
    if not given:
        return verdict
    found = those_that_count(programme, evidence, given)
    if not found.in_force or programme.requirement is None:
        return replace(verdict, overrides=found.all)
    return replace(
        verdict,
        finding=_folded(verdict.finding, programme.requirement, found, ROOT),
        ruled=verdict.standing,
        overrides=found.all,
    )


def _folded(finding: Finding, requirement: Requirement, overrides: Overrides, place: str) -> Finding:
    if not isinstance(requirement, AllOf | AnyOf):
        override = overrides.in_force.get(place)
        return finding if override is None else _overridden(finding, override)
    parts = [
        _folded(part, required, overrides, below(place, index))
        for index, (part, required) in enumerate(zip(finding.parts, requirement.parts, strict=True))
    ]
    return fold_all(parts) if isinstance(requirement, AllOf) else fold_any(parts)


def _overridden(finding: Finding, override: Override) -> Finding:
    flip = finding.flip
    if override.standing is Standing.MET:
        flip = ()
    elif finding.standing is Standing.MET:
        flip = (Change("ask_counsellor", {}, _ASK_COUNSELLOR),)
    return replace(finding, standing=override.standing, flip=flip, override=override, ruled=finding.standing)

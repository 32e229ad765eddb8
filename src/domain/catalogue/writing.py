"""Writing a programme back in the form in which catalogues state it: for the store and for clients."""

from __future__ import annotations

from typing import Any

from ..shared.sources import Source
from ..shared.writing import money_data, source_data, without_unknown
from .intake import Basis, Day, Deadline, Intake
from .programme import Fee, Institution, Programme
from .requirement import (
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
    leaves,
)


def programme_data(programme: Programme) -> dict[str, Any]:
    """Return ``{sources, institution, programme}`` in the catalogue's own form, sources listed once."""
    sources = {source.id: source for source in _sources_of(programme)}
    return {
        "sources": [source_data(source) for source in sources.values()],
        "institution": institution_data(programme.institution),
        "programme": _programme(programme),
    }


def institution_data(institution: Institution) -> dict[str, Any]:
    """Return the institution in the catalogue's own form."""
    return without_unknown(
        {
            "key": institution.key,
            "name": institution.name,
            "country": institution.country,
            "city": institution.city,
            "zone": institution.zone,
            "sector": institution.sector and institution.sector.value,
            "website": institution.website,
            "source": institution.source.id,
        }
    )


def requirement_data(requirement: Requirement) -> dict[str, Any]:
    """Return the tree in the catalogue's own form, each leaf with its source and confidence."""
    if isinstance(requirement, AllOf):
        return {"all": [requirement_data(part) for part in requirement.parts]}
    if isinstance(requirement, AnyOf):
        return {"any": [requirement_data(part) for part in requirement.parts]}
    kind, content = _leaf(requirement)
    stated = requirement.stated
    return {kind: without_unknown(content), "source": stated.source.id, "confidence": stated.confidence.value}


def intake_data(intake: Intake) -> dict[str, Any]:
    """Return the intake in the catalogue's own form."""
    deadlines = [_deadline(deadline) for deadline in intake.deadlines]
    return without_unknown({"term": intake.term, **_day("starts_", intake.starts), "deadlines": deadlines or None})


def _programme(p: Programme) -> dict[str, Any]:
    return without_unknown(
        {
            "key": p.key,
            "institution": p.institution.key,
            "name": p.name,
            "award": p.award,
            "level": p.level.value,
            "fields": list(p.fields) or None,
            "languages": list(p.languages) or None,
            "duration_months": p.duration_months,
            "duration_weeks": p.duration_weeks,
            "tuition": p.tuition and {**_fee(p.tuition), "per": p.tuition.per.value, "audience": p.tuition.audience},
            "application_fee": p.application_fee and _fee(p.application_fee),
            "source": p.source.id,
            "confidence": p.confidence.value,
            "synthetic": p.synthetic or None,
            "expired": p.expired or None,
            "notes": list(p.notes) or None,
            "requirement": p.requirement and requirement_data(p.requirement),
            "intakes": [intake_data(intake) for intake in p.intakes] or None,
        }
    )


def _fee(fee: Fee) -> dict[str, Any]:
    return {**(money_data(fee.money) or {}), "source": fee.source.id, "confidence": fee.confidence.value}


def _leaf(leaf: Leaf) -> tuple[str, dict[str, Any]]:
    match leaf:
        case DegreeNeeded():
            return "degree", {"level": leaf.level, "fields": list(leaf.fields) or None}
        case GradeNeeded():
            return "grade", {"of": leaf.of, "scale": leaf.scale, "at_least": str(leaf.at_least)}
        case TestNeeded():
            sections = {name: str(score) for name, score in leaf.sections.items()} or None
            total = None if leaf.total is None else str(leaf.total)
            validity = {"valid_at": leaf.valid_at and leaf.valid_at.value, "valid_months": leaf.valid_months}
            passed = leaf.passed or None
            return "test", {"code": leaf.code, "total": total, "sections": sections, "passed": passed, **validity}
        case DocumentNeeded():
            return "document", {"kind": leaf.kind}
        case ExperienceNeeded():
            return "experience", {"months": leaf.months}
        case CitizenshipNeeded():
            return "citizenship", {"any_of": list(leaf.any_of) or None, "none_of": list(leaf.none_of) or None}
        case MoneyNeeded():
            return "money", dict(money_data(leaf.a_year) or {})
    return "stated", {"text": leaf.text}


def _day(prefix: str, day: Day | None) -> dict[str, Any]:
    if day is None:
        return {}
    if day.on is not None:
        return {f"{prefix}on": day.on.isoformat()}
    return {f"{prefix}each": "{:02d}-{:02d}".format(*day.each) if day.each else None}


def _deadline(deadline: Deadline) -> dict[str, Any]:
    opens = deadline.opens
    return without_unknown(
        {
            "kind": deadline.kind.value,
            **_day("", deadline.day),
            "years_before": deadline.day.years_before or None,
            **_day("opens_", opens),
            "opens_years_before": opens.years_before if opens and opens.on is None else None,
            "time": deadline.at and deadline.at.isoformat(),
            "zone": deadline.zone,
            "basis": None if deadline.basis is Basis.NOT_STATED else deadline.basis.value,
            "audience": deadline.audience.value,
            "source": deadline.source.id,
            "confidence": deadline.confidence.value,
        }
    )


def _sources_of(programme: Programme) -> list[Source]:
    found = [programme.source, programme.institution.source]
    found += [fee.source for fee in (programme.tuition, programme.application_fee) if fee]
    if programme.requirement is not None:
        found += [leaf.stated.source for leaf in leaves(programme.requirement)]
    found += [deadline.source for intake in programme.intakes for deadline in intake.deadlines]
    return found

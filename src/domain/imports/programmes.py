"""From a row to the programme or institution that it stands for, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from ..catalogue.folding import folded, words_of
from ..catalogue.programme import Fee, FeePer, Institution, Level, Programme, Sector
from ..catalogue.reading import read_stored_programme
from ..catalogue.search import ProgrammeQuery
from ..catalogue.writing import institution_data, programme_data
from ..shared.ids import ImportId, InstitutionId, ProgrammeId
from ..shared.money import Money
from ..shared.reading import Problems, Record
from ..shared.sourced import read_sources
from ..shared.sources import Confidence, Source
from ..shared.writing import source_data
from .provenance import Stood
from .rows import InstitutionRow, ProgrammeRow, digest_of

_VALUES = (
    "name", "level", "award", "fields", "languages", "duration_months", "duration_weeks", "tuition_minor",
    "tuition_currency", "tuition_per", "expired", "synthetic",
)  # fmt: skip
_ONLY_IN_DETAILS = frozenset({"application_fee", "requirement", "intakes", "notes", "source", "confidence"})


def institution_of(row: InstitutionRow, id_: UUID, source: Source) -> Institution:
    """Return the institution; ``source`` is its catalogue's edition, used where the row names no page of its own."""
    return Institution(
        id=InstitutionId(id_),
        key=row.key,
        name=row.name,
        country=row.country,
        source=_source(row.source) or source,
        city=row.city,
        zone=row.zone,
        sector=Sector(row.sector) if row.sector else None,
        website=row.website,
    )


def programme_of(row: ProgrammeRow, id_: UUID, institution: Institution, source: Source, withdrawn: bool) -> Programme:
    """Return the programme; one that was withdrawn from its catalogue counts as expired."""
    expired = row.expired or withdrawn
    if row.details is not None:
        return stored_programme(json.loads(row.details), id_, {institution.key: institution.id}, expired)
    return Programme(
        id=ProgrammeId(id_),
        key=row.key,
        institution=institution,
        name=row.name,
        level=Level(row.level),
        source=source,
        confidence=Confidence.HIGH,
        award=row.award,
        fields=tuple(row.fields),
        languages=tuple(row.languages),
        duration_months=row.duration_months,
        duration_weeks=row.duration_weeks,
        tuition=_fee(row, source),
        synthetic=row.synthetic,
        expired=expired,
    )


def stored_programme(details: Any, id_: UUID, institution: Mapping[str, UUID], expired: bool) -> Programme:
    """Return the programme from the JSON in which it was kept whole; ``institution`` is its institution's id by its
    key."""
    programme = read_stored_programme(details, lambda key: institution.get(key, id_))
    return programme if programme.expired == expired else _expired(programme)


def institution_row(institution: Institution, number: int = 0) -> InstitutionRow:
    """Return the row of an institution whose page is named; ``number`` is the file's row."""
    source = json.dumps(source_data(institution.source))
    content = json.dumps([institution_data(institution), source]).encode()
    return InstitutionRow(
        institution.key,
        institution.name,
        institution.country,
        institution.city,
        institution.zone,
        institution.sector and institution.sector.value,
        institution.website,
        source,
        None,
        digest_of(content),
        number,
    )


def programme_row(programme: Programme, number: int = 0) -> ProgrammeRow:
    """Return the row of a programme, with all of it in ``details``; ``number`` is the file's row."""
    details = json.dumps(programme_data(programme))
    fee = programme.tuition
    return ProgrammeRow(
        key=programme.key,
        institution_key=programme.institution.key,
        name=programme.name,
        search=folded(programme.name),
        level=programme.level.value,
        award=programme.award,
        fields=programme.fields,
        languages=programme.languages,
        country=programme.institution.country,
        duration_months=programme.duration_months,
        duration_weeks=programme.duration_weeks,
        tuition_minor=fee.money.minor if fee else None,
        tuition_currency=fee.money.currency if fee else None,
        tuition_per=fee.per.value if fee else None,
        expired=programme.expired,
        synthetic=programme.synthetic,
        details=details,
        stated=None,
        digest=digest_of(details.encode()),
        campuses=(),
        places=0,
        number=number,
    )


def stood_from(row: Mapping[str, Any]) -> Stood:
    """Return what a programme was from its row as JSON, by the names of its columns; a value in ``details`` or
    ``stated`` has a name of its own."""
    details = row.get("details") or {}
    values = {name: row[name] for name in _VALUES if row.get(name) is not None}
    values |= {name: value for name, value in details.get("programme", {}).items() if name in _ONLY_IN_DETAILS}
    values |= {f"stated.{name}": value for name, value in (row.get("stated") or {}).items() if value is not None}
    return Stood(values, ImportId(UUID(row["changed_in"])), row.get("file_row") or 0)


def fits(programme: Programme, query: ProgrammeQuery) -> bool:
    """Whether the programme is what the query asks for: each word in its name or its institution's, and so on."""
    names = (folded(programme.name), folded(programme.institution.name))
    return (
        (query.include_expired or not programme.expired)
        and (not query.countries or programme.institution.country in query.countries)
        and (not query.levels or programme.level in query.levels)
        and (not query.fields or any(code.startswith(query.fields) for code in programme.fields))
        and (not query.languages or any(language in query.languages for language in programme.languages))
        and all(any(word in name for name in names) for word in words_of(query.text))
    )


def _fee(row: ProgrammeRow, source: Source) -> Fee | None:
    if row.tuition_minor is None or row.tuition_currency is None or row.tuition_per is None:
        return None
    return Fee(Money(row.tuition_minor, row.tuition_currency), FeePer(row.tuition_per), source, Confidence.HIGH)


def _source(text: str | None) -> Source | None:
    if text is None:
        return None
    return next(iter(read_sources(Record({"sources": [json.loads(text)]}, "", Problems())).values()))


def _expired(programme: Programme) -> Programme:
    return replace(programme, expired=True)

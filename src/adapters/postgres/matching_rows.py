"""What matching reads of the catalogue in PostgreSQL: the entries, and each distinct statement once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from ...domain.catalogue.intake import Intake
from ...domain.catalogue.requirement import Requirement
from ...domain.imports.programmes import stored_programme
from ...domain.imports.stated import NOTHING
from ...domain.matching.entry import Entry
from ...domain.shared.ids import ProgrammeId
from ...domain.shared.money import Money
from .reading import Reading

_LOT = 5_000
A_YEAR = """CASE p.tuition_per WHEN 'year' THEN p.tuition_minor WHEN 'semester' THEN 2 * p.tuition_minor ELSE
  CASE WHEN coalesce(p.duration_weeks, 0) > 0 THEN (104 * p.tuition_minor + p.duration_weeks) / (2 * p.duration_weeks)
       WHEN coalesce(p.duration_months, 0) > 0 THEN (24 * p.tuition_minor + p.duration_months) / (2 * p.duration_months)
  END END"""
"""The tuition of one year as the domain rounds it, in minor units; null where it is not known."""

_ENTRIES = f"""
SELECT p.id, p.key, p.name, p.search, i.name AS institution, i.search AS institution_search, p.country, p.level,
       p.fields, p.languages, {A_YEAR} AS a_year, p.tuition_currency, p.requirement_id, p.schedule_id
FROM programmes p JOIN institutions i ON i.id = p.institution_id
WHERE NOT p.expired AND NOT p.withdrawn AND p.id > $1 ORDER BY p.id LIMIT {_LOT}
"""  # noqa: S608
_FIRST = UUID(int=0)


class Stated:
    """The distinct requirements and schedules, read once each."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.requirements: dict[int, Requirement | None] = {NOTHING: None}
        self.schedules: dict[int, tuple[Intake, ...]] = {NOTHING: ()}

    async def know(self, requirements: set[int], schedules: set[int]) -> None:
        """Read those that are not known yet."""
        for row in await self._details("requirements", requirements - self.requirements.keys()):
            self.requirements[row["id"]] = _programme(row["details"]).requirement
        for row in await self._details("schedules", schedules - self.schedules.keys()):
            self.schedules[row["id"]] = _programme(row["details"]).intakes

    async def _details(self, table: str, ids: set[int]) -> Sequence[Any]:
        if not ids:
            return ()
        return await self._reading.fetch(f"SELECT id, details FROM {table} WHERE id = ANY($1)", list(ids))  # noqa: S608


class PostgresEntries:
    """Reads the programmes on offer, a few thousand at a time."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def every(self) -> AsyncIterator[Sequence[Entry]]:
        stated, after = Stated(self._reading), _FIRST
        while rows := await self._reading.fetch(_ENTRIES, after):
            after = rows[-1]["id"]
            await stated.know({row["requirement_id"] for row in rows}, {row["schedule_id"] for row in rows})
            yield [_entry(row, stated) for row in rows]


def _entry(row: Any, stated: Stated) -> Entry:
    a_year = row["a_year"]
    return Entry(
        ProgrammeId(UUID(bytes=row["id"].bytes)),
        row["key"],
        row["name"],
        row["search"],
        row["institution"],
        row["institution_search"],
        row["country"],
        row["level"],
        tuple(row["fields"]),
        tuple(row["languages"]),
        None if a_year is None else Money(a_year, row["tuition_currency"]),
        stated.requirements[row["requirement_id"]],
        stated.schedules[row["schedule_id"]],
    )


def _programme(details: Any) -> Any:
    data = json.loads(details) if isinstance(details, str) else details
    return stored_programme(data, _FIRST, {}, expired=False)

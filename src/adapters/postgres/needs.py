"""Needs that were found before, in PostgreSQL: a row for each student, written over when it is found anew."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Integer, Row, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.counselling.kept import KeptNeeds, Standing
from ...domain.counselling.need import Need
from ...domain.shared.ids import StudentId
from .engine import translated

_STANDINGS = text(
    """
SELECT s.id, s.version, coalesce(s.profile->>'name', '') AS name,
       coalesce(s.profile->>'preferred_language', '') AS language,
       coalesce(s.profile#>>'{residence,zone}', 'UTC') AS zone,
       md5(concat_ws('|', s.version, p.word, d.word, a.word)) AS versions, n.basis, n.needs::text AS needs
FROM students AS s
CROSS JOIN LATERAL
    (SELECT string_agg(id || '.' || version, ' ' ORDER BY id) AS word FROM plans WHERE student_id = s.id) AS p
CROSS JOIN LATERAL
    (SELECT string_agg(id || '.' || version, ' ' ORDER BY id) AS word FROM documents WHERE student_id = s.id) AS d
CROSS JOIN LATERAL
    (SELECT string_agg(id || '.' || version, ' ' ORDER BY id) AS word FROM applications WHERE student_id = s.id) AS a
LEFT JOIN needs_found AS n ON n.student_id = s.id
WHERE s.id = ANY (:ids)
ORDER BY s.id
"""
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))

# An erasure takes the row of the student first: whoever comes after it finds another version there.
_KEEP = text(
    """
INSERT INTO needs_found (student_id, basis, needs)
SELECT id, :basis, CAST(:needs AS jsonb) FROM students WHERE id = :student AND version = :record_version FOR SHARE
ON CONFLICT (student_id) DO UPDATE SET basis = excluded.basis, needs = excluded.needs
"""
).bindparams(
    bindparam("basis", type_=Text),
    bindparam("needs", type_=Text),
    bindparam("student", type_=Uuid),
    bindparam("record_version", type_=Integer),
)


class PostgresNeeds:
    """What is kept, as one transaction sees it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def standings(self, student_ids: Collection[StudentId]) -> Sequence[Standing]:
        with translated():
            return [_read(row) for row in await self._connection.execute(_STANDINGS, {"ids": list(student_ids)})]

    async def keep(self, found: Sequence[KeptNeeds]) -> None:
        rows = [
            {  # parameters of a reason may be a mapping that cannot be changed, and are written as any other
                "student": one.student_id,
                "record_version": one.record_version,
                "basis": one.basis,
                "needs": msgspec.json.encode(one.needs, enc_hook=dict).decode(),
            }
            for one in sorted(found, key=lambda one: one.student_id)  # in one order, so that no two wait for each other
        ]
        if rows:
            with translated():
                await self._connection.execute(_KEEP, rows)


def _read(row: Row[Any]) -> Standing:
    student_id = StudentId(row.id)
    kept = None
    if row.basis is not None:
        needs = msgspec.json.decode(row.needs, type=tuple[Need, ...])
        kept = KeptNeeds(student_id, row.version, row.basis, needs)
    return Standing(student_id, row.version, row.name, row.language, row.zone, row.versions, kept)

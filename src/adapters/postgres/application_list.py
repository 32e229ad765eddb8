"""The list of a student's applications, straight from rows: one statement, outside of any unit of work."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from ...domain.applications.application import Offer, Receipt
from ...domain.shared.ids import ApplicationId, StudentId
from ...ports.reading import ApplicationRow, HistoryRow
from .reading import Reading

APPLICATIONS = """
SELECT a.id, a.student_id, a.programme_id, a.term, a.starts_on, a.started_at, a.version, a.state, a.offer,
       r.number, r.submitted_at, r.snapshot_sha256, r.deadline, r.deadline_zone, r.spare_seconds,
       h.action, h.before, h.after, h.side, h.at, h.note
FROM (SELECT * FROM applications WHERE student_id = $1 AND id > $2 ORDER BY id LIMIT $3) AS a
LEFT JOIN receipts AS r ON r.application_id = a.id
LEFT JOIN application_history AS h ON h.application_id = a.id
ORDER BY a.id, h.number
"""
"""One row for each entry of an application's history, and one for an application without any."""

_FIRST = UUID(int=0)


class PostgresApplicationList:
    """The list as it is at the moment of asking."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def of_student(
        self, student_id: StudentId, after: ApplicationId | None, limit: int
    ) -> Sequence[ApplicationRow]:
        return _applications(await self._reading.fetch(APPLICATIONS, student_id, after or _FIRST, limit))


def _application(record: Any, history: list[HistoryRow]) -> ApplicationRow:
    key, student_id, programme_id, term, starts_on, started_at, version, state, offer, number = record[0:10]
    return ApplicationRow(
        key,
        student_id,
        programme_id,
        term,
        starts_on,
        started_at,
        version,
        state,
        None if offer is None else msgspec.json.decode(offer, type=Offer),
        None if number is None else Receipt(number, ApplicationId(key), *record[10:15]),
        history,
    )


def _applications(records: Sequence[Any]) -> list[ApplicationRow]:
    found: list[ApplicationRow] = []
    history: list[HistoryRow] = []
    last = None
    for record in records:
        if record[0] != last:
            last = record[0]
            history = []
            found.append(_application(record, history))
        if record[15] is not None:
            history.append(HistoryRow(*record[15:21]))
    return found

"""Which reports there are, in memory."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from ...domain.reports.report import Report, State
from ...domain.shared.ids import AccountId, ReportId, StudentId
from .tables import Entities


class MemoryReports:
    """The reports as the open unit sees them."""

    def __init__(self, rows: Entities[Report]) -> None:
        self._rows = rows

    async def add(self, report: Report) -> None:
        self._rows.add(report.id, report)

    async def save(self, report: Report) -> None:
        self._rows.save(report.id, report)

    async def get(self, report_id: ReportId) -> Report:
        return self._rows.found(report_id)

    async def of_account(self, account_id: AccountId, limit: int) -> Sequence[Report]:
        return _newest_first(self._rows.rows(lambda one: one.asked_by == account_id))[:limit]

    async def of_student(self, student_id: StudentId) -> Sequence[Report]:
        return _newest_first(self._rows.rows(lambda one: one.student_id == student_id))

    async def over(self, now: datetime, limit: int) -> Sequence[Report]:
        kept = [one for one in self._rows.rows() if one.sha256]
        over = [one for one in kept if one.state is State.WITHDRAWN or (one.until is not None and one.until <= now)]
        return sorted(over, key=lambda one: one.id)[:limit]

    async def unused(self, hashes: Sequence[str]) -> frozenset[str]:
        return frozenset(hashes) - {one.sha256 for one in self._rows.rows() if one.sha256}


def _newest_first(found: Iterable[Report]) -> list[Report]:
    return sorted(found, key=lambda one: (one.asked_at, one.id), reverse=True)

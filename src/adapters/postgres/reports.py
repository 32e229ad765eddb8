"""Which reports there are, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, or_, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.reports.report import Form, Kind, Report, State
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, PlanId, ReportId, StudentId
from .engine import translated
from .tables_reports import reports
from .versions import save_row


class PostgresReports:
    """The reports as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, report: Report) -> None:
        row = {
            "id": report.id,
            "kind": report.kind.value,
            "form": report.form.value,
            "language": report.language,
            "asked_by": report.asked_by,
            "asked_at": report.asked_at,
            "student_id": report.student_id,
            "plan_id": report.plan_id,
            **_progress(report),
            "version": report.version + 1,
        }
        with translated():
            await self._connection.execute(insert(reports).values(row))
        report.version += 1

    async def save(self, report: Report) -> None:
        report.version = await save_row(self._connection, reports, report.id, report.version, _progress(report))

    async def get(self, report_id: ReportId) -> Report:
        with translated():
            row = (await self._connection.execute(select(reports).where(reports.c.id == report_id))).one_or_none()
        if row is None:
            raise NotFound
        return _read(row)

    async def of_account(self, account_id: AccountId, limit: int) -> Sequence[Report]:
        query = select(reports).where(reports.c.asked_by == account_id)
        return await self._all(query.order_by(reports.c.asked_at.desc(), reports.c.id.desc()).limit(limit))

    async def of_student(self, student_id: StudentId) -> Sequence[Report]:
        query = select(reports).where(reports.c.student_id == student_id)
        return await self._all(query.order_by(reports.c.asked_at.desc(), reports.c.id.desc()))

    async def over(self, now: datetime, limit: int) -> Sequence[Report]:
        c = reports.c
        is_over = or_(c.state == State.WITHDRAWN.value, c.until <= now)
        return await self._all(select(reports).where(c.sha256 != "", is_over).order_by(c.id).limit(limit))

    async def unused(self, hashes: Sequence[str]) -> frozenset[str]:
        used = select(reports.c.sha256).where(reports.c.sha256.in_(hashes), reports.c.sha256 != "")
        with translated():
            return frozenset(hashes).difference((await self._connection.execute(used)).scalars())

    async def _all(self, query: Any) -> Sequence[Report]:
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]


def _progress(report: Report) -> dict[str, Any]:
    return {
        "state": report.state.value,
        "because": report.because,
        "sha256": report.sha256,
        "size": report.size,
        "content_sha256": report.content_sha256,
        "made_at": report.made_at,
        "until": report.until,
    }


def _read(row: Row[Any]) -> Report:
    return Report(
        id=ReportId(row.id),
        kind=Kind(row.kind),
        form=Form(row.form),
        language=row.language,
        asked_by=AccountId(row.asked_by),
        asked_at=row.asked_at,
        student_id=None if row.student_id is None else StudentId(row.student_id),
        plan_id=None if row.plan_id is None else PlanId(row.plan_id),
        state=State(row.state),
        because=row.because,
        sha256=row.sha256,
        size=row.size,
        content_sha256=row.content_sha256,
        made_at=row.made_at,
        until=row.until,
        version=row.version,
    )

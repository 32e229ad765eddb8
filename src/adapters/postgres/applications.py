"""Where applications are kept, and exactly what was sent with each, in PostgreSQL."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.applications.application import Action, Application, HistoryEntry, Offer, Receipt, Side, State
from ...domain.shared.errors import Conflict, NotFound, Reason
from ...domain.shared.ids import AccountId, ApplicationId, ProgrammeId, StudentId
from ...ports.vault import is_sealed
from .engine import translated
from .many import among
from .often import Often
from .tables import application_history, applications, receipts, snapshots
from .versions import save_row

_ADD = Often(
    upsert(applications)
    .values({column.name: bindparam(column.name, type_=column.type) for column in applications.c})
    .on_conflict_do_nothing()
    .returning(applications.c.id)
)


class PostgresApplications:
    """The applications as one transaction sees them; history, receipts and snapshots are only ever added to."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, application: Application) -> None:
        row = {
            "id": application.id,
            "student_id": application.student_id,
            "programme_id": application.programme_id,
            "term": application.term,
            "starts_on": application.starts_on,
            "started_at": application.started_at,
            "state": application.state.value,
            "offer": None if application.offer is None else msgspec.json.encode(application.offer).decode(),
            "version": application.version + 1,
        }
        if not await _ADD.rows(self._connection, **row):
            raise Conflict(Reason("application.exists", {"term": application.term}))
        await self._keep_what_happened(application)
        application.version += 1

    async def get(self, application_id: ApplicationId) -> Application:
        found = await self._find(applications.c.id == application_id, limit=1)
        if not found:
            raise NotFound
        return found[0]

    async def save(self, application: Application) -> None:
        version = await save_row(
            self._connection, applications, application.id, application.version, _changing(application)
        )
        await self._keep_what_happened(application)
        application.version = version

    async def of_student(
        self, student_id: StudentId, after: ApplicationId | None = None, limit: int = 100
    ) -> Sequence[Application]:
        which = applications.c.student_id == student_id
        if after is not None:
            which &= applications.c.id > after
        return await self._find(which, limit)

    async def of_students(self, student_ids: Collection[StudentId]) -> Sequence[Application]:
        return await self._find(among(applications.c.student_id, student_ids), None)

    async def keep_snapshot(self, application_id: ApplicationId, content: bytes) -> None:
        row = {"application_id": application_id, "content": content, "sealed": is_sealed(content)}
        with translated():
            if (await self._connection.execute(upsert(snapshots).values(row).on_conflict_do_nothing())).rowcount != 1:
                raise Conflict(Reason("application.submitted_already"))

    async def unsealed_snapshots(self, limit: int) -> Sequence[tuple[StudentId, ApplicationId]]:
        query = (
            select(applications.c.student_id, applications.c.id)
            .join_from(applications, snapshots)
            .where(~snapshots.c.sealed)
            .order_by(snapshots.c.application_id)
            .limit(limit)
        )
        with translated():
            rows = (await self._connection.execute(query)).all()
        return [(StudentId(row.student_id), ApplicationId(row.id)) for row in rows]

    async def seal_snapshot(self, application_id: ApplicationId, sealed: bytes) -> None:
        with translated():
            await self._connection.execute(select(func.seal_snapshot(application_id, sealed)))

    async def snapshot(self, application_id: ApplicationId) -> bytes:
        query = select(snapshots.c.content).where(snapshots.c.application_id == application_id)
        with translated():
            content = (await self._connection.execute(query)).scalar_one_or_none()
        if content is None:
            raise NotFound
        return bytes(content)

    async def _keep_what_happened(self, application: Application) -> None:
        entries = [
            {"application_id": application.id, "number": number, **_entry_values(entry)}
            for number, entry in enumerate(application.history, start=1)
        ]
        receipt = application.receipt
        with translated():
            if entries:
                await self._connection.execute(upsert(application_history).on_conflict_do_nothing(), entries)
            if receipt is not None:
                await self._connection.execute(
                    upsert(receipts).values(_receipt_values(receipt)).on_conflict_do_nothing()
                )

    async def _find(self, which: ColumnElement[bool], limit: int | None) -> list[Application]:
        query = (
            select(applications, *_RECEIPT_COLUMNS)
            .join_from(applications, receipts, isouter=True)
            .where(which)
            .order_by(applications.c.id)
            .limit(limit)
        )
        with translated():
            rows = (await self._connection.execute(query)).all()
            past = select(application_history)
            past = past.where(among(application_history.c.application_id, [row.id for row in rows]))
            entries = (await self._connection.execute(past.order_by(application_history.c.number))).all()
        history: dict[UUID, list[Row[Any]]] = {}
        for entry in entries:
            history.setdefault(entry.application_id, []).append(entry)
        return [_read(row, history.get(row.id, [])) for row in rows]


_RECEIPT_COLUMNS = tuple(column for column in receipts.c if column.name != "application_id")


def _changing(application: Application) -> dict[str, Any]:
    return {"state": application.state, "offer": application.offer and msgspec.to_builtins(application.offer)}


def _entry_values(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "action": entry.action,
        "before": entry.before,
        "after": entry.after,
        "side": entry.side,
        "at": entry.at,
        "recorded_by": entry.recorded_by,
        "note": entry.note,
    }


def _receipt_values(receipt: Receipt) -> dict[str, Any]:
    return {
        "application_id": receipt.application_id,
        "number": receipt.number,
        "submitted_at": receipt.submitted_at,
        "snapshot_sha256": receipt.snapshot_sha256,
        "deadline": receipt.deadline,
        "deadline_zone": receipt.deadline_zone,
        "spare_seconds": receipt.spare_seconds,
    }


def _read(row: Row[Any], entries: list[Row[Any]]) -> Application:
    return Application(
        id=ApplicationId(row.id),
        student_id=StudentId(row.student_id),
        programme_id=ProgrammeId(row.programme_id),
        term=row.term,
        starts_on=row.starts_on,
        started_at=row.started_at,
        state=State(row.state),
        history=tuple(map(_read_entry, entries)),
        receipt=None if row.number is None else _read_receipt(row),
        offer=None if row.offer is None else msgspec.convert(row.offer, Offer),
        version=row.version,
    )


def _read_entry(row: Row[Any]) -> HistoryEntry:
    return HistoryEntry(
        action=Action(row.action),
        before=State(row.before),
        after=State(row.after),
        side=Side(row.side),
        at=row.at,
        recorded_by=AccountId(row.recorded_by),
        note=row.note,
    )


def _read_receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        number=row.number,
        application_id=ApplicationId(row.id),
        submitted_at=row.submitted_at,
        snapshot_sha256=row.snapshot_sha256,
        deadline=row.deadline,
        deadline_zone=row.deadline_zone,
        spare_seconds=row.spare_seconds,
    )

"""Where plans are kept, in PostgreSQL."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, insert, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.planning.plan import Plan
from ...domain.planning.schedule import Report
from ...domain.planning.sent_calendar import Sent, SentEntry
from ...domain.planning.target import TargetRef
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import PlanId, StudentId
from .engine import translated
from .locks import one_at_a_time
from .many import among
from .tables import calendars_sent, plans
from .versions import save_row


@dataclass(frozen=True, slots=True)
class _Inputs:
    """What a schedule is made from, as it stands in the row."""

    targets: tuple[TargetRef, ...]
    made_with: tuple[str, ...]
    zones: str
    reports: dict[str, Report]
    durations: dict[str, int]
    pathways: dict[str, str] = field(default_factory=dict)


class PostgresPlans:
    """The plans as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, plan: Plan) -> None:
        row = {"id": plan.id, **_values(plan), "version": plan.version + 1}
        with translated():
            await self._connection.execute(insert(plans).values(row))
        plan.version += 1

    async def get(self, plan_id: PlanId) -> Plan:
        found = await self._find(plans.c.id == plan_id)
        if not found:
            raise NotFound
        return found[0]

    async def save(self, plan: Plan) -> None:
        plan.version = await save_row(self._connection, plans, plan.id, plan.version, _values(plan))

    async def of_student(
        self, student_id: StudentId, after: PlanId | None = None, limit: int | None = None
    ) -> Sequence[Plan]:
        which = plans.c.student_id == student_id
        if after is not None:
            last = select(plans.c.made_at, plans.c.id).where(plans.c.student_id == student_id, plans.c.id == after)
            which &= tuple_(plans.c.made_at, plans.c.id) < last.scalar_subquery()
        return await self._find(which, limit)

    async def of_students(self, student_ids: Collection[StudentId]) -> Sequence[Plan]:
        return await self._find(among(plans.c.student_id, student_ids))

    async def find_by_calendar(self, calendar_hash: str) -> Plan | None:
        if not calendar_hash:
            return None
        found = await self._find(plans.c.calendar_hash == calendar_hash)
        return found[0] if found else None

    async def calendar_sent(self, plan_id: PlanId) -> Sent:
        await one_at_a_time(self._connection, f"calendar of {plan_id}")
        with translated():
            kept = select(calendars_sent.c.entries).where(calendars_sent.c.plan_id == plan_id)
            found = (await self._connection.execute(kept)).scalar_one_or_none()
        return msgspec.convert(found or {}, dict[str, SentEntry])

    async def note_calendar_sent(self, plan_id: PlanId, sent: Sent) -> None:
        row = {"plan_id": plan_id, "entries": msgspec.to_builtins(dict(sent))}
        keep = upsert(calendars_sent).values(row)
        keep = keep.on_conflict_do_update(index_elements=["plan_id"], set_={"entries": keep.excluded.entries})
        with translated():
            await self._connection.execute(keep)

    async def _find(self, which: ColumnElement[bool], limit: int | None = None) -> list[Plan]:
        query = select(plans).where(which).order_by(plans.c.made_at.desc(), plans.c.id.desc()).limit(limit)
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]


def _values(plan: Plan) -> dict[str, Any]:
    inputs = _Inputs(plan.targets, plan.made_with, plan.zones, plan.reports, plan.durations, plan.pathways)
    return {
        "student_id": plan.student_id,
        "made_at": plan.made_at,
        "inputs": msgspec.to_builtins(inputs),
        "calendar_hash": plan.calendar_hash,
    }


def _read(row: Row[Any]) -> Plan:
    inputs = msgspec.convert(row.inputs, _Inputs)
    return Plan(
        id=PlanId(row.id),
        student_id=StudentId(row.student_id),
        targets=inputs.targets,
        made_at=row.made_at,
        made_with=inputs.made_with,
        zones=inputs.zones,
        reports=inputs.reports,
        durations=inputs.durations,
        pathways=inputs.pathways,
        calendar_hash=row.calendar_hash,
        version=row.version,
    )

"""Orders, attempts to pay them, disputes and notices, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.payments.attempt import Attempt
from ...domain.payments.attempt import State as AttemptState
from ...domain.payments.dispute import DisputeCase, Stage
from ...domain.payments.order import Order, State
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AttemptId, OrderId, StudentId
from ...domain.shared.money import Money
from ...ports.payments import Notice
from .engine import translated
from .order_rows import new_order_row, order_changes, read_order
from .tables_payments import disputes, orders, payment_attempts, payment_notices
from .versions import save_row


class PostgresOrders:
    """The orders as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, order: Order) -> None:
        with translated():
            await self._connection.execute(insert(orders).values(new_order_row(order)))
        order.version += 1

    async def save(self, order: Order) -> None:
        order.version = await save_row(self._connection, orders, order.id, order.version, order_changes(order))

    async def get(self, order_id: OrderId) -> Order:
        return await self._one(select(orders).where(orders.c.id == order_id))

    async def lock(self, order_id: OrderId) -> Order:
        return await self._one(select(orders).where(orders.c.id == order_id).with_for_update())

    async def of_student(self, student_id: StudentId, limit: int, after: OrderId | None = None) -> Sequence[Order]:
        query = select(orders).where(orders.c.student_id == student_id)
        if after is not None:
            query = query.where(orders.c.id < after)
        return [read_order(row) for row in await self._rows(query.order_by(orders.c.id.desc()).limit(limit))]

    async def over(self, now: datetime, limit: int) -> Sequence[OrderId]:
        query = select(orders.c.id).where(orders.c.state == State.OPEN.value, orders.c.due_at <= now)
        return [OrderId(row.id) for row in await self._rows(query.order_by(orders.c.due_at, orders.c.id).limit(limit))]

    async def add_attempt(self, attempt: Attempt) -> None:
        row = {
            "id": attempt.id,
            "order_id": attempt.order_id,
            "number": attempt.number,
            "amount": attempt.amount.minor,
            "currency": attempt.amount.currency,
            "asked_at": attempt.asked_at,
            **_attempt_changes(attempt),
            "version": attempt.version + 1,
        }
        with translated():
            await self._connection.execute(insert(payment_attempts).values(row))
        attempt.version += 1

    async def save_attempt(self, attempt: Attempt) -> None:
        changes = _attempt_changes(attempt)
        attempt.version = await save_row(self._connection, payment_attempts, attempt.id, attempt.version, changes)

    async def attempts_of(self, order_id: OrderId) -> Sequence[Attempt]:
        query = select(payment_attempts).where(payment_attempts.c.order_id == order_id)
        return [_read_attempt(row) for row in await self._rows(query.order_by(payment_attempts.c.number))]

    async def attempt_of(self, collection: str) -> Attempt | None:
        c = payment_attempts.c.collection
        found = await self._rows(select(payment_attempts).where(c == collection, c != ""))
        return _read_attempt(found[0]) if found else None

    async def unlooked(self, before: datetime, limit: int) -> Sequence[Attempt]:
        c = payment_attempts.c
        since = func.coalesce(c.looked_at, c.asked_at)
        waiting = [AttemptState.ASKED, AttemptState.OPEN, AttemptState.UNDER_WAY, AttemptState.HELD]
        query = select(payment_attempts).where(c.state.in_([one.value for one in waiting]), since < before)
        return [_read_attempt(row) for row in await self._rows(query.order_by(since, c.id).limit(limit))]

    async def put_dispute(self, dispute: DisputeCase) -> None:
        changes = {
            "answer_by": dispute.answer_by,
            "reason": dispute.reason,
            "stage": dispute.stage.value,
            "decided_at": dispute.decided_at,
        }
        row = {
            "id": dispute.id,
            "order_id": dispute.order_id,
            "attempt_id": dispute.attempt_id,
            "student_id": dispute.student_id,
            "amount": dispute.amount.minor,
            "currency": dispute.amount.currency,
            "opened_at": dispute.opened_at,
            **changes,
        }
        statement = insert_or(disputes).values(row).on_conflict_do_update(index_elements=["id"], set_=changes)
        with translated():
            await self._connection.execute(statement)

    async def disputes_of(self, order_id: OrderId) -> Sequence[DisputeCase]:
        query = select(disputes).where(disputes.c.order_id == order_id).order_by(disputes.c.id)
        return [_read_dispute(row) for row in await self._rows(query)]

    async def open_disputes(self, limit: int) -> Sequence[DisputeCase]:
        query = select(disputes).where(disputes.c.stage == Stage.OPEN.value)
        query = query.order_by(disputes.c.answer_by.nulls_last(), disputes.c.id).limit(limit)
        return [_read_dispute(row) for row in await self._rows(query)]

    async def is_disputed(self, student_id: StudentId) -> bool:
        c = disputes.c
        return bool(await self._rows(select(c.id).where(c.student_id == student_id, c.stage == "open").limit(1)))

    async def hear(self, notice: Notice, now: datetime) -> bool:
        row = {
            "id": notice.id,
            "kind": notice.kind,
            "at": notice.at,
            "collection": notice.collection,
            "heard_at": now,
            "settled_at": None if notice.collection else now,
        }
        statement = insert_or(payment_notices).values(row).on_conflict_do_nothing(index_elements=["id"])
        with translated():
            return (await self._connection.execute(statement)).rowcount == 1

    async def settled(self, collection: str, until: datetime) -> None:
        c = payment_notices.c
        which = (c.collection == collection) & (c.heard_at <= until) & c.settled_at.is_(None)
        with translated():
            await self._connection.execute(update(payment_notices).where(which).values(settled_at=func.now()))

    async def unsettled(self, heard_from: datetime, heard_before: datetime, limit: int) -> Sequence[str]:
        c = payment_notices.c
        query = select(c.collection).where(c.settled_at.is_(None), c.heard_at >= heard_from, c.heard_at < heard_before)
        return [row.collection for row in await self._rows(query.distinct().order_by(c.collection).limit(limit))]

    async def count_unsettled(self, heard_before: datetime) -> int:
        c = payment_notices.c
        query = select(func.count(c.collection.distinct())).where(c.settled_at.is_(None), c.heard_at < heard_before)
        with translated():
            return int((await self._connection.execute(query)).scalar_one())

    async def _one(self, query: Select[Any]) -> Order:
        found = await self._rows(query)
        if not found:
            raise NotFound
        return read_order(found[0])

    async def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with translated():
            found: Sequence[Row[Any]] = (await self._connection.execute(query)).all()
        return found


def _attempt_changes(attempt: Attempt) -> dict[str, Any]:
    return {
        "collection": attempt.collection,
        "state": attempt.state.value,
        "page": attempt.page,
        "declined": attempt.declined,
        "waits_for_payer": attempt.waits_for_payer,
        "taken": None if attempt.taken is None else attempt.taken.minor,
        "taken_at": attempt.taken_at,
        "looked_at": attempt.looked_at,
    }


def _read_attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        AttemptId(row.id),
        OrderId(row.order_id),
        row.number,
        Money(row.amount, row.currency),
        row.asked_at,
        row.collection,
        AttemptState(row.state),
        row.page,
        row.declined,
        row.waits_for_payer,
        None if row.taken is None else Money(row.taken, row.currency),
        row.taken_at,
        row.looked_at,
        row.version,
    )


def _read_dispute(row: Row[Any]) -> DisputeCase:
    return DisputeCase(
        row.id,
        OrderId(row.order_id),
        AttemptId(row.attempt_id),
        StudentId(row.student_id),
        Money(row.amount, row.currency),
        row.opened_at,
        row.answer_by,
        row.reason,
        Stage(row.stage),
        row.decided_at,
    )

"""Refunds, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, insert, select
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.payments.refund import ENDED, Because, RefundCase, State, Step
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, AttemptId, OrderId, RefundId, StudentId
from ...domain.shared.money import Money
from .engine import translated
from .tables_payments import refunds
from .versions import save_row

_RUNNING = [one.value for one in State if one not in ENDED]


class PostgresRefunds:
    """The refunds as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, case: RefundCase) -> None:
        row = {
            "id": case.id,
            "order_id": case.order_id,
            "attempt_id": case.attempt_id,
            "student_id": case.student_id,
            "amount": case.amount.minor,
            "currency": case.amount.currency,
            "because": case.because.value,
            "reason": case.reason,
            "asked_by": case.asked_by,
            "asked_at": case.asked_at,
            **_changes(case),
            "version": case.version + 1,
        }
        with translated():
            await self._connection.execute(insert(refunds).values(row))
        case.version += 1

    async def save(self, case: RefundCase) -> None:
        case.version = await save_row(self._connection, refunds, case.id, case.version, _changes(case))

    async def get(self, refund_id: RefundId) -> RefundCase:
        found = await self._find(select(refunds).where(refunds.c.id == refund_id))
        if not found:
            raise NotFound
        return found[0]

    async def of_order(self, order_id: OrderId) -> Sequence[RefundCase]:
        return await self._find(select(refunds).where(refunds.c.order_id == order_id).order_by(refunds.c.id))

    async def running(self, limit: int) -> Sequence[RefundCase]:
        query = select(refunds).where(refunds.c.state.in_(_RUNNING))
        return await self._find(query.order_by(refunds.c.expected_by, refunds.c.id).limit(limit))

    async def to_send(self, before: datetime, limit: int) -> Sequence[RefundCase]:
        sending = [State.APPROVED.value, State.SENT.value]
        query = select(refunds).where(refunds.c.state.in_(sending), refunds.c.asked_at < before)
        return await self._find(query.order_by(refunds.c.id).limit(limit))

    async def count_late(self, today: date) -> int:
        query = select(func.count()).where(refunds.c.state.in_(_RUNNING), refunds.c.expected_by < today)
        with translated():
            return int((await self._connection.execute(query)).scalar_one())

    async def _find(self, query: Select[Any]) -> list[RefundCase]:
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]


def _changes(case: RefundCase) -> dict[str, Any]:
    return {
        "expected_by": case.expected_by,
        "state": case.state.value,
        "number": case.number,
        "repayment": case.repayment,
        "repayments": list(case.repayments),
        "reference": case.reference,
        "history": [_step_data(one) for one in case.history],
    }


def _step_data(step: Step) -> dict[str, Any]:
    return {
        "what": step.what,
        "at": step.at.isoformat(),
        "by": None if step.by is None else str(step.by),
        "note": step.note,
        "expected_by": None if step.expected_by is None else step.expected_by.isoformat(),
    }


def _read_step(data: Mapping[str, Any]) -> Step:
    return Step(
        data["what"],
        datetime.fromisoformat(data["at"]),
        None if data["by"] is None else AccountId(UUID(data["by"])),
        data["note"],
        None if data["expected_by"] is None else date.fromisoformat(data["expected_by"]),
    )


def _read(row: Row[Any]) -> RefundCase:
    return RefundCase(
        RefundId(row.id),
        OrderId(row.order_id),
        AttemptId(row.attempt_id),
        StudentId(row.student_id),
        Money(row.amount, row.currency),
        Because(row.because),
        row.reason,
        None if row.asked_by is None else AccountId(row.asked_by),
        row.asked_at,
        row.expected_by,
        State(row.state),
        row.number,
        row.repayment,
        tuple(row.repayments),
        row.reference,
        tuple(_read_step(one) for one in row.history),
        row.version,
    )

"""Refunds in memory."""

from collections.abc import Sequence
from datetime import date, datetime

from ...domain.payments.refund import ENDED, RefundCase, State
from ...domain.shared.ids import OrderId, RefundId
from .tables import Entities


class MemoryRefunds:
    """The refunds as the open unit sees them."""

    def __init__(self, rows: Entities[RefundCase]) -> None:
        self._rows = rows

    async def add(self, case: RefundCase) -> None:
        self._rows.add(case.id, case)

    async def save(self, case: RefundCase) -> None:
        self._rows.save(case.id, case)

    async def get(self, refund_id: RefundId) -> RefundCase:
        return self._rows.found(refund_id)

    async def of_order(self, order_id: OrderId) -> Sequence[RefundCase]:
        return sorted(self._rows.rows(lambda one: one.order_id == order_id), key=lambda one: one.id)

    async def running(self, limit: int) -> Sequence[RefundCase]:
        found = self._rows.rows(lambda one: one.state not in ENDED)
        return sorted(found, key=lambda one: (one.expected_by, one.id))[:limit]

    async def to_send(self, before: datetime, limit: int) -> Sequence[RefundCase]:
        found = self._rows.rows(lambda one: one.state in (State.APPROVED, State.SENT) and one.asked_at < before)
        return sorted(found, key=lambda one: one.id)[:limit]

    async def count_late(self, today: date) -> int:
        return sum(1 for _ in self._rows.rows(lambda one: one.is_late(today)))

"""Orders, attempts, disputes and notices in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from ...domain.payments.attempt import HAS_MONEY, Attempt
from ...domain.payments.dispute import DisputeCase, Stage
from ...domain.payments.order import Order, State
from ...domain.shared.dataclass import dataclass
from ...domain.shared.errors import Conflict, Reason
from ...domain.shared.ids import OrderId, StudentId
from ...ports.payments import Notice
from .tables import Entities, Table

_NO_DAY = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Heard:
    """A notice that was kept, and when it was followed up."""

    notice: Notice
    at: datetime
    settled_at: datetime | None = None


class MemoryOrders:
    """The orders as the open unit sees them; units follow one another, so each has locked everything."""

    def __init__(
        self,
        rows: Entities[Order],
        attempts: Entities[Attempt],
        disputes: Table[str, DisputeCase],
        notices: Table[str, Heard],
        now: datetime,
    ) -> None:
        self._rows = rows
        self._attempts = attempts
        self._disputes = disputes
        self._notices = notices
        self._now = now

    async def add(self, order: Order) -> None:
        self._rows.add(order.id, order)

    async def save(self, order: Order) -> None:
        self._rows.save(order.id, order)

    async def get(self, order_id: OrderId) -> Order:
        return self._rows.found(order_id)

    async def lock(self, order_id: OrderId) -> Order:
        return self._rows.found(order_id)

    async def of_student(self, student_id: StudentId, limit: int, after: OrderId | None = None) -> Sequence[Order]:
        found = self._rows.rows(lambda one: one.student_id == student_id and (after is None or one.id < after))
        return sorted(found, key=lambda one: one.id, reverse=True)[:limit]

    async def over(self, now: datetime, limit: int) -> Sequence[OrderId]:
        found = self._rows.rows(lambda one: one.state is State.OPEN and one.is_over(now))
        return [one.id for one in sorted(found, key=lambda one: (one.due_at or now, one.id))[:limit]]

    async def add_attempt(self, attempt: Attempt) -> None:
        for one in self._attempts.rows(lambda one: one.order_id == attempt.order_id):
            if one.number == attempt.number or not (one.is_done or attempt.is_done):
                raise Conflict(Reason("id.taken"))
        self._attempts.add(attempt.id, attempt)

    async def save_attempt(self, attempt: Attempt) -> None:
        self._attempts.save(attempt.id, attempt)

    async def attempts_of(self, order_id: OrderId) -> Sequence[Attempt]:
        return sorted(self._attempts.rows(lambda one: one.order_id == order_id), key=lambda one: one.number)

    async def attempt_of(self, collection: str) -> Attempt | None:
        return next(self._attempts.rows(lambda one: bool(collection) and one.collection == collection), None)

    async def unlooked(self, before: datetime, limit: int) -> Sequence[Attempt]:
        found = self._attempts.rows(
            lambda one: not one.is_done and one.state not in HAS_MONEY and (one.looked_at or one.asked_at) < before
        )
        return sorted(found, key=lambda one: (one.looked_at or one.asked_at, one.id))[:limit]

    async def put_dispute(self, dispute: DisputeCase) -> None:
        self._disputes.put(dispute.id, dispute)

    async def disputes_of(self, order_id: OrderId) -> Sequence[DisputeCase]:
        return sorted(self._disputes.rows(lambda one: one.order_id == order_id), key=lambda one: one.id)

    async def open_disputes(self, limit: int) -> Sequence[DisputeCase]:
        found = self._disputes.rows(lambda one: one.stage is Stage.OPEN)
        return sorted(found, key=lambda one: (one.answer_by or _NO_DAY, one.id))[:limit]

    async def is_disputed(self, student_id: StudentId) -> bool:
        return self._disputes.any(lambda one: one.student_id == student_id and one.stage is Stage.OPEN)

    async def hear(self, notice: Notice, now: datetime) -> bool:
        if self._notices.get(notice.id) is not None:
            return False
        self._notices.put(notice.id, Heard(notice, now, None if notice.collection else now))
        return True

    async def settled(self, collection: str, until: datetime) -> None:
        for one in list(self._notices.rows(lambda one: one.notice.collection == collection and one.at <= until)):
            if one.settled_at is None:
                self._notices.put(one.notice.id, replace(one, settled_at=self._now))

    async def unsettled(self, heard_from: datetime, heard_before: datetime, limit: int) -> Sequence[str]:
        return sorted(self._waiting(heard_before, heard_from))[:limit]

    async def count_unsettled(self, heard_before: datetime) -> int:
        return len(self._waiting(heard_before))

    def _waiting(self, heard_before: datetime, heard_from: datetime | None = None) -> set[str]:
        rows = self._notices.rows(
            lambda one: (
                one.settled_at is None and one.at < heard_before and (heard_from is None or heard_from <= one.at)
            )
        )
        return {one.notice.collection for one in rows}

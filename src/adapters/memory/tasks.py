"""Tasks about students in memory."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from ...domain.counselling.task import State, Task
from ...domain.counselling.workload import Counted
from ...domain.shared.ids import AccountId, StudentId, TaskId
from .tables import Entities


class MemoryTasks:
    """The tasks as the open unit sees them."""

    def __init__(self, rows: Entities[Task]) -> None:
        self._rows = rows

    async def add(self, tasks: Sequence[Task]) -> None:
        for task in tasks:
            self._rows.add(task.id, task)

    async def get(self, task_id: TaskId) -> Task:
        return self._rows.found(task_id)

    async def save(self, task: Task) -> None:
        self._rows.save(task.id, task)

    async def of_student(self, student_id: StudentId) -> Sequence[Task]:
        found = list(self._rows.rows(lambda one: one.student_id == student_id))
        still = [one for one in found if one.state is State.OPEN]
        closed = [one for one in found if one.state is not State.OPEN]
        return [
            *sorted(still, key=lambda one: (one.due_on or date.max, one.id)),
            *sorted(closed, key=lambda one: (one.closed_at or one.given_at, one.id), reverse=True),
        ]

    async def open_of(self, account_id: AccountId, after: TaskId | None, limit: int) -> Sequence[Task]:
        found = self._rows.rows(
            lambda one: one.assigned_to == account_id and one.state is State.OPEN and (after is None or one.id > after)
        )
        return sorted(found, key=lambda one: one.id)[:limit]

    async def count(self, accounts: Collection[AccountId], today: date, since: datetime) -> dict[AccountId, Counted]:
        found: dict[AccountId, Counted] = {}
        for account_id in accounts:
            own = [one for one in self._rows.rows() if one.assigned_to == account_id]
            seconds = sorted(
                (one.closed_at - one.given_at).total_seconds()
                for one in own
                if one.state is State.DONE and one.closed_at is not None and one.closed_at >= since
            )
            still = sum(one.state is State.OPEN for one in own)
            if still or seconds:
                found[account_id] = Counted(still, sum(one.is_late(today) for one in own), tuple(seconds))
        return found

"""Tasks about students, in PostgreSQL."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select, text
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.counselling.task import State, Task
from ...domain.counselling.workload import Counted
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, StudentId, TaskId
from .engine import translated
from .many import among
from .tables_counselling import tasks
from .versions import save_row

_OPEN, _DONE = text("state = 'open'"), text("state = 'done'")
_ADD = insert(tasks).returning(tasks.c.id)  # many rows a statement, which only RETURNING gives


class PostgresTasks:
    """The tasks as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, new: Sequence[Task]) -> None:
        if not new:
            return
        with translated():
            await self._connection.execute(_ADD, [_values(task) for task in new])
        for task in new:
            task.version += 1

    async def get(self, task_id: TaskId) -> Task:
        found = await self._find(tasks.c.id == task_id)
        if not found:
            raise NotFound
        return found[0]

    async def save(self, task: Task) -> None:
        values = {"state": task.state.value, "closed_at": task.closed_at, "closed_by": task.closed_by}
        task.version = await save_row(self._connection, tasks, task.id, task.version, values)

    async def of_student(self, student_id: StudentId) -> Sequence[Task]:
        found = await self._find(tasks.c.student_id == student_id)
        still = [one for one in found if one.state is State.OPEN]
        closed = [one for one in found if one.state is not State.OPEN]
        return [
            *sorted(still, key=lambda one: (one.due_on or date.max, one.id)),
            *sorted(closed, key=lambda one: (one.closed_at or one.given_at, one.id), reverse=True),
        ]

    async def open_of(self, account_id: AccountId, after: TaskId | None, limit: int) -> Sequence[Task]:
        which = (tasks.c.assigned_to == account_id) & _OPEN
        return await self._find(which if after is None else which & (tasks.c.id > after), limit)

    async def count(self, accounts: Collection[AccountId], today: date, since: datetime) -> dict[AccountId, Counted]:
        c = tasks.c
        still = (
            select(c.assigned_to, func.count(), func.count().filter(c.due_on < today))
            .where(among(c.assigned_to, accounts), _OPEN)
            .group_by(c.assigned_to)
        )
        taken = func.extract("epoch", c.closed_at - c.given_at)
        done = select(c.assigned_to, taken).where(among(c.assigned_to, accounts), _DONE, c.closed_at >= since)
        with translated():
            open_rows = (await self._connection.execute(still)).all()
            done_rows = (await self._connection.execute(done)).all()
        seconds: dict[AccountId, list[float]] = {}
        for account_id, one in done_rows:
            seconds.setdefault(AccountId(account_id), []).append(float(one))
        counted = {AccountId(row[0]): (row[1], row[2]) for row in open_rows}
        return {
            one: Counted(*counted.get(one, (0, 0)), tuple(sorted(seconds.get(one, ())))) for one in {*counted, *seconds}
        }

    async def _find(self, which: ColumnElement[bool], limit: int | None = None) -> list[Task]:
        with translated():
            rows = await self._connection.execute(select(tasks).where(which).order_by(tasks.c.id).limit(limit))
            return [_read(row) for row in rows]


def _values(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "student_id": task.student_id,
        "given_by": task.given_by,
        "assigned_to": task.assigned_to,
        "title": task.title,
        "details": task.details,
        "given_at": task.given_at,
        "due_on": task.due_on,
        "state": task.state.value,
        "closed_at": task.closed_at,
        "closed_by": task.closed_by,
        "version": task.version + 1,
    }


def _read(row: Row[Any]) -> Task:
    return Task(
        id=TaskId(row.id),
        student_id=StudentId(row.student_id),
        given_by=AccountId(row.given_by),
        assigned_to=AccountId(row.assigned_to),
        title=row.title,
        given_at=row.given_at,
        details=row.details,
        due_on=row.due_on,
        state=State(row.state),
        closed_at=row.closed_at,
        closed_by=None if row.closed_by is None else AccountId(row.closed_by),
        version=row.version,
    )

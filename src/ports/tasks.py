"""Where tasks about students are kept."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from ..domain.counselling.task import Task
from ..domain.counselling.workload import Counted
from ..domain.shared.ids import AccountId, StudentId, TaskId


class Tasks(Protocol):
    """All tasks, those that are closed too."""

    async def add(self, tasks: Sequence[Task]) -> None:
        """Keep new tasks; raise Conflict where an id is taken."""
        ...

    async def get(self, task_id: TaskId) -> Task:
        """Return the task; raise NotFound where there is none."""
        ...

    async def save(self, task: Task) -> None:
        """Keep what has changed; raise Conflict where somebody has saved it since it was read."""
        ...

    async def of_student(self, student_id: StudentId) -> Sequence[Task]:
        """Return every task about the student: open ones first by their days, those without a day last, then closed
        ones, the last closed first."""
        ...

    async def open_of(self, account_id: AccountId, after: TaskId | None, limit: int) -> Sequence[Task]:
        """Return open tasks that the account has, by their ids, at most ``limit`` from just after that one on."""
        ...

    async def count(self, accounts: Collection[AccountId], today: date, since: datetime) -> dict[AccountId, Counted]:
        """Return of each account its tasks: how many are open, how many late by that day, and in how many seconds each
        was done that was closed since the moment. Accounts without any may be left out."""
        ...

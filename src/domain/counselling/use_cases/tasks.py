"""Giving tasks, doing them, and seeing what lies with whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ....ports.ids import Ids
from ....ports.transactions import Transactions, UnitOfWork
from ....ports.zones import Zones
from ...identity.account import Asker
from ...identity.policies import admitted
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...planning.use_cases.planned import home_of
from ...shared.dataclass import dataclass
from ...shared.errors import Invalid, NotFound, Reason
from ...shared.ids import AccountId, StudentId, TaskId
from ...shared.times import day_in
from ..note import demand_text
from ..task import LONGEST_DETAILS, LONGEST_TITLE, Task


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done. ``whom`` is the account that is to do it; None: the student."""

    title: str
    details: str = ""
    due_on: date | None = None
    whom: AccountId | None = None

    def checked(self) -> Wanted:
        """Return it as it is kept; raise Invalid naming the place of what cannot be."""
        details = demand_text(self.details, "details", LONGEST_DETAILS) if self.details.strip() else ""
        return Wanted(demand_text(self.title, "title", LONGEST_TITLE), details, self.due_on, self.whom)


@dataclass(frozen=True)
class GiveTask:
    """Give a task about a student to her, to oneself, or to somebody else who counsels her."""

    transactions: Transactions
    ids: Ids
    zones: Zones

    async def __call__(self, asker: Asker, student_id: StudentId, wanted: Wanted) -> Task:
        """Return the task. Raises Forbidden for one's own record, NotFound unless staff asks whom she lets see it;
        Invalid for a text that cannot be kept, a day that has passed where the student lives, and somebody whom she
        does not let help her."""
        admitted(asker, student_id, Doing.GIVE_TASKS)
        checked = wanted.checked()
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.GIVE_TASKS)
            task = await self.made(work, asker.account_id, student_id, checked)
            await work.tasks.add([task])
            work.record(task.given(), task.version)
        return task

    async def made(self, work: UnitOfWork, by: AccountId, student_id: StudentId, wanted: Wanted) -> Task:
        """Return the new task, which is not kept yet; raise Invalid for a day or a person that will not do."""
        student = await work.students.get(student_id)
        today = day_in(work.now, self.zones.named(home_of(student.profile)))
        if wanted.due_on is not None and wanted.due_on < today:
            raise Invalid(Reason("task.due_before_today", {"given": wanted.due_on.isoformat()}, "due_on"))
        whom = wanted.whom or student.account_id
        if whom not in (student.account_id, by) and not await _counsels(work, whom, student_id):
            raise Invalid(Reason("task.not_one_of_hers", {}, "assigned_to"))
        task_id = TaskId(self.ids.new())
        return Task(task_id, student_id, by, whom, wanted.title, work.now, wanted.details, wanted.due_on)


@dataclass(frozen=True, slots=True)
class ListTasks:
    """Show the tasks about a student."""

    transactions: Transactions

    async def __call__(self, asker: Asker, student_id: StudentId) -> Sequence[Task]:
        """Return open tasks by their days, then closed ones; raise NotFound unless it is her own record, or staff asks
        whom she lets see it."""
        admitted(asker, student_id, Doing.SEE_TASKS)
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.SEE_TASKS)
            return await work.tasks.of_student(student_id)


@dataclass(frozen=True, slots=True)
class ListMyTasks:
    """Show what one is to do oneself."""

    transactions: Transactions

    async def __call__(self, asker: Asker, after: TaskId | None, limit: int) -> tuple[Sequence[Task], TaskId | None]:
        """Return open tasks that the asker has, from just after that one on, without those about whom she may not see
        any more; and where the next page begins, None at the end."""
        async with self.transactions(asker.origin) as work:
            found = await work.tasks.open_of(asker.account_id, after, limit)
        following = found[-1].id if len(found) == limit else None
        return [one for one in found if _lets(asker, one.student_id, Doing.SEE_TASKS)], following


@dataclass(frozen=True)
class FinishTask:
    """Say that a task is done."""

    transactions: Transactions

    async def __call__(self, asker: Asker, task_id: TaskId) -> Task:
        """Return the task. Raises NotFound unless the asker is the student, acts for her, or sees her tasks and has it
        or gave it; RuleBroken for one that is closed."""
        async with self.transactions(asker.origin) as work:
            task = await work.tasks.get(task_id)
            own = asker.account_id in (task.assigned_to, task.given_by)
            by_sight = own and _lets(asker, task.student_id, Doing.SEE_TASKS)
            admit(work, asker, task.student_id, Doing.SEE_TASKS if by_sight else Doing.FINISH_TASKS)
            event = task.finish(asker.account_id, work.now)
            await work.tasks.save(task)
            work.record(event, task.version)
        return task


@dataclass(frozen=True)
class WithdrawTask:
    """Let a task not be done any more."""

    transactions: Transactions

    async def __call__(self, asker: Asker, task_id: TaskId) -> Task:
        """Return the task. Raises NotFound unless staff asks whom the student lets see her, Forbidden for one's own
        record, RuleBroken for one that is closed."""
        async with self.transactions(asker.origin) as work:
            task = await work.tasks.get(task_id)
            admit(work, asker, task.student_id, Doing.GIVE_TASKS)
            event = task.withdraw(asker.account_id, work.now)
            await work.tasks.save(task)
            work.record(event, task.version)
        return task


async def _counsels(work: UnitOfWork, account_id: AccountId, student_id: StudentId) -> bool:
    return any(grant.student_id == student_id for grant in await work.grants.live_of(account_id, work.now))


def _lets(asker: Asker, student_id: StudentId, doing: Doing) -> bool:
    try:
        admitted(asker, student_id, doing)
    except NotFound:
        return False
    return True

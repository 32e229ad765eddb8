"""Doing one thing with many students: shown first, and then done exactly as it was shown."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker
from ...identity.errors import AccessRefused
from ...identity.policies import admitted, demand_staff
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...shared.canonical import canonical_bytes
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, DomainError, Invalid, NotFound, Reason
from ...shared.ids import StudentId, TaskId
from ..task import State, Task
from .tasks import GiveTask, Wanted

MOST = 300


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would be done, or was, for one student: a task, or why none; and how many like it there were ``before``,
    closed ones too."""

    student_id: StudentId
    refused: Reason | None = None
    task_id: TaskId | None = None
    before: int = 0


@dataclass(frozen=True, slots=True)
class Bulk:
    """What would be done, or was, for each student in the order in which they were named; ``digest`` stands for all of
    it, so that nothing else is done than what was shown."""

    items: Sequence[Outcome]
    digest: str
    done: bool


@dataclass(frozen=True)
class GiveToMany:
    """Give the same task to many students, or to oneself about each of them."""

    transactions: Transactions
    give: GiveTask

    async def __call__(
        self, asker: Asker, student_ids: Sequence[StudentId], wanted: Wanted, seen: str | None = None
    ) -> Bulk:
        """Return what would be done, or, with the digest of what was ``seen``, what was.

        Students whom the asker may not see are refused one by one, in the words for those that there are not; so is who
        has an open task of the same title already. All of the others are done in one unit of work. Raises RoleRefused
        to all but staff, Invalid for too many students and for a task that cannot be kept, Conflict(bulk.changed)
        where it would not be what was seen any more: nothing is done then.
        """
        demand_staff(asker)
        checked = wanted.checked()
        if not student_ids or len(set(student_ids)) != len(student_ids) or len(student_ids) > MOST:
            raise Invalid(Reason("bulk.students", {"at_most": MOST}, "students"))
        async with self.transactions(asker.origin) as work:
            found = [await self._of_one(work, asker, student_id, checked) for student_id in student_ids]
            digest = _digest(asker, checked, [outcome for outcome, _ in found])
            if seen is None:
                return Bulk([outcome for outcome, _ in found], digest, done=False)
            if seen != digest:
                raise Conflict(Reason("bulk.changed", {}, "seen"))
            tasks = [task for _, task in found if task is not None]
            for task in tasks:
                admit(work, asker, task.student_id, Doing.GIVE_TASKS)
            await work.tasks.add(tasks)
            for task in tasks:
                work.record(task.given(), task.version)
        done = [Outcome(one.student_id, one.refused, task.id if task else None, one.before) for one, task in found]
        return Bulk(done, digest, done=True)

    async def _of_one(
        self, work: UnitOfWork, asker: Asker, student_id: StudentId, wanted: Wanted
    ) -> tuple[Outcome, Task | None]:
        try:
            admitted(asker, student_id, Doing.GIVE_TASKS)
            task = await self.give.made(work, asker.account_id, student_id, wanted)
        except (AccessRefused, NotFound):
            return Outcome(student_id, Reason("student.unknown")), None
        except DomainError as error:
            return Outcome(student_id, error.reasons[0] if error.reasons else Reason(error.code)), None
        alike = (task.title, task.assigned_to)
        before = [one for one in await work.tasks.of_student(student_id) if (one.title, one.assigned_to) == alike]
        if any(one.state is State.OPEN for one in before):
            return Outcome(student_id, Reason("task.given_already"), before=len(before)), None
        return Outcome(student_id, before=len(before)), task


def _digest(asker: Asker, wanted: Wanted, items: Sequence[Outcome]) -> str:
    shown = {
        "by": str(asker.account_id),
        "task": [wanted.title, wanted.details, str(wanted.due_on), str(wanted.whom)],
        "items": [[str(one.student_id), one.refused.code if one.refused else "", one.before] for one in items],
    }
    return hashlib.sha256(canonical_bytes(shown)).hexdigest()

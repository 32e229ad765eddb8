"""What any keeper of tasks must do."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from ...domain.counselling.task import State, Task
from ...domain.counselling.workload import Counted
from ...domain.shared.errors import Conflict, NotFound
from ...domain.shared.ids import AccountId, StudentId, TaskId
from ..transactions import Transactions
from .samples import AT

DAY = date(2027, 1, 20)


def a_task(
    student_id: StudentId | None = None, assigned_to: AccountId | None = None, due_on: date | None = DAY
) -> Task:
    """Return an open task."""
    whose, whom = student_id or StudentId(uuid4()), assigned_to or AccountId(uuid4())
    return Task(TaskId(uuid4()), whose, AccountId(uuid4()), whom, "Ask for a letter", AT, "The second.", due_on)


class TasksContract:
    """Override ``transactions``; the store need not be empty."""

    @pytest.fixture
    def transactions(self) -> Transactions:
        """Return transactions on a store."""
        raise NotImplementedError

    async def test_tasks_come_back_as_they_were_given(self, transactions: Transactions) -> None:
        given = [a_task(), a_task(due_on=None)]

        async with transactions() as work:
            await work.tasks.add(given)
        async with transactions() as work:
            assert [await work.tasks.get(one.id) for one in given] == given
        assert [one.version for one in given] == [1, 1]

    async def test_what_has_changed_is_kept_and_two_writers_give_one_conflict(self, transactions: Transactions) -> None:
        task = a_task()
        async with transactions() as work:
            await work.tasks.add([task])
        stale = replace(task)
        task.finish(task.assigned_to, AT + timedelta(days=1))
        async with transactions() as work:
            await work.tasks.save(task)

        async def late() -> None:
            async with transactions() as work:
                await work.tasks.save(stale)

        with pytest.raises(Conflict):
            await late()
        async with transactions() as work:
            assert await work.tasks.get(task.id) == task

    async def test_a_task_that_is_not_there_is_not_found(self, transactions: Transactions) -> None:
        async with transactions() as work:
            with pytest.raises(NotFound):
                await work.tasks.get(TaskId(uuid4()))

    async def test_open_tasks_of_a_student_come_by_their_days_and_closed_ones_last(
        self, transactions: Transactions
    ) -> None:
        student = StudentId(uuid4())
        someday, later, soon = (a_task(student, due_on=on) for on in (None, DAY, DAY - timedelta(days=9)))
        first, last = a_task(student), a_task(student)
        first.withdraw(first.given_by, AT + timedelta(hours=1))
        last.finish(last.assigned_to, AT + timedelta(hours=2))

        async with transactions() as work:
            await work.tasks.add([first, someday, later, last, soon, a_task()])
        async with transactions() as work:
            found = await work.tasks.of_student(student)

        assert [one.id for one in found] == [one.id for one in (soon, later, someday, last, first)]

    async def test_open_tasks_that_somebody_has_come_page_by_page(self, transactions: Transactions) -> None:
        me = AccountId(uuid4())
        tasks = sorted((a_task(assigned_to=me) for _ in range(3)), key=lambda one: one.id)
        closed = a_task(assigned_to=me)
        closed.finish(me, AT)

        async with transactions() as work:
            await work.tasks.add([*tasks, closed, a_task()])
        async with transactions() as work:
            first = await work.tasks.open_of(me, None, 2)
            rest = await work.tasks.open_of(me, first[-1].id, 2)

        assert [*first, *rest] == tasks

    async def test_tasks_are_counted_by_who_has_them(self, transactions: Transactions) -> None:
        me, other, nobody = (AccountId(uuid4()) for _ in range(3))
        late, due = a_task(assigned_to=me, due_on=DAY - timedelta(days=1)), a_task(assigned_to=me)
        quick, slow, before = (a_task(assigned_to=me) for _ in range(3))
        withdrawn, theirs = a_task(assigned_to=me), a_task(assigned_to=other)
        for task, hours in ((quick, 30), (slow, 72), (before, 1)):
            task.finish(me, AT + timedelta(hours=hours))
        withdrawn.withdraw(withdrawn.given_by, AT + timedelta(hours=40))

        async with transactions() as work:
            await work.tasks.add([late, due, quick, slow, before, withdrawn, theirs])
        async with transactions() as work:
            found = await work.tasks.count([me, other, nobody], DAY, AT + timedelta(hours=2))

        assert found == {me: Counted(2, 1, (30 * 3600.0, 72 * 3600.0)), other: Counted(1, 0, ())}

    async def test_a_state_that_is_closed_has_its_moment(self, transactions: Transactions) -> None:
        task = a_task()
        task.withdraw(task.given_by, AT)

        async with transactions() as work:
            await work.tasks.add([task])
        async with transactions() as work:
            found = await work.tasks.get(task.id)

        assert (found.state, found.closed_at, found.closed_by) == (State.WITHDRAWN, AT, task.given_by)

"""Tasks about a student: given to her or to who counsels her, done, or withdrawn."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Reason, RuleBroken
from ..shared.ids import AccountId, StudentId, TaskId
from ..shared.states import Move, move_for
from .events import TaskDone, TaskGiven, TaskWithdrawn

LONGEST_TITLE, LONGEST_DETAILS = 200, 4000


class State(StrEnum):
    """How far a task is."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What is done with a task."""

    FINISH = "finish"
    WITHDRAW = "withdraw"


class Side(StrEnum):
    """Who does it."""

    EITHER = "the student, whoever has it, whoever gave it"
    STAFF = "staff"


MOVES = (
    Move(Action.FINISH, (State.OPEN,), State.DONE, Side.EITHER),
    Move(Action.WITHDRAW, (State.OPEN,), State.WITHDRAWN, Side.STAFF),
)


@dataclass(slots=True)
class Task:
    """Something that somebody is to do, by a day where one was named."""

    id: TaskId
    student_id: StudentId
    given_by: AccountId
    assigned_to: AccountId
    title: str
    given_at: datetime
    details: str = ""
    due_on: date | None = None
    state: State = State.OPEN
    closed_at: datetime | None = None
    closed_by: AccountId | None = None
    version: int = 0

    def given(self) -> TaskGiven:
        """Return the event."""
        return TaskGiven(self.id, self.student_id, self.assigned_to)

    def finish(self, by: AccountId, now: datetime) -> TaskDone:
        """Say that it is done; raise RuleBroken where it is closed."""
        self._close(Action.FINISH, by, now)
        return TaskDone(self.id, self.student_id)

    def withdraw(self, by: AccountId, now: datetime) -> TaskWithdrawn:
        """Let it not be done any more; raise RuleBroken where it is closed."""
        self._close(Action.WITHDRAW, by, now)
        return TaskWithdrawn(self.id, self.student_id)

    def is_late(self, today: date) -> bool:
        """Whether its day has passed and it is open."""
        return self.state is State.OPEN and self.due_on is not None and self.due_on < today

    def _close(self, action: Action, by: AccountId, now: datetime) -> None:
        move = move_for(MOVES, action, self.state)
        if move is None:
            raise RuleBroken(Reason("task.closed", {"state": self.state.value}))
        self.state, self.closed_at, self.closed_by = move.target, now, by

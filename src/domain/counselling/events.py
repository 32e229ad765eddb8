"""What happens to notes and tasks about a student."""

from typing import ClassVar
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Event
from ..shared.ids import AccountId, NoteId, StudentId, TaskId


@dataclass(frozen=True, slots=True)
class NoteAdded(Event):
    """Somebody who counsels a student wrote something down about her."""

    tag: ClassVar[str] = "note.added.v1"
    aggregate: ClassVar[str] = "note"
    note_id: NoteId
    student_id: StudentId

    @property
    def aggregate_id(self) -> UUID:
        return self.note_id


@dataclass(frozen=True, slots=True)
class _OfTask(Event):
    aggregate: ClassVar[str] = "task"
    task_id: TaskId
    student_id: StudentId

    @property
    def aggregate_id(self) -> UUID:
        return self.task_id


@dataclass(frozen=True, slots=True)
class TaskGiven(_OfTask):
    """Somebody is to do something about a student, or she is herself."""

    tag: ClassVar[str] = "task.given.v1"
    assigned_to: AccountId


@dataclass(frozen=True, slots=True)
class TaskDone(_OfTask):
    """A task was done."""

    tag: ClassVar[str] = "task.done.v1"


@dataclass(frozen=True, slots=True)
class TaskWithdrawn(_OfTask):
    """A task need not be done any more."""

    tag: ClassVar[str] = "task.withdrawn.v1"

"""Notes, tasks and what lies with whom, as they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from ....domain.counselling.note import LONGEST, Note
from ....domain.counselling.task import LONGEST_DETAILS, LONGEST_TITLE, Task
from ....domain.counselling.use_cases.bulk import MOST, Bulk
from ....domain.counselling.use_cases.tasks import Wanted
from ....domain.counselling.workload import Counted, Workload, share_of
from ....domain.shared.ids import AccountId
from ..given import day_given
from ..wire import NOT_BLANK, Given, Id
from ..words import sentence_of

NoteText = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=LONGEST, extra_json_schema=NOT_BLANK, examples=["She called: the transcript is late."]
    ),
]
Title = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=LONGEST_TITLE, extra_json_schema=NOT_BLANK, examples=["Ask for a second letter"]
    ),
]


class NewNote(Given):
    """What is to be kept; ``corrects`` names the note in whose place it comes, which stays to be read."""

    text: NoteText
    corrects: UUID | None = None


class NoteBody(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wrote down about a student."""

    id: Id
    by: Id
    at: datetime
    text: str
    corrects: Id | None


class NoteList(msgspec.Struct, frozen=True):
    """Every note, the newest first."""

    items: list[NoteBody]
    next: str | None = None


class NewTask(Given):
    """What is to be done, by whom (an account; left out: the student) and by when."""

    title: Title
    details: Annotated[str, msgspec.Meta(max_length=LONGEST_DETAILS)] = ""
    due_on: date | None = None
    assigned_to: UUID | None = None

    def wanted(self) -> Wanted:
        """Return it in the domain's words; raise Invalid for a day that nobody means."""
        whom = None if self.assigned_to is None else AccountId(self.assigned_to)
        return Wanted(self.title, self.details, day_given(self.due_on, "due_on"), whom)


class TaskBody(msgspec.Struct, frozen=True, kw_only=True):
    """A task about a student."""

    id: Id
    student_id: Id
    title: str
    details: str
    due_on: date | None
    given_by: Id
    assigned_to: Id
    given_at: datetime
    state: Literal["open", "done", "withdrawn"]
    closed_at: datetime | None
    closed_by: Id | None


class TaskList(msgspec.Struct, frozen=True):
    """Tasks: of a student open ones by their days first, of oneself in the order in which they were given."""

    items: list[TaskBody]
    next: str | None = None


class ManyTasks(Given):
    """The same task for many students. With the ``digest`` of a dry run as ``seen`` it is given; without, it is only
    shown to whom it would be."""

    students: Annotated[list[UUID], msgspec.Meta(min_length=1, max_length=MOST)]
    task: NewTask
    seen: Annotated[str, msgspec.Meta(max_length=64)] | None = None


class OutcomeBody(msgspec.Struct, frozen=True, kw_only=True):
    """What would be, or was, done for one student: nothing where a reason stands against it."""

    student_id: Id
    task_id: Id | None
    refused: str | None
    detail: str | None


class BulkBody(msgspec.Struct, frozen=True, kw_only=True):
    """What would be, or was, done for each; ``digest`` lets exactly that be done."""

    done: bool
    digest: str
    items: list[OutcomeBody]


class TimesBody(msgspec.Struct, frozen=True, kw_only=True):
    """How long what was finished within the last 90 days had taken, in seconds: half of it, and nine tenths of it, took
    no longer."""

    number: int
    half: float | None
    nine_tenths: float | None


class WorkloadBody(msgspec.Struct, frozen=True, kw_only=True):
    """What lies with you, and how long students wait for your answers. Times go by the clock, nights and holidays in
    them."""

    students: int
    tasks_open: int
    tasks_late: int
    papers_waiting: int
    tasks_done: TimesBody
    papers_checked: TimesBody


def note_body(one: Note) -> NoteBody:
    """Return the note as it is sent."""
    corrects = None if one.corrects is None else str(one.corrects)
    return NoteBody(id=str(one.id), by=str(one.by), at=one.at, text=one.text, corrects=corrects)


def task_body(one: Task) -> TaskBody:
    """Return the task as it is sent."""
    return TaskBody(
        id=str(one.id),
        student_id=str(one.student_id),
        title=one.title,
        details=one.details,
        due_on=one.due_on,
        given_by=str(one.given_by),
        assigned_to=str(one.assigned_to),
        given_at=one.given_at,
        state=one.state.value,
        closed_at=one.closed_at,
        closed_by=None if one.closed_by is None else str(one.closed_by),
    )


def task_list(found: Sequence[Task], following: str | None = None) -> TaskList:
    """Return the tasks as they are sent."""
    return TaskList([task_body(one) for one in found], following)


def bulk_body(found: Bulk) -> BulkBody:
    """Return what was shown or done as it is sent."""
    items = [
        OutcomeBody(
            student_id=str(one.student_id),
            task_id=None if one.task_id is None else str(one.task_id),
            refused=None if one.refused is None else one.refused.code,
            detail=None if one.refused is None else sentence_of(one.refused),
        )
        for one in found.items
    ]
    return BulkBody(done=found.done, digest=found.digest, items=items)


def workload_body(found: Workload) -> WorkloadBody:
    """Return the workload as it is sent."""
    return WorkloadBody(
        students=found.students,
        tasks_open=found.tasks.open,
        tasks_late=found.tasks.late,
        papers_waiting=found.papers_waiting,
        tasks_done=_times(found.tasks),
        papers_checked=_times(found.papers),
    )


def _times(counted: Counted) -> TimesBody:
    seconds = counted.seconds
    return TimesBody(number=len(seconds), half=share_of(seconds, 0.5), nine_tenths=share_of(seconds, 0.9))

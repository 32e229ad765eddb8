"""What is written down about a student, what is to be done about her, and how much lies with whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody

from ....domain.shared.ids import NoteId, StudentId, TaskId
from ....ports.answers import StoredAnswer
from ....ports.transactions import Transactions
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..given import V1, AnyRequest, Cursor, PageSize, StudentPath, Use, Who, refusals, student_in
from ..once import IdempotencyKey, created, once
from .counsel_bodies import (
    BulkBody,
    ManyTasks,
    NewNote,
    NewTask,
    NoteBody,
    NoteList,
    TaskBody,
    TaskList,
    WorkloadBody,
    bulk_body,
    note_body,
    task_body,
    task_list,
    workload_body,
)


@post(
    "/students/{student_id:str}/notes",
    status_code=201,
    operation_id="add_note",
    summary="Write something down",
    description="For counsellors and administrators whom the student lets see her plans. She reads it too, and takes "
    "it along with her record. Notes are never changed: a later one can take the place of an earlier one.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def add_note(
    request: AnyRequest,
    student_id: StudentPath,
    data: JSONBody[NewNote],
    who: Who,
    use: Use,
    idempotency_key: IdempotencyKey = None,
) -> Response[NoteBody]:
    """Keep a note about the student."""
    student = student_in(student_id, who)
    corrects = None if data.corrects is None else NoteId(data.corrects)

    async def effect(transactions: Transactions) -> StoredAnswer:
        found = await use.add_note(transactions=transactions)(who, student, data.text, corrects)
        return created(note_body(found), f"{V1}/students/{student}/notes")

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get(
    "/students/{student_id:str}/notes",
    operation_id="list_notes",
    summary="List notes",
    description="What those who counsel the student wrote down: she and whom she lets see her plans read all of it.",
    responses=refusals(401, 404, 422),
)
async def list_notes(student_id: StudentPath, who: Who, use: Use) -> NoteList:
    """Show what was written down, the newest first."""
    return NoteList([note_body(one) for one in await use.list_notes()(who, student_in(student_id, who))])


@post(
    "/students/{student_id:str}/tasks",
    status_code=201,
    operation_id="give_task",
    summary="Give a task",
    description="For counsellors and administrators whom the student lets see her plans: to her, to yourself, or to "
    "somebody else whom she lets help her. Whoever gets one from somebody else is told.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def give_task(
    request: AnyRequest,
    student_id: StudentPath,
    data: JSONBody[NewTask],
    who: Who,
    use: Use,
    idempotency_key: IdempotencyKey = None,
) -> Response[TaskBody]:
    """Let something be done about the student."""
    student, wanted = student_in(student_id, who), data.wanted()

    async def effect(transactions: Transactions) -> StoredAnswer:
        found = await use.give_task(transactions=transactions)(who, student, wanted)
        return created(task_body(found), f"{V1}/students/{student}/tasks")

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get(
    "/students/{student_id:str}/tasks",
    operation_id="list_tasks",
    summary="List a student's tasks",
    description="Open ones by their days, then those that are closed.",
    responses=refusals(401, 404, 422),
)
async def list_tasks(student_id: StudentPath, who: Who, use: Use) -> TaskList:
    """Show what is to be done about the student, and what was."""
    return task_list(await use.list_tasks()(who, student_in(student_id, who)))


@get(
    "/tasks",
    operation_id="list_my_tasks",
    summary="What is there for me to do?",
    description="Open tasks that you have, about whichever student you may see.",
    responses=refusals(401, 422),
)
async def list_my_tasks(who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 50) -> TaskList:
    """Show your open tasks."""
    after = position(cursor, tuple[UUID])
    found, following = await use.list_my_tasks()(who, None if after is None else TaskId(after[0]), limit)
    return task_list(found, None if following is None else cursor_of((following,)))


@post(
    "/tasks/{task_id:str}/completion",
    status_code=200,
    operation_id="finish_task",
    summary="Say that a task is done",
    description="For the student and who acts for her, for whoever has it, and for whoever gave it.",
    responses=refusals(401, 404, 409, 422),
)
async def finish_task(task_id: FromPath[UUID], who: Who, use: Use) -> TaskBody:
    """Close the task as done."""
    return task_body(await use.finish_task()(who, TaskId(task_id)))


@post(
    "/tasks/{task_id:str}/withdrawal",
    status_code=200,
    operation_id="withdraw_task",
    summary="Withdraw a task",
    description="For counsellors and administrators whom the student lets see her plans.",
    responses=refusals(401, 403, 404, 409, 422),
)
async def withdraw_task(task_id: FromPath[UUID], who: Who, use: Use) -> TaskBody:
    """Let the task not be done any more."""
    return task_body(await use.withdraw_task()(who, TaskId(task_id)))


@post(
    "/bulk-tasks",
    status_code=200,
    operation_id="give_to_many",
    summary="Give a task to many students",
    description="For counsellors and administrators. First without `seen`: it is shown what would be done for each "
    "student, and why some are left out. Then with the `digest` of that as `seen`: exactly that is done, all of it or, "
    "where it would be something else by now, nothing (409).",
    responses=refusals(401, 403, 409, 413, 415, 422),
)
async def give_to_many(data: JSONBody[ManyTasks], who: Who, use: Use) -> BulkBody:
    """Show what would be done for each student, or do it."""
    students = [StudentId(one) for one in data.students]
    found = await use.give_to_many()(who, students, data.task.wanted(), data.seen)
    return bulk_body(found)


@get(
    "/workload",
    operation_id="ask_workload",
    summary="How much lies with me?",
    description="For counsellors and administrators: students, open and late tasks, papers that wait for a check, and "
    "how long tasks and checks of the last 90 days took.",
    responses=refusals(401, 403),
)
async def ask_workload(who: Who, use: Use) -> WorkloadBody:
    """Show what lies with you, and how long students wait for your answers."""
    return workload_body(await use.ask_workload()(who))


router: Any = Router(
    V1,
    route_handlers=[
        add_note,
        list_notes,
        give_task,
        list_tasks,
        list_my_tasks,
        finish_task,
        withdraw_task,
        give_to_many,
        ask_workload,
    ],
    tags=["Counselling"],
)

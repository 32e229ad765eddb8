"""Plans: made, looked at, reported on and asked about."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post, put
from litestar.params import FromPath, JSONBody, PathParameter, QueryParameter

from ....domain.planning.schedule import Report
from ....domain.planning.target import TargetRef
from ....domain.planning.use_cases.asking import WhatIf
from ....domain.planning.use_cases.planned import PlanToday
from ....domain.planning.views import board_of, todays_actions
from ....domain.shared.ids import PlanId, ProgrammeId
from ....ports.answers import StoredAnswer
from ....ports.transactions import Transactions
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..etags import etag, wanted_version
from ..given import (
    ETAG,
    V1,
    AnyRequest,
    Cursor,
    IfMatch,
    PageSize,
    RuleEdition,
    StudentPath,
    Use,
    Who,
    day_given,
    refusals,
    student_in,
)
from ..once import IdempotencyKey, created, once
from ..wire import Given
from .checklist_bodies import ChecklistBody, checklist_body
from .plan_bodies import (
    BoardBody,
    PlanBody,
    PlanList,
    TodayBody,
    board_body,
    outlooks_of,
    plan_body,
    plan_list,
    today_body,
)
from .plan_change_bodies import ReportedBody, WhatIfBody, assumed_by, diff_body
from .plan_verdict_bodies import PlanVerdicts, plan_verdicts

AsOf = Annotated[
    date | None,
    QueryParameter(
        name="today",
        required=False,
        description="Look at the plan as of that day: of what was reported, only what had happened by then counts.",
    ),
]
OfTarget = Annotated[
    str | None,
    QueryParameter(
        name="target", required=False, max_length=300, description="The key of a target; the leading one if left out."
    ),
]
StepKey = Annotated[str, msgspec.Meta(max_length=300)]


class TargetGiven(Given):
    """A programme, one of its intakes, and the day on which studies begin."""

    programme_id: UUID
    term: Annotated[str, msgspec.Meta(min_length=1, max_length=40, examples=["winter"])]
    starts_on: Annotated[date, msgspec.Meta(examples=["2027-10-01"])]


class NewPlan(Given):
    """What the plan is to lead to."""

    targets: Annotated[list[TargetGiven], msgspec.Meta(min_length=1, max_length=20)]


class ReportGiven(Given):
    """How far a step is: begun, done, or, with neither, still to do."""

    started_on: date | None = None
    finished_on: date | None = None


Durations = Annotated[
    dict[StepKey, Annotated[int, msgspec.Meta(ge=0, le=3650)]],
    msgspec.Meta(max_length=200, description="Days that a step is assumed to take.", examples=[{"DE9": 3}]),
]


class DurationsGiven(Given):
    """How long steps take for this student; what is not named takes what the rules say."""

    durations: Durations


class Question(Given):
    """What is assumed. All parts may be left out."""

    reports: Annotated[dict[StepKey, ReportGiven], msgspec.Meta(max_length=200)] = msgspec.field(default_factory=dict)
    durations: Durations = msgspec.field(default_factory=dict)
    add: Annotated[list[TargetGiven], msgspec.Meta(max_length=20)] = msgspec.field(default_factory=list)
    drop: Annotated[list[StepKey], msgspec.Meta(max_length=20, description="Keys of targets.")] = msgspec.field(
        default_factory=list
    )
    today: Annotated[
        date | None,
        msgspec.Meta(
            description="Of what was reported, only what had happened by then counts; what is assumed counts."
        ),
    ] = None


@post(
    "/students/{student_id:str}/plans",
    operation_id="make_plan",
    summary="Make a plan",
    response_headers=ETAG,
    responses=refusals(401, 404, 413, 415, 422),
)
async def make_plan(
    request: AnyRequest,
    student_id: StudentPath,
    data: JSONBody[NewPlan],
    who: Who,
    use: Use,
    idempotency_key: IdempotencyKey = None,
) -> Response[PlanBody]:
    """Make a plan for one target or several, all by one pathway."""
    student = student_in(student_id, who)
    refs = _refs(data.targets, "targets")

    async def effect(transactions: Transactions) -> StoredAnswer:
        found = await use.make_plan(transactions=transactions)(who, student, refs)
        return created(plan_body(found), f"/v1/plans/{found.plan.id}", etag=etag(found.plan.version))

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get(
    "/students/{student_id:str}/plans",
    operation_id="list_plans",
    summary="List plans",
    responses=refusals(401, 404, 422),
)
async def list_plans(
    student_id: StudentPath, who: Who, use: Use, cursor: Cursor = None, limit: PageSize = 20
) -> PlanList:
    """Return the student's plans as of today, newest first; ``stuck`` names those of the page that cannot be worked
    out."""
    after = position(cursor, UUID)
    page = await use.list_plans()(who, student_in(student_id, who), PlanId(after) if after else None, limit)
    return plan_list(page, cursor_of(page.next) if page.next else None)


@get(
    "/plans/{plan_id:str}",
    operation_id="get_plan",
    summary="Show a plan",
    response_headers=ETAG,
    responses=refusals(401, 404, 422),
)
async def get_plan(
    plan_id: FromPath[UUID], who: Who, use: Use, today: AsOf = None, edition: RuleEdition = None
) -> Response[PlanBody]:
    """Show the plan as of today: steps, what decides, how each target stands and why, money, and what is unverified."""
    return _answer(await use.get_plan()(who, PlanId(plan_id), day_given(today, "today"), edition))


@put(
    "/plans/{plan_id:str}/targets",
    operation_id="change_targets",
    summary="Aim at other programmes",
    response_headers=ETAG,
    responses=refusals(401, 404, 409, 412, 413, 415, 422, 428),
)
async def change_targets(
    plan_id: FromPath[UUID], data: JSONBody[NewPlan], who: Who, use: Use, if_match: IfMatch = None
) -> Response[PlanBody]:
    """Aim at these targets from now on; what was reported of shared steps stays."""
    refs = _refs(data.targets, "targets")
    return _answer(await use.change_targets()(who, PlanId(plan_id), refs, wanted_version(if_match)))


@get(
    "/plans/{plan_id:str}/today",
    operation_id="todays_actions",
    summary="What to do today",
    responses=refusals(401, 404, 422),
)
async def todays(
    plan_id: FromPath[UUID], who: Who, use: Use, today: AsOf = None, edition: RuleEdition = None
) -> TodayBody:
    """Return the next thing to do, what else can be begun, and what is waited for."""
    found = await use.get_plan()(who, PlanId(plan_id), day_given(today, "today"), edition)
    return today_body(todays_actions(found.schedule), found.schedule.today)


@get(
    "/plans/{plan_id:str}/board", operation_id="board", summary="All steps by state", responses=refusals(401, 404, 422)
)
async def board(
    plan_id: FromPath[UUID], who: Who, use: Use, today: AsOf = None, edition: RuleEdition = None
) -> BoardBody:
    """Return the steps to do, in progress and done."""
    found = await use.get_plan()(who, PlanId(plan_id), day_given(today, "today"), edition)
    return board_body(board_of(found.schedule))


@get(
    "/plans/{plan_id:str}/checklist",
    operation_id="checklist",
    summary="The mission's checklist for this case",
    responses=refusals(401, 404, 422),
)
async def checklist(
    plan_id: FromPath[UUID],
    who: Who,
    use: Use,
    today: AsOf = None,
    edition: RuleEdition = None,
    target: OfTarget = None,
) -> ChecklistBody:
    """Go through the papers in the mission's order, each judged on the day on which it will be used."""
    found = await use.check_papers()(who, PlanId(plan_id), day_given(today, "today"), edition, target)
    return checklist_body(found)


@get(
    "/plans/{plan_id:str}/verdicts",
    operation_id="judge_targets",
    summary="How you stand for each target",
    responses=refusals(401, 404, 422),
)
async def judge_targets(
    plan_id: FromPath[UUID], who: Who, use: Use, today: AsOf = None, edition: RuleEdition = None
) -> PlanVerdicts:
    """Hold the student against each target's requirements, test results on the days that the plan has for it."""
    return plan_verdicts(await use.judge_targets()(who, PlanId(plan_id), day_given(today, "today"), edition))


@put(
    "/plans/{plan_id:str}/steps/{step:path}",
    operation_id="report_step",
    summary="Report a step",
    response_headers=ETAG,
    responses=refusals(401, 404, 409, 412, 413, 415, 422, 428),
)
async def report_step(
    plan_id: FromPath[UUID],
    step: Annotated[Path, PathParameter(description="The step's key as it stands in the plan, slashes included.")],
    data: JSONBody[ReportGiven],
    who: Who,
    use: Use,
    if_match: IfMatch = None,
) -> Response[ReportedBody]:
    """Say that a step has begun or is done, and see the plan made again."""
    report = _report(data, "")
    key = str(step).strip("/")
    found, diff = await use.report_step()(who, PlanId(plan_id), key, report, wanted_version(if_match))
    body = ReportedBody(plan_body(found), diff_body(diff, found.schedule))
    return Response(body, headers={"ETag": etag(found.plan.version)})


@put(
    "/plans/{plan_id:str}/durations",
    operation_id="assume_durations",
    summary="Assume durations",
    response_headers=ETAG,
    responses=refusals(401, 404, 409, 412, 413, 415, 422, 428),
)
async def assume_durations(
    plan_id: FromPath[UUID], data: JSONBody[DurationsGiven], who: Who, use: Use, if_match: IfMatch = None
) -> Response[ReportedBody]:
    """Say how long steps take for oneself, and see the plan made again."""
    found, diff = await use.assume_durations()(who, PlanId(plan_id), data.durations, wanted_version(if_match))
    body = ReportedBody(plan_body(found), diff_body(diff, found.schedule))
    return Response(body, headers={"ETag": etag(found.plan.version)})


@post(
    "/plans/{plan_id:str}/what-ifs",
    operation_id="ask_what_if",
    summary="Ask what if",
    status_code=200,
    responses=refusals(401, 404, 413, 415, 422),
)
async def ask_what_if(plan_id: FromPath[UUID], data: JSONBody[Question], who: Who, use: Use) -> WhatIfBody:
    """Return what would differ; nothing is changed."""
    question = WhatIf(
        reports={key: _report(report, f"reports.{key}.") for key, report in data.reports.items()},
        durations=data.durations,
        add=tuple(_refs(data.add, "add")),
        drop=tuple(data.drop),
        today=day_given(data.today, "today"),
    )
    diff, schedule = await use.ask_what_if()(who, PlanId(plan_id), question)
    return WhatIfBody(diff_body(diff, schedule, assumed_by(question, diff)), outlooks_of(schedule))


def _answer(found: PlanToday) -> Response[PlanBody]:
    return Response(plan_body(found), headers={"ETag": etag(found.plan.version)})


def _refs(given: list[TargetGiven], where: str) -> list[TargetRef]:
    for at, one in enumerate(given):
        day_given(one.starts_on, f"{where}[{at}].starts_on")
    return [TargetRef(ProgrammeId(one.programme_id), one.term, one.starts_on) for one in given]


def _report(given: ReportGiven, where: str) -> Report:
    return Report(
        day_given(given.started_on, f"{where}started_on"), day_given(given.finished_on, f"{where}finished_on")
    )


router: Any = Router(
    V1,
    route_handlers=[
        make_plan,
        list_plans,
        get_plan,
        change_targets,
        todays,
        board,
        checklist,
        judge_targets,
        report_step,
        assume_durations,
        ask_what_if,
    ],
    tags=["Plans"],
)

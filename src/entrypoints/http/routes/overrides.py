"""A counsellor's word over what the rules say of one requirement: given, shown, taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody

from ....domain.matching.override import Override, State
from ....domain.matching.verdict import Standing
from ....domain.shared.ids import OverrideId, ProgrammeId
from ....ports.answers import StoredAnswer
from ....ports.transactions import Transactions
from ..given import V1, AnyRequest, StudentPath, Use, Who, day_given, refusals, student_in
from ..once import IdempotencyKey, created, once
from ..wire import NOT_BLANK, Given, Id

StandingGiven = Literal["met", "probably_met", "unknown", "not_met"]
Why = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=2000,
        extra_json_schema=NOT_BLANK,
        examples=["The faculty confirmed it by mail."],
    ),
]
Place = Annotated[
    str,
    msgspec.Meta(
        max_length=200, examples=["/0"], description="Which requirement: the `place` of the finding in the verdict."
    ),
]


class NewOverride(Given):
    """How the requirement stands, and why; without ``until`` it counts until it is taken back or outdated."""

    place: Place
    standing: StandingGiven
    reason: Why
    until: date | None = None


class TakingBack(Given):
    """Why the override is taken back."""

    reason: Why


class TakenBackBody(msgspec.Struct, frozen=True):
    """Who took the override back, when and why."""

    by: Id
    at: datetime
    reason: str


class OverrideBody(msgspec.Struct, frozen=True, kw_only=True):
    """Who said what over the rules, why, and whether it counts.

    It is outdated once the requirement, or the evidence that the requirement is judged by, is no longer the same.
    """

    id: Id
    place: str
    standing: StandingGiven
    reason: str
    by: Id
    at: datetime
    until: date | None
    state: Literal["in_force", "taken_back", "ended", "outdated", "replaced"]
    taken_back: TakenBackBody | None


class OverrideList(msgspec.Struct, frozen=True):
    """Every override of the student and the programme, the newest first."""

    items: list[OverrideBody]
    next: str | None = None


@post(
    "/students/{student_id:str}/verdicts/{programme_id:str}/overrides",
    status_code=201,
    operation_id="override_finding",
    summary="Override a finding",
    description="For counsellors and administrators, never for one's own record. The verdict shows it beside what the "
    "rules say, to the student too.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def override_finding(
    request: AnyRequest,
    student_id: StudentPath,
    programme_id: FromPath[UUID],
    data: JSONBody[NewOverride],
    who: Who,
    use: Use,
    idempotency_key: IdempotencyKey = None,
) -> Response[OverrideBody]:
    """Say how one requirement stands, and why."""
    student, until = student_in(student_id, who), day_given(data.until, "until")

    async def effect(transactions: Transactions) -> StoredAnswer:
        found = await use.override_finding(transactions=transactions)(
            who,
            student,
            ProgrammeId(programme_id),
            place=data.place,
            standing=Standing[data.standing.upper()],
            reason=data.reason,
            until=until,
        )
        here = f"{V1}/students/{student}/verdicts/{programme_id}/overrides"
        return created(override_body(found, State.IN_FORCE), here)

    return await once(request, use.transactions(), idempotency_key, effect, who.account_id)


@get(
    "/students/{student_id:str}/verdicts/{programme_id:str}/overrides",
    operation_id="list_overrides",
    summary="List overrides",
    description="For the student and for staff. Those that were taken back, or count no longer, stay in the list.",
    responses=refusals(401, 404, 422),
)
async def list_overrides(student_id: StudentPath, programme_id: FromPath[UUID], who: Who, use: Use) -> OverrideList:
    """Show what was ever said over the rules here."""
    found = await use.list_overrides()(who, student_in(student_id, who), ProgrammeId(programme_id))
    return OverrideList([override_body(one, state) for one, state in found])


@post(
    "/students/{student_id:str}/verdicts/{programme_id:str}/overrides/{override_id:str}/withdrawal",
    status_code=200,
    operation_id="take_back_override",
    summary="Take an override back",
    description="It stays in the list, with who took it back and why.",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def take_back_override(
    student_id: StudentPath,
    programme_id: FromPath[UUID],
    override_id: FromPath[UUID],
    data: JSONBody[TakingBack],
    who: Who,
    use: Use,
) -> OverrideBody:
    """Let the rules speak again."""
    student = student_in(student_id, who)
    found = await use.take_back_override()(
        who, student, ProgrammeId(programme_id), OverrideId(override_id), data.reason
    )
    return override_body(found, State.TAKEN_BACK)


def override_body(one: Override, state: State) -> OverrideBody:
    """Return the override as it is sent."""
    back = one.taken_back
    return OverrideBody(
        id=str(one.id),
        place=one.place,
        standing=one.standing.word,  # type: ignore[arg-type]
        reason=one.reason,
        by=str(one.by),
        at=one.at,
        until=one.until,
        state=state.value,
        taken_back=None if back is None else TakenBackBody(str(back.by), back.at, back.reason),
    )


router: Any = Router(V1, route_handlers=[override_finding, list_overrides, take_back_override], tags=["Verdicts"])

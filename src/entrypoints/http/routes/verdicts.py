"""How a student stands: for one programme, for a shortlist, over the whole catalogue."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.params import FromPath, QueryParameter

from ....domain.matching.ranking import Match
from ....domain.matching.use_cases import DEEPEST
from ....domain.matching.verdict import Change, Finding, Standing
from ....domain.rulebook.editions import edition_of
from ....domain.shared.errors import Invalid, Reason
from ....domain.shared.ids import ProgrammeId
from ..cursors import cursor as cursor_of
from ..cursors import position
from ..given import (
    V1,
    AnyRequest,
    Cursor,
    PageSize,
    RuleEdition,
    StudentPath,
    Use,
    Who,
    day_given,
    refusals,
    student_in,
)
from ..turns import Turns
from ..wire import ParamsBody, ReasonBody, code_body, params_body
from ..words import sentence
from .catalogue import Countries, Fields, Languages, Levels, ProgrammeSummary, Text, query_of, summary_of

On = Annotated[
    date | None, QueryParameter(name="on", required=False, description="The day to judge for; today if left out.")
]
Shortlist = Annotated[
    list[UUID], QueryParameter(name="programme", min_items=1, max_items=50, description="Ids, one or several.")
]
StandingWord = Annotated[str, msgspec.Meta(examples=["met", "probably_met", "unknown", "not_met"])]


class ChangeBody(msgspec.Struct, frozen=True):
    """Something you could do; a greater effort only means dearer."""

    code: str
    message: str
    params: ParamsBody
    effort: int


class FindingBody(msgspec.Struct, frozen=True, kw_only=True):
    """How one requirement stands and why; ``flip`` is what would make it met, null when nothing would."""

    standing: StandingWord
    code: str
    message: str
    params: ParamsBody
    confidence: str
    source_id: str
    source_url: str
    rests_on: list[str]
    distance: str
    flip: list[ChangeBody] | None
    parts: list[FindingBody]


class VerdictBody(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for a student and a programme on a day, with all that is needed to replay it.

    ``confidence`` is how far everything that decides about the standing can be trusted, H to U.
    """

    programme: ProgrammeSummary
    on: date
    standing: StandingWord
    confidence: str
    finding: FindingBody
    effort: int | None
    warnings: list[ReasonBody]
    rests_on: list[str]
    rulebook: list[str]
    edition: Annotated[str, msgspec.Meta(description="Send it back as `edition` to have the same answer again.")]


class Shortlisted(msgspec.Struct, frozen=True):
    """The verdicts in the order asked for."""

    items: list[VerdictBody]
    next: str | None = None


class MatchesBody(msgspec.Struct, frozen=True):
    """How many programmes stand how, and a page of them, best first."""

    counts: Annotated[
        dict[str, int], msgspec.Meta(examples=[{"met": 2, "probably_met": 5, "unknown": 20, "not_met": 13}])
    ]
    total: int
    items: list[VerdictBody]
    next: str | None


@get(
    "/students/{student_id:str}/verdicts",
    operation_id="judge_shortlist",
    summary="Judge a shortlist",
    responses=refusals(401, 404, 422),
)
async def judge_shortlist(
    student_id: StudentPath,
    programme: Shortlist,
    who: Who,
    use: Use,
    on: On = None,
    edition: RuleEdition = None,
) -> Shortlisted:
    """Hold the student against each programme of the list."""
    ids = [ProgrammeId(one) for one in dict.fromkeys(programme)]
    found = await use.judge_programmes()(who, student_in(student_id, who), ids, day_given(on, "on"), edition)
    return Shortlisted([verdict_of(match) for match in found])


@get(
    "/students/{student_id:str}/verdicts/{programme_id:str}",
    operation_id="judge_programme",
    summary="Explain one verdict",
    responses=refusals(401, 404, 422),
)
async def judge_programme(
    student_id: StudentPath,
    programme_id: FromPath[UUID],
    who: Who,
    use: Use,
    on: On = None,
    edition: RuleEdition = None,
) -> VerdictBody:
    """Hold the student against one programme, requirement by requirement."""
    ids = [ProgrammeId(programme_id)]
    found = await use.judge_programmes()(who, student_in(student_id, who), ids, day_given(on, "on"), edition)
    return verdict_of(found[0])


@get(
    "/students/{student_id:str}/matches",
    operation_id="match_catalogue",
    summary="Match the whole catalogue",
    responses=refusals(401, 404, 422),
)
async def match_catalogue(
    request: AnyRequest,
    student_id: StudentPath,
    who: Who,
    use: Use,
    text: Text = "",
    country: Countries = None,
    level: Levels = None,
    field: Fields = None,
    language: Languages = None,
    on: On = None,
    edition: RuleEdition = None,
    cursor: Cursor = None,
    limit: PageSize = 20,
) -> MatchesBody:
    """Count how every fitting programme stands, and return the best: what is met, then what costs least to reach."""
    start = position(cursor, int) or 0
    if not 0 <= start < DEEPEST:
        raise Invalid(Reason("request.broken_cursor", {}, "cursor"))
    query = query_of(text, country, level, field, language)
    student, day = student_in(student_id, who), day_given(on, "on")
    async with _turns(request).turn(who.account_id):
        found = await use.match_catalogue()(
            who, student, query, on=day, edition=edition, start=start, size=limit, breathe=lambda: asyncio.sleep(0)
        )
    end = start + len(found.page)
    more = len(found.page) == limit and end < min(found.total, DEEPEST)
    counts = {standing.word: found.counts.get(standing, 0) for standing in reversed(Standing)}
    return MatchesBody(
        counts, found.total, [verdict_of(match) for match in found.page], cursor_of(end) if more else None
    )


def _turns(request: AnyRequest) -> Turns:
    """Return the application's own: judging a whole catalogue takes seconds of the one processor that all share."""
    turns: Turns = request.app.state.setdefault("match_turns", Turns(at_once=2, waiting=8, each=3))
    return turns


def verdict_of(match: Match) -> VerdictBody:
    """Return the verdict as it is sent."""
    verdict = match.verdict
    return VerdictBody(
        programme=summary_of(match.programme),
        on=verdict.on,
        standing=verdict.standing.word,
        confidence=verdict.finding.confidence.value,
        finding=_finding(verdict.finding),
        effort=verdict.effort,
        warnings=[_warning(warning) for warning in verdict.warnings],
        rests_on=list(verdict.rests_on),
        rulebook=list(verdict.rulebook),
        edition=edition_of(verdict.rulebook),
    )


def _finding(finding: Finding) -> FindingBody:
    code = finding.code if "." in finding.code else f"{finding.code}.{finding.code}"
    return FindingBody(
        standing=finding.standing.word,
        code=finding.code,
        message=sentence(code, finding.params),
        params=params_body(finding.params),
        confidence=finding.confidence.value,
        source_id=finding.source_id,
        source_url=finding.source_url,
        rests_on=list(finding.rests_on),
        distance=finding.distance,
        flip=None if finding.flip is None else [_change(change) for change in finding.flip],
        parts=[_finding(part) for part in finding.parts],
    )


def _change(change: Change) -> ChangeBody:
    message = sentence(f"change.{change.code}", change.params)
    return ChangeBody(change.code, message, params_body(change.params), change.effort)


def _warning(warning: str) -> ReasonBody:
    code, _, about = warning.partition(":")
    return code_body(code, {"about": about} if about else {})


router: Any = Router(V1, route_handlers=[judge_shortlist, judge_programme, match_catalogue], tags=["Verdicts"])

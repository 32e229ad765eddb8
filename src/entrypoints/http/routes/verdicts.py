"""How a student stands: for one programme, for a shortlist."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.params import FromPath, QueryParameter

from ....domain.matching.fit import Fit
from ....domain.matching.ranking import Match
from ....domain.matching.verdict import Change, Finding
from ....domain.shared.ids import ProgrammeId
from ..given import V1, StudentPath, Use, Who, day_given, refusals, student_in
from ..wire import ParamsBody, ReasonBody, code_body, params_body
from ..words import sentence
from .catalogue import ProgrammeSummary, summary_of

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


class FitPart(msgspec.Struct, frozen=True):
    """Whether one thing fits what you want: ``yes``, ``no``, or ``unknown`` where it is not said."""

    fits: Annotated[str, msgspec.Meta(examples=["yes", "unknown", "no"])]
    message: str


class FitBody(msgspec.Struct, frozen=True):
    """How the programme fits the field that you want, your budget, and the next deadline: it decides about no
    requirement, and orders programmes that stand alike."""

    field: FitPart
    tuition: FitPart
    deadline: FitPart


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
    fit: FitBody
    warnings: list[ReasonBody]
    rests_on: list[str]
    rulebook: list[str]


class Shortlisted(msgspec.Struct, frozen=True):
    """The verdicts in the order asked for."""

    items: list[VerdictBody]
    next: str | None = None


@get(
    "/students/{student_id:str}/verdicts",
    operation_id="judge_shortlist",
    summary="Judge a shortlist",
    responses=refusals(401, 404, 422),
)
async def judge_shortlist(
    student_id: StudentPath, programme: Shortlist, who: Who, use: Use, on: On = None
) -> Shortlisted:
    """Hold the student against each programme of the list."""
    ids = [ProgrammeId(one) for one in dict.fromkeys(programme)]
    found = await use.judge_programmes()(who, student_in(student_id, who), ids, day_given(on, "on"))
    return Shortlisted([verdict_of(match) for match in found])


@get(
    "/students/{student_id:str}/verdicts/{programme_id:str}",
    operation_id="judge_programme",
    summary="Explain one verdict",
    responses=refusals(401, 404, 422),
)
async def judge_programme(
    student_id: StudentPath, programme_id: FromPath[UUID], who: Who, use: Use, on: On = None
) -> VerdictBody:
    """Hold the student against one programme, requirement by requirement."""
    ids = [ProgrammeId(programme_id)]
    found = await use.judge_programmes()(who, student_in(student_id, who), ids, day_given(on, "on"))
    return verdict_of(found[0])


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
        fit=_fit(match.fit),
        warnings=[_warning(warning) for warning in verdict.warnings],
        rests_on=list(verdict.rests_on),
        rulebook=list(verdict.rulebook),
    )


def _fit(fit: Fit) -> FitBody:
    parts = {name: FitPart(fits.word, sentence(f"fit.{name}_{fits.word}", {})) for name, fits in fit._asdict().items()}
    return FitBody(**parts)


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
        flip=None if finding.flip is None else [change_body(change) for change in finding.flip],
        parts=[_finding(part) for part in finding.parts],
    )


def change_body(change: Change) -> ChangeBody:
    """Return the change as it is sent."""
    message = sentence(f"change.{change.code}", change.params)
    return ChangeBody(change.code, message, params_body(change.params), change.effort)


def _warning(warning: str) -> ReasonBody:
    code, _, about = warning.partition(":")
    return code_body(code, {"about": about} if about else {})


router: Any = Router(V1, route_handlers=[judge_shortlist, judge_programme], tags=["Verdicts"])

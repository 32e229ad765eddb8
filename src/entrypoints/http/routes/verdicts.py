"""How a student stands: for one programme, for a shortlist."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.params import FromPath, QueryParameter

from ....domain.matching.evidence import Days
from ....domain.matching.fit import Fit
from ....domain.matching.overriding import ROOT, below
from ....domain.matching.ranking import Match
from ....domain.matching.verdict import Change, Finding
from ....domain.rulebook.editions import edition_of
from ....domain.shared.ids import ProgrammeId
from ..given import V1, RuleEdition, StudentPath, Use, Who, day_given, refusals, student_in
from ..told import change_in_words, finding_in_words, verdict_in_words
from ..wire import Id, ParamsBody, ReasonBody, params_body, reason_body, warning_bodies
from ..words import sentence
from .catalogue import ProgrammeSummary, summary_of
from .overrides import OverrideBody, override_body

On = Annotated[
    date | None, QueryParameter(name="on", required=False, description="The day to judge for; today if left out.")
]
Application = Annotated[
    date | None,
    QueryParameter(
        name="application", required=False, description="The day of the application, for how long tests count."
    ),
]
Enrolment = Annotated[
    date | None, QueryParameter(name="enrolment", required=False, description="The day of the enrolment.")
]
Appointment = Annotated[
    date | None, QueryParameter(name="appointment", required=False, description="The day of the visa appointment.")
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


class UsedBody(msgspec.Struct, frozen=True):
    """A piece of evidence: the part of the profile, its place in that list from 0, what it is, and its own day."""

    part: Annotated[str, msgspec.Meta(examples=["tests"])]
    index: int | None
    name: str
    on: date | None


class ValidityBody(msgspec.Struct, frozen=True):
    """How long a test result counts: whose rule decides, the day that it was held against, the last day that counts."""

    layer: Annotated[str, msgspec.Meta(examples=["owner", "institution", "mission"])]
    held_on: date
    until: date


class OverrideMark(msgspec.Struct, frozen=True, kw_only=True):
    """A counsellor's word that gives the standing, beside ``ruled``, which is what the rules say."""

    id: Id
    ruled: StandingWord
    reason: str
    by: Id
    at: datetime
    until: date | None


class FindingBody(msgspec.Struct, frozen=True, kw_only=True):
    """How one requirement stands and why; ``flip`` is what would make it met, null when nothing would.

    Where a counsellor overrode it, ``standing`` is her word, and all else is what the rules say.
    """

    place: Annotated[str, msgspec.Meta(examples=["/0"])]
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
    used: list[UsedBody]
    validity: ValidityBody | None
    notices: list[ReasonBody]
    override: OverrideMark | None


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

    ``confidence`` is how far everything that decides about the standing can be trusted, H to U. ``ruled`` is the
    standing by the rules alone, which differs where a counsellor overrode a finding.
    """

    programme: ProgrammeSummary
    on: date
    standing: StandingWord
    ruled: StandingWord
    summary: Annotated[str, msgspec.Meta(description="All of it in a few sentences, for people.")]
    confidence: str
    finding: FindingBody
    effort: int | None
    fit: FitBody
    warnings: list[ReasonBody]
    rests_on: list[str]
    rulebook: list[str]
    overrides: list[OverrideBody]
    edition: Annotated[str, msgspec.Meta(description="Send it back as `edition` to have the same answer again.")]


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
    student_id: StudentPath,
    programme: Shortlist,
    who: Who,
    use: Use,
    on: On = None,
    application: Application = None,
    enrolment: Enrolment = None,
    appointment: Appointment = None,
    edition: RuleEdition = None,
) -> Shortlisted:
    """Hold the student against each programme of the list."""
    ids = [ProgrammeId(one) for one in dict.fromkeys(programme)]
    days = _days(application, enrolment, appointment)
    student, day = student_in(student_id, who), day_given(on, "on")
    found = await use.judge_programmes()(who, student, ids, day, days, edition)
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
    application: Application = None,
    enrolment: Enrolment = None,
    appointment: Appointment = None,
    edition: RuleEdition = None,
) -> VerdictBody:
    """Hold the student against one programme, requirement by requirement."""
    ids = [ProgrammeId(programme_id)]
    days = _days(application, enrolment, appointment)
    student, day = student_in(student_id, who), day_given(on, "on")
    found = await use.judge_programmes()(who, student, ids, day, days, edition)
    return verdict_of(found[0])


def _days(application: date | None, enrolment: date | None, appointment: date | None) -> Days | None:
    named = {"application": application, "enrolment": enrolment, "appointment": appointment}
    days = {name: day_given(day, name) for name, day in named.items()}
    return Days(**days) if any(days.values()) else None


def verdict_of(match: Match) -> VerdictBody:
    """Return the verdict as it is sent."""
    verdict = match.verdict
    return VerdictBody(
        programme=summary_of(match.programme),
        on=verdict.on,
        standing=verdict.standing.word,
        ruled=(verdict.standing if verdict.ruled is None else verdict.ruled).word,
        summary=verdict_in_words(verdict.finding),
        confidence=verdict.finding.confidence.value,
        finding=_finding(verdict.finding, ROOT),
        effort=verdict.effort,
        fit=_fit(match.fit),
        warnings=warning_bodies(verdict.warnings),
        rests_on=list(verdict.rests_on),
        rulebook=list(verdict.rulebook),
        overrides=[override_body(one, state) for one, state in verdict.overrides],
        edition=edition_of(verdict.rulebook),
    )


def _fit(fit: Fit) -> FitBody:
    parts = {name: FitPart(fits.word, sentence(f"fit.{name}_{fits.word}", {})) for name, fits in fit._asdict().items()}
    return FitBody(**parts)


def _finding(finding: Finding, place: str) -> FindingBody:
    validity = finding.validity
    return FindingBody(
        place=place,
        standing=finding.standing.word,
        code=finding.code,
        message=finding_in_words(finding),
        params=params_body(finding.params),
        confidence=finding.confidence.value,
        source_id=finding.source_id,
        source_url=finding.source_url,
        rests_on=list(finding.rests_on),
        distance=finding.distance,
        flip=None if finding.flip is None else [change_body(change) for change in finding.flip],
        parts=[_finding(part, below(place, index)) for index, part in enumerate(finding.parts)],
        used=[UsedBody(one.part, one.index, one.name, one.on) for one in finding.used],
        validity=None if validity is None else ValidityBody(validity.layer.value, validity.held_on, validity.until),
        notices=[reason_body(notice) for notice in finding.notices],
        override=_override(finding),
    )


def _override(finding: Finding) -> OverrideMark | None:
    one, ruled = finding.override, finding.ruled
    if one is None or ruled is None:
        return None
    return OverrideMark(id=str(one.id), ruled=ruled.word, reason=one.reason, by=str(one.by), at=one.at, until=one.until)


def change_body(change: Change) -> ChangeBody:
    """Return the change as it is sent."""
    return ChangeBody(change.code, change_in_words(change), params_body(change.params), change.effort)


router: Any = Router(V1, route_handlers=[judge_shortlist, judge_programme], tags=["Verdicts"])

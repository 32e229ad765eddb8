"""How plans look on the wire: steps, outlooks, money, and the views of a schedule."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec

from ..wire import Id, MoneyBody, ReasonBody, SourceBody
from .verdicts import VerdictBody


class ApplyByBody(msgspec.Struct, frozen=True):
    """The deadline: the student's own last whole day, and what the university states."""

    last_day: date
    stated_local: str
    stated_zone: str
    time_stated: bool
    basis: str
    opens_on: date | None
    confidence: str
    source: SourceBody


class TargetBody(msgspec.Struct, frozen=True):
    """A programme from one intake on."""

    key: str
    programme_id: Id
    term: str
    starts_on: date
    title: str
    country: str
    level: str
    apply_by: ApplyByBody | None


class StepBody(msgspec.Struct, frozen=True, kw_only=True):
    """A step with its days; ``slack`` is how many days it can slip, null when nothing is due after it."""

    key: Annotated[str, msgspec.Meta(examples=["DE6@saarland-computer-science-msc/summer-2027"])]
    code: str
    title: str
    kind: str
    owner: str
    target: str | None
    after: list[str]
    state: Annotated[str, msgspec.Meta(examples=["to_do", "in_progress", "done"])]
    start: date
    finish: date
    least_days: Annotated[int | None, msgspec.Meta(description="As the rules say; null where no bound is known.")]
    typical_days: int
    most_days: int | None
    latest_finish: date | None
    slack: int | None
    critical: bool
    due: ReasonBody | None
    advice: str
    note: str
    irreversible: bool
    gate: Annotated[
        ReasonBody | None,
        msgspec.Meta(description="Of an irreversible step: whether it is safe now, or what should be known first."),
    ]
    answered: Annotated[
        ReasonBody | None,
        msgspec.Meta(description="What of the profile or the papers answers it already, or why that will not do."),
    ]
    estimates: Annotated[
        list[ReasonBody],
        msgspec.Meta(description="Holidays that decide its days and are not announced yet."),
    ]
    counts: Annotated[str, msgspec.Meta(examples=["calendar", "working"], description="Which days it counts.")]
    calendar: Annotated[str, msgspec.Meta(examples=["", "home", "target", "both"], description="Whose open days.")]
    documents_in: list[str]
    documents_out: list[str]
    depends_on_unknown: list[str]
    rests_on: list[str]
    source: SourceBody
    confidence: str
    verified: bool


class LaterStartBody(msgspec.Struct, frozen=True):
    """A later beginning that is reached in time."""

    term: str
    starts_on: date
    apply_by: ApplyByBody | None


class OutlookBody(msgspec.Struct, frozen=True):
    """How one target stands, and why, in words."""

    target: TargetBody
    outcome: Annotated[str, msgspec.Meta(examples=["on_time", "at_risk", "late", "lost"])]
    arrives_on: date
    slack: int
    chain: list[str]
    reasons: list[ReasonBody]
    next_safe: LaterStartBody | None
    summary: Annotated[str, msgspec.Meta(description="All of it in a few sentences, for people.")]


class MoneyNeedBody(msgspec.Struct, frozen=True, kw_only=True):
    """Money to be shown in a country, for the target whose day and tuition count: the first of several in it.

    ``tuition_too`` null means that it is not known whether tuition comes on top.
    ``tuition_counted`` false means that it does and is not in the amount, since it is not known in that currency;
    ``depends_on`` names the circumstances that would have to be stated to tell.
    """

    rule: str
    target: Annotated[str, msgspec.Meta(description="The key of that target.")]
    country: str
    amount: MoneyBody | None
    a_month: MoneyBody | None
    months: int
    tuition_too: bool | None
    tuition_counted: bool | None
    depends_on: list[str]
    proofs: list[str]
    on: date
    rests_on: list[str]
    confidence: str
    source_url: str
    warnings: Annotated[list[ReasonBody], msgspec.Meta(description="What of these rules is stale or unverified.")]


class PlanBody(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as of a day: which target leads, every step, what decides, and what it all leans on."""

    id: Id
    student_id: Id
    version: int
    made_at: datetime
    today: date
    pathway: str
    lead: str
    targets: list[TargetBody]
    critical_path: list[str]
    outlooks: list[OutlookBody]
    steps: list[StepBody]
    money: list[MoneyNeedBody]
    unverified: Annotated[list[str], msgspec.Meta(description="Keys of steps whose figures nobody has verified.")]
    warnings: Annotated[
        list[ReasonBody], msgspec.Meta(description="What of the rules behind it is stale or unverified.")
    ]
    rulebook: list[str]
    edition: Annotated[str, msgspec.Meta(description="Send it back as `edition` to have the same answer again.")]
    made_with: list[str]
    zones: str
    calendars: Annotated[list[str], msgspec.Meta(description="The editions of the holidays that count in it.")]
    notices: Annotated[
        list[ReasonBody],
        msgspec.Meta(
            description="Targets that would follow another pathway if the plan were made today, and evidence that runs "
            "out on the way to one. `where` is the key of the target."
        ),
    ]
    leans_on: Annotated[list[str], msgspec.Meta(description="Ids of the packs that steps and money come from.")]
    calendar_shared: bool


class StuckPlanBody(msgspec.Struct, frozen=True):
    """A plan that cannot be worked out any more, with every reason; change its targets or the profile."""

    id: Id
    version: int
    made_at: datetime
    errors: list[ReasonBody]


class PlanList(msgspec.Struct, frozen=True):
    """Some of a student's plans, newest first; hand ``next`` back as ``cursor`` for more."""

    items: list[PlanBody]
    stuck: list[StuckPlanBody]
    next: str | None = None


class ActionBody(msgspec.Struct, frozen=True):
    """Something to do or to watch today, and why it comes now."""

    step: StepBody
    why: str
    message: str
    holds_up: list[str]


class TodayBody(msgspec.Struct, frozen=True):
    """The next thing first, then what else can be begun, then what is waited for."""

    today: date
    next: ActionBody | None
    ready: list[ActionBody]
    waiting: list[ActionBody]


class BoardBody(msgspec.Struct, frozen=True):
    """All steps by how far they are."""

    to_do: list[StepBody]
    in_progress: list[StepBody]
    done: list[StepBody]


class MoveBody(msgspec.Struct, frozen=True):
    """A step whose end moves; ``days`` is positive when it moves later."""

    key: str
    title: str
    before: date
    after: date
    days: int


class OutlookChangeBody(msgspec.Struct, frozen=True):
    """How one target stands before and after; null where it is not aimed at."""

    target: str
    title: str
    before: str | None
    after: str | None
    slack_before: int | None
    slack_after: int | None
    next_safe: LaterStartBody | None


class DiffBody(msgspec.Struct, frozen=True):
    """What changes between two schedules."""

    summary: Annotated[str, msgspec.Meta(description="What it comes to, in one sentence.")]
    outlooks: list[OutlookChangeBody]
    moves: list[MoveBody]
    appear: list[str]
    vanish: list[str]


class ReportedBody(msgspec.Struct, frozen=True):
    """The plan as it is now, and what the report changed."""

    plan: PlanBody
    changed: DiffBody


class WhatIfBody(msgspec.Struct, frozen=True):
    """What would differ, and how each target would stand. Nothing was changed."""

    changed: DiffBody
    outlooks: list[OutlookBody]


class CheckedItemBody(msgspec.Struct, frozen=True, kw_only=True):
    """One place of the checklist; ``needed`` null means that it depends on what is not known yet."""

    order: int
    code: str
    title: str
    section: str
    documents: list[str]
    original: int
    copies: int
    needed: bool | None
    depends_on: list[str]
    adds: list[str]
    usability: str
    reason: ReasonBody
    document_id: Id | None
    good_until: date | None
    note: str
    confidence: str
    verified: bool


class PackRuleBody(msgspec.Struct, frozen=True):
    """A rule about the papers as a whole."""

    code: str
    text: str
    confidence: str
    source_url: str


class PlanVerdictBody(msgspec.Struct, frozen=True, kw_only=True):
    """How the student stands for one target, and the days on which her test results have to count for it."""

    target: str
    application: date | None
    appointment: date
    enrolment: date
    verdict: VerdictBody


class PlanVerdicts(msgspec.Struct, frozen=True):
    """The verdict for each target, that of the leading one first."""

    items: list[PlanVerdictBody]


class ChecklistBody(msgspec.Struct, frozen=True, kw_only=True):
    """A mission's checklist for this case, judged on the day of use. The authority's own list always wins."""

    id: str
    target: Annotated[str, msgspec.Meta(description="The key of the target that it is for.")]
    title: str
    version: str
    mission: str
    authority: str
    used_on: date
    items: list[CheckedItemBody]
    rules: list[PackRuleBody]
    source: SourceBody
    confidence: str
    warnings: Annotated[list[ReasonBody], msgspec.Meta(description="What of these rules is stale or unverified.")]

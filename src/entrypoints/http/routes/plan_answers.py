"""Making what is sent of plans."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ....domain.documents.checklist import CheckedItem
from ....domain.funding.need import MoneyNeed
from ....domain.planning.schedule import Outlook, PlannedStep, Schedule
from ....domain.planning.target import ApplyBy, Target
from ....domain.planning.target_case import CheckedPapers
from ....domain.planning.use_cases.asking import WhatIf
from ....domain.planning.use_cases.keeping import PlanPage
from ....domain.planning.use_cases.planned import PlanToday
from ....domain.planning.use_cases.verdicts import TargetVerdict
from ....domain.planning.views import Action, Board, Today
from ....domain.planning.what_if import Assumed, PlanDiff
from ....domain.rulebook.editions import edition_of
from ..wire import money_body, reason_body, source_body, warning_bodies
from ..words import outlook_in_words, sentence, step_title, text_of, what_if_in_words
from .plan_bodies import (
    ActionBody,
    ApplyByBody,
    BoardBody,
    CheckedItemBody,
    ChecklistBody,
    DiffBody,
    LaterStartBody,
    MoneyNeedBody,
    MoveBody,
    OutlookBody,
    OutlookChangeBody,
    PackRuleBody,
    PlanBody,
    PlanList,
    PlanVerdictBody,
    PlanVerdicts,
    StepBody,
    StuckPlanBody,
    TargetBody,
    TodayBody,
)
from .verdicts import verdict_of


def plan_list(found: PlanPage, further: str | None) -> PlanList:
    """Return the plans as they are sent, with the cursor of the next page."""
    stuck = [
        StuckPlanBody(str(one.plan.id), one.plan.version, one.plan.made_at, [reason_body(why) for why in one.reasons])
        for one in found.stuck
    ]
    return PlanList([plan_body(one) for one in found.plans], stuck, further)


def plan_body(found: PlanToday) -> PlanBody:
    """Return the plan as it is sent."""
    plan, schedule = found.plan, found.schedule
    return PlanBody(
        id=str(plan.id),
        student_id=str(plan.student_id),
        version=plan.version,
        made_at=plan.made_at,
        today=schedule.today,
        pathway=schedule.pathway,
        lead=schedule.lead.key,
        targets=[_target(target) for target in found.situation.targets],
        critical_path=[step.key for step in schedule.critical_path],
        outlooks=outlooks_of(schedule),
        steps=[step_body(step) for step in schedule.steps],
        money=[_money(target, need, found.warnings_of(need)) for target, need in found.needs],
        unverified=list(schedule.unverified),
        warnings=warning_bodies(found.warnings),
        rulebook=list(schedule.rulebook),
        edition=edition_of(schedule.rulebook),
        made_with=list(plan.made_with),
        zones=schedule.zones,
        calendars=list(schedule.calendars),
        notices=[reason_body(notice) for notice in found.notices],
        leans_on=[pack.id for pack in found.packs],
        calendar_shared=bool(plan.calendar_hash),
    )


def outlooks_of(schedule: Schedule) -> list[OutlookBody]:
    """Return how each target stands."""
    return [_outlook(outlook, schedule) for outlook in schedule.outlooks]


def step_body(planned: PlannedStep) -> StepBody:
    """Return the step as it is sent."""
    task, step = planned.task, planned.task.step
    return StepBody(
        key=planned.key,
        code=step.code,
        title=text_of(step),
        kind=step.kind.value,
        owner=step.owner,
        target=task.target.key if task.target else None,
        after=list(task.after),
        state=planned.state.value,
        start=planned.start,
        finish=planned.finish,
        least_days=step.duration.least,
        typical_days=step.duration.typical,
        most_days=step.duration.most,
        latest_finish=planned.latest_finish,
        slack=planned.slack,
        critical=planned.critical,
        due=reason_body(planned.due) if planned.due else None,
        advice=text_of(step, "advice"),
        note=text_of(step, "note"),
        irreversible=step.irreversible,
        gate=reason_body(planned.gate) if planned.gate else None,
        answered=reason_body(planned.answered) if planned.answered else None,
        estimates=[reason_body(one) for one in planned.estimates],
        counts=step.counts.value,
        calendar=step.calendar.value,
        documents_in=list(step.documents_in),
        documents_out=list(step.documents_out),
        depends_on_unknown=list(task.depends_on_unknown),
        rests_on=list(step.facts),
        source=source_body(step.source),
        confidence=step.confidence.value,
        verified=step.confidence.is_verified,
    )


def today_body(today: Today, on: date) -> TodayBody:
    """Return today's actions as they are sent."""
    return TodayBody(
        today=on,
        next=_action(today.next) if today.next else None,
        ready=[_action(action) for action in today.ready],
        waiting=[_action(action) for action in today.waiting],
    )


def board_body(board: Board) -> BoardBody:
    """Return the board as it is sent."""
    columns = ([step_body(step) for step in steps] for steps in (board.to_do, board.in_progress, board.done))
    return BoardBody(*columns)


def diff_body(diff: PlanDiff, schedule: Schedule, assumed: Assumed | None = None) -> DiffBody:
    """Return the differences as they are sent; ``assumed`` is what they come from, where it was only asked about."""
    return DiffBody(
        summary=what_if_in_words(diff, assumed, schedule),
        outlooks=[
            OutlookChangeBody(
                target=change.target,
                title=change.title,
                before=change.before.value if change.before else None,
                after=change.after.value if change.after else None,
                slack_before=change.slack_before,
                slack_after=change.slack_after,
                next_safe=LaterStartBody(
                    change.next_safe.term, change.next_safe.starts_on, _apply_by(change.next_safe.apply_by)
                )
                if change.next_safe
                else None,
            )
            for change in diff.outlooks
        ],
        moves=[MoveBody(m.key, step_title(m.key, m.title), m.before, m.after, m.days) for m in diff.moves],
        appear=list(diff.appear),
        vanish=list(diff.vanish),
    )


def assumed_by(question: WhatIf, diff: PlanDiff) -> Assumed:
    """Return what the question assumes, targets by their titles."""
    added = [one.title for one in diff.outlooks if one.before is None]
    dropped = [one.title for one in diff.outlooks if one.target in question.drop]
    return Assumed(question.reports, question.durations, tuple(added), tuple(dropped), question.today)


def plan_verdicts(found: Iterable[TargetVerdict]) -> PlanVerdicts:
    """Return the verdicts as they are sent."""
    return PlanVerdicts(
        [
            PlanVerdictBody(
                target=one.case.target.key,
                application=one.case.days.application,
                appointment=one.case.lodged_on,
                enrolment=one.case.target.starts_on,
                verdict=verdict_of(one.match),
            )
            for one in found
        ]
    )


def checklist_body(found: CheckedPapers) -> ChecklistBody:
    """Return the checklist as it is sent."""
    checklist = found.checklist
    return ChecklistBody(
        id=checklist.id,
        target=found.target,
        title=text_of(checklist),
        version=checklist.version,
        mission=checklist.mission,
        authority=checklist.authority,
        used_on=found.used_on,
        items=[_checked(item) for item in found.items],
        rules=[PackRuleBody(r.code, text_of(r, "text"), r.confidence.value, r.source.url) for r in checklist.rules],
        source=source_body(checklist.source),
        confidence=checklist.confidence.value,
        warnings=warning_bodies(found.warnings),
    )


def _target(target: Target) -> TargetBody:
    return TargetBody(
        key=target.key,
        programme_id=str(target.ref.programme_id),
        term=target.ref.term,
        starts_on=target.starts_on,
        title=target.title,
        country=target.country,
        level=target.level,
        apply_by=_apply_by(target.apply_by),
    )


def _apply_by(by: ApplyBy | None) -> ApplyByBody | None:
    if by is None:
        return None
    confidence = by.confidence.value
    return ApplyByBody(
        by.last_day, by.local, by.zone, by.time_stated, by.basis.value, by.opens_on, confidence, source_body(by.source)
    )


def _outlook(outlook: Outlook, schedule: Schedule) -> OutlookBody:
    later = outlook.next_safe
    return OutlookBody(
        target=_target(outlook.target),
        outcome=outlook.outcome.value,
        arrives_on=outlook.arrives_on,
        slack=outlook.slack,
        chain=list(outlook.chain),
        reasons=[reason_body(reason) for reason in outlook.reasons],
        next_safe=LaterStartBody(later.term, later.starts_on, _apply_by(later.apply_by)) if later else None,
        summary=outlook_in_words(outlook, schedule),
    )


def _money(target: Target, need: MoneyNeed, warnings: Iterable[str]) -> MoneyNeedBody:
    return MoneyNeedBody(
        rule=need.rule,
        target=target.key,
        country=target.country,
        amount=money_body(need.amount),
        a_month=money_body(need.a_month),
        months=need.months,
        tuition_too=need.tuition_too,
        tuition_counted=need.tuition_counted,
        depends_on=list(need.depends_on),
        proofs=list(need.proofs),
        on=need.on,
        rests_on=list(need.rests_on),
        confidence=need.confidence.value,
        source_url=need.source_url,
        warnings=warning_bodies(warnings),
    )


def _action(action: Action) -> ActionBody:
    return ActionBody(step_body(action.step), action.why, sentence(action.why), list(action.holds_up))


def _checked(checked: CheckedItem) -> CheckedItemBody:
    item, judged = checked.item, checked.judgement
    return CheckedItemBody(
        order=item.order,
        code=item.code,
        title=text_of(item),
        section=item.section,
        documents=list(item.documents),
        original=item.original,
        copies=item.copies,
        needed=checked.needed,
        depends_on=list(checked.depends_on),
        adds=list(checked.adds),
        usability=judged.usability.value,
        reason=reason_body(judged.reason),
        document_id=str(judged.document.id) if judged.document else None,
        good_until=judged.good_until,
        note=text_of(item, "note"),
        confidence=item.confidence.value,
        verified=item.confidence.is_verified,
    )

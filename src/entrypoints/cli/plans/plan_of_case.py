"""From a case to what is shown of its plan, by the domain alone."""

from __future__ import annotations

from collections.abc import Mapping

from ....adapters.bundled.told import told_outlook
from ....domain.planning.schedule import Outlook, PlannedStep
from ....domain.planning.target import LaterStart, Target
from ....domain.planning.views import Action, todays_actions
from ....domain.shared.errors import Reason
from ..words import Words
from .behind_of_case import (
    checked_papers,
    deadlines_of,
    leans_on,
    money_view,
    needs_of,
    notices_on_the_way,
    papers_view,
    questions_of,
)
from .plan_view import (
    ActionView,
    PlanView,
    SafeStart,
    StepName,
    StepView,
    TargetView,
)
from .planning_case import Planned, has_applied


def view_of(planned: Planned) -> PlanView:
    """Return everything that is shown of the plan."""
    schedule, words = planned.schedule, planned.words
    short = {target.key: _short(target, planned) for target in planned.case.targets}
    steps = {step.key: _step(step, words, short) for step in schedule.steps}
    today = todays_actions(schedule)
    checked = checked_papers(planned)
    items = [item for one in checked for item in one.items]
    needs = needs_of(planned)
    residence = planned.case.profile.residence
    lead, *others = (_target(outlook, planned, words) for outlook in schedule.outlooks)
    return PlanView(
        name=planned.case.profile.name,
        home=(residence.city or residence.country) if residence else "",
        today=schedule.today,
        lead=lead,
        others=tuple(others),
        next=_action(today.next, steps, words) if today.next else None,
        ready=tuple(_action(action, steps, words) for action in today.ready),
        waiting=tuple(_action(action, steps, words) for action in today.waiting),
        steps=tuple(steps.values()),
        deadlines=tuple(deadlines_of(planned)),
        money=tuple(money_view(target, need, planned, words) for target, need in needs),
        papers=tuple(papers_view(one, planned, words) for one in checked),
        notices=tuple(_notice(one, short, words) for one in notices_on_the_way(planned)),
        questions=questions_of(schedule, items, [need for _, need in needs], words),
        leans_on=leans_on(planned, checked, words),
    )


def _target(outlook: Outlook, planned: Planned, words: Words) -> TargetView:
    target = outlook.target
    titles = {step.code: words.text(step) for way in planned.bundle.rulebook.pathways.values() for step in way.steps}
    titles.update({step.code: words.text(step) for step in planned.pathway.steps})
    return TargetView(
        key=target.key,
        title=target.title,
        short=_short(target, planned),
        starts_on=target.starts_on,
        outcome=outlook.outcome.value,
        arrives_on=outlook.arrives_on,
        slack=outlook.slack,
        apply_by=target.apply_by.last_day if target.apply_by else None,
        applied=has_applied(target, planned),
        chain=tuple(StepName(key, titles[key.partition("@")[0]]) for key in outlook.chain),
        because=tuple(words.reason(one) for one in outlook.reasons if one.code != "late.arrival"),
        next_safe=safe_start(outlook.next_safe),
        summary=told_outlook(outlook, planned.schedule, words.messages),
        misses_window=outlook.misses_window,
    )


def safe_start(later: LaterStart | None) -> SafeStart | None:
    """Return the later start as it is shown."""
    if later is None:
        return None
    return SafeStart(later.term, later.starts_on, later.apply_by.last_day if later.apply_by else None)


def _short(target: Target, planned: Planned) -> str:
    """Return the institution's name, or the whole title where two targets are at one institution."""
    programmes = {programme.id: programme for programme in planned.bundle.programmes.values()}
    names = [programmes[other.ref.programme_id].institution.name for other in planned.case.targets]
    own = programmes[target.ref.programme_id].institution.name
    return own if names.count(own) == 1 else target.title


def _step(step: PlannedStep, words: Words, short: Mapping[str, str]) -> StepView:
    definition = step.task.step
    return StepView(
        key=step.key,
        code=definition.code,
        title=words.text(definition),
        target=short[step.task.target.key] if step.task.target else "",
        who=definition.owner,
        kind=definition.kind.value,
        state=step.state.value,
        start=step.start,
        finish=step.finish,
        latest_finish=step.latest_finish,
        room=step.slack,
        decides=step.critical,
        least_days=definition.duration.least,
        typical_days=definition.duration.typical,
        most_days=definition.duration.most,
        advice=words.text(definition, "advice"),
        due=words.reason(step.due) if step.due else "",
        depends_on_unknown=step.task.depends_on_unknown,
        confidence=definition.confidence.value,
        source=words.text(definition.source),
        irreversible=definition.irreversible,
        gate=words.reason(step.gate) if step.gate else "",
        answered=words.reason(step.answered) if step.answered else "",
    )


def _notice(notice: Reason, short: Mapping[str, str], words: Words) -> str:
    told, whose = words.reason(notice), short.get(notice.where, "")
    return f"{whose}: {told}" if whose else told


def _action(action: Action, steps: Mapping[str, StepView], words: Words) -> ActionView:
    held_up = tuple(StepName(key, steps[key].title) for key in action.holds_up)
    return ActionView(steps[action.step.key], words.sentence(action.why), held_up)

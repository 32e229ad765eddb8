"""What there is to see to in a plan as of today: open windows, stalled waits, papers that run out, the next step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from ..documents.document import Document
from ..documents.judging import Judgement, Usability
from ..identity.scopes import Doing, Granted
from ..impacts.working_out import PlanCase, Stuck, StudentCase, schedule_of
from ..planning.schedule import Outcome, PlannedStep, Schedule
from ..planning.stalling import Stalled, stalled_waits
from ..planning.target_case import TargetCase, cases_of, check_papers, of_each_country
from ..planning.views import is_hard_window, todays_actions
from ..rulebook.pack import Rulebook
from ..shared.errors import Params, Reason
from .need import InNeed, Matter, Need, in_order, need_step

_RUNS_OUT = frozenset({Usability.EXPIRED, Usability.ENDS_TOO_SOON})


def needs_in(case: StudentCase, rulebook: Rulebook) -> tuple[Need, ...]:
    """Return what there is to see to today, the most urgent first; nothing where she can only wait.

    Plans whose studies have all begun are over.
    """
    ahead = [plan for plan in case.plans if any(target.starts_on >= case.today for target in plan.targets)]
    if not ahead:
        return (Need(Matter.NO_PLAN, Reason("queue.no_plan"), Reason("to_send.no_plan")),)
    return in_order(need for plan in ahead for need in _needs_of_plan(case, plan, rulebook))


def seen_with(one: InNeed, granted: Granted) -> InNeed:
    """Return the student as the holder of the grant may see her: without papers where she may not know of them."""
    if granted.lets(Doing.SEE_PAPERS):
        return one
    return replace(one, needs=tuple(need for need in one.needs if need.matter is not Matter.PAPER))


def _needs_of_plan(case: StudentCase, plan: PlanCase, rulebook: Rulebook) -> Iterator[Need]:
    found = schedule_of(case, plan, rulebook)
    if isinstance(found, Stuck):
        yield Need(Matter.STUCK, found.reasons[0], Reason("to_send.plan_stuck"), plan_id=plan.id)
        return
    for need in (*needs_of(found[0]), *_papers(found[0], case.documents, rulebook)):
        yield replace(need, plan_id=plan.id)


def needs_of(schedule: Schedule) -> tuple[Need, ...]:
    """Return the windows that are open, the waits that stall and the most urgent of the other steps that can be done
    today; what is done, or lost, is none of them."""
    actions = todays_actions(schedule)
    ready = [action.step for action in (actions.next, *actions.ready) if action is not None]
    windows = [_window(step, schedule.today) for step in ready if is_hard_window(step)]
    still_watched = {action.step.key for action in actions.waiting}
    waits = [_wait(one, schedule.today) for one in stalled_waits(schedule) if one.step.key in still_watched]
    steps = [_step(step) for step in ready if not is_hard_window(step)]
    return (*windows, *waits, *steps[:1])


def _window(step: PlannedStep, today: date) -> Need:
    closes = step.latest_finish
    params: Params = {"step": step.key, "closes_on": closes.isoformat() if closes else ""}
    if closes is None:
        why, to_send = Reason("queue.window_open", params), Reason("to_send.window_open", params)
    elif closes < today:
        why, to_send = Reason("queue.window_over", params), Reason("to_send.window_over", params)
    else:
        params = {**params, "days": (closes - today).days}
        why, to_send = Reason("queue.window_closes", params), Reason("to_send.window_closes", params)
    return Need(Matter.WINDOW, why, to_send, step.slack, about=step.key, step=need_step(step))


def _wait(stalled: Stalled, today: date) -> Need:
    step = stalled.step
    params: Params = {"step": step.key, "since": step.start.isoformat(), "days": stalled.days_over}
    code = "queue.wait_beyond_known" if stalled.is_beyond_known(today) else "queue.wait_stalls"
    return Need(
        Matter.WAIT,
        Reason(code, params),
        Reason("to_send.wait_stalls", params),
        step.slack,
        about=step.key,
        step=need_step(step),
    )


def _step(step: PlannedStep) -> Need:
    params: Params = {"step": step.key}
    slack = step.slack
    if slack is None:
        why, to_send = Reason("queue.nothing_due", params), Reason("to_send.nothing_due", params)
    elif slack < 0:
        params = {**params, "days": -slack}
        why, to_send = Reason("queue.overdue", params), Reason("to_send.overdue", params)
    elif slack == 0:
        why, to_send = Reason("queue.no_day_to_spare", params), Reason("to_send.no_day_to_spare", params)
    else:
        params = {**params, "days": slack}
        why, to_send = Reason("queue.can_slip", params), Reason("to_send.can_slip", params)
    return Need(Matter.STEP, why, to_send, slack, about=step.key, step=need_step(step))


def _papers(schedule: Schedule, documents: Sequence[Document], rulebook: Rulebook) -> list[Need]:
    """Return what she has of the missions' checklists that will have run out when it is used, each kind once, for the
    first of its uses."""
    if not documents:
        return []
    found: dict[str, Need] = {}
    cases = (one for one in of_each_country(cases_of(schedule, rulebook)) if one.outcome is not Outcome.LOST)
    for case in sorted(cases, key=lambda one: (one.used_on or date.max, one.target.key)):
        if case.used_on is None or case.used_on < schedule.today:
            continue
        checked = check_papers(case, documents, rulebook, schedule.today)
        for item in checked.items if checked else ():
            judgement = item.judgement
            if item.needed is not False and judgement.usability in _RUNS_OUT:
                found.setdefault(judgement.kind, _paper(case, judgement, schedule.today))
    return list(found.values())


def _paper(case: TargetCase, judgement: Judgement, today: date) -> Need:
    """A new one has to be begun so many days before its use as the step that brings it usually takes."""
    making = max(
        (step.duration.typical for step in case.pathway.steps if judgement.kind in step.documents_out), default=0
    )
    good_until = judgement.good_until
    params: Params = {
        "document": judgement.kind,
        "good_until": good_until.isoformat() if good_until else "",
        "used_on": judgement.on.isoformat(),
    }
    if judgement.usability is Usability.EXPIRED:
        why = Reason("queue.paper_runs_out", params)
    else:
        params = {**params, "remaining_months": judgement.reason.params["remaining_months"]}
        why = Reason("queue.paper_ends_too_soon", params)
    slack = (judgement.on - today).days - making
    return Need(Matter.PAPER, why, Reason("to_send.paper_runs_out", params), slack, about=judgement.kind)

"""Making a schedule, and saying how every target stands by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..rulebook.pack import Rulebook
from ..rulebook.pathways import Pathway, StepScope
from ..shared.errors import Reason
from .closures import closure_reasons
from .passes import NEVER, Days, Situation
from .schedule import Outcome, Outlook, PlannedStep, Schedule, State, reason
from .target import LaterStart, Target
from .tasks import lay_out, step_key

_LATE = ("late.window_missed",)


def make_schedule(situation: Situation, pathway: Pathway, rulebook: Rulebook, zones_version: str) -> Schedule:
    """Return the schedule: steps as early as possible along the leading target, and an outlook for each target.

    No step begins before its predecessors are done; reported days pin steps; what is late is said to be late.
    Equal situations give equal schedules.
    """
    lead = leading(situation, pathway)
    tasks = lay_out(pathway, situation.targets, lead, situation.circumstances)
    days = Days(situation, pathway, lead, tasks)
    outlook = _outlook(days)
    others = [_outlook_alone(target, situation, pathway) for target in situation.targets if target is not lead]
    schedule = Schedule(
        today=situation.today,
        lead=lead,
        steps=_planned(days, outlook.chain),
        outlooks=(outlook, *others),
        pathway=pathway.id,
        rulebook=rulebook.edition,
        zones=zones_version,
        unverified=tuple(task.key for task in tasks if not task.step.confidence.is_verified),
    )
    return _with_closures(schedule, situation, pathway, rulebook)


def _with_closures(schedule: Schedule, situation: Situation, pathway: Pathway, rulebook: Rulebook) -> Schedule:
    """Add to each outlook the stops by nationality that hold when the papers are handed in; they put it at risk."""
    nationality = situation.circumstances.get("nationality")
    people = (nationality,) if isinstance(nationality, str) else None
    outlooks = []
    for outlook in schedule.outlooks:
        target = outlook.target
        found = closure_reasons(target.country, target.level, people, schedule.lodged_on(pathway), rulebook)
        outcome = Outcome.AT_RISK if found and outlook.outcome is Outcome.ON_TIME else outlook.outcome
        outlooks.append(replace(outlook, outcome=outcome, reasons=(*outlook.reasons, *found)))
    return replace(schedule, outlooks=tuple(outlooks))


def leading(situation: Situation, pathway: Pathway) -> Target:
    """Return the target that the plan follows: of those not lost yet the one that is furthest, then the first to begin.

    Lost is what has begun, and what was not applied for by its last day.
    """
    codes = {step.code for step in pathway.steps}

    def order(target: Target) -> tuple[bool, int, date, str]:
        own = {step.code: step_key(step, target) for step in pathway.steps}
        done = {code for code, key in own.items() if situation.state(key) is State.DONE}
        applied = pathway.application_step in done
        lost = target.starts_on < situation.today or (not applied and _last_day_has_passed(target, situation, pathway))
        return lost, -len({own[code] for code in done} - codes), target.starts_on, target.key

    return min(situation.targets, key=order)


def _last_day_has_passed(target: Target, situation: Situation, pathway: Pathway) -> bool:
    if target.apply_by is None:
        return False
    early = situation.lead_days.get((pathway.application_step, target.key), 0)
    return target.apply_by.last_day.toordinal() - early < situation.today.toordinal()


def _outlook_alone(target: Target, situation: Situation, pathway: Pathway) -> Outlook:
    return _outlook(Days(situation, pathway, target, lay_out(pathway, (target,), target, situation.circumstances)))


def _outlook(days: Days) -> Outlook:
    arrival = days.arrival
    chain = days.chain_to(arrival)
    windows = _missed_windows(days)
    late = [*_late_arrival(days), *_missed_deadline(days), *(found for found in windows if found.code in _LATE)]
    risks = [found for found in windows if found.code not in _LATE]
    if not late:
        named = {found.where for found in windows}
        risks += [found for found in _at_worst(days) if found.where not in named]
    return Outlook(
        target=days.lead,
        outcome=Outcome.LATE if late else Outcome.AT_RISK if risks else Outcome.ON_TIME,
        arrives_on=days.day(arrival.key),
        slack=days.slack,
        chain=chain,
        reasons=(*late, *risks),
        next_safe=_next_safe(days) if late and not any(found.code in _LATE for found in windows) else None,
    )


def _late_arrival(days: Days) -> list[Reason]:
    if days.slack >= 0:
        return []
    arrives = days.day(days.arrival.key).isoformat()
    starts = days.lead.starts_on.isoformat()
    return [reason("late.arrival", days.arrival.key, days=-days.slack, arrives_on=arrives, starts_on=starts)]


def _missed_deadline(days: Days) -> list[Reason]:
    """Name the lead's application deadline when the application cannot be handed in before it."""
    found = []
    for task in days.tasks:
        own = days.due(task)
        mine = task.target is not None and task.target.key == days.lead.key
        if own is None or not mine or days.situation.state(task.key) is State.DONE:
            continue
        over = days.finish[task.key] - own[0]
        if over > 0:
            found.append(reason("late.application_deadline", task.key, days=over, on=own[1].params["on"]))
    return found


def _missed_windows(days: Days) -> list[Reason]:
    """Name each window that closes before everything else that it needs is ready, or that has closed already.

    A window whose queue has called is lost; one that is still to open can be met by being quicker.
    """
    found = []
    for task in days.tasks:
        closes = days.window_closes(task)
        if closes is None or days.situation.state(task.key) is State.DONE:
            continue
        last = max(days.waits_besides_call(task), key=lambda key: days.finish[key], default=task.key)
        ready = days.today if last == task.key else max(days.finish[last], days.today)
        if ready > closes:
            code = "late.window_missed" if days.was_called(task) else "risk.window_missed"
            shuts = date.fromordinal(closes).isoformat()
            found.append(reason(code, task.key, days=ready - closes, closes_on=shuts, waits_for=last))
    return found


def _at_worst(days: Days) -> list[Reason]:
    """Say what would go wrong if every step took its longest known time: the arrival, and each window."""
    worst = Days(days.situation, days.pathway, days.lead, days.tasks, worst=True)
    found = []
    if worst.slack < 0:
        arrives = worst.day(worst.arrival.key).isoformat()
        found.append(reason("risk.late_at_worst", days.arrival.key, days=-worst.slack, arrives_on=arrives))
    missed = _missed_windows(worst)
    return [*found, *(Reason("risk.window_missed_at_worst", one.params, one.where) for one in missed)]


def _next_safe(days: Days) -> LaterStart | None:
    """Return the first later beginning of the same programme that is reached in time, application included."""
    return next((later for later in days.lead.later_starts if _reaches(days, later)), None)


def _reaches(days: Days, later: LaterStart) -> bool:
    target = replace(days.lead, starts_on=later.starts_on, apply_by=later.apply_by)
    # What was reported for the lost intake alone, from the application to the admission's follow-ups, does not count
    # for a later one.
    own = {task.key for task in days.tasks if task.step.scope is not StepScope.SHARED}
    reports = {key: report for key, report in days.situation.reports.items() if key not in own}
    situation = replace(days.situation, targets=(target,), reports=reports)
    again = Days(situation, days.pathway, target, lay_out(days.pathway, (target,), target, situation.circumstances))
    return again.slack >= 0 and not _missed_deadline(again)


def _planned(days: Days, chain: tuple[str, ...]) -> tuple[PlannedStep, ...]:
    latest, due = days.backward()
    steps = []
    for task in days.tasks:
        state = days.state(task)
        last = latest[task.key]
        steps.append(
            PlannedStep(
                task=task,
                state=state,
                start=date.fromordinal(days.start[task.key]),
                finish=days.day(task.key),
                latest_finish=None if last == NEVER else date.fromordinal(last),
                slack=None if last == NEVER or state is State.DONE else last - days.finish[task.key],
                critical=task.key in chain and state is not State.DONE,
                due=due.get(task.key),
            )
        )
    return tuple(steps)

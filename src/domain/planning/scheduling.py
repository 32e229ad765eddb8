"""Making a schedule, and saying how every target stands by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ..rulebook.pack import Rulebook
from ..rulebook.pathways import Pathway
from ..shared.errors import Reason
from .passes import NEVER, Days, Situation
from .schedule import Outcome, Outlook, PlannedStep, Reports, Schedule, State, reason
from .target import LaterStart, Target
from .tasks import lay_out, step_key


def make_schedule(situation: Situation, pathway: Pathway, rulebook: Rulebook, zones_version: str) -> Schedule:
    """Return the schedule: steps as early as possible along the leading target, and an outlook for each target.

    No step begins before its predecessors are done; reported days pin steps; what is late is said to be late.
    Equal situations give equal schedules.
    """
    lead = leading(situation.targets, situation.reports, pathway)
    tasks = lay_out(pathway, situation.targets, lead, situation.circumstances)
    days = Days(situation, pathway, lead, tasks)
    outlook = _outlook(days)
    others = [_outlook_alone(target, situation, pathway) for target in situation.targets if target is not lead]
    return Schedule(
        today=situation.today,
        lead=lead,
        steps=_planned(days, outlook.chain),
        outlooks=(outlook, *others),
        pathway=pathway.id,
        rulebook=rulebook.edition,
        zones=zones_version,
        unverified=tuple(task.key for task in tasks if not task.step.confidence.is_verified),
    )


def leading(targets: Sequence[Target], reports: Reports, pathway: Pathway) -> Target:
    """Return the target that the plan follows: the one that is furthest, then the one that begins first."""

    def progress(target: Target) -> int:
        keys = {step_key(step, target) for step in pathway.steps} - {step.code for step in pathway.steps}
        return sum(key in reports and reports[key].state is State.DONE for key in keys)

    return min(targets, key=lambda target: (-progress(target), target.starts_on, target.key))


def _outlook_alone(target: Target, situation: Situation, pathway: Pathway) -> Outlook:
    return _outlook(Days(situation, pathway, target, lay_out(pathway, (target,), target, situation.circumstances)))


def _outlook(days: Days) -> Outlook:
    arrival = days.arrival
    chain = days.chain_to(arrival)
    late = [*_late_arrival(days), *_missed_deadline(days)]
    risks = [*_missed_windows(days), *([] if late else _late_at_worst(days))]
    return Outlook(
        target=days.lead,
        outcome=Outcome.LATE if late else Outcome.AT_RISK if risks else Outcome.ON_TIME,
        arrives_on=days.day(arrival.key),
        slack=days.slack,
        chain=chain,
        reasons=(*late, *risks),
        next_safe=_next_safe(days) if late else None,
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
    """Name each window that closes before everything else that it needs is ready."""
    found = []
    for task in days.tasks:
        closes = days.window_closes(task)
        waits = days.waits_besides_call(task)
        if closes is None or not waits or days.situation.state(task.key) is not State.TO_DO:
            continue
        last = max(waits, key=lambda key: days.finish[key])
        over = days.finish[last] - closes
        if over > 0:
            shuts = date.fromordinal(closes).isoformat()
            found.append(reason("risk.window_missed", task.key, days=over, closes_on=shuts, waits_for=last))
    return found


def _late_at_worst(days: Days) -> list[Reason]:
    """Say so when the arrival would be late if every step took its longest known time."""
    worst = Days(days.situation, days.pathway, days.lead, days.tasks, worst=True)
    if worst.slack >= 0:
        return []
    arrives = worst.day(worst.arrival.key).isoformat()
    return [reason("risk.late_at_worst", days.arrival.key, days=-worst.slack, arrives_on=arrives)]


def _next_safe(days: Days) -> LaterStart | None:
    """Return the first later beginning of the same programme that is reached in time, application included."""
    return next((later for later in days.lead.later_starts if _reaches(days, later)), None)


def _reaches(days: Days, later: LaterStart) -> bool:
    target = replace(days.lead, starts_on=later.starts_on, apply_by=later.apply_by)
    # What was reported for the lost intake's own steps does not count for a later one.
    own = {task.key for task in days.tasks if task.target is not None}
    reports = {key: report for key, report in days.situation.reports.items() if key not in own}
    situation = replace(days.situation, targets=(target,), reports=reports)
    again = Days(situation, days.pathway, target, lay_out(days.pathway, (target,), target, situation.circumstances))
    return again.slack >= 0 and not _missed_deadline(again)


def _planned(days: Days, chain: tuple[str, ...]) -> tuple[PlannedStep, ...]:
    latest, due = days.backward()
    steps = []
    for task in days.tasks:
        state = days.situation.state(task.key)
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

"""Making a schedule, and saying how every target stands by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ..rulebook.free_entry import leads_without_visa
from ..rulebook.pack import Rulebook
from ..rulebook.pathways import Pathway
from ..shared.errors import Reason
from .closures import closure_reasons
from .gates import gate_of
from .known import used_last
from .network import Network, network_of
from .outlooks import outlook_of
from .passes import NEVER, Days, Setting
from .schedule import Outcome, Outlook, PlannedStep, PlannedSteps, Schedule, State, reason
from .situation import Situation
from .target import Target
from .tasks import step_key


def make_schedule(situation: Situation, pathway: Pathway, rulebook: Rulebook, zones_version: str) -> Schedule:
    """Return the schedule: steps as early as possible along the leading target, and an outlook for each target.

    No step begins before its predecessors are done; reported days pin steps; what is late is said to be late.
    Equal situations give equal schedules.
    """
    lead = leading(situation, pathway)
    days = days_for(situation, pathway, lead)
    others = [target for target in situation.targets if target is not lead]
    by_target = {lead.key: days, **{one.key: days_for(situation, pathway, one, alone=True) for one in others}}
    outlooks = tuple(map(outlook_of, by_target.values()))
    schedule = Schedule(
        today=situation.today,
        lead=lead,
        steps=_planned(days, outlooks[0].chain),
        outlooks=outlooks,
        pathway=days.network.pathway.id,
        rulebook=rulebook.edition,
        zones=zones_version,
        unverified=days.network.unverified,
        calendars=tuple(sorted({calendar.version for calendar in situation.calendars.values()})),
        days=by_target,
    )
    return _with_closures(schedule, situation, rulebook)


def _with_closures(schedule: Schedule, situation: Situation, rulebook: Rulebook) -> Schedule:
    """Add to each outlook the stops by nationality that hold when the papers are handed in; they put it at risk. A way
    without a visa meets none."""
    shut = {closure.country for closure in rulebook.closures.values()}
    if not any(outlook.target.country in shut for outlook in schedule.outlooks):
        return schedule
    nationality = situation.circumstances.get("nationality")
    people = (nationality,) if isinstance(nationality, str) else None
    outlooks: list[Outlook] = []
    for outlook in schedule.outlooks:
        target = outlook.target
        way, lodged = schedule.days[target.key].network.pathway, schedule.lodged_on(target.key)
        found = closure_reasons(target.country, target.level, people, lodged, rulebook)
        if outlook.outcome is Outcome.LOST or leads_without_visa(way, rulebook, target.starts_on):
            found = ()
        at_risk = Outcome.AT_RISK if found and outlook.outcome is Outcome.ON_TIME else outlook.outcome
        outlooks.append(replace(outlook, outcome=at_risk, reasons=(*outlook.reasons, *found)) if found else outlook)
    return replace(schedule, outlooks=tuple(outlooks))


def days_for(situation: Situation, pathway: Pathway, lead: Target, *, alone: bool = False) -> Days:
    """Return the days of a plan that follows the lead, with all targets or with this one alone.

    What the profile or the papers answer counts as done as long as it is still good on the last day of its use.
    """
    still_aimed_at = tuple(one for one in situation.targets if one is lead or one.key not in situation.lost)
    targets = (lead,) if alone else still_aimed_at
    network = network_of(pathway, targets, lead, situation.circumstances, situation.pathways)
    without: frozenset[int] = frozenset()
    days = Days(Setting(network, situation, lead))
    while days.setting.answers:
        over = {at for at, last in _answers_used(days).items() if last is not None}
        if not over:
            break
        without |= over
        days = Days(Setting(network, situation, lead, without=without))
    return days


def _answers_used(days: Days) -> dict[int, int | None]:
    """Return for each answered task the day on which it is needed after its answer has run out, or None."""
    network = days.network
    steps = {task.step.code: task.step for task in network.tasks}
    found: dict[int, int | None] = {}
    for at, known in days.setting.answers.items():
        users = set(used_last(network.tasks[at].step.code, steps))
        starts = [
            days.start(other)
            for other, task in enumerate(network.tasks)
            if task.step.code in users and not days.setting.done[other] and _is_of(task.target, days.setting.lead)
        ]
        last = max(starts, default=days.today)
        found[at] = last if known.good_until is not None and last > known.good_until.toordinal() else None
    return found


def _is_of(target: Target | None, lead: Target) -> bool:
    return target is None or target.key == lead.key


def leading(situation: Situation, pathway: Pathway) -> Target:
    """Return the target that the plan follows: of those not lost yet the one that is furthest, then the first to begin.

    Lost is what has begun, what was not applied for by its last day, and what the application says is lost.
    """
    if len(situation.targets) == 1:
        return situation.targets[0]

    def order(target: Target) -> tuple[bool, int, date, str]:
        way = situation.pathways.get(target.key, pathway)
        codes = {step.code for step in way.steps}
        own = {step.code: step_key(step, target) for step in way.steps}
        done = {code for code, key in own.items() if situation.state(code, key) is State.DONE}
        applied = way.application_step in done
        passed = _last_day_has_passed(target, situation, way)
        lost = target.key in situation.lost or target.starts_on < situation.today or (not applied and passed)
        return lost, -len({own[code] for code in done} - codes), target.starts_on, target.key

    return min(situation.targets, key=order)


def _last_day_has_passed(target: Target, situation: Situation, pathway: Pathway) -> bool:
    if target.apply_by is None:
        return False
    early = situation.lead_days.get((pathway.application_step, target.key), 0)
    return target.apply_by.last_day.toordinal() - early < situation.today.toordinal()


def _planned(days: Days, chain: tuple[str, ...]) -> PlannedSteps:
    network, setting = days.network, days.setting
    latest, due = days.backward()
    decisive = frozenset(chain)

    def make(at: int) -> PlannedStep:
        task, state, last = network.tasks[at], setting.state(at), latest[at]
        done = state is State.DONE
        return PlannedStep(
            task=task,
            state=state,
            start=date.fromordinal(days.start(at)),
            finish=date.fromordinal(days.finish[at]),
            latest_finish=None if last == NEVER else date.fromordinal(last),
            slack=None if last == NEVER or done else last - days.finish[at],
            critical=task.key in decisive and not done,
            due=due.get(at),
            answered=_answer(setting, network, at),
            gate=gate_of(days, at),
            estimates=estimates_of(days, at),
        )

    return PlannedSteps(network.index, make)


def _answer(setting: Setting, network: Network, at: int) -> Reason | None:
    known = setting.answers.get(at)
    if known is not None:
        return known.reason
    task = network.tasks[at]
    code = task.step.code
    expired = setting.situation.answer(code, task.key, task.also)
    if expired is None or at in setting.reports or expired.good_until is None:
        return None
    return reason("known.runs_out", code, good_until=expired.good_until.isoformat())


def estimates_of(days: Days, at: int) -> tuple[Reason, ...]:
    """Return the estimated holidays that the days of the task hang on; what is done hangs on none."""
    how = days.setting.hows[at]
    calendar = how.calendar if how is not None else None
    if calendar is None:
        return ()
    finish = days.finish
    ready = max([days.today, *[finish[before] for before in days.network.after[at]]])
    key, name = days.network.tasks[at].key, calendar.name
    return tuple(
        [
            reason("holiday.estimated", key, name=holiday.name, on=holiday.on.isoformat(), calendar=name)
            for holiday in calendar.estimated_between(ready, finish[at])
        ]
    )

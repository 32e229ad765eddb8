"""Why a step of a plan falls on its days: the chain of what it waited for, back to today or to a report."""

from __future__ import annotations

from datetime import date

from ..rulebook.pathways import StepKind
from ..shared.dataclass import dataclass
from ..shared.errors import NotFound, Reason
from .calendars import WorkingCalendar
from .gates import gate_of
from .passes import NEVER, Days
from .schedule import Schedule, State, reason


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the chain with its days, and every reason for them, in the order in which they came in."""

    key: str
    title: str
    start: date
    finish: date
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The chain that leads to a step, first to last, or to a target's arrival; its last link is what was asked about.

    ``holds_up`` names the steps from there to what is due first, and ``due`` what that is, where anything is;
    ``gate`` says of an irreversible step whether it is safe now, ``verdict`` of a target why it stands as it does.
    """

    key: str
    links: tuple[Link, ...]
    latest_finish: date | None
    holds_up: tuple[str, ...]
    due: Reason | None
    gate: Reason | None = None
    verdict: tuple[Reason, ...] = ()


def explain(schedule: Schedule, key: str) -> Explanation:
    """Return why the step with the key, or the arrival for the target with the key, falls on its days.

    Raises NotFound where the plan has neither, and for a schedule whose days are not at hand.
    """
    outlook = next((outlook for outlook in schedule.outlooks if outlook.target.key == key), None)
    if outlook is not None and key in schedule.days:
        days = schedule.days[key]
        return _explanation(days, days.network.arrival, key, outlook.reasons)
    found = schedule.days.get(schedule.lead.key)
    if found is None or key not in found.network.index:
        raise NotFound(Reason("plan.unknown_step", {"step": key[:80]}, "step"))
    return _explanation(found, found.network.index[key], key, ())


def _explanation(days: Days, at: int, key: str, verdict: tuple[Reason, ...]) -> Explanation:
    latest, dues = days.backward()
    path = [at]
    while path[-1] not in dues and (after := _next_limit(days, path[-1], latest)) is not None:
        path.append(after)
    tasks, last = days.network.tasks, latest[at]
    return Explanation(
        key=key,
        links=tuple(_link(days, one) for one in days.chain_to(at)),
        latest_finish=None if last == NEVER else date.fromordinal(last),
        holds_up=tuple(tasks[one].key for one in path[1:]),
        due=dues.get(path[-1]),
        gate=gate_of(days, at),
        verdict=verdict,
    )


def _next_limit(days: Days, at: int, latest: list[int]) -> int | None:
    """Return the follower that limits the task most: that with the least room of those that something is due after."""
    followers = [
        other
        for other in range(at + 1, len(latest))
        if at in days.network.after[other] and latest[other] != NEVER and not days.setting.done[other]
    ]
    return min(followers, key=lambda other: (latest[other] - days.finish[other], other), default=None)


def _link(days: Days, at: int) -> Link:
    task = days.network.tasks[at]
    start, finish = days.start(at), days.finish[at]
    return Link(task.key, task.step.title, date.fromordinal(start), date.fromordinal(finish), tuple(_reasons(days, at)))


def _reasons(days: Days, at: int) -> list[Reason]:
    setting, key = days.setting, days.network.tasks[at].key
    known, report = setting.answers.get(at), setting.reports.get(at)
    if known is not None:
        return [known.reason]
    if report is not None and report.finished_on is not None:
        return [reason("because.reported_done", key, on=report.finished_on.isoformat())]
    if report is not None and report.started_on is not None:
        begun = reason("because.reported_begun", key, on=report.started_on.isoformat())
        return [begun, _length(days, at), *_end(days, at)]
    if setting.state(at) is State.IN_PROGRESS:
        return [_runs_since(days, at), _length(days, at), *_end(days, at)]
    return [*_beginning(days, at), _length(days, at), *_end(days, at)]


def _beginning(days: Days, at: int) -> list[Reason]:
    """Say what an open step waited for, and whether its place was closed then."""
    key, before = days.network.tasks[at].key, days.decides(at)
    how = days.setting.hows[at]
    if before is not None:
        ready = days.finish[before]
        found = [reason("because.after", key, step=days.network.tasks[before].key, on=_day(ready))]
    elif days.setting.openings.get(at, 0) > days.today:
        ready = days.setting.openings[at]
        found = [_opened(days, at)]
    elif how is not None and how.opens > days.today:
        ready = how.opens
        found = [reason("because.opens", key, on=_day(ready))]
    else:
        ready = days.today
        found = [reason("because.today", key, on=_day(ready))]
    calendar = how.calendar if how is not None else None
    if calendar is not None and days.start(at) > ready:
        codes = "because.closed", "because.closed_for_holiday"
        found.append(_closed(codes, key, calendar, ready, days.start(at)))
    return found


def _runs_since(days: Days, at: int) -> Reason:
    """Say since when a wait runs by itself: since what it comes after was done, or since the rules let it begin."""
    before = max(days.network.after[at], key=lambda one: days.finish[one])
    if days.setting.openings.get(at, 0) > days.finish[before]:
        return _opened(days, at)
    ended = days.network.tasks[before].key
    return reason("because.runs_since", days.network.tasks[at].key, step=ended, on=_day(days.finish[before]))


def _opened(days: Days, at: int) -> Reason:
    on, starts_on = _day(days.setting.openings[at]), days.setting.studies(at).starts_on
    return reason("because.not_before", days.network.tasks[at].key, on=on, starts_on=starts_on.isoformat())


def _length(days: Days, at: int) -> Reason:
    task, how = days.network.tasks[at], days.setting.hows[at]
    count = days.days[at]
    if task.key in days.setting.situation.durations:
        return reason("because.assumed", task.key, days=count)
    if days.network.working[at] and how is not None and how.calendar is not None:
        return reason("because.lasts_working", task.key, days=count, calendar=how.calendar.name)
    return reason("because.lasts", task.key, days=count)


def _end(days: Days, at: int) -> list[Reason]:
    """Say what moved the end of an open step away from where its length alone would put it."""
    task, how = days.network.tasks[at], days.setting.hows[at]
    finish, key = days.finish[at], task.key
    closes = days.window_closes(at)
    if task.step.kind is StepKind.WINDOW and closes is not None and finish == closes:
        return [reason("because.window_closes", key, on=_day(closes))]
    if days.network.working[at] or how is None:
        return _not_before(days, at)
    calendar, bare = how.calendar, days.start(at) + days.days[at]
    if calendar is not None and finish > bare >= days.today:
        codes = "because.closed_at_end", "because.closed_at_end_for_holiday"
        return [_closed(codes, key, calendar, bare, finish)]
    return _not_before(days, at)


def _not_before(days: Days, at: int) -> list[Reason]:
    if at not in days.setting.under_way or days.finish[at] != days.today:
        return []
    return [reason("because.not_before_today", days.network.tasks[at].key, on=_day(days.today))]


def _closed(codes: tuple[str, str], key: str, calendar: WorkingCalendar, first: int, opens: int) -> Reason:
    holidays = calendar.closed_between(first, opens - 1)
    names = ", ".join(dict.fromkeys(holiday.name for holiday in holidays))
    params = {"on": _day(first), "opens_on": _day(opens), "calendar": calendar.name, "names": names}
    estimated = any(holiday.estimated for holiday in holidays)
    return Reason(codes[bool(names)], {**params, "estimated": estimated}, key)


def _day(day: int) -> str:
    return date.fromordinal(day).isoformat()

"""Views of a schedule: today's actions, the board, calendar entries. Never a second truth."""

from __future__ import annotations

from datetime import date

from ..rulebook.pathways import StepKind
from ..shared.dataclass import dataclass
from .schedule import PlannedStep, Schedule, State

_FAR = 10**6


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do or to watch today, and why it comes now."""

    step: PlannedStep
    why: str
    holds_up: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """The next thing first; then what else can be begun, and what is waited for."""

    next: Action | None
    ready: tuple[Action, ...]
    waiting: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All steps by how far they are."""

    to_do: tuple[PlannedStep, ...]
    in_progress: tuple[PlannedStep, ...]
    done: tuple[PlannedStep, ...]


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A whole-day entry of the plan's calendar; ``uid`` stays the same while its day moves."""

    uid: str
    title: str
    first: date
    last: date
    notes: str
    is_due: bool


def todays_actions(schedule: Schedule) -> Today:
    """Return what the student can do today in order of urgency (least slack first), and what she waits for."""
    done = {step.key for step in schedule.steps if step.state is State.DONE}
    ready: list[Action] = []
    waiting: list[Action] = []
    for step in schedule.steps:
        is_open = step.state is State.IN_PROGRESS or step.start <= schedule.today
        if step.state is State.DONE or not is_open or not set(step.task.after) <= done or _is_lost(step, schedule):
            continue
        followers = tuple(after.key for after in schedule.steps if step.key in after.task.after)
        action = Action(step, _why(step), followers)
        kind = step.task.step.kind
        is_wait = kind is StepKind.WAIT or (kind is StepKind.QUEUE and step.state is State.IN_PROGRESS)
        (waiting if is_wait else ready).append(action)
    urgent = sorted(ready, key=_urgency)
    return Today(urgent[0] if urgent else None, tuple(urgent[1:]), tuple(sorted(waiting, key=_urgency)))


def _is_lost(step: PlannedStep, schedule: Schedule) -> bool:
    """Whether it is an application whose last day has passed."""
    if step.due is None or step.due.code != "due.application_deadline" or step.latest_finish is None:
        return False
    return step.latest_finish < schedule.today


def _why(step: PlannedStep) -> str:
    if step.slack is None:
        return "why.nothing_due"
    if step.slack < 0:
        return "why.overdue"
    if step.task.step.kind is StepKind.QUEUE and step.state is State.TO_DO:
        return "why.queue_runs_only_once_joined"
    return "why.critical" if step.critical else "why.least_slack"


def _urgency(action: Action) -> tuple[int, int, str]:
    """Queues before all else of the same slack: nothing shortens a wait but beginning it."""
    slack = _FAR if action.step.slack is None else action.step.slack
    return slack, action.step.task.step.kind is not StepKind.QUEUE, action.step.key


def board_of(schedule: Schedule) -> Board:
    """Return the steps by state, in the order in which they come."""

    def those(state: State) -> tuple[PlannedStep, ...]:
        return tuple(sorted((s for s in schedule.steps if s.state is state), key=lambda s: (s.start, s.finish)))

    return Board(those(State.TO_DO), those(State.IN_PROGRESS), those(State.DONE))


def calendar_of(schedule: Schedule, plan_id: str) -> tuple[CalendarEntry, ...]:
    """Return an entry for every open step and for every day on which something is due."""
    entries = []
    for step in schedule.steps:
        if step.state is State.DONE:
            continue
        title = step.task.step.title + (f" ({step.task.target.title})" if step.task.target else "")
        uid = f"{step.key}.{plan_id}"
        entries.append(CalendarEntry(uid, title, step.start, step.finish, step.task.step.advice, is_due=False))
        if step.due is not None and step.latest_finish is not None:
            day = step.latest_finish
            entries.append(CalendarEntry(f"due.{uid}", title, day, day, step.due.code, is_due=True))
    return tuple(entries)

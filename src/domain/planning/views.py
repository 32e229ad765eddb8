"""Views of a schedule for a day: today's actions and the board. Never a second truth."""

from __future__ import annotations

from datetime import date

from ..rulebook.pathways import StepKind
from ..shared.dataclass import dataclass
from .schedule import Outcome, PlannedStep, Schedule, State

_FAR = 10**6


@dataclass(frozen=True, slots=True)
class Action:
    """Something to do or to watch today, why it comes now, and which steps wait for it."""

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


def todays_actions(schedule: Schedule) -> Today:
    """Return what the student can do today in order of urgency, and what she waits for.

    A window that others have opened comes above all, then least slack, and of equal slack a queue. No two steps are
    equal in this order, so equal schedules give equal lists.
    """
    done = {step.key for step in schedule.steps if step.state is State.DONE}
    can = sorted((step for step in schedule.steps if _is_open(step, schedule, done)), key=_urgency)
    ready = [step for step in can if not _is_wait(step)]
    actions = [
        Action(step, _why(step, is_first=place == 0), _held_up(step, schedule)) for place, step in enumerate(ready)
    ]
    waiting = [Action(step, "why.others_are_at_it", _held_up(step, schedule)) for step in can if _is_wait(step)]
    return Today(actions[0] if actions else None, tuple(actions[1:]), tuple(waiting))


def open_windows(schedule: Schedule) -> list[PlannedStep]:
    """Return the hard windows in which something can be done today, the one that closes first first."""
    windows = [step for step in schedule.steps if is_hard_window(step)]
    if not windows:
        return []
    done = {step.key for step in schedule.steps if step.state is State.DONE}
    found = [step for step in windows if _is_open(step, schedule, done) and not _is_wait(step)]
    return sorted(found, key=lambda step: (step.latest_finish or date.max, step.key))


def _is_open(step: PlannedStep, schedule: Schedule, done: set[str]) -> bool:
    """Whether something can be done about it today."""
    if step.state is State.DONE or not done.issuperset(step.task.after) or _is_lost(step, schedule):
        return False
    return step.state is State.IN_PROGRESS or step.start <= schedule.today


def _is_lost(step: PlannedStep, schedule: Schedule) -> bool:
    """Whether it is of a target that is lost, or an application whose last day has passed."""
    own = step.task.target
    if own is not None and any(one.target == own and one.outcome is Outcome.LOST for one in schedule.outlooks):
        return True
    if step.due is None or step.due.code != "due.application_deadline" or step.latest_finish is None:
        return False
    return step.latest_finish < schedule.today


def _is_wait(step: PlannedStep) -> bool:
    kind = step.task.step.kind
    return kind is StepKind.WAIT or (kind is StepKind.QUEUE and step.state is State.IN_PROGRESS)


def _held_up(step: PlannedStep, schedule: Schedule) -> tuple[str, ...]:
    return tuple(
        after.key for after in schedule.steps if step.key in after.task.after and after.state is not State.DONE
    )


def is_hard_window(step: PlannedStep) -> bool:
    """Whether it can only be done in a few days that somebody else sets."""
    return step.task.step.kind is StepKind.WINDOW and step.task.step.hard_days is not None


def _why(step: PlannedStep, *, is_first: bool) -> str:
    if is_hard_window(step):
        return "why.window_is_open"
    if step.slack is None:
        return "why.nothing_due"
    if step.slack < 0:
        return "why.overdue"
    if step.task.step.kind is StepKind.QUEUE:
        return "why.queue_runs_only_once_joined"
    if step.critical:
        return "why.critical"
    return "why.least_slack" if is_first else "why.has_room"


def _urgency(step: PlannedStep) -> tuple[bool, int, bool, str]:
    """Of equal slack a queue comes first, since nothing shortens a wait but beginning it; the key settles the rest."""
    slack = _FAR if step.slack is None else step.slack
    return not is_hard_window(step), slack, step.task.step.kind is not StepKind.QUEUE, step.key


def board_of(schedule: Schedule) -> Board:
    """Return the steps by state, in the order in which they come."""

    def those(state: State) -> tuple[PlannedStep, ...]:
        found = (step for step in schedule.steps if step.state is state)
        return tuple(sorted(found, key=lambda step: (step.start, step.finish, step.key)))

    return Board(those(State.TO_DO), those(State.IN_PROGRESS), those(State.DONE))

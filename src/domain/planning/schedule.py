"""The schedule: every step with its earliest and latest days, its slack, and the chain that decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, overload

from ..shared.dataclass import dataclass
from ..shared.errors import Params, Reason
from .target import LaterStart, Target
from .tasks import Task

if TYPE_CHECKING:
    from .passes import Days


class State(StrEnum):
    """How far a step is."""

    TO_DO = "to_do"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class Outcome(StrEnum):
    """Whether the student is there in time; lost is a target of which nothing can come any more."""

    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    LATE = "late"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Report:
    """What the student reported of a step: when it began, and when it was done."""

    started_on: date | None = None
    finished_on: date | None = None

    @property
    def state(self) -> State:
        """How far the step is by this report."""
        if self.finished_on is not None:
            return State.DONE
        return State.TO_DO if self.started_on is None else State.IN_PROGRESS


Reports = Mapping[str, Report]


def reports_until(reports: Reports, day: date) -> dict[str, Report]:
    """Return how the steps stood on the day: what began or ended later had not happened yet, and a step of which
    nothing had is not reported. That a step is still to do, which has no day, stays."""
    found = {}
    for key, report in reports.items():
        days = (one if one is not None and one <= day else None for one in (report.started_on, report.finished_on))
        stood = Report(*days)
        if stood.state is not State.TO_DO or report.state is State.TO_DO:
            found[key] = stood
    return found


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step with its days. ``slack`` is how many days it can slip; None when nothing is due after it.

    ``answered`` says what of the profile or the papers answers it, where nobody reported it, or why that will not do.
    ``gate`` says of an irreversible step whether it is safe now, or what should be known first. ``estimates`` names
    holidays that decide its days and are not announced yet.
    """

    task: Task
    state: State
    start: date
    finish: date
    latest_finish: date | None
    slack: int | None
    critical: bool
    due: Reason | None = None
    answered: Reason | None = None
    gate: Reason | None = None
    estimates: tuple[Reason, ...] = ()

    @property
    def key(self) -> str:
        """The step's key in the plan."""
        return self.task.key


class PlannedSteps(Sequence[PlannedStep]):
    """The steps of a schedule in order, each made when it is asked for."""

    __slots__ = ("_index", "_made", "_make")

    def __init__(self, index: Mapping[str, int], make: Callable[[int], PlannedStep]) -> None:
        self._index = index
        self._make = make
        self._made: list[PlannedStep | None] = [None] * len(index)

    def named(self, key: str) -> PlannedStep | None:
        """Return the step with the key, or None."""
        at = self._index.get(key)
        return None if at is None else self[at]

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, at: int) -> PlannedStep: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[PlannedStep]: ...

    def __getitem__(self, at: int | slice) -> PlannedStep | Sequence[PlannedStep]:
        if isinstance(at, slice):
            return tuple(self[one] for one in range(*at.indices(len(self))))
        step = self._made[at]
        if step is None:
            step = self._made[at] = self._make(at % len(self))
        return step

    def __iter__(self) -> Iterator[PlannedStep]:
        made = self._made
        for at, step in enumerate(made):
            if step is None:
                step = made[at] = self._make(at)  # noqa: PLW2901
            yield step

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and not isinstance(other, str) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment] # reasons hold what has no hash, so no step has one

    def __repr__(self) -> str:
        return repr(tuple(self))


WINDOW_MISSED = "risk.window_missed"
"""The code of the reason that names a window which closes before what it needs is usually ready."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """How one target stands when the plan follows it: arrival, slack, and what decides."""

    target: Target
    outcome: Outcome
    arrives_on: date
    slack: int
    chain: tuple[str, ...]
    reasons: tuple[Reason, ...]
    next_safe: LaterStart | None = None

    @property
    def misses_window(self) -> bool:
        """Whether a window closes too early although nothing takes longer than usual, so that only a later call, or
        being quicker, leaves the arrival in time."""
        return any(found.code == WINDOW_MISSED for found in self.reasons)


@dataclass(frozen=True)
class Schedule:
    """A plan worked out for a day: its steps in order, what leads, and how every target stands.

    ``calendars`` names the editions of the holidays that count in it. ``days`` are the days as they were worked out
    along each target, for whoever explains them.
    """

    today: date
    lead: Target
    steps: Sequence[PlannedStep]
    outlooks: tuple[Outlook, ...]
    pathway: str
    rulebook: tuple[str, ...]
    zones: str
    unverified: tuple[str, ...]
    calendars: tuple[str, ...] = ()
    days: Mapping[str, Days] = field(default_factory=dict, compare=False, repr=False)

    @property
    def outlook(self) -> Outlook:
        """How the leading target stands."""
        return self.outlooks[0]

    @property
    def critical_path(self) -> tuple[PlannedStep, ...]:
        """The chain of steps that decides the arrival, first to last."""
        return tuple(step for key in self.outlook.chain if (step := self.step(key)) is not None)

    def lodged_on(self, target: str = "") -> date:
        """Return the day on which the papers are handed in for the target with the key, by default the leading one."""
        return self.days[target or self.lead.key].lodged_on

    def step(self, key: str) -> PlannedStep | None:
        """Return the step with the key, or None."""
        if isinstance(self.steps, PlannedSteps):
            return self.steps.named(key)
        return next((step for step in self.steps if step.key == key), None)

    def is_answered(self, key: str) -> bool:
        """Whether the profile or the papers answer the step, whatever was reported of it."""
        step, days = self.step(key), self.days.get(self.lead.key)
        return (
            step is not None
            and days is not None
            and days.setting.situation.answer(step.task.step.code, key, step.task.also) is not None
        )


def reason(code: str, where: str = "", **params: str | int | bool | None) -> Reason:
    """Return a reason with its parameters."""
    kept: Params = params
    return Reason(code, kept, where)

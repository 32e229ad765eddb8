"""The schedule: every step with its earliest and latest days, its slack, and the chain that decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from ..rulebook.pathways import Pathway
from ..shared.dataclass import dataclass
from ..shared.errors import Params, Reason
from .target import LaterStart, Target
from .tasks import Task


class State(StrEnum):
    """How far a step is."""

    TO_DO = "to_do"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class Outcome(StrEnum):
    """Whether the student is there in time."""

    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    LATE = "late"


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


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step with its days. ``slack`` is how many days it can slip; None when nothing is due after it."""

    task: Task
    state: State
    start: date
    finish: date
    latest_finish: date | None
    slack: int | None
    critical: bool
    due: Reason | None = None

    @property
    def key(self) -> str:
        """The step's key in the plan."""
        return self.task.key


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


@dataclass(frozen=True, slots=True)
class Schedule:
    """A plan worked out for a day: its steps in order, what leads, and how every target stands."""

    today: date
    lead: Target
    steps: tuple[PlannedStep, ...]
    outlooks: tuple[Outlook, ...]
    pathway: str
    rulebook: tuple[str, ...]
    zones: str
    unverified: tuple[str, ...]

    @property
    def outlook(self) -> Outlook:
        """How the leading target stands."""
        return next(outlook for outlook in self.outlooks if outlook.target.key == self.lead.key)

    @property
    def critical_path(self) -> tuple[PlannedStep, ...]:
        """The chain of steps that decides the arrival, first to last."""
        chain = self.outlook.chain
        return tuple(sorted((step for step in self.steps if step.key in chain), key=lambda s: chain.index(s.key)))

    def lodged_on(self, pathway: Pathway) -> date:
        """Return the day on which the papers are handed in: that of the pathway's step for it, or else that of the step
        before the wait for the decision."""
        decision = self.step(pathway.decision_step)
        keys = (pathway.lodgement_step,) if pathway.lodgement_step else decision.task.after if decision else ()
        before = [step for key in keys if (step := self.step(key))]
        return max((step.finish if step.state is State.DONE else step.start for step in before), default=self.today)

    def step(self, key: str) -> PlannedStep | None:
        """Return the step with the key, or None."""
        return next((step for step in self.steps if step.key == key), None)


def reason(code: str, where: str = "", **params: str | int | bool | None) -> Reason:
    """Return a reason with its parameters."""
    kept: Params = params
    return Reason(code, kept, where)

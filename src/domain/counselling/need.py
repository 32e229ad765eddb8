"""A need: one thing about a student that somebody should see to, how urgent it is, and what to write to her."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from ..planning.schedule import PlannedStep
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from ..shared.ids import PlanId, StudentId

_FAR = 10**6
"""The slack of that after which nothing is due."""


class Matter(StrEnum):
    """What a need is about; of needs with the same slack the earlier one here comes first."""

    WINDOW = "window"
    """A few days that somebody else has opened."""
    WAIT = "wait"
    """A wait that has lasted longer than usual."""
    PAPER = "paper"
    """A paper that runs out before the day on which it is used."""
    STEP = "step"
    """The most urgent step of those that can be done today."""
    STUCK = "stuck"
    """A plan that cannot be worked out any more."""
    NO_PLAN = "no_plan"


_ORDER = {matter: at for at, matter in enumerate(Matter)}


@dataclass(frozen=True, slots=True)
class NeedStep:
    """The step of a need as it stands in the plan."""

    key: str
    title: str
    title_bn: str
    kind: str
    state: str
    start: date
    finish: date
    latest_finish: date | None


def need_step(step: PlannedStep) -> NeedStep:
    """Return what a need says of the step."""
    definition = step.task.step
    return NeedStep(
        key=step.key,
        title=definition.title,
        title_bn=definition.title_bn,
        kind=definition.kind.value,
        state=step.state.value,
        start=step.start,
        finish=step.finish,
        latest_finish=step.latest_finish,
    )


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to see to. ``slack`` is how many days are left before it costs something, negative when it does
    already, None where nothing is due; ``about`` is the key of the step or the kind of the paper.

    ``to_send`` is the sentence that says it to the student herself.
    """

    matter: Matter
    why: Reason
    to_send: Reason
    slack: int | None = None
    plan_id: PlanId | None = None
    about: str = ""
    step: NeedStep | None = None


@dataclass(frozen=True, slots=True)
class InNeed:
    """A student with what there is to see to, the most urgent first and at least one thing.

    ``today`` is her own day, ``language`` the tag of that in which she wants to be written to, blank where unknown.
    """

    student_id: StudentId
    name: str
    language: str
    today: date
    needs: tuple[Need, ...]

    @property
    def first(self) -> Need:
        """The most urgent one."""
        return self.needs[0]


class Place(NamedTuple):
    """Where a student stands in the queue: windows first, then less slack, then the matter, and the id settles it."""

    is_no_window: bool
    slack: int
    matter: int
    student_id: StudentId


def place_of(one: InNeed) -> Place:
    """Return where the student stands; no two have the same place."""
    return Place(*_urgency(one.first), one.student_id)


def in_order(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Return one student's needs, the most urgent first; equal needs come in equal order."""
    return tuple(sorted(needs, key=lambda need: (*_urgency(need), str(need.plan_id), need.about)))


def ranked(students: Iterable[InNeed]) -> tuple[InNeed, ...]:
    """Return the students in the order of the queue, whatever the order in which they came."""
    return tuple(sorted(students, key=place_of))


def _urgency(need: Need) -> tuple[bool, int, int]:
    slack = _FAR if need.slack is None else need.slack
    return need.matter is not Matter.WINDOW, slack, _ORDER[need.matter]

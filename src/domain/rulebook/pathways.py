"""Pathways: the steps from decision to arrival, as a pack defines them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.sources import Confidence, Source
from .conditions import Condition


class StepScope(StrEnum):
    """How often a step is done: once for all targets, once for each, or once for the target that leads."""

    SHARED = "shared"
    TARGET = "target"
    ONCE = "once"


class StepKind(StrEnum):
    """What a step is like: work of one's own, a place in a queue, a wait on others, a window, an appointment."""

    TASK = "task"
    QUEUE = "queue"
    WAIT = "wait"
    WINDOW = "window"
    APPOINTMENT = "appointment"


class DayCount(StrEnum):
    """Which days a step's duration counts."""

    CALENDAR = "calendar"
    WORKING = "working"


class Place(StrEnum):
    """Whose open days a step keeps: every day, those of the student's home, of the target's country, or of both.

    An office that one country has in another, such as an embassy or its visa centre, keeps ``BOTH``: the week of the
    place where it stands, and the public holidays of the two.
    """

    ANYWHERE = ""
    HOME = "home"
    TARGET = "target"
    BOTH = "both"


PASSPORT, DEGREE = "passport", "degree"
"""What may answer a step besides the result of a test: a passport that is still valid, a degree that is finished."""


@dataclass(frozen=True, slots=True)
class Duration:
    """How many days a step takes, of those that it counts; a bound that nobody knows is None."""

    typical: int
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """One step of a pathway.

    Steps with the same ``common`` code, or the same code, are one step for all pathways of a plan. ``known_first``
    names what should be known before an irreversible step: steps that are done, circumstances that are stated.
    ``counts`` says which days its duration counts, ``calendar`` at whose office it begins and ends. ``answered_by``
    names what of a profile answers it already: tests, a passport, a degree. ``not_before`` is the key of the fact that
    says how long before studies begin the step can begin at the earliest.
    """

    code: str
    title: str
    after: tuple[str, ...]
    scope: StepScope
    kind: StepKind
    owner: str
    duration: Duration
    source: Source
    confidence: Confidence
    only_if: Condition | None = None
    hard_days: int | None = None
    documents_in: tuple[str, ...] = ()
    documents_out: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    advice: str = ""
    note: str = ""
    title_bn: str = ""
    advice_bn: str = ""
    note_bn: str = ""
    irreversible: bool = False
    common: str = ""
    known_first: tuple[str, ...] = ()
    counts: DayCount = DayCount.CALENDAR
    calendar: Place = Place.ANYWHERE
    answered_by: tuple[str, ...] = ()
    not_before: str = ""


DAYS_OF = {"days": 1, "weeks": 7}
"""The units that a fact may state a lead time in, each with its days."""

BEFORE_UNITS = (*DAYS_OF, "months")
"""The units that a fact may state in how long before studies something can begin."""


@dataclass(frozen=True, slots=True)
class LeadTime:
    """So long before its deadline a step has to be done, as the fact with the key says, where the condition holds.

    With a ``basis`` such as received it holds for deadlines of that basis only, and where the basis is not stated.
    """

    step: str
    fact: str
    when: Condition
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Pathway:
    """The steps for one country, mission, nationality and level; acyclic, and every step reachable.

    ``lodgement_step`` is the one by which the visa is applied for, where it is not the last before the decision.
    """

    id: str
    title: str
    country: str
    mission: str
    nationality: tuple[str, ...]
    level: str
    application_step: str
    admission_step: str
    decision_step: str
    arrival_step: str
    checklist: str
    steps: tuple[StepDefinition, ...]
    lead_times: tuple[LeadTime, ...] = ()
    lodgement_step: str = ""
    title_bn: str = ""

    def step(self, code: str) -> StepDefinition | None:
        """Return the step with the code, or None."""
        return next((step for step in self.steps if step.code == code), None)

    def suits(self, country: str, level: str, nationalities: Iterable[str]) -> bool:
        """Whether the pathway is made for such a student and such a target."""
        fits_person = not self.nationality or bool(set(self.nationality) & set(nationalities))
        return fits_person and self.leads_to(country, level)

    def leads_to(self, country: str, level: str) -> bool:
        """Whether the pathway is made for such a target, whoever aims there."""
        return self.country == country and self.level in ("", level)


def find_cycle(steps: Iterable[StepDefinition]) -> tuple[str, ...]:
    """Return codes of steps that wait for one another in a circle, or nothing."""
    waiting = {step.code: set(step.after) for step in steps}
    while free := [code for code, after in waiting.items() if not after & waiting.keys()]:
        for code in free:
            del waiting[code]
    while last := waiting.keys() - {code for after in waiting.values() for code in after}:
        for code in last:  # it comes after the circle, and is none of it
            del waiting[code]
    return tuple(sorted(waiting))

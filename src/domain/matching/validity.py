"""How long a test result counts: by its owner, for the institution, and before the visa mission."""

from __future__ import annotations

from datetime import date

from ..catalogue.requirement import TestNeeded, ValidAt
from ..profile.profile import TestResult
from ..rulebook.facts import Fact, Scope
from ..rulebook.pack import Rulebook
from ..rulebook.result_validity import INSTITUTION_DAY, INSTITUTION_MONTHS, MISSION_DAY, MISSION_WAIVER
from ..rulebook.scores import TestScale
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from ..shared.sources import Confidence
from ..shared.times import add_months
from .evidence import Days, Evidence
from .verdict import Layer, Validity


@dataclass(frozen=True, slots=True)
class Counting:
    """Whether a result counts on every day on which it has to; None where a day decides that nobody has named."""

    counts: bool | None = True
    validity: Validity | None = None
    facts: tuple[Fact, ...] = ()
    notices: tuple[Reason, ...] = ()

    @property
    def fact_ids(self) -> tuple[str, ...]:
        """The facts that were used, by their ids."""
        return tuple(fact.id for fact in self.facts)

    @property
    def confidences(self) -> tuple[Confidence, ...]:
        """How far each of these facts can be trusted."""
        return tuple(fact.confidence for fact in self.facts)


def counting(
    leaf: TestNeeded, result: TestResult, test: TestScale, evidence: Evidence, rulebook: Rulebook, scope: Scope
) -> Counting:
    """Return whether the result counts, by the first layer that refuses it, else by the one that binds last.

    The institution's day is that of the application unless it says enrolment; the mission's is the appointment. Where
    the days of the case are not known, owner and institution are held against the evidence's day and no mission is
    asked.
    """
    owner = None if test.valid_months is None else add_months(result.taken_on, test.valid_months)
    at_institution = _for_institution(leaf, result, owner, evidence, rulebook, scope)
    if at_institution.counts is False or owner is None or not evidence.days or not evidence.days.appointment:
        return at_institution
    before_mission = _before_mission(result.code, owner, evidence.days, evidence.days.appointment, rulebook, scope)
    return Counting(
        before_mission.counts,
        before_mission.validity or at_institution.validity,
        (*at_institution.facts, *before_mission.facts),
        before_mission.notices,
    )


def _for_institution(
    leaf: TestNeeded,
    result: TestResult,
    owner: date | None,
    evidence: Evidence,
    rulebook: Rulebook,
    scope: Scope,
) -> Counting:
    by_months = rulebook.in_force(INSTITUTION_MONTHS, evidence.on, scope)
    by_day = rulebook.in_force(INSTITUTION_DAY, evidence.on, scope)
    months = leaf.valid_months or (int(by_months.number) if by_months else None)
    own = None if months is None else add_months(result.taken_on, months)
    until = min((day for day in (owner, own) if day is not None), default=None)
    at_enrolment = leaf.valid_at is ValidAt.ENROLMENT or (
        leaf.valid_at is None and by_day is not None and by_day.value == ValidAt.ENROLMENT
    )
    if until is None:
        return Counting()
    days = evidence.days or Days()
    held_on = (days.enrolment if at_enrolment else days.application) or evidence.on
    decides = Layer.OWNER if until == owner and not at_enrolment else Layer.INSTITUTION
    used = tuple(fact for fact in (by_months, by_day) if fact is not None)
    return Counting(until >= held_on, Validity(decides, held_on, until), used)


def _before_mission(
    code: str, until: date, days: Days, appointment: date, rulebook: Rulebook, scope: Scope
) -> Counting:
    """Return what the mission says of a result; where its rule is not known, that is said and decides nothing."""
    rule = rulebook.in_force(MISSION_DAY, appointment, scope)
    runs_out = until < appointment
    said = {"test": code, "until": until.isoformat(), "appointment": appointment.isoformat()}
    if rule is None:
        return Counting(notices=(Reason("test.runs_out_before_appointment", said),) if runs_out else ())
    validity = Validity(Layer.MISSION, appointment, until)
    if not runs_out:
        return Counting(True, validity, (rule,))
    waiver = rulebook.in_force(f"{MISSION_WAIVER}.{code.lower()}", appointment, scope)
    if waiver is None:
        return Counting(False, validity, (rule,))
    if days.enrolment is None:
        return Counting(None, validity, (rule, waiver))
    if days.enrolment > until:
        return Counting(False, validity, (rule, waiver))
    notice = Reason("test.counts_with_statement", {**said, "document": str(waiver.value)})
    return Counting(True, validity, (rule, waiver), (notice,))

"""How well a programme fits what a student wants, beside its requirements: field, tuition, deadline.

Fit orders programmes that stand alike and cost the same effort; it decides nothing about a requirement.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from ..catalogue.intake import DeadlineKind, Intake
from ..catalogue.programme import Programme
from ..profile.profile import Profile
from ..shared.money import Money

_YEARS_AHEAD = 3  # of each intake the next beginning is looked for; patterns of every year have one within two


class Fits(IntEnum):
    """Whether something fits, best first; what nobody has said lies between."""

    YES = 0
    UNKNOWN = 1
    NO = 2

    @property
    def word(self) -> str:
        """The word that is sent."""
        return self.name.lower()


class Fit(NamedTuple):
    """How a programme fits, what weighs most first: Fits of its field, its tuition, its next deadline."""

    field: Fits
    tuition: Fits
    deadline: Fits

    @property
    def code(self) -> int:
        """One number from 0, the best, to 26, in the order of the tuple."""
        return fit_code(self.field, self.tuition, self.deadline)


def fit_code(field: int, tuition: int, deadline: int) -> int:
    """Return the three as one number that keeps their order."""
    return 9 * field + 3 * tuition + deadline


def fit_of(programme: Programme, profile: Profile, on: date, *, visa_required: bool = True) -> Fit:
    """Return how the programme fits the student's target, her budget and the day, by the deadline that binds her."""
    return Fit(
        field_fit(programme.fields, profile.target.fields),
        tuition_fit(programme.tuition_a_year, profile.budget_a_year),
        deadline_fit(programme.intakes, first_day(profile, on), on, visa_required=visa_required),
    )


def first_day(profile: Profile, on: date) -> date:
    """Return the day from which on the student would begin."""
    wanted = profile.target.start_from
    return on if wanted is None else max(on, wanted)


def field_fit(fields: tuple[str, ...], wanted: tuple[str, ...]) -> Fits:
    """Return whether a field (ISCED-F 2013) falls under a wanted one; unknown where either is not said or too broad."""
    if not fields or not wanted:
        return Fits.UNKNOWN
    for field in fields:  # loops, for this is asked of each distinct list of fields in a catalogue
        if field.startswith(wanted):
            return Fits.YES
    for one in wanted:
        if one.startswith(fields):
            return Fits.UNKNOWN
    return Fits.NO


def tuition_fit(a_year: Money | None, budget: Money | None) -> Fits:
    """Return whether a year's tuition lies within the budget; unknown where they cannot be compared."""
    if a_year is None or budget is None or a_year.currency != budget.currency:
        return Fits.UNKNOWN
    return Fits.YES if a_year <= budget else Fits.NO


def deadline_fit(intakes: Iterable[Intake], begin: date, on: date, *, visa_required: bool = True) -> Fits:
    """Return whether one can still apply for the next beginning of some intake, from the day ``begin`` on.

    The deadline counts that binds who needs a visa to study there, or who needs none. Days are compared as they stand
    on the page, in the zone of whoever set the deadline.
    """
    found: Fits | None = None
    for intake in intakes:
        one = _still_open(intake, begin, on, visa_required)
        if one is Fits.YES:
            return one
        found = one if found is None else min(found, one)
    return Fits.UNKNOWN if found is None else found


def begins_between(intakes: Iterable[Intake], first: date | None, last: date | None) -> bool:
    """Whether studies can begin on one of these days; without both, any known intake will do."""
    first, last = first or date.min, last or date.max
    if last.year - first.year > _YEARS_AHEAD:
        # Open to one side: a pattern of every year has a beginning there, and a single day speaks for itself.
        return any(intake.starts.on is None or first <= intake.starts.on <= last for intake in intakes)
    years = range(first.year, last.year + 1)
    starts = (intake.starts_in(year) for intake in intakes for year in years)
    return any(day is not None and first <= day <= last for day in starts)


def _still_open(intake: Intake, begin: date, on: date, visa_required: bool) -> Fits:
    if intake.starts.on is not None:
        years = range(intake.starts.on.year, intake.starts.on.year + 1)
    else:
        years = range(begin.year, min(begin.year + _YEARS_AHEAD, date.max.year + 1))
    for year in years:
        starts = intake.starts_in(year)
        if starts is not None and starts >= begin:
            last = intake.last_day(DeadlineKind.APPLICATION, year, visa_required=visa_required)
            if last is None:
                return Fits.UNKNOWN
            return Fits.YES if last >= on else Fits.NO
    return Fits.NO if intake.starts.on is not None else Fits.UNKNOWN

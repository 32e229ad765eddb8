"""What is asked of the catalogue beside the student's standing, and what she would like best."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ..catalogue.intake import Intake
from ..catalogue.search import ProgrammeQuery
from ..rulebook.free_entry import visa_free_countries
from ..rulebook.pack import Rulebook
from ..shared.dataclass import dataclass
from ..shared.money import Money
from .entry import Entry
from .evidence import Evidence
from .fit import Fits, begins_between, deadline_fit, field_fit, first_day, fit_code, tuition_fit


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which programmes are asked for; what is left out fits all, and what a page does not say fits no limit.

    ``query`` leaves out what has expired, whatever it says. ``most_tuition`` is for a year, in its own currency alone.
    Studies begin between the two days. ``still_open``: one can still apply on the day of the evidence, for
    the next beginning that the student has in mind; ``for_student`` makes ``open_on`` and ``begin`` of it, and of her
    citizenships ``visa_free``: the countries whose deadlines for visa applicants do not bind her.
    """

    query: ProgrammeQuery = ProgrammeQuery()
    most_tuition: Money | None = None
    starts_from: date | None = None
    starts_until: date | None = None
    still_open: bool = False
    open_on: date | None = None
    begin: date | None = None
    visa_free: frozenset[str] = frozenset()

    @property
    def asks_for_days(self) -> bool:
        """Whether it depends on the intakes."""
        return any(day is not None for day in (self.starts_from, self.starts_until, self.open_on))

    def for_student(self, evidence: Evidence, rulebook: Rulebook) -> Wanted:
        """Return the question with the student's own days in it, and where she needs no visa by the rules."""
        if not self.still_open:
            return self
        begin = first_day(evidence.profile, evidence.on)
        free = visa_free_countries(evidence.profile.citizenships, rulebook, begin)
        return replace(self, open_on=evidence.on, begin=begin, visa_free=free)

    def takes_fields(self, fields: Iterable[str]) -> bool:
        """Whether one of the fields falls under a wanted one."""
        wanted = self.query.fields
        if not wanted:
            return True
        for field in fields:  # noqa: SIM110 - asked of each distinct list of fields, of which any() takes twice as long
            if field.startswith(wanted):
                return True
        return False

    def takes_languages(self, languages: Iterable[str]) -> bool:
        """Whether one of the languages is wanted."""
        wanted = self.query.languages
        return not wanted or any(language in wanted for language in languages)

    def takes_days(self, intakes: tuple[Intake, ...], *, visa_required: bool = True) -> bool:
        """Whether the intakes keep what is asked of days, for who needs a visa there or who needs none."""
        if (self.starts_from or self.starts_until) and not begins_between(intakes, self.starts_from, self.starts_until):
            return False
        if self.open_on is None:
            return True
        begin = self.begin or self.open_on
        return deadline_fit(intakes, begin, self.open_on, visa_required=visa_required) is Fits.YES

    def takes_tuition(self, a_year: Money | None) -> bool:
        """Whether a year costs no more than it may."""
        return self.most_tuition is None or tuition_fit(a_year, self.most_tuition) is Fits.YES

    def takes(self, entry: Entry, words: tuple[str, ...]) -> bool:
        """Whether the programme is asked for; ``words`` are the folded ones of the text."""
        query = self.query
        return (
            (not query.countries or entry.country in query.countries)
            and (not query.levels or entry.level in query.levels)
            and self.takes_fields(entry.fields)
            and self.takes_languages(entry.languages)
            and self.takes_tuition(entry.tuition_a_year)
            and (
                not self.asks_for_days
                or self.takes_days(entry.intakes, visa_required=entry.country not in self.visa_free)
            )
            and all(word in entry.search or word in entry.institution_search for word in words)
        )


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a student would like best: it orders programmes that stand alike.

    ``visa_free`` are the countries in which she needs no visa, so that other deadlines bind her.
    """

    fields: tuple[str, ...]
    budget: Money | None
    begin: date
    on: date
    visa_free: frozenset[str] = frozenset()

    @classmethod
    def of(cls, evidence: Evidence, rulebook: Rulebook) -> Wishes:
        """Return what the profile says of it, and the rules of her citizenships."""
        profile, begin = evidence.profile, first_day(evidence.profile, evidence.on)
        free = visa_free_countries(profile.citizenships, rulebook, begin)
        return cls(profile.target.fields, profile.budget_a_year, begin, evidence.on, free)

    def field(self, fields: tuple[str, ...]) -> Fits:
        """Return whether the fields are hers."""
        return field_fit(fields, self.fields)

    def deadline(self, intakes: tuple[Intake, ...], *, visa_required: bool = True) -> Fits:
        """Return whether she can still apply for the next beginning, where she needs a visa or where she needs none."""
        return deadline_fit(intakes, self.begin, self.on, visa_required=visa_required)

    def code(self, entry: Entry) -> int:
        """Return the number of the programme's fit, 0 the best."""
        tuition = tuition_fit(entry.tuition_a_year, self.budget)
        deadline = self.deadline(entry.intakes, visa_required=entry.country not in self.visa_free)
        return fit_code(self.field(entry.fields), tuition, deadline)

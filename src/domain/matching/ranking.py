"""Ordering verdicts: what stands best first, then what costs least to reach, then what fits best."""

from __future__ import annotations

from ..catalogue.programme import Programme
from ..rulebook.free_entry import visa_free_countries
from ..rulebook.pack import Rulebook
from ..shared.dataclass import dataclass
from .asking import Apart
from .evidence import Evidence
from .fit import Fit, first_day, fit_of
from .judging import judge_programme
from .remembering import Remembered
from .verdict import Standing, Verdict

NO_WAY = 10**6
"""The effort of what nothing would help; more than that of any change."""


@dataclass(frozen=True, slots=True)
class Match:
    """A programme with its verdict, and how it fits what the student wants."""

    programme: Programme
    verdict: Verdict
    fit: Fit


@dataclass(frozen=True, slots=True)
class Matches:
    """How many programmes stand how, and one page of them, best first; ``start`` counts from 0.

    ``counts`` are of all that fit the question; ``total`` is how many the pages list, which may be only some standings.
    """

    counts: dict[Standing, int]
    total: int
    start: int
    page: tuple[Match, ...]


class Matching:
    """Judges programmes in full for one student on one day."""

    def __init__(self, evidence: Evidence, rulebook: Rulebook) -> None:
        self._evidence = evidence
        self._rulebook = rulebook
        self._remembered = Remembered(Apart.of(rulebook, evidence.days))
        begin = first_day(evidence.profile, evidence.on)
        self._visa_free = visa_free_countries(evidence.profile.citizenships, rulebook, begin)

    def match(self, programme: Programme) -> Match:
        """Return the programme as it is judged, with its fit."""
        evidence = self._evidence
        verdict = judge_programme(programme, evidence, self._rulebook, self._remembered)
        visa = programme.institution.country not in self._visa_free
        return Match(programme, verdict, fit_of(programme, evidence.profile, evidence.on, visa_required=visa))


def matched(programme: Programme, evidence: Evidence, rulebook: Rulebook) -> Match:
    """Return the programme as it is judged, with its fit."""
    return Matching(evidence, rulebook).match(programme)


def rank(match: Match) -> tuple[int, int, int, str, str]:
    """Return what a match is ordered by: standing, effort of the cheapest change, fit, name, key."""
    effort = match.verdict.effort
    return (
        -match.verdict.standing,
        NO_WAY if effort is None else effort,
        match.fit.code,
        match.programme.name,
        match.programme.key,
    )

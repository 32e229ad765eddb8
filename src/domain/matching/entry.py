"""What matching needs to know of a programme, without the pages behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

from ..catalogue.folding import folded
from ..catalogue.intake import Intake
from ..catalogue.programme import Programme
from ..catalogue.requirement import Requirement
from ..shared.ids import ProgrammeId
from ..shared.money import Money
from ..shared.sources import Confidence, Source, SourceKind
from .asking import Asking

NO_PAGE = Source("", "", SourceKind.OFFICIAL, date.min)


class Entry(NamedTuple):
    """A programme that is on offer. ``search`` and ``institution_search`` are the folded names.

    Entries may share their requirement and intakes: whoever interns them looks at each object once.
    """

    id: ProgrammeId
    key: str
    name: str
    search: str
    institution: str
    institution_search: str
    country: str
    level: str
    fields: tuple[str, ...]
    languages: tuple[str, ...]
    tuition_a_year: Money | None
    requirement: Requirement | None
    intakes: tuple[Intake, ...]

    @property
    def asking(self) -> Asking:
        """Who asks for the requirement."""
        return Asking(self.country, self.level, self.institution)


def bare_intakes(intakes: tuple[Intake, ...]) -> tuple[Intake, ...]:
    """Return the intakes without their pages, so that those of many programmes are equal."""
    return tuple(
        replace(
            one, deadlines=tuple(replace(each, source=NO_PAGE, confidence=Confidence.HIGH) for each in one.deadlines)
        )
        for one in intakes
    )


def entry_of(programme: Programme) -> Entry:
    """Return what matching needs of the programme."""
    return Entry(
        programme.id,
        programme.key,
        programme.name,
        folded(programme.name),
        programme.institution.name,
        folded(programme.institution.name),
        programme.institution.country,
        programme.level.value,
        programme.fields,
        programme.languages,
        programme.tuition_a_year,
        programme.requirement,
        programme.intakes,
    )

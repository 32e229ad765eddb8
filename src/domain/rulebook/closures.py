"""Closures: times in which a country gives nationals of some countries no study visa."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.sources import Confidence, Source
from .facts import AppliesBy


class Closing(StrEnum):
    """How a way is shut: for a time that has no stated end, or for good."""

    SUSPENDED = "suspended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Closure:
    """A stop of study visas for nationals of some countries, from a day on.

    ``nationality`` names those whom the source names. Where the source's list is longer than what was read of it,
    ``complete`` is false, and ``not_nationality`` names those of whom it is known that they are not on it.
    """

    id: str
    country: str
    nationality: tuple[str, ...]
    what: Closing
    source: Source
    confidence: Confidence
    level: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    applies_by: AppliesBy = AppliesBy.LODGEMENT_DATE
    complete: bool = True
    not_nationality: tuple[str, ...] = ()
    note: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the stop is in force on the day, both ends included."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)

    def shuts_out(self, nationalities: Sequence[str] | None) -> bool | None:
        """Whether somebody of these citizenships is shut out; None where that is not known.

        It is not known without any citizenship stated, where the list was not read whole, and of somebody who holds
        another citizenship that is open.
        """
        if nationalities is None:
            return None
        said = {self._names(one) for one in nationalities}
        return said.pop() if len(said) == 1 else None if said else False

    def _names(self, nationality: str) -> bool | None:
        if nationality in self.nationality:
            return True
        return False if self.complete or nationality in self.not_nationality else None

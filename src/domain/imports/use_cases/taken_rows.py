"""What becomes of one row about people, and of one that is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from ....ports.ids import Ids
from ....ports.transactions import UnitOfWork
from ...identity.account import Asker
from ...rulebook.pack import Rulebook
from ...shared.dataclass import dataclass
from ...shared.errors import Reason
from ...shared.times import ZoneLookup
from ..catalogue_import import Counts, Import, RowProblem, Severity

OF_A_CELL = frozenset({"given", "by_sections", "parts"})
"""Parameters of reasons that hold what stands in a cell, or follows from it."""
NOT_TOLD = "…"
"""What stands in their place in a report, until it is read while the row is still kept."""


class Became(StrEnum):
    """What a row has done; the words are those that are counted."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class TakenRow:
    """A row, what it has done, and what was wrong or doubtful."""

    number: int
    became: Became
    problems: tuple[RowProblem, ...] = ()

    def count(self, counts: Counts) -> None:
        """Count it."""
        counts.read += 1
        setattr(counts, self.became.value, getattr(counts, self.became.value) + 1)


@dataclass(frozen=True)
class Around:
    """What rows are taken with: one unit of work, the rules of that moment, and who asked as he is now."""

    work: UnitOfWork
    run: Import
    asker: Asker
    ids: Ids
    rulebook: Rulebook
    zones: ZoneLookup
    today: date

    def refused(self, number: int, reasons: tuple[Reason, ...], headers: Mapping[str, str]) -> TakenRow:
        """Return a row that was not taken, its reasons at the names of our columns."""
        problems = tuple(self.problem(number, one, headers) for one in reasons)
        return TakenRow(number, Became.REFUSED, problems)

    def problem(
        self, number: int, reason: Reason, headers: Mapping[str, str], severity: Severity = Severity.ERROR
    ) -> RowProblem:
        """Return a line of the report. What stands in a cell is never repeated in it: it may be about somebody."""
        params = {name: NOT_TOLD if name in OF_A_CELL else value for name, value in reason.params.items()}
        column = headers.get(reason.where, reason.where)
        return RowProblem(self.run.origin, number, column, reason.code, params, severity)

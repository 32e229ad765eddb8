"""What came of taking back an import: what is again what it was, and what stays as it is."""

from __future__ import annotations

from ..shared.dataclass import dataclass
from .catalogue_import import RowProblem, Severity, Table


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that stays as it is, with the row of the file that it came from, and a code for why."""

    key: str
    row: int
    code: str

    def problem(self, table: Table) -> RowProblem:
        """Return it as a line of the import's report."""
        return RowProblem(table.value, self.row, "", self.code, {"key": self.key}, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class Reverted:
    """How many rows are again what they were, how many are withdrawn, and which ones stay as they are."""

    restored: int = 0
    withdrawn: int = 0
    kept: tuple[Kept, ...] = ()

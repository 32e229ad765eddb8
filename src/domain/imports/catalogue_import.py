"""One import of a catalogue: what it was asked to do, how far it is, and what it counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from ..shared.dataclass import dataclass
from ..shared.errors import Params, Reason, RuleBroken
from ..shared.ids import AccountId, ImportId
from .events import CatalogueImported


class ImportKind(StrEnum):
    """The form of the file."""

    CRICOS_WORKBOOK = "cricos_workbook"
    CATALOGUE_CSV = "catalogue_csv"
    CATALOGUE_TOML = "catalogue_toml"


class Table(StrEnum):
    """The things that a catalogue holds; an offering is a programme at a campus."""

    INSTITUTIONS = "institutions"
    CAMPUSES = "campuses"
    PROGRAMMES = "programmes"
    OFFERINGS = "offerings"


class State(StrEnum):
    """How far an import is."""

    RUNNING = "running"
    FINISHED = "finished"
    REFUSED = "refused"
    BROKEN_OFF = "broken_off"  # by a fault of ours or of the machine; nothing was taken


# From each state, the states that may follow.
STATES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.RUNNING: frozenset({State.FINISHED, State.REFUSED, State.BROKEN_OFF}),
        State.FINISHED: frozenset(),
        State.REFUSED: frozenset(),
        State.BROKEN_OFF: frozenset(),
    }
)


class Severity(StrEnum):
    """Whether the row was left out, or taken with a doubt."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one row, and where; ``number`` counts the problems of one import from 1."""

    sheet: str
    row: int
    column: str
    code: str
    params: Params = field(default_factory=lambda: MappingProxyType({}))
    severity: Severity = Severity.ERROR
    number: int = 0


@dataclass(slots=True)
class Counts:
    """Rows of one table. What was read is what was added, changed, unchanged or refused; removed stood before."""

    read: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(slots=True)
class Import:
    """One reading of one file into the catalogue; a dry run reports the same and keeps nothing but the report."""

    id: ImportId
    kind: ImportKind
    file_name: str
    sha256: str
    dry_run: bool
    by: AccountId
    started_at: datetime
    origin: str = ""
    edition: str = ""
    state: State = State.RUNNING
    counts: dict[Table, Counts] = field(default_factory=dict)
    problems: int = 0
    finished_at: datetime | None = None
    version: int = 0

    @property
    def changed_nothing(self) -> bool:
        """Whether all that was read stood already, and nothing else did."""
        return not any(c.added or c.changed or c.removed for c in self.counts.values())

    def count(self, table: Table) -> Counts:
        """Return the counts of the table, to count on."""
        return self.counts.setdefault(table, Counts())

    def finish(self, at: datetime) -> CatalogueImported:
        """Close the report; raise RuleBroken when the import is closed already."""
        self._go(State.FINISHED, at)
        return CatalogueImported(self.id, self.dry_run)

    def refuse(self, at: datetime) -> None:
        """Close the import of a file that could not be used at all."""
        self._go(State.REFUSED, at)
        self.counts = {}

    def break_off(self, at: datetime) -> None:
        """Close an import that came to no end of its own, whatever ended it."""
        self._go(State.BROKEN_OFF, at)
        self.counts = {}

    def _go(self, state: State, at: datetime) -> None:
        if state not in STATES[self.state]:
            raise RuleBroken(Reason("import.closed", {"state": self.state.value}))
        self.state = state
        self.finished_at = at

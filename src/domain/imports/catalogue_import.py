"""One import of a file: what it was asked to do, how far it is, and what it counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from ..shared.dataclass import dataclass
from ..shared.errors import Params, Reason, RuleBroken
from ..shared.ids import AccountId, ImportId, JobId, PlanId
from .events import CatalogueImported, CatalogueReverted, ImportFailed, PeopleImported, PeopleReverted

FILE_KEPT_FOR = timedelta(days=30)
"""How long the file of an import in the background is kept, so that it can be corrected and taken again."""
MOST_CORRECTIONS = 20
"""So many files of corrections can lie upon one file."""


class ImportKind(StrEnum):
    """The form of the file, or what its rows are about."""

    CRICOS_WORKBOOK = "cricos_workbook"
    CATALOGUE_CSV = "catalogue_csv"
    CATALOGUE_TOML = "catalogue_toml"
    STUDENTS = "students"
    APPLICATIONS = "applications"


PEOPLE = frozenset({ImportKind.STUDENTS, ImportKind.APPLICATIONS})
"""What is about people: it belongs to whoever brought it, and its rows are taken in batches."""


class Table(StrEnum):
    """The things that imports count; an offering is a programme at a campus."""

    INSTITUTIONS = "institutions"
    CAMPUSES = "campuses"
    PROGRAMMES = "programmes"
    OFFERINGS = "offerings"
    STUDENTS = "students"
    APPLICATIONS = "applications"


class State(StrEnum):
    """How far an import is."""

    WAITING = "waiting"  # its file is kept, and a job will take it
    RUNNING = "running"
    FINISHED = "finished"
    REFUSED = "refused"
    BROKEN_OFF = "broken_off"  # by a fault of ours or of the machine; nothing was taken
    FAILED = "failed"  # its job was set aside after many attempts; it can be tried again


# From each state, the states that may follow.
STATES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.WAITING: frozenset({State.RUNNING, State.FAILED}),
        State.RUNNING: frozenset({State.RUNNING, State.FINISHED, State.REFUSED, State.BROKEN_OFF, State.FAILED}),
        State.FAILED: frozenset({State.WAITING, State.RUNNING}),
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
    """What is wrong with one row, and where; ``number`` counts the problems of one import from 1.

    Of its parameters, ``given`` is what stands there, cut short, and ``suggestion`` what may have been meant.
    """

    sheet: str
    row: int
    column: str
    code: str
    params: Params = field(default_factory=lambda: MappingProxyType({}))
    severity: Severity = Severity.ERROR
    number: int = 0

    @property
    def value(self) -> str | None:
        """What stands there, as far as it is told."""
        return self._told("given")

    @property
    def suggestion(self) -> str | None:
        """What may have been meant; nobody has put it there."""
        return self._told("suggestion")

    def numbered(self, number: int) -> RowProblem:
        """Return the same with its number."""
        return replace(self, number=number)

    def _told(self, name: str) -> str | None:
        told = self.params.get(name)
        return None if told is None else str(told)


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
    """One reading of one file; a dry run reports the same and keeps nothing but the report.

    One in the background has a job and a file that is kept for a while. ``corrections`` are the hashes of the files of
    corrections that lie upon it, and ``corrects`` is the import whose file it takes again. ``same_as`` is an import
    that has taken the very same file already, ``resumed`` how often it was begun anew after its process had died. One
    that ``undoes`` another reads no file. ``told_up_to`` is the last plan whose student was told of its changes.
    Of rows about people those up to ``checkpoint`` have been taken, each once; ``columns`` is the header of the file,
    ``origin`` the name of its sheet.
    """

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
    job_id: JobId | None = None
    size: int = 0
    kept_until: datetime | None = None
    corrections: tuple[str, ...] = ()
    corrects: ImportId | None = None
    same_as: ImportId | None = None
    undoes: ImportId | None = None
    undone_by: ImportId | None = None
    resumed: int = 0
    told_up_to: PlanId | None = None
    told_at: datetime | None = None
    checkpoint: int = 0
    columns: tuple[str, ...] = ()
    version: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it has not come to an end yet."""
        return self.state in (State.WAITING, State.RUNNING)

    @property
    def is_about_people(self) -> bool:
        """Whether its rows are students or their applications."""
        return self.kind in PEOPLE

    @property
    def subject(self) -> Table:
        """What a row of it is, where it is about people."""
        return Table.STUDENTS if self.kind is ImportKind.STUDENTS else Table.APPLICATIONS

    @property
    def changed_nothing(self) -> bool:
        """Whether all that was read stood already, and nothing else did."""
        return not any(c.added or c.changed or c.removed for c in self.counts.values())

    def count(self, table: Table) -> Counts:
        """Return the counts of the table, to count on."""
        return self.counts.setdefault(table, Counts())

    def begin(self) -> None:
        """Note that somebody takes the file now; raise RuleBroken when the import is closed already.

        Where somebody had begun before, that one is dead; what it had not kept is done anew.
        """
        if self.state is State.RUNNING:
            self.resumed += 1
        self._demand(State.RUNNING)
        self.state, self.finished_at = State.RUNNING, None

    def finish(self, at: datetime) -> CatalogueImported | CatalogueReverted | PeopleImported | PeopleReverted:
        """Close the report; raise RuleBroken when the import is closed already."""
        self._go(State.FINISHED, at)
        if self.is_about_people:
            if self.undoes is not None:
                return PeopleReverted(self.id, self.undoes, self.dry_run)
            return PeopleImported(self.id, self.dry_run)
        if self.undoes is not None:
            return CatalogueReverted(self.id, self.undoes, self.dry_run)
        return CatalogueImported(self.id, self.dry_run)

    def demand_undoable(self) -> None:
        """Raise RuleBroken unless what it changed can be taken back."""
        if self.undone_by is not None:
            raise RuleBroken(Reason("import.undone_already", {"by": str(self.undone_by)}))
        if self.undoes is not None:
            raise RuleBroken(Reason("import.is_an_undo"))
        if self.state is not State.FINISHED or self.dry_run:
            raise RuleBroken(Reason("import.nothing_to_undo"))

    def demand_file(self, now: datetime) -> None:
        """Raise RuleBroken unless its file is kept and can be taken again."""
        if self.undoes is not None:
            raise RuleBroken(Reason("import.is_an_undo"))
        if self.kept_until is None or self.kept_until <= now:
            raise RuleBroken(Reason("import.file_gone"))

    def refuse(self, at: datetime) -> ImportFailed:
        """Close the import of a file that could not be used at all."""
        self._go(State.REFUSED, at)
        self.counts = {}
        return ImportFailed(self.id)

    def fail(self, at: datetime) -> ImportFailed:
        """Note that its job was set aside; what was taken until then is counted."""
        self._go(State.FAILED, at)
        return ImportFailed(self.id)

    def try_again(self) -> None:
        """Let it wait for its job once more; raise RuleBroken unless it has failed."""
        if self.state is not State.FAILED:
            raise RuleBroken(Reason("import.has_not_failed", {"state": self.state.value}))
        self.state, self.finished_at = State.WAITING, None

    def break_off(self, at: datetime) -> None:
        """Close an import that came to no end of its own, whatever ended it."""
        self._go(State.BROKEN_OFF, at)
        self.counts = {}

    def _go(self, state: State, at: datetime) -> None:
        self._demand(state)
        self.state = state
        self.finished_at = at

    def _demand(self, state: State) -> None:
        if state not in STATES[self.state]:
            raise RuleBroken(Reason("import.closed", {"state": self.state.value}))

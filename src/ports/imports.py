"""Where imports and their reports are kept, where their rows come from, and how they reach the catalogue."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ..domain.catalogue.programme import Programme
from ..domain.imports.catalogue_import import Import, ImportKind, RowProblem, Table
from ..domain.imports.comparing import Change, Standing
from ..domain.imports.given import KeptRow
from ..domain.imports.provenance import Stood
from ..domain.imports.reverting import Reverted
from ..domain.imports.rows import Batch, Edition, Row
from ..domain.imports.touched import TouchedPlan
from ..domain.shared.ids import AccountId, ImportId, PlanId, ProgrammeId
from .files import Files


class CatalogueSource(Protocol):
    """A file with a catalogue, which nobody has checked: opened once, then read once, by one task."""

    @property
    def kind(self) -> ImportKind:
        """The form of the file."""
        ...

    @property
    def file_name(self) -> str:
        """The name that people know the file by; the place of every problem begins with it."""
        ...

    @property
    def sha256(self) -> str:
        """The hash of the content; reading the whole file for it is fine."""
        ...

    async def open(self) -> Edition:
        """Look at the file as a whole and return which edition it is; raise BrokenCatalogue naming each wrong place."""
        ...

    def read(self) -> AsyncIterator[Batch]:
        """Yield its rows and problems: institutions first, then campuses, then programmes, each key once.

        A row names only what came before it. A row that cannot be taken is left out, told as a problem with its place,
        and its key held (``Batch.held``). The same content gives the same rows and digests every time, also on another
        machine. Raises BrokenCatalogue where the file cannot be read to its end.
        """
        ...


class StoredCatalogues(Protocol):
    """Files of catalogues that lie in the store, as sources."""

    def kind_of(self, file_name: str) -> ImportKind:
        """Return the form of a file of that name; raise BrokenCatalogue where none is known."""
        ...

    def fetched(
        self, files: Files, sha256: str, file_name: str, corrections: Sequence[str] = ()
    ) -> AbstractAsyncContextManager[CatalogueSource]:
        """Return the source of what ``files`` keeps under the hash, for as long as the block lasts.

        ``corrections`` are hashes of files of corrections, which lie upon the file in this order. A correction of what
        is not there is a problem of the source. Raises NotFound where the store has no such file, Unavailable when it
        does not answer, BrokenCatalogue for bytes that are not those of the hash, or a form that takes no corrections.
        """
        ...


class CatalogueReverting(Protocol):
    """Takes back, within one unit of work, what one import made of a catalogue: programmes first, institutions last."""

    async def revert(self, table: Table) -> Reverted:
        """Let what the import changed or withdrew, and nobody has changed since, be again what it was, and withdraw
        what it added; what has changed since, or is needed by what stays, stays as it is and is named.

        What stood is kept as history. On a dry run nothing is changed, and the same is returned.
        """
        ...

    async def finish(self) -> None:
        """Let the edition before stand again, unless another one came since."""
        ...


class CatalogueLoading(Protocol):
    """Changes one catalogue set by set, within one unit of work; one loading of the same catalogue at a time.

    An import changes or withdraws a row once: the second time is a Conflict, at the latest when it finishes.
    """

    async def standing(self, table: Table) -> dict[str, Standing]:
        """Return what stands of this catalogue in the table, by key, the withdrawn too."""
        ...

    async def add(self, table: Table, rows: Sequence[tuple[UUID, Row]]) -> None:
        """Keep new rows under these ids; raise Invalid(import.key_taken) where another catalogue has the key."""
        ...

    async def change(self, table: Table, rows: Sequence[tuple[Change, UUID, Row]]) -> None:
        """Put the rows in the place of what stands, and keep what stood as history."""
        ...

    async def withdraw(self, table: Table, ids: Sequence[UUID]) -> None:
        """Mark as no longer in the catalogue, and keep what stood as history; nothing is deleted."""
        ...

    async def places(self, programmes: Sequence[UUID]) -> Mapping[UUID, frozenset[str]]:
        """Return the keys of the campuses at which these programmes are taught now; those without any are left out."""
        ...

    async def finish(self) -> None:
        """Carry out what is still collected, and keep which edition stands now."""
        ...


class Imports(Protocol):
    """All imports with their reports."""

    async def add(self, run: Import) -> None:
        """Keep a new import at version 1."""
        ...

    async def get(self, import_id: ImportId) -> Import:
        """Return the import; raise NotFound where there is none."""
        ...

    async def save(self, run: Import) -> None:
        """Keep the changed import and count its version up; raise Conflict when another writer was first."""
        ...

    async def running_since(self, before: datetime) -> Sequence[Import]:
        """Return imports without a job that are noted as running and began before the moment, the oldest first, then
        by id."""
        ...

    async def hold(self, import_id: ImportId) -> bool:
        """Hold the import until this unit of work ends, however it ends, and return True; False while another unit
        holds it. A unit ends with its process, and so does the hold, on whichever machine that runs."""
        ...

    async def add_problems(self, import_id: ImportId, problems: Sequence[RowProblem]) -> None:
        """Keep problems, which carry their numbers."""
        ...

    async def problems(self, import_id: ImportId, after: int, limit: int) -> Sequence[RowProblem]:
        """Return the problems with a number above ``after``, in order, at most ``limit``."""
        ...

    async def loading(self, run: Import, edition: Edition) -> CatalogueLoading:
        """Begin to change the edition's catalogue on behalf of this import; wait while another import does."""
        ...

    async def reverting(self, run: Import, undone: Import) -> CatalogueReverting:
        """Begin to take back, on behalf of ``run``, what ``undone`` changed; wait while its catalogue is changed."""
        ...

    async def taken_from(self, sha256: str, by: AccountId | None = None) -> Import | None:
        """Return the last import that took the very file without a correction and was not undone, or None: of a
        catalogue, or where an account is given, about people and of that account."""
        ...

    async def unused(self, hashes: Sequence[str], now: datetime) -> frozenset[str]:
        """Return those of the hashes that are of no file, and no corrections, that an import keeps at that moment."""
        ...

    async def page(
        self, after: ImportId | None, limit: int, *, by: AccountId | None = None, catalogues: bool = True
    ) -> Sequence[Import]:
        """Return imports by their ids, the greatest first, from just after the given one, at most ``limit``: those of
        catalogues where these are wanted, and those about people that are of the account."""
        ...

    async def add_rows(self, rows: Sequence[KeptRow]) -> None:
        """Keep rows that wait to be taken, each number of an import once."""
        ...

    async def rows(self, import_id: ImportId, after: int, limit: int) -> Sequence[KeptRow]:
        """Return the rows with a number above ``after``, in order, at most ``limit``; nobody takes them away before
        this unit ends."""
        ...

    async def rows_at(self, import_id: ImportId, numbers: Collection[int]) -> Sequence[KeptRow]:
        """Return those rows of the import with these numbers that are kept, in order."""
        ...

    async def is_named_before(self, row: KeptRow) -> bool:
        """Whether an earlier row of the same import is about the same as this one."""
        ...

    async def set_aside(self, limit: int) -> Sequence[Import]:
        """Return imports that are open though their job was set aside, by their ids, at most ``limit``."""
        ...

    async def touched_plans(self, import_id: ImportId, after: PlanId | None, limit: int) -> Sequence[TouchedPlan]:
        """Return plans that aim at a programme which stood before the import and which it changed, in the order of
        their ids, from just after the given one, at most ``limit``."""
        ...

    async def programme_before(self, import_id: ImportId, programme_id: ProgrammeId) -> Programme | None:
        """Return the programme as it stood before that import, None where the import did not change it."""
        ...

    async def history(self, programme_id: ProgrammeId) -> Sequence[Stood]:
        """Return what the programme has been, oldest first, and last what it is; raise NotFound for none."""
        ...

"""Files about people: accepted, corrected, and taken once more. Their rows are kept, and the file itself is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ....ports.given_tables import GivenTables
from ....ports.ids import Ids
from ....ports.jobs import Job
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker, normal_email
from ...shared.canonical import sha256_of
from ...shared.dataclass import dataclass
from ...shared.errors import Invalid, Reason, RuleBroken
from ...shared.events import Origin
from ...shared.ids import ImportId, JobId
from ..catalogue_import import FILE_KEPT_FOR, MOST_CORRECTIONS, Import, ImportKind, RowProblem, State
from ..corrections import read_corrections
from ..given import BATCH, LARGEST_FILE, GivenRow, GivenTable, KeptRow, corrected
from ..people_columns import Matched, matched_header
from ..policies import demand_importer, demand_say_over
from .reading import Followed, followed

TAKE_ROWS = "take_rows"
"""The name of the job that takes the rows of a file about people, or takes an import of them back."""


@dataclass(frozen=True)
class AcceptPeople:
    """Keep the rows of a file about students or their applications, and have them taken in the background."""

    transactions: Transactions
    tables: GivenTables
    ids: Ids

    async def __call__(
        self,
        asker: Asker,
        kind: ImportKind,
        content: bytes,
        file_name: str,
        *,
        dry_run: bool = False,
    ) -> Followed:
        """Return the import that waits for its job.

        Raises Forbidden, Invalid for what cannot be read and for a required column that is missing.
        """
        demand_importer(asker)
        if len(content) > LARGEST_FILE:
            raise Invalid(Reason("file.too_large", {"at_most": LARGEST_FILE}, "file"))
        table = await self.tables.read(content, file_name)
        matched = matched_header(kind, table.header, file_name)
        async with self.transactions(asker.origin) as work:
            same = await work.imports.taken_from(sha256_of(content), asker.account_id)
            run = Import(
                id=ImportId(self.ids.new()),
                kind=kind,
                file_name=file_name,
                sha256=sha256_of(content),
                dry_run=dry_run,
                by=asker.account_id,
                started_at=work.now,
                origin=table.sheet,
                size=len(content),
                kept_until=work.now + FILE_KEPT_FOR,
                same_as=same.id if same else None,
                columns=table.header,
            )
            problems = header_problems(table, matched)
            return await waiting(work, run, table.rows, matched, problems, self.ids, asker)


@dataclass(frozen=True)
class PeopleAgain:
    """Takes the rows of an import about people once more, within an open unit of work: as they are, or corrected."""

    ids: Ids

    async def __call__(
        self,
        work: UnitOfWork,
        asker: Asker,
        run: Import,
        *,
        dry_run: bool,
        corrections: bytes | None = None,
        file_name: str = "",
    ) -> Followed:
        """Return the new import that waits for its job.

        Raises Invalid with each wrong line of the corrections, RuleBroken when the rows are kept no more.
        """
        demand_say_over(asker, run)
        run.demand_file(work.now)
        rows = await kept_rows(work, run)
        again = Import(
            ImportId(self.ids.new()), run.kind, run.file_name, run.sha256, dry_run, asker.account_id, work.now
        )
        again.size, again.corrects, again.kept_until = run.size, run.id, run.kept_until
        again.origin, again.columns = run.origin, run.columns
        again.corrections = run.corrections
        problems: list[RowProblem] = []
        if corrections is not None:
            if len(run.corrections) >= MOST_CORRECTIONS:
                raise RuleBroken(Reason("corrections.too_many_files", {"at_most": MOST_CORRECTIONS}))
            read = read_corrections(corrections, file_name)
            again.corrections = (*run.corrections, sha256_of(corrections))
            rows, problems = corrected(run.origin, run.columns, rows, read)
        matched = matched_header(run.kind, run.columns, run.file_name)
        return await waiting(work, again, rows, matched, problems, self.ids, asker)


async def kept_rows(work: UnitOfWork, run: Import) -> list[GivenRow]:
    """Return all rows of the import that are kept."""
    found: list[GivenRow] = []
    while page := await work.imports.rows(run.id, found[-1].number if found else 0, 10 * BATCH):
        found += [GivenRow(one.number, one.cells) for one in page]
    return found


async def waiting(
    work: UnitOfWork,
    run: Import,
    rows: Sequence[GivenRow],
    matched: Matched,
    problems: Sequence[RowProblem],
    ids: Ids,
    asker: Asker,
) -> Followed:
    """Keep the import with its rows, and the job that takes them."""
    run.job_id, run.state, run.problems = JobId(ids.new()), State.WAITING, len(problems)
    await work.imports.add(run)
    await work.imports.add_rows([kept_row(run, one, matched, run.kept_until or work.now) for one in rows])
    await work.imports.add_problems(run.id, [one.numbered(number) for number, one in enumerate(problems, start=1)])
    await work.jobs.add(job_of(run, work.now, asker.origin))
    return await followed(work, run)


def job_of(run: Import, now: datetime, origin: Origin) -> Job:
    """Return the job that takes the rows, or takes an import of them back."""
    if run.job_id is None:
        raise TypeError("an import without a job")
    return Job(run.job_id, TAKE_ROWS, now, arguments={"import": str(run.id)}, key=f"import {run.id}", origin=origin)


def kept_row(run: Import, row: GivenRow, matched: Matched, until: datetime) -> KeptRow:
    """Return the row as it waits, with whom it is about: an address in its normal form, or an id."""
    cells = matched.cells(row.cells)
    about = (cells.get("email") or cells.get("student") or "").strip()
    try:
        about = normal_email(about)
    except Invalid:
        about = about.lower()[:254]
    return KeptRow(run.id, row.number, row.cells, about, until)


def header_problems(table: GivenTable, matched: Matched) -> list[RowProblem]:
    """Return a warning for each odd way in which the file is written, and for each column that is not read, with what
    may have been meant."""
    unknown = (replace(one, sheet=table.sheet, row=table.header_row) for one in matched.problems)
    return [*table.problems, *unknown]

"""Importing into the database of this machine, in this process, with a bar for the rows."""

from __future__ import annotations

from pathlib import Path

from ....adapters.bundled.messages import Messages
from ....adapters.workbooks.choosing import source_of
from ....domain.identity.account import Asker
from ....domain.imports.catalogue_import import Import, RowProblem, Table
from ....domain.shared.errors import DomainError
from ...processes.accounts import SignIn
from ...processes.api import System
from ..embedded import system_here
from ..errors import CommandFailed
from ..language import language
from ..progress import bar
from ..words import sentences_of
from .import_view import ImportView, RowView, TableCounts

_PAGE = 1000


async def embedded_import(file: Path, *, dry_run: bool) -> ImportView:
    """Return the report; raise CommandFailed naming the file and every place where it cannot be used at all."""
    async with system_here() as (system, sign_ins):
        keeper = await _keeper(system, sign_ins.admin)
        try:
            with bar("Reading rows", None) as advance:
                seen: dict[Table, int] = {}

                def progress(table: Table, read: int) -> None:
                    advance(read - seen.get(table, 0))
                    seen[table] = read

                importing = system.use_cases.import_catalogue()
                run = await importing(keeper, source_of(file, file.name), dry_run=dry_run, progress=progress)
        except DomainError as error:
            raise CommandFailed(*sentences_of(error, str(file))) from error
        return _view(file, run, await _problems(system, keeper, run))


async def _keeper(system: System, sign_in: SignIn) -> Asker:
    """Return the administrator of the sample data."""
    try:
        account = await system.use_cases.sign_in()(sign_in.email, sign_in.password)
    except DomainError as error:
        raise CommandFailed(*sentences_of(error, sign_in.email)) from error
    return Asker(account.id, account.roles, account.student_id)


async def _problems(system: System, keeper: Asker, run: Import) -> list[RowProblem]:
    found: list[RowProblem] = []
    listing = system.use_cases.list_row_problems()
    while len(found) < run.problems:
        page = await listing(keeper, run.id, after=found[-1].number if found else 0, limit=_PAGE)
        if not page:
            break
        found += page
    return found


def _view(file: Path, run: Import, problems: list[RowProblem]) -> ImportView:
    words = Messages(language())
    return ImportView(
        id=str(run.id),
        file=str(file),
        kind=run.kind.value,
        origin=run.origin,
        edition=run.edition,
        dry_run=run.dry_run,
        changed_nothing=run.changed_nothing,
        counts=tuple(
            TableCounts(table.value, c.read, c.added, c.changed, c.removed, c.unchanged, c.refused)
            for table, c in run.counts.items()
        ),
        problems=tuple(
            RowView(p.sheet, p.row, p.column, p.severity.value, p.code, words.sentence(p.code, p.params))
            for p in problems
        ),
    )

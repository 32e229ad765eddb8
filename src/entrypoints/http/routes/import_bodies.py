"""How imports and what was wrong with their rows look on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from ....domain.imports.catalogue_import import Import, RowProblem
from ....domain.imports.provenance import Origin
from ....domain.imports.use_cases.reading import Followed
from ....ports.jobs import Job
from ..wire import Id, ParamsBody, params_body
from ..words import sentence


class CountsBody(msgspec.Struct, frozen=True):
    """Rows of one table. What was read is what was added, changed, unchanged or refused; removed stood before."""

    read: int
    added: int
    changed: int
    removed: int
    unchanged: int
    refused: int


class ImportJobBody(msgspec.Struct, frozen=True, kw_only=True):
    """How far the job is that takes the file in the background."""

    id: Id
    status: Literal["waiting", "leased", "done", "parked"]
    rows_read: Annotated[int, msgspec.Meta(description="By the present attempt, or the last one.")]
    attempts: int
    error: Annotated[str, msgspec.Meta(description="What the last attempt that failed said.")]


class ImportBody(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of one file; its row problems are listed apart."""

    id: Id
    kind: str
    file_name: str
    sha256: str
    dry_run: bool
    state: str
    origin: str
    edition: str
    counts: dict[str, CountsBody]
    problems: int
    changed_nothing: bool
    started_at: datetime
    finished_at: datetime | None
    size: Annotated[int, msgspec.Meta(description="In bytes; 0 where the file is not kept.")]
    kept_until: Annotated[datetime | None, msgspec.Meta(description="Until when the file can be taken again.")]
    corrections: Annotated[list[str], msgspec.Meta(description="SHA-256 of what lies upon the file, in this order.")]
    corrects: Annotated[Id | None, msgspec.Meta(description="The import whose file this one takes once more.")]
    same_as: Annotated[Id | None, msgspec.Meta(description="An import that has taken the very same file already.")]
    undoes: Annotated[Id | None, msgspec.Meta(description="The import that this one takes back.")]
    undone_by: Annotated[Id | None, msgspec.Meta(description="The import that took this one back.")]
    resumed: Annotated[int, msgspec.Meta(description="How often it was begun anew after its process had died.")]
    job: Annotated[ImportJobBody | None, msgspec.Meta(description="Null for what is no job, or was done long ago.")]


class ImportPage(msgspec.Struct, frozen=True):
    """Some imports, the newest first; hand ``next`` back as ``cursor`` for more."""

    items: list[ImportBody]
    next: str | None


class ProblemRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with one row, and where."""

    number: int
    sheet: str
    row: int
    column: str
    severity: str
    code: str
    message: str
    params: ParamsBody
    value: Annotated[str | None, msgspec.Meta(description="What stands there, cut short.")]
    suggestion: Annotated[str | None, msgspec.Meta(description="What may have been meant; nobody has put it there.")]


class ProblemPage(msgspec.Struct, frozen=True):
    """Some row problems; hand ``next`` back as ``cursor`` for more."""

    items: list[ProblemRow]
    next: str | None


class OriginBody(msgspec.Struct, frozen=True, kw_only=True):
    """Where one value of a programme comes from."""

    value: Annotated[str, msgspec.Meta(description="Its name, such as tuition_minor or requirement.")]
    import_id: Id
    row: Annotated[int, msgspec.Meta(description="Of the file; 0 where its form has none.")]


class OriginsBody(msgspec.Struct, frozen=True):
    """Where each value of a programme comes from."""

    items: list[OriginBody]


def import_body(found: Import | Followed) -> ImportBody:
    """Return the import as it is answered, with its job where that is known."""
    run, job = (found.run, found.job) if isinstance(found, Followed) else (found, None)
    return ImportBody(
        id=str(run.id),
        kind=run.kind.value,
        file_name=run.file_name,
        sha256=run.sha256,
        dry_run=run.dry_run,
        state=run.state.value,
        origin=run.origin,
        edition=run.edition,
        counts={
            table.value: CountsBody(c.read, c.added, c.changed, c.removed, c.unchanged, c.refused)
            for table, c in run.counts.items()
        },
        problems=run.problems,
        changed_nothing=run.changed_nothing,
        started_at=run.started_at,
        finished_at=run.finished_at,
        size=run.size,
        kept_until=run.kept_until,
        corrections=list(run.corrections),
        corrects=_id(run.corrects),
        same_as=_id(run.same_as),
        undoes=_id(run.undoes),
        undone_by=_id(run.undone_by),
        resumed=run.resumed,
        job=None if job is None else _job(job),
    )


def problem_row(problem: RowProblem) -> ProblemRow:
    """Return what is wrong with a row as it is answered."""
    return ProblemRow(
        number=problem.number,
        sheet=problem.sheet,
        row=problem.row,
        column=problem.column,
        severity=problem.severity.value,
        code=problem.code,
        message=sentence(problem.code, problem.params),
        params=params_body(problem.params),
        value=problem.value,
        suggestion=problem.suggestion,
    )


def origins_body(origins: dict[str, Origin]) -> OriginsBody:
    """Return where values come from, as it is answered."""
    return OriginsBody(
        [OriginBody(value=name, import_id=str(one.import_id), row=one.row) for name, one in origins.items()]
    )


def _job(job: Job) -> ImportJobBody:
    return ImportJobBody(
        id=str(job.id), status=job.status.value, rows_read=job.done, attempts=job.attempts, error=job.error
    )


def _id(value: object) -> str | None:
    return None if value is None else str(value)

"""Where imports and their reports are kept, in PostgreSQL."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Select, Uuid, bindparam, exists, func, insert, select, text
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.catalogue.programme import Programme
from ...domain.imports.catalogue_import import PEOPLE, Counts, Import, ImportKind, RowProblem, Severity, State, Table
from ...domain.imports.given import KeptRow
from ...domain.imports.programmes import stood_from
from ...domain.imports.provenance import Stood
from ...domain.imports.rows import Edition
from ...domain.imports.touched import TouchedPlan
from ...domain.planning.target import TargetRef
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, ImportId, JobId, PlanId, ProgrammeId, StudentId
from .catalogue import PostgresCatalogue
from .catalogue_loading import PostgresLoading
from .catalogue_reverting import PostgresReverting
from .copying import copy_rows
from .engine import translated
from .locks import held
from .tables import jobs
from .tables_catalogue import catalogue_history, import_problems, imports
from .tables_people import import_rows
from .versions import save_row

_CANNOT_BE_KEPT = re.compile("[\x00\ud800-\udfff]")
_MANY = 1_000
# A large file is read for longer than anybody else may let a transaction lie idle. One that stands still for longer has
# lost its process or its machine, and the server ends it.
_PATIENCE_FOR_FILES = text("SET LOCAL idle_in_transaction_session_timeout = '3min'")
# A plan whose programme was only added by the import aimed at nothing before: it is left out.
_TOUCHED = text(
    """SELECT p.id, p.student_id, p.version, jsonb_agg(target) AS targets
       FROM plans p CROSS JOIN jsonb_array_elements(p.inputs->'targets') AS target
       JOIN catalogue_history h ON h.import_id = :run AND h.id = (target->>'programme_id')::uuid
       WHERE CAST(:after AS uuid) IS NULL OR p.id > :after
       GROUP BY p.id ORDER BY p.id LIMIT :at_most"""
).bindparams(bindparam("run", type_=Uuid), bindparam("after", type_=Uuid))
_HISTORY = text(
    """SELECT before FROM (
         SELECT before, (before->>'version')::int AS version FROM catalogue_history
         WHERE id = :id AND table_name = 'programmes'
         UNION ALL SELECT jsonb_strip_nulls(to_jsonb(stands) - 'search'), version FROM programmes stands WHERE id = :id
       ) AS all_of_it ORDER BY version"""
).bindparams(bindparam("id", type_=Uuid))
_PEOPLE = sorted(kind.value for kind in PEOPLE)
_OPEN = (State.WAITING.value, State.RUNNING.value)
_ROW = ("import_id", "number", "cells", "about", "until")
_PROBLEM = ("import_id", "number", "sheet", "row", "column", "code", "params", "severity")


class PostgresImports:
    """The imports as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, run: Import) -> None:
        row = {"id": run.id, **_values(run), "version": run.version + 1}
        with translated():
            await self._connection.execute(insert(imports).values(row))
        run.version += 1

    async def get(self, import_id: ImportId) -> Import:
        with translated():
            row = (await self._connection.execute(select(imports).where(imports.c.id == import_id))).first()
        if row is None:
            raise NotFound
        return _read(row)

    async def save(self, run: Import) -> None:
        run.version = await save_row(self._connection, imports, run.id, run.version, _values(run))

    async def running_since(self, before: datetime) -> Sequence[Import]:
        t = imports.c
        begun = select(imports).where(t.state == State.RUNNING.value, t.started_at < before, t.job_id.is_(None))
        with translated():
            rows = (
                await self._connection.execute(begun.order_by(imports.c.started_at, imports.c.id).limit(_MANY))
            ).all()
        return [_read(row) for row in rows]

    async def hold(self, import_id: ImportId) -> bool:
        with translated():
            await self._connection.execute(_PATIENCE_FOR_FILES)
        return await held(self._connection, f"import {import_id}")

    async def add_problems(self, import_id: ImportId, problems: Sequence[RowProblem]) -> None:
        rows = (
            (import_id, p.number, _shown(p.sheet), p.row, p.column, p.code, _params(p), p.severity.value)
            for p in problems
        )
        await copy_rows(self._connection, import_problems.name, _PROBLEM, rows)

    async def problems(self, import_id: ImportId, after: int, limit: int) -> Sequence[RowProblem]:
        t = import_problems.c
        query = select(import_problems).where(t.import_id == import_id, t.number > after)
        with translated():
            rows = await self._connection.execute(query.order_by(t.number).limit(limit))
        return [_read_problem(row._mapping) for row in rows]  # noqa: SLF001  the public way to a row's columns

    async def loading(self, run: Import, edition: Edition) -> PostgresLoading:
        return await PostgresLoading.begin(self._connection, run, edition)

    async def reverting(self, run: Import, undone: Import) -> PostgresReverting:
        return await PostgresReverting.begin(self._connection, run, undone)

    async def taken_from(self, sha256: str, by: AccountId | None = None) -> Import | None:
        t = imports.c
        whose = t.kind.not_in(_PEOPLE) if by is None else t.kind.in_(_PEOPLE) & (t.by == by)
        taken = select(imports).where(
            t.sha256 == sha256,
            whose,
            t.state == State.FINISHED.value,
            ~t.dry_run,
            func.cardinality(t.corrections) == 0,
            t.undoes.is_(None),
            t.undone_by.is_(None),
        )
        return await self._first(taken.order_by(t.finished_at.desc(), t.id.desc()).limit(1))

    async def unused(self, hashes: Sequence[str], now: datetime) -> frozenset[str]:
        kept = select(imports.c.sha256, imports.c.corrections).where(imports.c.kept_until > now)
        with translated():
            rows = (await self._connection.execute(kept)).all()
        return frozenset(hashes).difference(*([row.sha256, *row.corrections] for row in rows))

    async def page(
        self, after: ImportId | None, limit: int, *, by: AccountId | None = None, catalogues: bool = True
    ) -> Sequence[Import]:
        about_people = imports.c.kind.in_(_PEOPLE)
        his = about_people & (imports.c.by == by)
        query = select(imports).where(his | ~about_people if catalogues else his)
        query = query.order_by(imports.c.id.desc()).limit(limit)
        with translated():
            rows = await self._connection.execute(query if after is None else query.where(imports.c.id < after))
            return [_read(row) for row in rows]

    async def add_rows(self, rows: Sequence[KeptRow]) -> None:
        values = ((one.import_id, one.number, list(one.cells), one.about, one.until) for one in rows)
        await copy_rows(self._connection, import_rows.name, _ROW, values)

    async def rows(self, import_id: ImportId, after: int, limit: int) -> Sequence[KeptRow]:
        t = import_rows.c
        query = select(import_rows).where(t.import_id == import_id, t.number > after).order_by(t.number).limit(limit)
        with translated():
            return [_read_row(row) for row in await self._connection.execute(query.with_for_update())]

    async def rows_at(self, import_id: ImportId, numbers: Collection[int]) -> Sequence[KeptRow]:
        t = import_rows.c
        query = select(import_rows).where(t.import_id == import_id, t.number.in_(numbers)).order_by(t.number)
        with translated():
            return [_read_row(row) for row in await self._connection.execute(query)]

    async def is_named_before(self, row: KeptRow) -> bool:
        t = import_rows.c
        before = exists().where(t.import_id == row.import_id, t.about == row.about, t.number < row.number)
        with translated():
            return bool((await self._connection.execute(select(before))).scalar_one())

    async def set_aside(self, limit: int) -> Sequence[Import]:
        parked = select(jobs.c.id).where(jobs.c.id == imports.c.job_id, jobs.c.status == "parked").exists()
        query = select(imports).where(imports.c.state.in_(_OPEN), parked).order_by(imports.c.id).limit(limit)
        with translated():
            return [_read(row) for row in await self._connection.execute(query)]

    async def touched_plans(self, import_id: ImportId, after: PlanId | None, limit: int) -> Sequence[TouchedPlan]:
        with translated():
            rows = await self._connection.execute(_TOUCHED, {"run": import_id, "after": after, "at_most": limit})
            return [
                TouchedPlan(
                    PlanId(row.id),
                    StudentId(row.student_id),
                    row.version,
                    tuple(msgspec.convert(target, TargetRef) for target in row.targets),
                )
                for row in rows
            ]

    async def programme_before(self, import_id: ImportId, programme_id: ProgrammeId) -> Programme | None:
        h = catalogue_history.c
        found = select(h.before).where(h.import_id == import_id, h.id == programme_id, h.table_name == "programmes")
        with translated():
            before = (await self._connection.execute(found)).scalar_one_or_none()
        return None if before is None else await PostgresCatalogue(self._connection).programme_as_it_was(before)

    async def history(self, programme_id: ProgrammeId) -> Sequence[Stood]:
        with translated():
            rows = (await self._connection.execute(_HISTORY, {"id": programme_id})).scalars().all()
        if not rows:
            raise NotFound
        return [stood_from(row) for row in rows]

    async def _first(self, query: Select[Any]) -> Import | None:
        with translated():
            row = (await self._connection.execute(query)).first()
        return None if row is None else _read(row)


def _read_row(row: Row[Any]) -> KeptRow:
    return KeptRow(ImportId(row.import_id), row.number, tuple(row.cells), row.about, row.until)


def _params(problem: RowProblem) -> str:
    params = {name: _shown(value) if isinstance(value, str) else value for name, value in problem.params.items()}
    return msgspec.json.encode(params).decode()


def _shown(text: str) -> str:
    """Return the text with a sign in place of what no database holds: a problem may be just about that."""
    return _CANNOT_BE_KEPT.sub("\ufffd", text)


def _values(run: Import) -> dict[str, Any]:
    return {
        "kind": run.kind.value,
        "file_name": run.file_name,
        "sha256": run.sha256,
        "dry_run": run.dry_run,
        "by": run.by,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "origin": run.origin,
        "edition": run.edition,
        "state": run.state.value,
        "counts": msgspec.to_builtins({table.value: counts for table, counts in run.counts.items()}),
        "problems": run.problems,
        "job_id": run.job_id,
        "size": run.size,
        "kept_until": run.kept_until,
        "corrections": list(run.corrections),
        "corrects": run.corrects,
        "same_as": run.same_as,
        "undoes": run.undoes,
        "undone_by": run.undone_by,
        "resumed": run.resumed,
        "told_up_to": run.told_up_to,
        "told_at": run.told_at,
        "checkpoint": run.checkpoint,
        "columns": list(run.columns),
    }


def _read(row: Row[Any]) -> Import:
    return Import(
        id=ImportId(row.id),
        kind=ImportKind(row.kind),
        file_name=row.file_name,
        sha256=row.sha256,
        dry_run=row.dry_run,
        by=AccountId(row.by),
        started_at=row.started_at,
        finished_at=row.finished_at,
        origin=row.origin,
        edition=row.edition,
        state=State(row.state),
        counts={Table(name): msgspec.convert(counts, Counts) for name, counts in row.counts.items()},
        problems=row.problems,
        job_id=row.job_id and JobId(row.job_id),
        size=row.size,
        kept_until=row.kept_until,
        corrections=tuple(row.corrections),
        corrects=row.corrects and ImportId(row.corrects),
        same_as=row.same_as and ImportId(row.same_as),
        undoes=row.undoes and ImportId(row.undoes),
        undone_by=row.undone_by and ImportId(row.undone_by),
        resumed=row.resumed,
        told_up_to=row.told_up_to and PlanId(row.told_up_to),
        told_at=row.told_at,
        checkpoint=row.checkpoint,
        columns=tuple(row._mapping["columns"]),  # noqa: SLF001  the public way to a row's columns
        version=row.version,
    )


def _read_problem(row: Any) -> RowProblem:
    return RowProblem(
        sheet=row["sheet"],
        row=row["row"],
        column=row["column"],
        code=row["code"],
        params=row["params"],
        severity=Severity(row["severity"]),
        number=row["number"],
    )

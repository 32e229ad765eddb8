"""Where imports and their reports are kept, in PostgreSQL."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, insert, select, text
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.imports.catalogue_import import Counts, Import, ImportKind, RowProblem, Severity, State, Table
from ...domain.imports.rows import Edition
from ...domain.shared.errors import NotFound
from ...domain.shared.ids import AccountId, ImportId
from .catalogue_loading import PostgresLoading
from .copying import copy_rows
from .engine import translated
from .locks import held
from .tables_catalogue import import_problems, imports
from .versions import save_row

_CANNOT_BE_KEPT = re.compile("[\x00\ud800-\udfff]")
_MANY = 1_000
# A large file is read for longer than anybody else may let a transaction lie idle. One that stands still for longer has
# lost its process or its machine, and the server ends it.
_PATIENCE_FOR_FILES = text("SET LOCAL idle_in_transaction_session_timeout = '3min'")
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
        begun = select(imports).where(imports.c.state == State.RUNNING.value, imports.c.started_at < before)
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

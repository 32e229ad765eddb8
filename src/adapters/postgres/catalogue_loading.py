"""How an import's rows reach the catalogue: new ones by COPY, changed ones through a temporary table, set by set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as PgUuid  # noqa: N811  the driver's own UUID
from sqlalchemy import text
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.catalogue.folding import folded
from ...domain.imports.catalogue_import import Import, Table
from ...domain.imports.comparing import Change, Standing
from ...domain.imports.rows import Edition, Row
from ...domain.imports.stated import NOTHING, stated_numbers
from .copying import driver_of, driver_translated
from .engine import translated

# The columns that a file decides, in the order in which _values gives them; the rest says where the row comes from.
FROM_FILE = {
    Table.INSTITUTIONS: "name search country city zone sector website source stated digest file_row",
    Table.CAMPUSES: "institution_id name city region postcode stated digest file_row",
    Table.PROGRAMMES: (
        "institution_id name search level award fields languages country duration_months duration_weeks tuition_minor "
        "tuition_currency tuition_per expired synthetic details stated digest places campus_ids "
        "requirement_id schedule_id file_row"
    ),
}
_OWN = ("id", "key", "origin", "added_in", "changed_in")
_COLUMNS = {table: (*_OWN, *names.split()) for table, names in FROM_FILE.items()}


async def until_alone(connection: AsyncConnection, origin: str) -> None:
    """Wait until no other transaction changes this catalogue; until this one ends, none will."""
    with translated():
        await connection.execute(
            text("SELECT pg_advisory_xact_lock(hashtext('catalogue ' || :origin))"), {"origin": origin}
        )


class PostgresLoading:
    """One import's way into the catalogue, within its transaction."""

    def __init__(self, connection: AsyncConnection, driver: Any, run: Import, edition: Edition) -> None:
        self._connection = connection
        self._driver = driver
        self._run = run
        self._edition = edition
        self._ids: dict[Table, dict[str, UUID]] = {table: {} for table in _COLUMNS}
        self._incoming: set[Table] = set()

    @classmethod
    async def begin(cls, connection: AsyncConnection, run: Import, edition: Edition) -> PostgresLoading:
        """Wait until no other import of this catalogue runs, and return the loading."""
        await until_alone(connection, edition.origin)
        return cls(connection, await driver_of(connection), run, edition)

    async def standing(self, table: Table) -> dict[str, Standing]:
        """Return what stands of this catalogue in the table, by key, the withdrawn too."""
        places = "places" if table is Table.PROGRAMMES else "0"
        query = f"SELECT key, id, digest, {places}, withdrawn FROM {table.value} WHERE origin = $1"  # noqa: S608
        with driver_translated():
            rows = await self._driver.fetch(query, self._edition.origin)
        found = {key: Standing(id_, digest, place, gone) for key, id_, digest, place, gone in rows}
        if table is not Table.PROGRAMMES:
            self._ids[table] = {key: standing.id for key, standing in found.items()}
        return found

    async def add(self, table: Table, rows: Sequence[tuple[UUID, Row]]) -> None:
        """Keep new rows under these ids; raise Invalid(import.key_taken) where another catalogue has the key."""
        self._know(table, rows)
        await self._keep_stated(table, [row for _, row in rows])
        origin, run_id = self._edition.origin, _quick(self._run.id)
        values = zip(rows, self._values(table, [row for _, row in rows]), strict=True)
        records = [(id_, row.key, origin, run_id, run_id, *value) for (id_, row), value in values]
        await self._copy(table.value, _COLUMNS[table], records)

    async def change(self, table: Table, rows: Sequence[tuple[Change, UUID, Row]]) -> None:
        """Put the rows in the place of what stands, once the loading is finished, and keep what stood."""
        await self._keep_stated(table, [row for _, _, row in rows])
        incoming = f"incoming_{table.value}"
        if table not in self._incoming:
            self._incoming.add(table)
            await self._execute(
                f"CREATE TEMPORARY TABLE {incoming} ON COMMIT DROP AS "  # noqa: S608
                f"SELECT ''::text AS change, id, {FROM_FILE[table].replace(' ', ', ')} FROM {table.value} LIMIT 0"
            )
        values = zip(rows, self._values(table, [row for _, _, row in rows]), strict=True)
        records = [(change.value, id_, *value) for (change, id_, _), value in values]
        await self._copy(incoming, ("change", "id", *FROM_FILE[table].split()), records)

    async def withdraw(self, table: Table, ids: Sequence[UUID]) -> None:
        """Mark as no longer in the catalogue, and keep what stood as history."""
        await self._keep_history(table, f"'{Change.WITHDRAWN.value}'", "stood.id = ANY($2)", ids)
        nowhere = ", campus_ids = '{}', places = 0" if table is Table.PROGRAMMES else ""
        await self._execute(
            f"UPDATE {table.value} SET withdrawn = true, changed_in = $1, version = version + 1{nowhere} "  # noqa: S608
            "WHERE id = ANY($2)",
            self._run.id,
            ids,
        )

    async def places(self, programmes: Sequence[UUID]) -> Mapping[UUID, frozenset[str]]:
        """Return the keys of the campuses at which these programmes are taught now; those without any are left out."""
        if not programmes:
            return {}
        query = """SELECT p.id, array_agg(c.key) FROM programmes p
                   CROSS JOIN unnest(p.campus_ids) AS here (campus_id) JOIN campuses c ON c.id = here.campus_id
                   WHERE p.id = ANY($1) GROUP BY p.id"""
        with driver_translated():
            return {row[0]: frozenset(row[1]) for row in await self._driver.fetch(query, programmes)}

    async def finish(self) -> None:
        """Put the changed rows in place, and keep which edition stands now."""
        for table in (Table.INSTITUTIONS, Table.CAMPUSES, Table.PROGRAMMES):
            if table in self._incoming:
                await self._merge(table)
        edition = self._edition
        await self._execute(
            """INSERT INTO catalogue_history (import_id, id, table_name, change, before)
               SELECT $1, $1, 'editions', 'changed', to_jsonb(stood) FROM editions stood
               WHERE origin = $2 AND sha256 <> $3""",
            self._run.id,
            edition.origin,
            self._run.sha256,
        )
        await self._execute(
            """INSERT INTO editions (origin, title, edition, kind, url, retrieved_on, sha256, import_id)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
               ON CONFLICT (origin) DO UPDATE SET title = excluded.title, edition = excluded.edition,
                 kind = excluded.kind, url = excluded.url, retrieved_on = excluded.retrieved_on,
                 sha256 = excluded.sha256, import_id = excluded.import_id
               WHERE editions.sha256 <> excluded.sha256""",
            *(edition.origin, edition.title, edition.edition, edition.kind.value, edition.url),
            *(self._run.started_at.astimezone(UTC).date(), self._run.sha256, self._run.id),
        )

    async def _merge(self, table: Table) -> None:
        incoming = f"incoming_{table.value}"
        await self._execute(f"ANALYZE {incoming}")
        await self._keep_history(table, "new.change", f"stood.id = new.id FROM {incoming} new")
        columns = FROM_FILE[table].split()
        await self._execute(
            f"UPDATE {table.value} stood SET {', '.join(f'{name} = new.{name}' for name in columns)}, "  # noqa: S608
            f"withdrawn = false, changed_in = $1, version = version + 1 FROM {incoming} new WHERE stood.id = new.id",
            self._run.id,
        )
        await self._execute(f"DROP TABLE {incoming}")

    async def _keep_history(self, table: Table, change: str, which: str, *params: Any) -> None:
        """Write what stands into the history; ``which`` is a condition, with a further table after FROM."""
        condition, _, others = which.partition(" FROM ")
        await self._execute(
            f"INSERT INTO catalogue_history (import_id, id, table_name, change, before) "  # noqa: S608
            f"SELECT $1, stood.id, '{table.value}', {change}, jsonb_strip_nulls(to_jsonb(stood) - 'search') "
            f"FROM {table.value} stood{', ' + others if others else ''} WHERE {condition}",
            self._run.id,
            *params,
        )

    async def _keep_stated(self, table: Table, rows: Sequence[Any]) -> None:
        """Keep each requirement and each schedule that nobody has stated before."""
        if table is not Table.PROGRAMMES:
            return
        for name, place in (("requirements", 0), ("schedules", 1)):
            stated = {stated_numbers(row.details)[place]: row.details for row in rows if row.details is not None}
            stated.pop(NOTHING, None)
            if stated:
                numbers = sorted(stated)  # whoever loads another catalogue takes them in the same order
                await self._execute(
                    f"INSERT INTO {name} SELECT * FROM unnest($1::bigint[], $2::jsonb[]) ON CONFLICT DO NOTHING",  # noqa: S608
                    numbers,
                    [stated[number] for number in numbers],
                )

    def _know(self, table: Table, rows: Sequence[tuple[UUID, Row]]) -> None:
        if table is not Table.PROGRAMMES:
            self._ids[table].update({row.key: _quick(id_) for id_, row in rows})

    def _values(self, table: Table, rows: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows' values in the order of FROM_FILE."""
        institutions, campuses = self._ids[Table.INSTITUTIONS], self._ids[Table.CAMPUSES]
        match table:
            case Table.PROGRAMMES:
                return [
                    (
                        institutions[row[1]],
                        *row[2:20],
                        [campuses[key] for key in row[20]],
                        *stated_numbers(row[16]),
                        row[21],
                    )
                    for row in rows
                ]
            case Table.CAMPUSES:
                return [(institutions[row[1]], *row[2:]) for row in rows]
        return [(row[1], folded(row[1]), *row[2:]) for row in rows]

    async def _copy(self, table: str, columns: Sequence[str], records: Sequence[tuple[Any, ...]]) -> None:
        if records:
            with driver_translated():
                await self._driver.copy_records_to_table(table, columns=columns, records=records)

    async def _execute(self, statement: str, *params: Any) -> None:
        with driver_translated():
            await self._driver.execute(statement, *params)


def _quick(id_: UUID) -> UUID:
    """The same id in the driver's own type, which it writes many times faster."""
    return PgUuid(id_.bytes)

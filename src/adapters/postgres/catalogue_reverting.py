"""How an import is taken back: table by table, from what the history keeps of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.catalogue.folding import folded
from ...domain.imports.catalogue_import import Import, Table
from ...domain.imports.comparing import Change
from ...domain.imports.reverting import Kept, Reverted
from .catalogue_loading import FROM_FILE, until_alone
from .copying import driver_of, driver_translated

# Columns that came after the first histories were written.
_OR_NOTHING = frozenset({"requirement_id", "schedule_id"})
# What stands and needs a row that is to be withdrawn.
_NEEDED = {
    Table.PROGRAMMES: "false",
    Table.CAMPUSES: (
        "stood.id IN (SELECT here.id FROM programmes p CROSS JOIN unnest(p.campus_ids) AS here (id) "
        "WHERE p.origin = stood.origin AND NOT p.withdrawn AND p.changed_in <> $1)"
    ),
    Table.INSTITUTIONS: (
        "stood.id IN (SELECT institution_id FROM programmes p WHERE p.origin = stood.origin AND NOT p.withdrawn "
        "AND p.changed_in <> $1 UNION ALL SELECT institution_id FROM campuses c WHERE c.origin = stood.origin "
        "AND NOT c.withdrawn AND c.changed_in <> $1)"
    ),
}


class PostgresReverting:
    """One import on its way back, within the transaction of the import that undoes it."""

    def __init__(self, driver: Any, run: Import, undone: Import) -> None:
        self._driver = driver
        self._run = run
        self._undone = undone

    @classmethod
    async def begin(cls, connection: AsyncConnection, run: Import, undone: Import) -> PostgresReverting:
        """Wait until nobody else changes the catalogue, and return the way back."""
        await until_alone(connection, undone.origin)
        return cls(await driver_of(connection), run, undone)

    async def revert(self, table: Table) -> Reverted:
        """Let what the import changed be what it was, and withdraw what it added."""
        name, undone = table.value, self._undone.id
        added = f"stood.added_in = $1 AND stood.changed_in = $1 AND NOT ({_NEEDED[table]})"
        with driver_translated():
            kept = await self._driver.fetch(
                f"""SELECT stood.key, coalesce(stood.file_row, 0), 'import.changed_since' FROM {name} stood
                    WHERE stood.changed_in <> $1 AND (stood.added_in = $1 OR EXISTS (
                      SELECT FROM catalogue_history h WHERE h.import_id = $1 AND h.id = stood.id))
                    UNION ALL SELECT stood.key, coalesce(stood.file_row, 0), 'import.still_needed' FROM {name} stood
                    WHERE stood.added_in = $1 AND stood.changed_in = $1 AND {_NEEDED[table]}
                    ORDER BY 2, 1""",  # noqa: S608
                undone,
            )
            changed = await self._driver.fetch(
                f"""SELECT h.id, h.before->>'name', stood.name FROM catalogue_history h JOIN {name} stood USING (id)
                    WHERE h.import_id = $1 AND h.table_name = '{name}' AND stood.changed_in = $1""",  # noqa: S608
                undone,
            )
            new = [row[0] for row in await self._driver.fetch(f"SELECT id FROM {name} stood WHERE {added}", undone)]  # noqa: S608
            if not self._run.dry_run:
                await self._keep_history(name, [row[0] for row in changed] + new)
                await self._restore(table)
                await self._search_by(table, [(id_, folded(was)) for id_, was, is_ in changed if was != is_])
                await self._withdraw(table, new)
        return Reverted(len(changed), len(new), tuple(Kept(*row) for row in kept))

    async def finish(self) -> None:
        """Let the edition before stand again, unless another one came since."""
        if self._run.dry_run:
            return
        with driver_translated():
            await self._driver.execute(
                """UPDATE editions SET title = was.title, edition = was.edition, kind = was.kind, url = was.url,
                     retrieved_on = was.retrieved_on, sha256 = was.sha256, import_id = was.import_id
                   FROM catalogue_history h, jsonb_populate_record(NULL::editions, h.before) was
                   WHERE h.import_id = $1 AND h.id = $1 AND editions.origin = was.origin AND editions.import_id = $1""",
                self._undone.id,
            )

    async def _keep_history(self, name: str, ids: list[Any]) -> None:
        await self._driver.execute(
            f"INSERT INTO catalogue_history (import_id, id, table_name, change, before) "  # noqa: S608
            f"SELECT $1, stood.id, '{name}', '{Change.UNDONE.value}', jsonb_strip_nulls(to_jsonb(stood) - 'search') "
            f"FROM {name} stood WHERE stood.id = ANY($2)",
            self._run.id,
            ids,
        )

    async def _restore(self, table: Table) -> None:
        columns = [column for column in FROM_FILE[table].split() if column != "search"]
        values = [
            f"{one} = coalesce(was.{one}, 0)" if one in _OR_NOTHING else f"{one} = was.{one}"
            for one in (*columns, "withdrawn", "changed_in")
        ]
        name = table.value
        await self._driver.execute(
            f"""UPDATE {name} stood SET {", ".join(values)}, version = stood.version + 1
                FROM catalogue_history h, jsonb_populate_record(NULL::{name}, h.before) was
                WHERE h.import_id = $1 AND h.table_name = '{name}' AND h.id = stood.id
                AND stood.changed_in = $1""",  # noqa: S608
            self._undone.id,
        )

    async def _search_by(self, table: Table, names: list[tuple[Any, str]]) -> None:
        if names and table is not Table.CAMPUSES:  # campuses are not searched
            await self._driver.execute(
                f"UPDATE {table.value} stood SET search = new.search "  # noqa: S608
                "FROM unnest($1::uuid[], $2::text[]) AS new (id, search) WHERE stood.id = new.id",
                [id_ for id_, _ in names],
                [search for _, search in names],
            )

    async def _withdraw(self, table: Table, ids: list[Any]) -> None:
        nowhere = ", campus_ids = '{}', places = 0" if table is Table.PROGRAMMES else ""
        await self._driver.execute(
            f"UPDATE {table.value} SET withdrawn = true, changed_in = $1, version = version + 1{nowhere} "  # noqa: S608
            "WHERE id = ANY($2)",
            self._run.id,
            ids,
        )

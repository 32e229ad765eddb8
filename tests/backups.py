"""Commands that take and put back backups, and what a database holds."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import asyncpg
from serving import CLI, environment

from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres

WITHIN = 120
OF_A_RUN = {"jobs", "outbox", "audit_sealed", "audit_seals", "audit_waiting"}
"""Tables that a server goes on changing by itself until it ends."""


def run(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command on the home, and return how it ended."""
    command = [*CLI, *map(str, arguments)]
    return subprocess.run(command, env=environment(home), capture_output=True, text=True, timeout=WITHIN)


def tables(folder: Path) -> dict[str, str]:
    """Return a hash of the rows of each table of the server in the folder, but of those that change by themselves."""
    with EmbeddedPostgres(folder) as endpoint:
        found = asyncio.run(_hashed(endpoint.owner_url))
    assert len(found) > 40
    return {name: said for name, said in found.items() if name not in OF_A_RUN}


async def _hashed(url: str) -> dict[str, str]:
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        rows = "count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
        return {name: await connection.fetchval(f"SELECT {rows} FROM {name} t") for (name,) in found}
    finally:
        await connection.close()

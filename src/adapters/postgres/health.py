"""How a PostgreSQL server and our database on it are set up, for whoever looks for what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from .reading import Reading

_NOT_LIKE = "('pg_catalog', 'information_schema')"
_STATE = f"""
SELECT current_user AS role,
    (SELECT bool_or(tableowner = current_user) FROM pg_tables WHERE schemaname = 'public')
        OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS owns,
    ARRAY(SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'
        AND NOT has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'SELECT') ORDER BY 1)
        AS unreadable,
    ARRAY(SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        JOIN pg_namespace spaces ON spaces.oid = relnamespace
        WHERE NOT indisvalid AND nspname NOT IN {_NOT_LIKE} ORDER BY 1) AS invalid,
    ARRAY(SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')
        AND setting = 'off' ORDER BY 1) AS unsafe,
    pg_is_in_recovery() OR EXISTS (SELECT FROM pg_db_role_setting
        WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
        AND setrole IN (0, current_user::regrole) AND 'default_transaction_read_only=on' = ANY (setconfig))
        AS read_only,
    current_setting('autovacuum') = 'off' AS no_vacuum,
    (SELECT age(datfrozenxid) FROM pg_database WHERE datname = current_database()) AS transaction_age,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS connections
"""  # noqa: S608 - only our own words go in
_IDLE = """
SELECT pid, (extract(epoch FROM now() - xact_start) / 60)::int AS minutes FROM pg_stat_activity
WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND xact_start < now() - $1::interval
ORDER BY xact_start LIMIT 5
"""


@dataclass(frozen=True)
class ServerState:
    """What the server says of itself, of our database and of whoever asks."""

    role: str
    owns: bool
    """Whether whoever asks may do everything with the tables."""
    unreadable: Sequence[str]
    """Tables that whoever asks may not read."""
    invalid_indexes: Sequence[str]
    unsafe: Sequence[str]
    """Settings by which what was said to be kept may be lost."""
    read_only: bool
    no_vacuum: bool
    transaction_age: int
    """How many transactions are left behind; past two thousand million the server stops."""
    connections: int
    idle_in_transaction: Sequence[tuple[int, int]]
    """Processes that hold a transaction open and do nothing, with the minutes since it began."""


async def asked(reading: Reading, idle_for: timedelta = timedelta(minutes=5)) -> ServerState:
    """Return the state of this moment; raise Unavailable when it does not answer.

    ``idle_for`` is how long somebody must have held a transaction open to be named.
    """
    row = (await reading.fetch(_STATE))[0]
    idle = await reading.fetch(_IDLE, idle_for)
    return ServerState(
        row["role"],
        bool(row["owns"]),
        row["unreadable"],
        row["invalid"],
        row["unsafe"],
        bool(row["read_only"]),
        bool(row["no_vacuum"]),
        int(row["transaction_age"]),
        int(row["connections"]),
        [(one["pid"], one["minutes"]) for one in idle],
    )

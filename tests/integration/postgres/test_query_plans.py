"""No statement that the API sends reads a large table from end to end."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import pytest
from bad_requests import ROWS, filled
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from real_ports import RealPorts, real_ports
from records import Record, a_record
from sqlalchemy import ARRAY, Boolean, Column, Date, DateTime, Integer, LargeBinary, Table, Text, Time, Uuid, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine

import servers
from higherstudy.adapters.bundled.catalogue import bundled_texts
from higherstudy.adapters.icalendar.feed import feed
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.reading import Reading
from higherstudy.adapters.postgres.schema import metadata
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import SigningKey
from higherstudy.adapters.workbooks.catalogue_toml import CatalogueToml
from higherstudy.adapters.workbooks.choosing import source_of
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.entrypoints.http.app import create_app
from higherstudy.entrypoints.http.assembling import Given
from higherstudy.entrypoints.http.limits import Rates
from higherstudy.entrypoints.parts.checks import Checks
from higherstudy.entrypoints.wiring.containers.every import use_cases_over

MANY = 20_000
SMALL = {
    "editions",  # one row a catalogue
    "institutions",  # some thousands; a search reads the names of all
    "campuses",
    "programmes",  # tens of thousands; a search reads all names, which takes milliseconds
    "imports",  # one row an import
    "requirements",  # one row for each that is distinct; a snapshot reads them all, once for each edition
    "schedules",
    "rule_packs",  # one row a version of a pack that was taken in
    "rule_editions",  # one row a change of what is in force
    "impacts",  # one row a report
    "price_lists",  # one row a change of prices
    "ledger_sums",  # one row an account
    "paper_numbers",  # one row a series and year
}
LARGE = metadata.tables.keys() - SMALL
# What a row must say to be one of the many that are over and done with.
SAID = {
    ("jobs", "status"): "'done'",
    ("uploads", "state"): "'accepted'",
    ("outbox", "passed_on_at"): "now()",
    ("accounts", "roles"): "'{student}'",
    ("applications", "state"): "'draft'",
    ("overrides", "standing"): "'met'",
    ("tasks", "state"): "'done'",
    ("tasks", "closed_at"): "now()",
    ("exports", "state"): "'removed'",
    ("deliveries", "channel"): "'email'",
    ("deliveries", "state"): "'delivered'",
    ("ways", "channel"): "'email'",
    ("reports", "state"): "'withdrawn'",
    ("orders", "state"): "'refunded'",
    ("payment_attempts", "state"): "'closed'",
    ("payment_notices", "settled_at"): "now()",
    ("payment_differences", "gone_at"): "now()",
    ("refunds", "state"): "'done'",
    ("erasures", "state"): "'cancelled'",
    ("erasures", "because"): "'asked'",
    ("consents", "said"): "'given'",
}
# What the others say, by their type; {name} is the column's.
VALUES: tuple[tuple[type[Any], str], ...] = (
    (Uuid, "md5('{name}' || n)::uuid"),
    (ARRAY, "'{{}}'"),
    (JSONB, "'{{}}'"),
    (DateTime, "now() - n * interval '1 second'"),
    (Date, "current_date"),
    (Time, "'08:00'"),
    (LargeBinary, "''"),
    (Boolean, "false"),
    (Integer, "1"),
    (Text, "'{name}' || n"),
)
WHO = {"email": "student@example.org", "password": "seven quiet rivers at dawn", "name": "Sample Student"}
WITH_A_PLAN = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass
class Heard:
    """The statements that were sent, each once with the values of its first time, and the routes that were asked."""

    statements: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    routes: set[tuple[str, str]] = field(default_factory=set)

    def note(self, statement: str, values: Any) -> None:
        if statement.lstrip().upper().startswith(WITH_A_PLAN):
            self.statements.setdefault(statement, tuple(values or ()))

    def follow(self, engine: AsyncEngine) -> None:
        """Hear what goes through SQLAlchemy, and what goes past it to the driver."""

        @event.listens_for(engine.sync_engine, "before_cursor_execute")
        def sent(_c: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
            self.note(statement, values[0] if many else values)

        @event.listens_for(engine.sync_engine, "connect")
        def connected(connection: Any, _record: Any) -> None:
            connection.driver_connection.add_query_logger(self.from_driver)

    def from_driver(self, query: Any) -> None:
        self.note(query.query, query.args)

    def answered(self, method: str, route: str, status: int, seconds: float, request_id: str) -> None:
        self.routes.add((method, route))


class HeardReading(Reading):
    """Lets its statements be heard too."""

    heard: Heard

    async def _connected(self) -> "asyncpg.Connection[Any]":
        connection = await super()._connected()
        connection.add_query_logger(self.heard.from_driver)
        return connection


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def reading(database_url: str) -> AsyncIterator[HeardReading]:
    reading = HeardReading(database_url)
    reading.heard = Heard()
    yield reading
    await reading.close()


async def test_no_operation_reads_a_large_table_from_end_to_end(
    engine: AsyncEngine, reading: HeardReading, postgres: servers.Cluster, database: servers.Database, tmp_path: Path
) -> None:
    heard = reading.heard
    async with (
        real_ports(engine, tmp_path, reading) as real,
        _client(app := await _application(real, heard, tmp_path)) as client,
    ):
        operations = _operations(app)
        await _fill(postgres, database)
        heard.follow(engine)
        await engine.dispose()  # so that connections are made anew, and heard
        record = await _signed_in(client)
        for _, method, path, request, _, _ in ROWS:
            body = {"json": filled(request["json"], record)} if "json" in request else {}
            await client.request(method, filled(path, record), **{**request, **body})
        await _ask_all(client, operations, record)

    not_asked = {(method, path) for method, path in operations} - heard.routes
    assert not_asked == set()
    assert len(heard.statements) > 40
    assert await _reading_all(engine, heard) == {}


def _client(app: Any) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://server")


async def _application(real: RealPorts, heard: Heard, home: Path) -> Any:
    """Return the application over a database with the catalogue."""
    use_cases = use_cases_over(real.ports)
    account = await use_cases.register()("keeper@example.org", "twelve slow boats at noon")
    for name, text in bundled_texts():
        (home / name).write_text(text, encoding="utf-8")
        await use_cases.import_catalogue()(Asker(account.id, frozenset({Role.ADMIN})), CatalogueToml(home / name))
    tokens = JwtTokens(SigningKey(Ed25519PrivateKey.generate()), real.ports.clock)
    checks, rates = Checks({}), Rates(sign_ins=10_000, requests=100_000)
    return create_app(
        Given(real.ports, tokens, real.files, source_of, feed, checks, rates=rates, answered=heard.answered)
    )


def _operations(app: Any) -> list[tuple[str, str]]:
    paths = app.app.openapi_schema.to_schema()["paths"]
    return [(method.upper(), path) for path, item in paths.items() for method in item if method in _METHODS]


_METHODS = {"get", "post", "put", "patch", "delete"}


async def _signed_in(client: httpx2.AsyncClient) -> Record:
    await client.post("/v1/accounts", json=WHO, headers={"Idempotency-Key": "1"})
    session = await client.post("/v1/sessions", json={name: WHO[name] for name in ("email", "password")})
    client.headers["Authorization"] = f"Bearer {session.json()['access_token']}"
    return await a_record(client)


async def _ask_all(client: httpx2.AsyncClient, operations: list[tuple[str, str]], record: Record) -> None:
    """Ask for everything there is, with what the student has made."""
    ids = {
        "student_id": "me",
        "plan_id": record.plan,
        "document_id": record.document,
        "application_id": record.application,
        "programme_id": record.programme,
        "number": "1",
        "key": "winter",
    }
    for method, path in operations:
        for name in [part.partition("}")[0] for part in path.split("{")[1:]]:
            path = path.replace("{" + name + "}", ids.get(name, record.programme))  # noqa: PLW2901
        headers = {"If-Match": '"1"', "Idempotency-Key": "again"}
        await client.request(method, path, headers=headers, json=None if method == "GET" else {})


async def _fill(postgres: servers.Cluster, database: servers.Database) -> None:
    """Put many rows that nobody asks for into each table that grows with the students."""
    connection = await _as_admin(postgres, database)
    await connection.execute("SET session_replication_role = replica")  # the rows belong together with no others
    for name in sorted(LARGE):
        table = metadata.tables[name]
        columns = [column for column in table.columns if column.identity is None and _is_filled(table, column)]
        names, values = (
            ", ".join(f'"{column.name}"' for column in columns),
            ", ".join(_value(table, c) for c in columns),
        )
        await connection.execute(
            f"INSERT INTO {name} ({names}) SELECT {values} FROM generate_series(1, {MANY}) AS n ON CONFLICT DO NOTHING"
        )
    await connection.execute("ANALYZE")
    await connection.close()


def _is_filled(table: Table, column: Column[Any]) -> bool:
    return not column.nullable or (table.name, column.name) in SAID


def _value(table: Table, column: Column[Any]) -> str:
    if said := SAID.get((table.name, column.name)):
        return said
    for kind, value in VALUES:
        if isinstance(column.type, kind):
            return value.format(name=column.name)
    return "n"


async def _reading_all(engine: AsyncEngine, heard: Heard) -> dict[str, str]:
    """Return the statements that read a large table from end to end, each with the table."""
    found = {}
    async with engine.connect() as connection:
        pooled: Any = await connection.get_raw_connection()
        driver: asyncpg.Connection[Any] = pooled.driver_connection
        for statement, values in tuple(heard.statements.items()):
            answer = await driver.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *values)
            plan = json.loads(answer) if isinstance(answer, str) else answer
            for table in _read_whole(plan[0]["Plan"]):
                found[statement] = table
    return found


def _read_whole(node: dict[str, Any]) -> list[str]:
    here = [node["Relation Name"]] if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE else []
    return here + [table for below in node.get("Plans", ()) for table in _read_whole(below)]


async def _as_admin(postgres: servers.Cluster, database: servers.Database) -> "asyncpg.Connection[Any]":
    start, _, rest = postgres.admin_url.partition("?")
    url = start.rpartition("/")[0] + f"/{database.name}" + (f"?{rest}" if rest else "")
    return await asyncpg.connect(url)

"""From the start of the process to its first answer, and its memory at rest, beside a bare Litestar's."""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import asyncpg

from benchmarks.api import free_port, named, running
from benchmarks.results import Result
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres
from higherstudy.adapters.memory.common_passwords import MemoryCommonPasswords
from higherstudy.adapters.memory.passwords import MemoryPasswords
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.migrate import upgrade
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.clock import SystemClock
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import signing_key
from higherstudy.domain.identity.session import Lasting
from higherstudy.domain.identity.use_cases.accounts import Register, asker_of
from higherstudy.domain.identity.use_cases.sessions import BeginSession

PAIRS = int(os.environ.get("BENCH_PAIRS", "7"))
AT_REST = 2.0
_LIST, _PROFILE = "/v1/students/me/applications", "/v1/students/me/profile"
_EMAIL, _PASSWORD = "student@example.org", "seven quiet rivers at dawn"


def measure() -> Iterator[Result]:
    """Yield ratios to a bare Litestar's time to its first answer, the database running, and the megabytes at rest.

    Ours has answered when a student has got a list of hers: token, account and rows were looked at. What needs a unit
    of work has to wait for SQLAlchemy, which is loaded after the first answer, so that is measured too.
    """
    with _database() as url, tempfile.TemporaryDirectory(prefix="higherstudy-bench-") as folder:
        home = Path(folder)
        _ours(home, url, "/health/live", "")  # what is compiled and made once only
        _bare(home)
        token = asyncio.run(_student(home, url))
        runs = [(_ours(home, url, _LIST, token), _ours(home, url, _PROFILE, token), _bare(home)) for _ in range(PAIRS)]
        memory = _megabytes(home, url)
    for which, name, limit in ((0, "start to the first list", 1.15), (1, "start to the first unit of work", 1.75)):
        ratio = statistics.median(run[which] / run[2] for run in runs)
        ours, bare = (statistics.median(run[at] for run in runs) for at in (which, 2))
        detail = f"{ours:.2f} against {bare:.2f} seconds, {PAIRS} pairs"
        yield Result(f"{name}: times a bare first answer", ratio, limit, detail)
    yield Result("an API process at rest: megabytes", memory, 100.0)


async def _student(home: Path, url: str) -> str:
    """Return the token of a new student, signed with the key that the first start has made."""
    engine, ids = create_engine(url), SystemIds()
    transactions = PostgresTransactions(engine, ids)
    registered = await Register(transactions, ids, MemoryPasswords(), MemoryCommonPasswords())(_EMAIL, _PASSWORD)
    session = await BeginSession(transactions, ids, Lasting())(registered)
    await engine.dispose()
    tokens = JwtTokens(signing_key(home / "home" / "keys" / "tokens.pem"), SystemClock())
    return tokens.issue(asker_of(registered, session_id=session.id), timedelta(hours=1))


def _command() -> list[str]:
    return [sys.executable, "-m", "higherstudy.entrypoints.cli", "serve"]


def _settings(home: Path, url: str, port: int) -> dict[str, str]:
    own = {"HIGHERSTUDY_HOME": str(home / "home"), "PORT": str(port), "HOST": "127.0.0.1", "DATABASE_URL": url}
    return own | {"JOBS_AT_ONCE": "0"}  # as where workers are processes of their own


def _ours(home: Path, url: str, path: str, token: str) -> float:
    port, begun = free_port(), time.perf_counter()
    with running(_command(), _settings(home, url, port), port, home / "ours.log"):
        asked = Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {token}"} if token else {})
        with urlopen(asked, timeout=30) as answer:
            answer.read()
        return time.perf_counter() - begun


def _bare(home: Path) -> float:
    port, begun = free_port(), time.perf_counter()
    with running([sys.executable, "-m", "benchmarks.cold_peer", str(port)], {}, port, home / "bare.log"):
        return time.perf_counter() - begun


def _megabytes(home: Path, url: str) -> float:
    port = free_port()
    with running(_command(), _settings(home, url, port), port, home / "ours.log") as process:
        time.sleep(AT_REST)
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


@contextmanager
def _database() -> Iterator[str]:
    if url := os.environ.get("BENCH_DATABASE_URL"):
        with _migrated(url) as there:
            yield there
        return
    with tempfile.TemporaryDirectory(prefix="higherstudy-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as endpoint, _migrated(endpoint.admin_url) as there:
            yield there


@contextmanager
def _migrated(admin_url: str) -> Iterator[str]:
    asyncio.run(_execute(admin_url, "DROP DATABASE IF EXISTS bench_cold WITH (FORCE)", "CREATE DATABASE bench_cold"))
    url = named(admin_url, "bench_cold")
    asyncio.run(upgrade(url))
    yield url
    asyncio.run(_execute(admin_url, "DROP DATABASE bench_cold WITH (FORCE)"))


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()

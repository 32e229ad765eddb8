"""From the start of the process to its first answer, and its memory at rest, beside a bare Litestar's."""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from benchmarks.api import free_port, named, running
from benchmarks.results import Result
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres
from higherstudy.adapters.postgres.migrate import upgrade

PAIRS = int(os.environ.get("BENCH_PAIRS", "7"))
AT_REST = 2.0


def measure() -> Iterator[Result]:
    """Yield the ratio of the times to the first answer, the database running, and the megabytes a little later."""
    with _database() as url, tempfile.TemporaryDirectory(prefix="higherstudy-bench-") as folder:
        home = Path(folder)
        _ours(home, url)  # what is compiled and made once only
        _bare(home)
        pairs = [(_ours(home, url), _bare(home)) for _ in range(PAIRS)]
        memory = _megabytes(home, url)
    ratio = statistics.median(ours / bare for ours, bare in pairs)
    ours, bare = (statistics.median(pair[which] for pair in pairs) for which in (0, 1))
    detail = f"{ours:.2f} against {bare:.2f} seconds, {PAIRS} pairs"
    yield Result("start to the first answer: times a bare Litestar's", ratio, 1.15, detail)
    yield Result("an API process at rest: megabytes", memory, 100.0)


def _command() -> list[str]:
    return [sys.executable, "-m", "higherstudy.entrypoints.cli", "serve"]


def _settings(home: Path, url: str, port: int) -> dict[str, str]:
    own = {"HIGHERSTUDY_HOME": str(home / "home"), "PORT": str(port), "HOST": "127.0.0.1", "DATABASE_URL": url}
    return own | {"JOBS_AT_ONCE": "0"}  # as where workers are processes of their own


def _ours(home: Path, url: str) -> float:
    port, begun = free_port(), time.perf_counter()
    with running(_command(), _settings(home, url, port), port, home / "ours.log"):
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

"""Importing the Australian register as issued, against parsing, typing and a bare COPY of the same rows."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from benchmarks.results import Absent, Result

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "cricos"
WORKBOOK = DATA / "cricos-2023-01-03.xlsx"
PAIRS = 5


def measure() -> Iterator[Result]:
    """Yield time and peak memory of a first import and of an unchanged one, as ratios to the bare peer's.

    Each run is a process of its own, so that peaks do not mix; pairs are run in turn, and the median of the ratios
    counts, since both processes of a pair meet the same load.
    """
    if not WORKBOOK.exists():
        raise Absent(f"the register's workbook is not at ../shared/data/cricos/{WORKBOOK.name}")
    with _server() as admin_url:
        pairs = [_pair(admin_url) for _ in range(PAIRS)]
    for what, label in (("first", "import of 25,687 courses"), ("again", "the same file again")):
        for measured, limit in (("seconds", 1.75), ("megabytes", 1.5)):
            ratios = [pair[what][measured] / pair["peer"][measured] for pair in pairs]
            ours, peers = (statistics.median(pair[who][measured] for pair in pairs) for who in (what, "peer"))
            detail = f"{ours:.2f} against {peers:.2f} {measured}, median of {PAIRS} pairs"
            yield Result(f"{label}: {measured} to the bare peer's", statistics.median(ratios), limit, detail)


def _pair(admin_url: str) -> dict[str, dict[str, float]]:
    with _database(admin_url) as url:
        peer = _run("benchmarks.import_peer", url)
    with _database(admin_url) as url:
        _run("benchmarks.import_ours", url, "migrate")
        first = _run("benchmarks.import_ours", url)
        again = _run("benchmarks.import_ours", url)
    return {"peer": peer, "first": first, "again": again}


def _run(module: str, *args: str) -> dict[str, float]:
    # Peers may import from the checkout as we do; recompiling on each start would be measured otherwise.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", module, str(WORKBOOK), *args]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} failed: {done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


@contextmanager
def _server() -> Iterator[str]:
    """A server for this run, as durable as one in use: without that a bare COPY and an import cost differently."""
    from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres  # noqa: PLC0415  only when measured

    if url := os.environ.get("BENCH_DATABASE_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="higherstudy-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as endpoint:
            yield endpoint.admin_url


@contextmanager
def _database(admin_url: str) -> Iterator[str]:
    name = "bench_import"
    asyncio.run(_execute(admin_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}"))
    start, _, rest = admin_url.partition("?")
    yield start.rpartition("/")[0] + f"/{name}" + (f"?{rest}" if rest else "")
    asyncio.run(_execute(admin_url, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()

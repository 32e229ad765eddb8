"""How long until the server answers: from a fresh clone, from an empty folder, and again, beside a bare PostgreSQL."""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.results import Absent, Result
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres

ROUNDS = 3
ROOT = Path(__file__).parent.parent


def measure() -> Iterator[Result]:
    """Yield the seconds until /health/ready answers, and the ratio of a start to the bare database's."""
    with tempfile.TemporaryDirectory(prefix="higherstudy-start-", ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        work.chmod(0o755)
        serve = [sys.executable, "-m", "higherstudy.entrypoints.cli", "serve"]
        empty = [_until_ready(serve, ROOT, work / f"empty-{n}") for n in range(ROUNDS)]
        again = [_until_ready(serve, ROOT, work / "empty-0") for _ in range(ROUNDS)]
        bare = [_bare_start(work / "empty-0" / "postgres") for _ in range(ROUNDS)]
        yield Result("start with an empty folder: seconds", statistics.median(empty), 5.0, f"median of {ROUNDS}")
        yield Result("start again: seconds", statistics.median(again), 5.0, f"median of {ROUNDS}")
        ratio = statistics.median(again) / statistics.median(bare)
        detail = f"{statistics.median(again):.2f} against {statistics.median(bare):.2f} seconds"
        yield Result("the same: times a bare start of the database", ratio, 40.0, detail)
        yield Result("make run from a fresh clone: seconds", _from_nothing(work), 60.0, "with the caches as they are")


def _from_nothing(work: Path) -> float:
    if shutil.which("make") is None or not (ROOT / ".git").exists():
        raise Absent("a start from nothing needs make and a git checkout")
    clone = work / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    return _until_ready(["make", "run"], clone, work / "clone-home")


def _until_ready(command: list[str], folder: Path, home: Path) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"HIGHERSTUDY_HOME": str(home), "PORT": str(port), "HOST": "127.0.0.1"}
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=kept | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _is_ready(port):
            if process.poll() is not None or time.perf_counter() - begun > 120:
                raise RuntimeError(f"{' '.join(command)} did not become ready")
            time.sleep(0.02)
        return time.perf_counter() - begun
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _bare_start(folder: Path) -> float:
    begun = time.perf_counter()
    with EmbeddedPostgres(folder):
        return time.perf_counter() - begun

"""The processes of the system as their users start them: told by settings, watched by health, ended in any way."""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from servers.programs import LOCAL, Program, free_port

CLI = (sys.executable, "-m", "higherstudy.entrypoints.cli")
PATIENCE = 30


@dataclass
class Process:
    """One process of ours; ``kill``, ``freeze``, ``thaw`` and ``stop`` are those of its program."""

    name: str
    program: Program
    log: Path
    address: str
    """Where it answers /health/live and /health/ready; of ``serve``, where the API is."""

    def ready(self) -> dict[str, Any]:
        """Return what it says of its parts; nothing where it does not answer."""
        return _asked(f"{self.address}/health/ready")

    def lives(self) -> bool:
        """Whether it answers at all."""
        return bool(_asked(f"{self.address}/health/live"))

    def client(self, token: str = "") -> httpx2.AsyncClient:
        """Return a client of its API, signed in where a token is given."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.AsyncClient(base_url=self.address, timeout=PATIENCE, headers=headers)

    def start(self) -> None:
        """Start it (again) and come back once it answers."""
        self.program.start()

    def kill(self) -> None:
        """End it without a warning (kill -9)."""
        self.program.kill()

    def stop(self) -> None:
        """Ask it to end (SIGTERM), and wait for that."""
        self.program.stop()

    def freeze(self) -> None:
        """Let it stand still with all that it holds (SIGSTOP)."""
        self.program.freeze()

    def thaw(self) -> None:
        """Let it go on (SIGCONT)."""
        self.program.thaw()


@dataclass
class Processes:
    """The processes of one test: they share a home below ``folder`` and these settings, and each has a log."""

    folder: Path
    settings: dict[str, str]
    started: list[Process] = field(default_factory=list)

    @property
    def home(self) -> Path:
        """The folder that they keep keys, files and mail in."""
        return self.folder / "home"

    def serve(self, name: str = "serve", *, through: Sequence[str] = (), **settings: str) -> Process:
        """Start the API; it runs no jobs unless JOBS_AT_ONCE says so. ``through``: a program that starts it."""
        port = str(free_port())
        return self._start(name, [*through, *CLI, "serve"], port, {"JOBS_AT_ONCE": "0", "PORT": port, **settings})

    def work(self, name: str = "work", **settings: str) -> Process:
        """Start a worker."""
        return self.run([*CLI, "work"], name, **settings)

    def relay(self, name: str = "relay", **settings: str) -> Process:
        """Start a relay."""
        return self.run([*CLI, "relay"], name, **settings)

    def run(self, command: Sequence[str], name: str, **settings: str) -> Process:
        """Start any program that answers for its health on HEALTH_PORT."""
        port = str(free_port())
        return self._start(name, command, port, {"HEALTH_PORT": port, **settings})

    def end(self) -> None:
        """End all of them."""
        for process in self.started:
            process.kill()

    def logs(self) -> str:
        """Return the last words of each."""
        return "\n".join(f"--- {one.name}\n{one.log.read_text(errors='replace')[-4000:]}" for one in self.started)

    def _start(self, name: str, command: Sequence[str], port: str, settings: Mapping[str, str]) -> Process:
        log = self.folder / f"{name}.log"
        own = {"HIGHERSTUDY_HOME": str(self.home), "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
        address = f"http://{LOCAL}:{port}"
        program = Program(
            command,
            log,
            lambda: bool(_asked(f"{address}/health/live")),
            more={**own, **self.settings, **settings},
        )
        process = Process(name, program, log, address)
        self.started.append(process)
        process.start()
        return process


@contextmanager
def processes(folder: Path, settings: Mapping[str, str]) -> Iterator[Processes]:
    """Give a place to start processes in, and end them at the end of the block."""
    own = Processes(folder, dict(settings))
    try:
        yield own
    finally:
        own.end()


def under_another_clock(offset: str) -> dict[str, str]:
    """Return the environment under which a process has its clock that much off, such as ``+10m``; nothing elsewhere.

    Only the time of day is moved: what is measured from one moment to another stays right, as on a real machine.
    """
    return _under_libfaketime({"FAKETIME": offset})


@dataclass(frozen=True)
class SteppingClock:
    """A clock of some processes that is put forward or back while they run; it is right at first."""

    file: Path

    def __post_init__(self) -> None:
        self.step("+0")

    def step(self, offset: str) -> None:
        """Let it be that much off from now on, such as ``-10m``."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{offset}\n", encoding="ascii")
        new.replace(self.file)

    def settings(self) -> dict[str, str]:
        """Return the environment under which a process goes by this clock; nothing where that cannot be had."""
        return _under_libfaketime({"FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_CACHE_DURATION": "1"})


def _under_libfaketime(told: Mapping[str, str]) -> dict[str, str]:
    import importlib.util

    package = importlib.util.find_spec("libfaketime")
    if package is None or package.origin is None or not sys.platform.startswith("linux"):
        return {}
    library = Path(package.origin).parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"
    preload = os.pathsep.join(filter(None, (str(library), os.environ.get("LD_PRELOAD", ""))))
    # Its mending of waits by the monotonic clock makes them end at once, so that threads only hand the GIL to and fro.
    monotonic = {"DONT_FAKE_MONOTONIC": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "0"}
    return {"LD_PRELOAD": preload, **monotonic, **told}


def _asked(url: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return dict(json.loads(answer.read()))
    except urllib.error.HTTPError as error:
        with error:
            return dict(json.loads(error.read() or b"{}"))
    except (OSError, ValueError):
        return {}

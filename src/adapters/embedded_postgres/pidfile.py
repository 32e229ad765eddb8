"""What PostgreSQL writes into ``postmaster.pid``, and what to do with one that a crash left behind."""

import os
from dataclasses import dataclass
from pathlib import Path

from .errors import CannotStart


@dataclass(frozen=True)
class Running:
    """The server as its file tells: process, port, and whether it takes connections."""

    pid: int
    port: int
    ready: bool


def running_in(data: Path) -> Running | None:
    """Return what the file says, if it is whole and its process lives."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    if len(lines) < 8 or not _lives(int(lines[0])):
        return None
    return Running(pid=int(lines[0]), port=int(lines[3]), ready=lines[7].strip() == "ready")


def clear_stale(data: Path) -> None:
    """Remove the file of a server that is gone.

    After a restart of the machine its number may belong to any other process, and PostgreSQL would then refuse to
    start. Called only by whom holds the server's lock. Raises CannotStart when somebody else runs a server on the data.
    """
    path = data / "postmaster.pid"
    try:
        pid = int(path.read_text().split("\n", 1)[0])
    except FileNotFoundError:
        return
    except ValueError:
        pid = 0
    if pid and _lives(pid) and _works_in(pid, data):
        raise CannotStart(f"Process {pid} runs a PostgreSQL on {data} that we did not start: stop it first.")
    path.unlink()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _works_in(pid: int, data: Path) -> bool:
    """Say whether the process works inside the data folder, as PostgreSQL always does."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(data)
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # a system that does not tell: believe the file
    except OSError:
        return False  # somebody else's process: it could not have opened our data

"""The whole server as a process of its own, as its users have it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2

CLI = (sys.executable, "-m", "higherstudy.entrypoints.cli")
PATIENCE = 60
_LAST_WORD = re.compile(r" sign-in --server (\S+)")


def environment(home: Path, config: Path | None = None) -> dict[str, str]:
    """Return the environment of a process that keeps everything under these folders."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HIGHERSTUDY")}
    own = {"HIGHERSTUDY_HOME": str(home), "XDG_CONFIG_HOME": str(config or home / "config")}
    return {**kept, **own, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}


@dataclass(frozen=True)
class Serving:
    """A server that runs: its address, its folder, what it printed first, and its process."""

    address: str
    home: Path
    printed: str
    process: subprocess.Popen[str]

    def client(self, token: str = "") -> httpx2.Client:
        """Return a client of it, signed in where a token is given."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.Client(base_url=self.address, timeout=PATIENCE, headers=headers)

    def password_of(self, who: str) -> str:
        """Return the password of a sample account."""
        return str(json.loads((self.home / "sample-accounts.json").read_text(encoding="utf-8"))[who]["password"])

    @property
    def runs(self) -> bool:
        """Whether the process has not ended."""
        return self.process.poll() is None

    def kill(self) -> None:
        """End it without a warning."""
        self.process.kill()
        self.process.communicate(timeout=PATIENCE)

    def stop(self) -> tuple[int, str]:
        """Ask it to end, and return its exit code and what it printed at last."""
        self.process.send_signal(signal.SIGTERM)
        rest, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, rest


def start(home: Path, *, cli: Sequence[str] = CLI, more: Mapping[str, str] | None = None) -> Serving:
    """Return a server that is ready on a free port; its log goes beside its folder. ``more``: of its environment."""
    with (home.parent / f"{home.name}.log").open("ab") as log:
        process = subprocess.Popen(
            [*cli, "serve", "--port", "0"],
            env={**environment(home), **(more or {})},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        if found := _LAST_WORD.search(line):
            return Serving(found[1], home, printed, process)
    raise AssertionError(f"the server ended with {process.wait()}:\n{printed}")

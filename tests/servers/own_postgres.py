"""A PostgreSQL of a test's own, to be stopped hard and started again."""

import os
import shutil
import signal
import tempfile
from pathlib import Path

from higherstudy.adapters.embedded_postgres import locks
from higherstudy.adapters.embedded_postgres.pidfile import running_in
from higherstudy.adapters.embedded_postgres.server import EmbeddedPostgres

from .postgresql import FOR_TESTS, Cluster

# What was committed must be there after a kill of the server; a loss of power is not tried, so fsync may stay off.
KEEPS_COMMITS = {**FOR_TESTS, "synchronous_commit": "on"}
PATIENCE = 20.0


class OwnPostgres:
    """A server whose commits outlive its processes; each start takes a new port, so reach it through a Proxy."""

    def __init__(self) -> None:
        """Take a folder; nothing is started yet."""
        self._parent = Path(tempfile.mkdtemp(prefix="higherstudy-postgres-"))
        self._folder = self._parent / "postgres"
        self._server = EmbeddedPostgres(self._folder, durable=False, settings=KEEPS_COMMITS)

    def start(self) -> Cluster:
        """Start it, and return how to reach it now; after a hard stop it first recovers from its log."""
        endpoint = self._server.start()
        return Cluster(endpoint.admin_url, endpoint.passwords, "own")

    def kill(self) -> None:
        """End the server without a warning (kill -9); its other processes notice by themselves."""
        self._end(signal.SIGKILL)

    def stop_at_once(self) -> None:
        """Stop as `pg_ctl stop -m immediate` does: every process ends where it stands."""
        self._end(signal.SIGQUIT)

    def close(self) -> None:
        """Stop it and remove its data."""
        self._server.stop()
        shutil.rmtree(self._parent, ignore_errors=True)

    def _end(self, number: signal.Signals) -> None:
        running = running_in(self._folder / "data")
        assert running is not None, "the server does not run"
        os.kill(running.pid, number)
        ended = locks.waited_for(lambda: locks.is_free(self._folder / "server.lock"), PATIENCE)
        assert ended, "the server's processes have not ended"
        self._server.stop()

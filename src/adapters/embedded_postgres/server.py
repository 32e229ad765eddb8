"""Start the embedded server or join the one that runs, and leave it so that the last one out stops it."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from . import cluster, keeper, locks, programs
from .endpoint import Endpoint
from .errors import CannotStart
from .pidfile import Running, clear_stale, running_in
from .programs import Programs

PATIENCE = 60.0  # seconds for a start, a recovery or an orderly stop
TAKEN = "Address already in use"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "jit": "off",
}
# What a crash would lose does not matter to a test.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """One use of the server whose data is in ``folder``; ``with`` or ``async with`` gives its Endpoint.

    Several processes may use the same folder: the first starts the server, the others join, the last stops it. A
    process that dies without leaving counts as gone. ``durable=False`` (tests only) trades safety for speed and
    ``settings`` are further PostgreSQL settings; both count only for the process that starts the server.
    """

    def __init__(
        self,
        folder: Path,
        *,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
        found: Sequence[Programs] | None = None,
    ) -> None:
        """Take ``folder`` (made when absent) as the home of data, log and passwords; ``found``: programs to use."""
        self._folder = folder.absolute()
        self._data = self._folder / "data"
        self._durable = durable
        self._settings = SETTINGS | ({} if durable else FORGETFUL) | dict(settings or {})
        self._found = found
        self._users: int | None = None
        self._port: int | None = None

    def start(self) -> Endpoint:
        """Return where the server listens, once it answers. Raises CannotStart with what to do about it."""
        if self._users is not None:
            raise CannotStart("This embedded server is in use already: make another EmbeddedPostgres to join it.")
        try:
            # as root others may pass through, so that the server's account can reach its data under an open home
            self._folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            with locks.held(self._folder / "start.lock", PATIENCE) as alone:
                if not alone:
                    raise CannotStart(f"Another process has been starting the server in {self._folder} for too long.")
                return self._join()
        except PermissionError as error:
            raise CannotStart(
                f"{error.filename or self._folder} belongs to somebody else: run as the user who made it, or set "
                "HIGHERSTUDY_HOME to a folder of your own."
            ) from error

    def stop(self) -> None:
        """Leave the server; the last one to leave stops it and waits until it has ended."""
        if self._users is None:
            return
        fd, self._users = self._users, None
        locks.release(fd)
        try:
            if locks.try_alone(fd):
                self._shut_down()
            elif not locks.try_together(fd):  # the keeper was quicker and is stopping it
                self._wait_for_the_end()
        finally:
            os.close(fd)

    def revive(self) -> bool:
        """Start the server again where it has ended although we use it, and return whether it had.

        It comes back at the address that we know. Raises CannotStart when it does not.
        """
        if self._users is None or not self._ended():
            return False
        with locks.held(self._folder / "start.lock", PATIENCE) as alone:
            if not alone:
                raise CannotStart(f"Another process has been starting the server in {self._folder} for too long.")
            port, endpoint = self._port, self._running_or_started()
        if endpoint.port != port:  # somebody else listens there by now
            raise CannotStart(f"PostgreSQL had ended, and runs at another port now; see {self._log}. Start again.")
        return True

    def __enter__(self) -> Endpoint:
        """Start or join."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave."""
        self.stop()

    async def __aenter__(self) -> Endpoint:
        """Start or join, without blocking the loop."""
        return await asyncio.to_thread(self.start)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave, without blocking the loop."""
        await asyncio.to_thread(self.stop)

    def _join(self) -> Endpoint:
        users = locks.open_lock(self._folder / "users.lock")
        try:
            if not locks.waited_for(lambda: locks.try_together(users), PATIENCE):
                raise CannotStart(f"The server in {self._folder} has been stopping for too long.")
            endpoint = self._running_or_started()
        except BaseException:
            os.close(users)
            raise
        self._users, self._port = users, endpoint.port
        return endpoint

    def _running_or_started(self) -> Endpoint:
        end = time.monotonic() + PATIENCE
        attempts = 0
        while time.monotonic() < end:
            server_lock = locks.open_lock(self._folder / "server.lock")
            try:
                free = locks.try_alone(server_lock)
                if free:
                    self._start_with(server_lock)
                    attempts += 1
            finally:
                os.close(server_lock)  # a server that has started holds the lock from here on
            running = self._answer() if free else running_in(self._data)
            if running is not None and running.ready:
                return self._endpoint(running)
            if free and (attempts == 3 or TAKEN not in self._last_words()):
                raise CannotStart(f"PostgreSQL did not start; {self._log} ends with:\n{self._last_words()}")
            time.sleep(locks.PAUSE)  # the last processes of a server that was killed may still be on their way out
        raise CannotStart(f"The server in {self._folder} runs but does not get ready; see {self._log}.")

    def _start_with(self, server_lock: int) -> None:
        """Make the data folder if there is none, and start the server on it."""
        account = programs.account_for(self._data)
        found = programs.installed() if self._found is None else list(self._found)
        chosen = programs.choose(found, self._data, cluster.major_of(self._data))
        chosen = programs.runnable(chosen, account)
        passwords = cluster.passwords_in(self._folder)
        if not self._data.exists():
            cluster.create(self._data, chosen, account, passwords, durable=self._durable)
        clear_stale(self._data)
        self._launch(chosen, account, server_lock)

    def _launch(self, chosen: Programs, account: programs.Account | None, server_lock: int) -> None:
        """Start the keeper, which starts the server."""
        self._begin_log()
        with self._log.open("ab") as log, cluster.opened(self._data, account) as data:
            settings = self._settings | {"port": str(self._port or _free_port())}
            command = [str(chosen.bin / "postgres"), "-D", data.name]
            command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
            fds = [server_lock, *data.fds]
            order = {
                "command": command,
                "environment": programs.ENVIRONMENT,
                "fds": fds,
                "run_as": programs.run_as(account),
                "users": str(self._folder / "users.lock"),
            }
            subprocess.run(
                [sys.executable, "-I", "-S", keeper.__file__, json.dumps(order)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=fds,
                start_new_session=True,  # Ctrl-C is for us; the server ends after us
                check=True,
            )

    def _answer(self) -> Running | None:
        """Return the server once it takes connections; None when it ended instead."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            running = running_in(self._data)
            if running is not None and running.ready:
                return running
            if running is None and self._ended():
                return None
            time.sleep(locks.PAUSE)
        raise CannotStart(f"PostgreSQL started but does not get ready; see {self._log}.")

    def _shut_down(self) -> None:
        running = running_in(self._data)
        if running is not None:
            _send(running.pid, signal.SIGINT)
        self._wait_for_the_end()

    def _wait_for_the_end(self) -> None:
        if locks.waited_for(self._ended, PATIENCE):
            return
        running = running_in(self._data)
        if running is not None:  # the next start recovers from the log
            _send(running.pid, signal.SIGQUIT)

    def _ended(self) -> bool:
        return locks.is_free(self._folder / "server.lock")

    def _endpoint(self, running: Running) -> Endpoint:
        version = (self._data / "PG_VERSION").read_text().strip()
        return Endpoint(running.port, version, cluster.passwords_in(self._folder))

    def _begin_log(self) -> None:
        """Start the log of this run; the one of the run before is kept beside it."""
        if self._log.exists():
            self._log.replace(self._log.with_suffix(".log.before"))
        self._log.touch(mode=0o600)

    def _last_words(self) -> str:
        return self._log.read_bytes()[-2000:].decode(errors="replace")

    @property
    def _log(self) -> Path:
        return self._folder / "server.log"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return

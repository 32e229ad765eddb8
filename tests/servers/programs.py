"""Programs that run beside the tests: free ports, starting, waiting until they answer, ending."""

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PATIENCE = 60.0  # seconds for a start or an orderly end
PAUSE = 0.02
LOCAL = "127.0.0.1"


class Program:
    """One program of ours with its log; it can be started again after its end, with the same command."""

    def __init__(
        self, command: Sequence[str], log: Path, answers: Callable[[], bool], *, more: Mapping[str, str] | None = None
    ) -> None:
        """Take the command, where its output goes, how to see that it is ready, and further environment variables."""
        self._command = list(command)
        self._log = log
        self._answers = answers
        self._environment = os.environ | dict(more or {})
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The id of the process that runs."""
        assert self._process is not None, "it has not been started"
        return self._process.pid

    def start(self) -> None:
        """Start it and come back once it answers; raise AssertionError with its last words when it does not."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,  # Ctrl-C is for the tests, which end it themselves
            )
        try:
            self._wait_until_it_answers(self._process)
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """End it without a warning (kill -9)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and kill it when it does not."""
        self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """Let it stand still: it keeps its connections and answers nobody."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + PATIENCE
        while not self._answers():
            if process.poll() is not None:
                raise AssertionError(f"{self._command[0]} ended with {process.returncode}:\n{self._last_words()}")
            if time.monotonic() > end:
                raise AssertionError(f"{self._command[0]} does not answer:\n{self._last_words()}")
            time.sleep(PAUSE)

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(number)
        process.send_signal(signal.SIGCONT)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)

    def _last_words(self) -> str:
        return self._log.read_bytes()[-3000:].decode(errors="replace")


_given_out: set[int] = set()


def free_port() -> int:
    """Return a port on which nobody listens at the moment, and that nobody here was given before: whoever was may not
    listen yet."""
    while True:
        with socket.socket() as probe:
            probe.bind((LOCAL, 0))
            port = int(probe.getsockname()[1])
        if port not in _given_out:
            _given_out.add(port)
            return port


def free_pairs(count: int) -> list[int]:
    """Return ports of which the one that is 10,000 higher is free too; all below those given to callers."""
    found: list[int] = []
    while len(found) < count:
        port = random.randint(14_000, 22_000)
        if port not in found and _is_free(port) and _is_free(port + 10_000):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((LOCAL, port))
        except OSError:
            return False
        return True

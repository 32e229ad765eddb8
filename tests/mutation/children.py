"""Work done in forked processes, a few at a time: what one breaks, hangs or fills up is gone with it."""

import json
import os
import resource
import signal
from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

_MOST_BYTES = 2 << 30

Tell = Callable[[Any], None]


class Children:
    """Forks this process for each piece of work, and hands on what the child told and whether it came to its end."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: dict[int, tuple[int, Callable[[list[Any], bool], None]]] = {}

    def start(self, work: Callable[[Tell], None], done: Callable[[list[Any], bool], None]) -> None:
        """Do the work in a child as soon as one may be started; what it tells has to be writable as JSON, and short."""
        while len(self._open) >= self._most:
            self.wait()
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            _be_a_child(work, writing)
        os.close(writing)
        self._open[pid] = (reading, done)

    def wait(self) -> bool:
        """Wait for one of them; return whether there was any."""
        if not self._open:
            return False
        pid, status = os.wait()
        reading, done = self._open.pop(pid)
        with os.fdopen(reading, "rb") as pipe:
            told = [json.loads(line) for line in pipe.read().splitlines()]
        done(told, status == 0)
        return True


def limit(seconds: float) -> None:
    """Let this process die by signal after so much time of the processor, or twenty times as long on the clock."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 20 * seconds)


def _tell(writing: int, said: Any) -> None:
    os.write(writing, json.dumps(said).encode() + b"\n")


def _be_a_child(work: Callable[[Tell], None], writing: int) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    try:
        work(partial(_tell, writing))
    except BaseException:  # noqa: BLE001 - whatever it is, it must not go on as a second parent
        os._exit(1)
    os._exit(0)

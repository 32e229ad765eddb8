"""File locks that the operating system lets go of when a process ends, however it ends."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE = 0.01


def open_lock(path: Path) -> int:
    """Return a descriptor to lock with; closing it releases the lock."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_alone(fd: int) -> bool:
    """Take the lock for ourselves alone if nobody holds it; say whether we have it."""
    return _try(fd, fcntl.LOCK_EX)


def try_together(fd: int) -> bool:
    """Take the lock together with others unless one holds it alone; say whether we have it."""
    return _try(fd, fcntl.LOCK_SH)


def release(fd: int) -> None:
    """Let go of the lock and keep the descriptor."""
    fcntl.flock(fd, fcntl.LOCK_UN)


def is_free(path: Path) -> bool:
    """Say whether nobody holds the lock just now."""
    fd = open_lock(path)
    try:
        return try_alone(fd)
    finally:
        os.close(fd)


def waited_for(ready: Callable[[], bool], seconds: float) -> bool:
    """Ask again and again until the answer is yes; False when ``seconds`` have passed."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(PAUSE)
    return True


@contextmanager
def held(path: Path, seconds: float) -> Iterator[bool]:
    """Hold the lock alone inside the block; yields False when others kept it for ``seconds``."""
    fd = open_lock(path)
    try:
        yield waited_for(lambda: try_alone(fd), seconds)
    finally:
        os.close(fd)


def _try(fd: int, kind: int) -> bool:
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

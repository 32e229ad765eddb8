"""How a file appears in a folder whole or not at all, also when the power goes."""

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ...ports.errors import Unavailable

_LONGEST_WAIT = 5.0  # seconds; whoever holds a folder needs milliseconds, unless it was stopped
_A_MOMENT = 0.01


@contextmanager
def new_file(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """Give a new file that only we can read, and where it is; it is gone at the end unless it was renamed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file, path
    finally:
        path.unlink(missing_ok=True)


def written(file: BinaryIO) -> None:
    """Return once everything is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def keep(file: BinaryIO, path: Path, target: Path) -> None:
    """Write everything to the disk and give the file its name; a file that has it already is replaced.

    For folders from which nothing is taken away: nobody is waited for, not even a process that stands still.
    """
    written(file)
    path.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def put_under(path: Path, target: Path) -> None:
    """Give a file that was written its name, with this moment as its time; whatever had that name is replaced.

    Raises FileNotFoundError where the file is not there.
    """
    with alone_in(target.parent) as folder:
        os.utime(path)
        path.rename(target)
        os.fsync(folder)


@contextmanager
def alone_in(folder: Path) -> Iterator[int]:
    """Give the opened folder while no other process puts anything there or takes it away.

    Raises Unavailable when somebody else holds it for too long. A process that dies lets go of it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder, os.O_RDONLY)
    try:
        end = time.monotonic() + _LONGEST_WAIT
        while not _locked(handle):
            if time.monotonic() > end:
                raise Unavailable
            time.sleep(_A_MOMENT)
        yield handle
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

"""Starting soon: nothing is loaded that nobody asked for, and what stays for good is not searched for garbage."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from types import ModuleType


@contextmanager
def building() -> Iterator[None]:
    """Build what stays as long as the process: the collector neither runs meanwhile nor looks at it ever again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


class _Hidden(MetaPathFinder):
    """Finds that these top-level modules are not installed."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Raise ModuleNotFoundError for a hidden module; leave any other to those who come after."""
        if fullname in self._names:
            raise ModuleNotFoundError(f"{fullname} is left out here", name=fullname)


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Let libraries that are loaded meanwhile find these not installed, as they are prepared to do.

    Some load whatever they know how to work with, merely because it is there.
    """
    loaded = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    hidden = _Hidden(names)
    sys.meta_path.insert(0, hidden)
    try:
        yield
    finally:
        sys.meta_path.remove(hidden)
        sys.modules.update(loaded)


@contextmanager
def loading_a_process() -> Iterator[None]:
    """Load the modules of a process that runs on and on."""
    with building():
        with without("rich"):
            import structlog.dev  # noqa: F401, PLC0415 - would draw tracebacks with it, on a terminal that is not there
        yield

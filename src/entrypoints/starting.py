"""Starting soon: nothing is loaded that nobody asked for, and what stays for good is not searched for garbage."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


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


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Let libraries that are loaded meanwhile find these not installed, as they are prepared to do.

    Some load whatever they know how to work with, merely because it is there.
    """
    hidden = {name: sys.modules.get(name) for name in names}
    sys.modules.update(dict.fromkeys(names))  # type: ignore[arg-type]  # None is Python's own mark for "not to be had"
    try:
        yield
    finally:
        for name, module in hidden.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


@contextmanager
def loading_a_process() -> Iterator[None]:
    """Load the modules of a process that runs on and on."""
    with building():
        with without("rich"):  # structlog would draw tracebacks with it, on a terminal that no process has
            import structlog.dev  # noqa: F401, PLC0415
        yield

"""Starting soon: nothing is loaded that nobody asked for, and what stays for good is not searched for garbage."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.util import find_spec, module_from_spec
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


class _Asleep(ModuleType):
    """A package that runs when it is first asked for a name of its own."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") or self.__spec__ is None or self.__spec__.loader is None:
            raise AttributeError(name)
        if find_spec(inner := f"{self.__name__}.{name}"):
            return import_module(inner)
        self.__class__ = ModuleType  # type: ignore[assignment]
        self.__spec__.loader.exec_module(self)
        return getattr(self, name)


def asleep(package: str) -> None:
    """Let a package that nobody has loaded be there without having run, so that a module in it can be had alone.

    Whoever asks the package for a name gets the whole of it then. ``sqlalchemy.ext.asyncio`` loads the
    object-relational mapper, 6 MB that nobody here maps anything with.
    """
    if package in sys.modules:
        return
    spec = find_spec(package)
    if spec is None:
        raise ModuleNotFoundError(f"{package} is not installed", name=package)
    module = module_from_spec(spec)
    module.__class__ = _Asleep
    sys.modules[package] = module
    parent, _, name = package.rpartition(".")
    if parent:
        setattr(sys.modules[parent], name, module)


@contextmanager
def loading_a_process() -> Iterator[None]:
    """Load the modules of a process that runs on and on."""
    with building():
        with without("rich"):
            import structlog.dev  # noqa: F401, PLC0415 - would draw tracebacks with it, on a terminal that is not there
        yield

"""The time zone database: the pinned one of the tzdata package, or else the machine's own."""

import importlib
from datetime import tzinfo
from functools import cache
from importlib import resources
from pathlib import Path
from types import ModuleType
from zoneinfo import TZPATH, ZoneInfo, available_timezones

from ...domain.shared.errors import Invalid, Reason


class SystemZones:
    """Knows the zones of one edition; a name is looked up in its list first, so that no other file is opened."""

    def __init__(self, *, prefer_package: bool = True) -> None:
        self._package = _tzdata() if prefer_package else None
        self._names = _names(self._package)
        self._zones: dict[str, ZoneInfo] = {}

    @property
    def version(self) -> str:
        return _machine_version() if self._package is None else str(self._package.IANA_VERSION)

    def named(self, name: str) -> tzinfo:
        if name not in self._names:
            raise Invalid(Reason("zone.unknown", {"zone": name[:60]}))
        if name not in self._zones:
            self._zones[name] = self._read(name)
        return self._zones[name]

    def _read(self, name: str) -> ZoneInfo:
        if self._package is None:
            return ZoneInfo(name)
        with resources.files(self._package).joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
            return ZoneInfo.from_file(rules, key=name)


@cache
def _tzdata() -> ModuleType | None:
    try:
        return importlib.import_module("tzdata")
    except ModuleNotFoundError:
        return None


@cache
def _names(package: ModuleType | None) -> frozenset[str]:
    if package is None:
        return frozenset(available_timezones())
    return frozenset(resources.files(package).joinpath("zones").read_text("ascii").split())


@cache
def _machine_version() -> str:
    """Return the edition that the machine's files name, or "unknown"."""
    for folder in map(Path, TZPATH):
        stated = folder / "tzdata.zi"
        if stated.is_file():
            with stated.open(encoding="ascii", errors="replace") as rules:
                words = rules.readline().split()
            return words[-1] if "version" in words else "unknown"
    return "unknown"

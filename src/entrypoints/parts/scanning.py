"""Who looks into uploads, where somebody does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...ports.scanner import Scanner
from ..settings import Settings
from .checks import Check


@dataclass(frozen=True)
class Scanning:
    """Who looks into uploads, where somebody does."""

    scanner: Scanner | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)


def scanning_of(settings: Settings) -> Scanning:
    """Return the clamd that CLAMD names, or nobody; while it is away, uploads wait and everything else works."""
    if settings.clamd is None:
        return Scanning()
    from ...adapters.clamav.scanner import ClamavScanner  # noqa: PLC0415 - only where the setting asks for it

    scanner = ClamavScanner(settings.clamd)
    return Scanning(scanner, {"scanner": Check(scanner.check, needed=False)})

"""Versions: what tells a second writer that somebody was first."""

from .errors import Conflict, Reason


def demand_version(current: int, expected: int | None) -> None:
    """Raise Conflict when the asker has seen another version than the current one; None expects nothing."""
    if expected is not None and expected != current:
        raise Conflict(Reason("version.stale", {"expected": expected, "current": current}))

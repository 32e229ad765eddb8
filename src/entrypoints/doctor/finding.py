"""What the doctor finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ...domain.shared.errors import Params, Reason


class Level(StrEnum):
    """How bad it is."""

    BROKEN = "broken"
    """Something does not work, or is about to be lost."""
    WARNING = "warning"
    """Everything works; it may not stay so."""


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong. ``doctor.<code>`` is the cause, ``doctor.<code>_mend`` what to do about it."""

    code: str
    level: Level
    params: Params = field(default_factory=dict)
    said: Reason | None = None
    """The cause in words of its own, where whoever found it has some."""

    @property
    def cause(self) -> Reason:
        """What is wrong."""
        return self.said or Reason(f"doctor.{self.code}", self.params)

    @property
    def mend(self) -> Reason:
        """What to do."""
        return Reason(f"doctor.{self.code}_mend", self.params)


def broken(code: str, **params: str | int) -> Finding:
    """Return a finding of something that does not work."""
    return Finding(code, Level.BROKEN, params)


def warning(code: str, **params: str | int) -> Finding:
    """Return a finding of something that may not stay well."""
    return Finding(code, Level.WARNING, params)

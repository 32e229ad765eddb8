"""What a measure says."""

from dataclasses import dataclass


class Absent(Exception):
    """What a measure needs is not on this machine."""


@dataclass(frozen=True)
class Result:
    """One measured ratio, or a time in seconds where the limit is a time."""

    name: str
    value: float
    limit: float
    detail: str = ""

    @property
    def holds(self) -> bool:
        """Whether the measure is within its limit."""
        return self.value <= self.limit

    def __str__(self) -> str:
        mark = "holds" if self.holds else "BROKEN"
        return f"{self.name:<48} {self.value:>8.3f}  limit {self.limit:g}  {mark}  {self.detail}".rstrip()

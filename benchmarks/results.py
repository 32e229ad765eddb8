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
    at_least: bool = False
    """Whether the limit is the least that is wanted, as of a rate, and not the most, as of a time."""

    @property
    def holds(self) -> bool:
        """Whether the measure is within its limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        mark = "holds" if self.holds else "BROKEN"
        limit = f"{'at least' if self.at_least else 'limit'} {self.limit:g}"
        return f"{self.name:<48} {self.value:>8.3f}  {limit}  {mark}  {self.detail}".rstrip()

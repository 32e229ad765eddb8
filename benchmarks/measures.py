"""The measures by name; whoever writes one adds it here."""

from collections.abc import Callable, Iterable, Mapping
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


def _importing() -> Iterable[Result]:
    from benchmarks.importing import measure  # noqa: PLC0415  each measure brings its own needs

    return measure()


def _planning() -> Iterable[Result]:
    from benchmarks.planning import measure  # noqa: PLC0415

    return measure()


def _starting() -> Iterable[Result]:
    from benchmarks.starting import measure  # noqa: PLC0415

    return measure()


MEASURES: Mapping[str, Callable[[], Iterable[Result]]] = {
    "import": _importing,
    "plan": _planning,
    "start": _starting,
}

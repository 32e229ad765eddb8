"""Comparing what a file says with what stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from ..shared.dataclass import dataclass
from .rows import CampusRow, InstitutionRow, ProgrammeRow

R = TypeVar("R", InstitutionRow, CampusRow, ProgrammeRow)


class Standing(NamedTuple):
    """What is known of a row that stands: enough to see whether it changed."""

    id: UUID
    digest: int
    places: int
    withdrawn: bool


class Change(StrEnum):
    """What happens to a row that stands."""

    CHANGED = "changed"
    MOVED = "moved"  # only its campuses are others
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"  # what an import had made of it was taken back


@dataclass(slots=True)
class Difference(Generic[R]):
    """How some rows of a file differ from what stands."""

    new: list[R] = field(default_factory=list)
    changed: list[tuple[Change, Standing, R]] = field(default_factory=list)
    unchanged: int = 0


class Comparison(Generic[R]):
    """Compares the rows of one table, batch by batch; what no row named at the end is gone."""

    def __init__(self, standing: dict[str, Standing]) -> None:
        self._unseen = standing

    def take(self, rows: Iterable[R]) -> Difference[R]:
        """Return how the rows differ; each key may come once in all batches."""
        found: Difference[R] = Difference()
        unseen = self._unseen
        for row in rows:
            standing = unseen.pop(row.key, None)
            if standing is None:
                found.new.append(row)
            elif standing.withdrawn:
                found.changed.append((Change.RESTORED, standing, row))
            elif standing.digest != row.digest:
                found.changed.append((Change.CHANGED, standing, row))
            elif standing.places != row.places:
                found.changed.append((Change.MOVED, standing, row))
            else:
                found.unchanged += 1
        return found

    def hold(self, keys: Sequence[str]) -> None:
        """Let what these keys name stand as it is."""
        for key in keys:
            self._unseen.pop(key, None)

    def gone(self) -> list[Standing]:
        """Return what stands, was not withdrawn before, and is in no row."""
        return [standing for standing in self._unseen.values() if not standing.withdrawn]

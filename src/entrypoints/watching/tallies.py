"""Counting what happens and how long it takes, at almost no cost: rendering is left to whoever asks for figures."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Seconds up to which one class of durations goes; a last class has all that took longer."""


@dataclass(slots=True)
class Tally:
    """How many there were in each class of durations, and how many seconds they took together."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Tallies:
    """Tallies of one kind of thing by its labels; for one thread, since nothing is locked."""

    labels: tuple[str, ...]
    by_labels: dict[tuple[str, ...], Tally] = field(default_factory=dict)

    def add(self, labels: tuple[str, ...], seconds: float) -> None:
        """Count one that took so long."""
        tally = self.by_labels.get(labels)
        if tally is None:
            tally = self.by_labels[labels] = Tally()
        tally.counts[bisect_left(BOUNDS, seconds)] += 1
        tally.seconds += seconds

"""Ordering verdicts: what stands best first, then what costs least to reach."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import field

from ..catalogue.programme import Programme
from ..shared.dataclass import dataclass
from .verdict import Standing, Verdict

_NO_WAY = 10**6


@dataclass(frozen=True, slots=True)
class Match:
    """A programme with its verdict."""

    programme: Programme
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Matches:
    """How many programmes stand how, and one page of them, best first; ``start`` counts from 0."""

    counts: dict[Standing, int]
    total: int
    start: int
    page: tuple[Match, ...]


def rank(match: Match) -> tuple[int, int, str, str]:
    """Return what a match is ordered by: standing, effort of the cheapest change, name, key."""
    effort = match.verdict.effort
    return (-match.verdict.standing, _NO_WAY if effort is None else effort, match.programme.name, match.programme.key)


@dataclass
class Tally:
    """Counts matches and keeps only the best of them, however many pass through."""

    keep: int
    counts: dict[Standing, int] = field(default_factory=lambda: dict.fromkeys(reversed(Standing), 0))
    _best: list[tuple[tuple[int, int, str, str], Match]] = field(default_factory=list)

    def add_all(self, matches: Iterable[Match]) -> None:
        """Count the matches and keep the best ``keep`` of all so far."""
        fresh = []
        for match in matches:
            self.counts[match.verdict.standing] += 1
            fresh.append((rank(match), match))
        self._best = heapq.nsmallest(self.keep, [*self._best, *fresh], key=lambda pair: pair[0])

    def page(self, start: int, size: int) -> Matches:
        """Return the counts and the page from ``start`` on."""
        best = tuple(match for _, match in self._best[start : start + size])
        return Matches(dict(self.counts), sum(self.counts.values()), start, best)

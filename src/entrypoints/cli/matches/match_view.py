"""Verdicts as they are shown: plain values that the page and ``--json`` are both made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OverrideView:
    """A counsellor's word that gives the standing, and what the rules say."""

    ruled: str
    reason: str
    by: str
    on: date
    until: date | None


@dataclass(frozen=True, slots=True)
class FindingView:
    """How one requirement stands and why; ``changes`` is None where nothing the student can do would help.

    ``counts_until`` is the last day of a test result by whoever it is ``decided_by``, for the day it was ``held_on``.
    """

    standing: str
    code: str
    says: str
    distance: str
    changes: tuple[str, ...] | None
    confidence: str
    source_url: str
    rests_on: tuple[str, ...]
    parts: tuple[FindingView, ...]
    used: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    counts_until: date | None = None
    decided_by: str = ""
    held_on: date | None = None
    override: OverrideView | None = None


@dataclass(frozen=True, slots=True)
class MatchView:
    """A programme with its verdict."""

    key: str
    name: str
    institution: str
    city: str
    country: str
    level: str
    tuition: str
    standing: str
    fit: dict[str, str]
    finding: FindingView
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    source_title: str
    source_url: str
    read_on: date | None
    confidence: str
    summary: str


@dataclass(frozen=True, slots=True)
class MatchesView:
    """How many programmes stand how, and the best of them."""

    name: str
    on: date | None
    total: int
    counts: dict[str, int]
    matches: tuple[MatchView, ...]
    rulebook: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnlockView:
    """A change, how many more programmes would be met or probably met with it, and some of these."""

    key: str
    says: str
    effort: int
    opened: int
    words_left: int
    at_best: bool
    programmes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnlocksView:
    """How many programmes there are, how many of them are open now, what would open most for its effort, and which
    fields of the profile nobody has filled in though programmes ask for them."""

    name: str
    on: date | None
    total: int
    open: int
    unlocks: tuple[UnlockView, ...]
    unanswered: tuple[str, ...]
    rulebook: tuple[str, ...]

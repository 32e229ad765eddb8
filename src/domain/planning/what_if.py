"""What a change would do to a plan, before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date

from ..profile.profile import Profile
from ..rulebook.pack import Rulebook
from ..rulebook.pathways import Pathway
from ..shared.dataclass import dataclass
from .making import NOTHING_AROUND, Surroundings, find_pathway, situation_of
from .schedule import Outcome, Report, Schedule, reports_until
from .situation import Situation
from .target import LaterStart, Target


@dataclass(frozen=True, slots=True)
class Change:
    """What is assumed: steps reported so, steps that take so many days, targets added or dropped, another today.

    On an earlier day only what had happened by then counts of what was reported; what is assumed counts on any.
    """

    reports: Mapping[str, Report] = field(default_factory=dict)
    durations: Mapping[str, int] = field(default_factory=dict)
    add: tuple[Target, ...] = ()
    drop: tuple[str, ...] = ()
    today: date | None = None

    def applied_to(
        self, situation: Situation, profile: Profile, rulebook: Rulebook, around: Surroundings = NOTHING_AROUND
    ) -> tuple[Situation, Pathway]:
        """Return the situation as it would really be, and its pathway; raises RuleBroken where none leads there."""
        targets = (*(target for target in situation.targets if target.key not in self.drop), *self.add)
        pathway = find_pathway(targets, profile, rulebook, around.pinned)
        today = self.today or situation.today
        reports = {**reports_until(situation.reports, today), **self.reports}
        durations = {**situation.durations, **self.durations}
        return situation_of(targets, pathway, profile, rulebook, today, reports, durations, around), pathway


@dataclass(frozen=True, slots=True)
class Assumed:
    """What was assumed, to be told: steps by their keys, targets to ``add`` and to ``drop`` by their titles."""

    reports: Mapping[str, Report] = field(default_factory=dict)
    durations: Mapping[str, int] = field(default_factory=dict)
    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A step whose end moves; ``days`` is positive when it moves later."""

    key: str
    title: str
    before: date
    after: date

    @property
    def days(self) -> int:
        """By how many days it moves."""
        return (self.after - self.before).days


@dataclass(frozen=True, slots=True)
class OutlookChange:
    """How one target stands before and after; None where it is not aimed at."""

    target: str
    title: str
    before: Outcome | None
    after: Outcome | None
    slack_before: int | None
    slack_after: int | None
    next_safe: LaterStart | None


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """What changes between two schedules."""

    outlooks: tuple[OutlookChange, ...]
    moves: tuple[Move, ...]
    appear: tuple[str, ...]
    vanish: tuple[str, ...]


def compare(before: Schedule, after: Schedule) -> PlanDiff:
    """Return what differs: how each target stands, which steps move, appear and vanish."""
    old = {step.key: step for step in before.steps}
    new = {step.key: step for step in after.steps}
    moves = [
        Move(key, old[key].task.step.title, old[key].finish, step.finish)
        for key, step in new.items()
        if key in old and old[key].finish != step.finish
    ]
    return PlanDiff(
        outlooks=_outlook_changes(before, after),
        moves=tuple(sorted(moves, key=lambda move: move.after)),
        appear=tuple(key for key in new if key not in old),
        vanish=tuple(key for key in old if key not in new),
    )


def _outlook_changes(before: Schedule, after: Schedule) -> tuple[OutlookChange, ...]:
    old = {outlook.target.key: outlook for outlook in before.outlooks}
    new = {outlook.target.key: outlook for outlook in after.outlooks}
    changes = []
    for key, either in {**old, **new}.items():
        was, will = old.get(key), new.get(key)
        changes.append(
            OutlookChange(
                target=key,
                title=either.target.title,
                before=was.outcome if was else None,
                after=will.outcome if will else None,
                slack_before=was.slack if was else None,
                slack_after=will.slack if will else None,
                next_safe=will.next_safe if will else None,
            )
        )
    return tuple(changes)

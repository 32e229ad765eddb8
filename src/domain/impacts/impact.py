"""An impact report: what a proposal of packs changes, counted student by student, and how far the counting is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from ..shared.dataclass import dataclass
from ..shared.errors import Params, Reason, RuleBroken
from ..shared.ids import AccountId, ImpactId, JobId, StudentId
from .changes import About, StudentImpact


class Purpose(StrEnum):
    """Whether the packs are only proposed, or are in force and each plan that moves is told of."""

    PROPOSED = "proposed"
    ACTIVATED = "activated"


class State(StrEnum):
    """How far a report is."""

    RUNNING = "running"
    FINISHED = "finished"


STATES: Mapping[State, frozenset[State]] = MappingProxyType(
    {State.RUNNING: frozenset({State.FINISHED}), State.FINISHED: frozenset()}
)


@dataclass(slots=True)
class Totals:
    """Students and plans looked at, and students to whom something happens; each is counted once a line."""

    students: int = 0
    plans: int = 0
    affected: int = 0
    plans_moved: int = 0
    plans_lost: int = 0
    late: int = 0
    at_risk: int = 0
    top_up: int = 0
    verdicts_fall: int = 0
    papers: int = 0
    first_top_up_by: date | None = None

    def count(self, found: StudentImpact) -> None:
        """Count what changes for one more student."""
        codes = {change.code for change in found.changes}
        self.affected += 1
        self.plans_moved += len(found.plans)
        self.plans_lost += "impact.plan_lost" in codes
        self.late += "impact.becomes_late" in codes
        self.at_risk += "impact.becomes_at_risk" in codes
        self.verdicts_fall += any(change.about is About.VERDICT and change.badness for change in found.changes)
        self.papers += any(change.about is About.PAPER for change in found.changes)
        days = [change.top_up_by for change in found.changes if change.top_up_by is not None]
        self.top_up += bool(days)
        self.first_top_up_by = min((*days, *filter(None, [self.first_top_up_by])), default=None)


@dataclass(slots=True)
class Impact:
    """What changes from one edition to another, each named by its SHA-256.

    ``chosen`` are the packs that are laid over the shipped ones in it. ``reached`` is the last student who was counted:
    whoever goes on after a crash goes on behind her.
    """

    id: ImpactId
    purpose: Purpose
    before: str
    after: str
    packs: tuple[str, ...]
    chosen: tuple[str, ...]
    by: AccountId | None
    started_at: datetime
    job_id: JobId
    state: State = State.RUNNING
    totals: Totals = field(default_factory=Totals)
    reached: StudentId | None = None
    finished_at: datetime | None = None
    version: int = 0

    def count(self, students: int, plans: int, found: Iterable[StudentImpact], reached: StudentId) -> None:
        """Count some more students, up to the one reached; raise RuleBroken when all are counted already."""
        self._demand_running()
        self.totals.students += students
        self.totals.plans += plans
        for one in found:
            self.totals.count(one)
        self.reached = reached

    def finish(self, at: datetime) -> None:
        """Close the report; raise RuleBroken when it is closed already."""
        self._demand_running()
        self.state = State.FINISHED
        self.finished_at = at

    def summary(self) -> tuple[Reason, ...]:
        """Return the whole as the parts of one sentence, the first about all; what happens to nobody is left out."""
        totals = self.totals
        students = totals.students
        if not totals.affected:
            return (Reason("impact.affects_nobody", {"students": students}),)
        found = [Reason("impact.affects", {"affected": totals.affected, "students": students})]
        if totals.top_up and totals.first_top_up_by:
            params: Params = {"count": totals.top_up, "due": totals.first_top_up_by.isoformat()}
            found.append(Reason("impact.count_top_up", params))
        counts = {
            "impact.count_late": totals.late,
            "impact.count_at_risk": totals.at_risk,
            "impact.count_plans_lost": totals.plans_lost,
            "impact.count_verdicts_fall": totals.verdicts_fall,
            "impact.count_papers": totals.papers,
        }
        return (*found, *(Reason(code, {"count": count}) for code, count in counts.items() if count))

    def _demand_running(self) -> None:
        if State.FINISHED not in STATES[self.state]:
            raise RuleBroken(Reason("impact.closed"))


def demand_seen(impact: Impact, before: str, after: str) -> None:
    """Raise RuleBroken unless this is the whole report of exactly that step from one edition to the other."""
    reasons = []
    if impact.purpose is not Purpose.PROPOSED or impact.after != after:
        reasons.append(Reason("impact.of_other_packs", {}, "impact"))
    elif impact.before != before:
        reasons.append(Reason("impact.of_other_edition", {}, "impact"))
    if impact.state is not State.FINISHED:
        reasons.append(Reason("impact.unfinished", {"students": impact.totals.students}, "impact"))
    if reasons:
        raise RuleBroken(*reasons)

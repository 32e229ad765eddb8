"""Everything that a schedule follows from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, timedelta
from types import MappingProxyType

from ..rulebook.conditions import Circumstance
from ..rulebook.pathways import Pathway
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from ..shared.times import add_months
from .calendars import WorkingCalendar
from .known import Known
from .schedule import Reports, State
from .target import Target

_NO_CALENDARS: Mapping[str, WorkingCalendar] = MappingProxyType({})
_NO_PATHWAYS: Mapping[str, Pathway] = MappingProxyType({})
_NOTHING_KNOWN: Mapping[str, Known] = MappingProxyType({})
_NOTHING_LOST: Mapping[str, Reason] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Before:
    """A length of time before studies begin, in whole days and months."""

    days: int = 0
    months: int = 0

    def day(self, starts_on: date) -> date:
        """Return the day that lies so long before."""
        return add_months(starts_on, -self.months) - timedelta(days=self.days)


_NO_LIMITS: Mapping[tuple[str, str], Before] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that a schedule follows from; equal situations give equal schedules.

    ``durations`` are days that the student assumes for a step instead of the pack's; ``lead_days`` say how many days
    before its stated deadline a step of a target has to be done, by (step code, target key). ``calendars`` are known
    by their place keys; without one every day is open. ``pathways`` names those of targets that follow another one
    than the plan's first. ``known`` is what profile, papers and applications answer already, by the code of a step or,
    where a target has its own, by its key. ``lost`` says of a target why nothing can come of it any more, by its key;
    ``passed`` the same of one whose deadline has passed while nobody knows of an application, which may yet be
    reported, so its steps stay. ``not_before`` says how long before studies begin a step can begin at the earliest, by
    (step code, target key). ``citizenships`` are hers, that to be asked by first.
    """

    today: date
    targets: tuple[Target, ...]
    reports: Reports
    circumstances: Mapping[str, Circumstance]
    durations: Mapping[str, int]
    lead_days: Mapping[tuple[str, str], int]
    calendars: Mapping[str, WorkingCalendar] = field(default_factory=lambda: _NO_CALENDARS)
    pathways: Mapping[str, Pathway] = field(default_factory=lambda: _NO_PATHWAYS)
    known: Mapping[str, Known] = field(default_factory=lambda: _NOTHING_KNOWN)
    lost: Mapping[str, Reason] = field(default_factory=lambda: _NOTHING_LOST)
    passed: Mapping[str, Reason] = field(default_factory=lambda: _NOTHING_LOST)
    not_before: Mapping[tuple[str, str], Before] = field(default_factory=lambda: _NO_LIMITS)
    citizenships: tuple[str, ...] = ()

    def answer(self, code: str, key: str, also: tuple[str, ...] = ()) -> Known | None:
        """Return what answers the step with the code that has the key in the plan, or None; ``also`` are the codes of
        the same step in other pathways."""
        known = self.known
        return known.get(key) or next((known[one] for one in (code, *also) if one in known), None)

    def state(self, code: str, key: str) -> State:
        """How far the step is, as the student reported or else as it is known."""
        report, found = self.reports.get(key), self.answer(code, key)
        if report is None and found is not None:
            report = found.report
        return State.TO_DO if report is None else report.state

"""What a plan's schedule makes worth a reminder on a day: derived anew each time, and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from ..planning.schedule import PlannedStep, Schedule, State
from ..planning.target import ApplyBy
from ..planning.views import is_hard_window, open_windows
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from ..shared.times import WallTime, ZoneLookup

DAYS_BEFORE = (30, 7, 3, 1)
"""So many days before the last day of a step its student is reminded."""
LONG = 14
"""A step that takes so many days is one of a long lead time: she is reminded before its last day to begin, too."""
DAYS_BEFORE_BEGIN = (30, 7)
CATCH_UP = timedelta(days=7)
"""A reminder of which nobody thought for so long, as while no worker ran, is said late; an older one no more."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """That something is due: ``on`` is the day on which it is said, ``due_on`` the last day for it, ``begin_by`` the
    last day to begin where that is what it is about.

    ``at_theirs`` is the stated deadline in its own zone, ``at_own`` the same in hers, both blank where there is none.
    """

    step: PlannedStep
    on: date
    due_on: date
    why: Reason | None
    begin_by: date | None = None
    at_own: str = ""
    at_theirs: str = ""
    zone_theirs: str = ""

    @property
    def mark(self) -> str:
        """What tells it from every other of the same plan: another day of the step makes another reminder."""
        return f"{due_mark(self.step.key, self.due_on)}/{(self.due_on - self.on).days}"

    @property
    def latest(self) -> date:
        """The day that it is about."""
        return self.begin_by or self.due_on


def due_mark(step: str, due_on: date) -> str:
    """Return what all reminders of one step and one last day share."""
    return f"{step}/due/{due_on.isoformat()}"


def window_mark(step: PlannedStep) -> str:
    """Return what is the same as long as the window of the step closes on the same day."""
    return f"{step.key}/window/{(step.latest_finish or step.finish).isoformat()}"


def still_true(schedule: Schedule, windows: Sequence[PlannedStep] | None = None) -> set[str]:
    """Return the marks of all that is due, or open, by the schedule's day: what was said of others is so no more.

    ``windows`` are its open ones, where they are known already.
    """
    due = {
        due_mark(step.key, step.latest_finish)
        for step in schedule.steps
        if step.state is not State.DONE and step.latest_finish is not None and step.latest_finish >= schedule.today
    }
    return due | {window_mark(step) for step in (open_windows(schedule) if windows is None else windows)}


def reminders_of(schedule: Schedule, zones: ZoneLookup, home_zone: str) -> list[Reminder]:
    """Return what is to be said by the schedule's day, the most urgent first: of each step that is open the latest
    reminder whose day has come, unless that was more than a week ago or what it is about has passed."""
    found = [reminder for step in schedule.steps for reminder in _of_step(step, schedule.today, zones, home_zone)]
    return sorted(found, key=lambda one: (one.latest, one.step.key))


def _of_step(step: PlannedStep, today: date, zones: ZoneLookup, home_zone: str) -> Iterator[Reminder]:
    last = step.latest_finish
    if step.state is State.DONE or last is None or step.due is None or is_hard_window(step):
        return  # a hard window has messages of its own
    moments: list[tuple[date, date | None]] = [(last - timedelta(days=days), None) for days in DAYS_BEFORE]
    length = (step.finish - step.start).days
    if length >= LONG and step.state is State.TO_DO:
        begin = last - timedelta(days=length)
        moments += [(begin - timedelta(days=days), begin) for days in DAYS_BEFORE_BEGIN]
    come = [(on, begin) for on, begin in moments if today - CATCH_UP <= on <= today <= (begin or last)]
    if come:
        on, begin_by = max(come, key=lambda one: (one[0], one[1] is None))
        by = step.task.target.apply_by if step.task.target else None
        own, theirs, zone = _stated(by, step, zones, home_zone) if by else ("", "", "")
        yield Reminder(step, on, last, step.due, begin_by, own, theirs, zone)


def _stated(by: ApplyBy, step: PlannedStep, zones: ZoneLookup, home_zone: str) -> tuple[str, str, str]:
    """Return the deadline in her zone and in theirs, blank where they are one and where no hour is stated."""
    if not by.time_stated or step.due is None or step.due.code != "due.application_deadline":
        return "", "", ""
    stated = WallTime(datetime.fromisoformat(by.local), by.zone)
    own = stated.instant(zones).astimezone(zones(home_zone)).replace(tzinfo=None)
    if own == stated.local:
        return "", "", ""
    return _shown(own), _shown(stated.local), by.zone


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")

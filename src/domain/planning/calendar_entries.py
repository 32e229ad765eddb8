"""A plan's calendar: an entry for each open step, each day on which something is due, and each stated deadline."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import field, replace
from datetime import date, datetime
from enum import StrEnum

from ..catalogue.intake import Basis
from ..rulebook.pathways import StepDefinition
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from ..shared.times import WallTime, ZoneLookup
from .schedule import PlannedStep, Schedule, State, reason
from .target import ApplyBy
from .views import is_hard_window

_WHAT_COUNTS = {
    Basis.SUBMITTED: "calendar.basis_submitted",
    Basis.RECEIVED: "calendar.basis_received",
    Basis.POSTMARK: "calendar.basis_postmark",
    Basis.NOT_STATED: "calendar.basis_not_stated",
}


class EntryKind(StrEnum):
    """What an entry stands for: the days of a step, the student's last day for it, or a deadline as it is stated."""

    STEP = "step"
    DUE = "due"
    DEADLINE = "deadline"


USUAL_REMINDERS = (7, 30, 3, 1)
"""Days before something is due on which to be reminded of it. Programs that keep only one reminder keep the first."""

WINDOW_REMINDERS = (3, 7, 5, 2, 1, 0)
"""Days before a window closes: it is short, and nobody opens it twice."""

DEADLINE_REMINDERS = (1,)
"""The student's own last day, which comes before the stated moment, has the others."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Something in the plan's calendar; ``uid`` stays the same while its days move.

    It takes whole days from ``first`` to ``last``, or is the moment ``at`` where an hour and a zone are stated;
    ``remind`` is in days before it. ``notes`` say in codes why it is there, ``advice`` how to go about it. ``step`` is
    what has title and advice in other languages too, ``of`` the title of its target, where it has one of its own;
    both are in ``title`` already, so they make no two entries different.
    """

    uid: str
    kind: EntryKind
    title: str
    first: date
    last: date
    notes: tuple[Reason, ...] = ()
    advice: str = ""
    remind: tuple[int, ...] = ()
    at: WallTime | None = None
    is_window: bool = False
    step: StepDefinition | None = field(default=None, compare=False, repr=False)
    of: str = field(default="", compare=False, repr=False)

    @property
    def mark(self) -> str:
        """What is the same for two entries only if a calendar shows them alike."""
        notes = [(note.code, sorted(note.params.items())) for note in self.notes]
        moment = (self.at.local.isoformat(), self.at.zone) if self.at else None
        told = (self.kind.value, self.title, self.first.isoformat(), self.last.isoformat(), notes, self.advice)
        return hashlib.sha256(repr((told, self.remind, moment, self.is_window)).encode()).hexdigest()[:32]


def calendar_of(schedule: Schedule, plan_id: str, zones: ZoneLookup, home_zone: str) -> tuple[CalendarEntry, ...]:
    """Return the entries of every step that is not done, in the plan's order; moments are told in both zones."""
    return tuple(
        entry
        for step in schedule.steps
        if step.state is not State.DONE
        for entry in _entries(step, f"{step.key}.{plan_id}", zones, home_zone)
    )


def _entries(step: PlannedStep, uid: str, zones: ZoneLookup, home_zone: str) -> Iterator[CalendarEntry]:
    title, window, definition = _title(step), is_hard_window(step), step.task.step
    of = step.task.target.title if step.task.target else ""
    yield CalendarEntry(
        uid,
        EntryKind.STEP,
        title,
        step.start,
        step.finish,
        notes=tuple(_standing(step)),
        advice=step.task.step.advice,
        remind=(1,) if window else (),
        is_window=window,
        step=definition,
        of=of,
    )
    last = step.latest_finish
    if last is not None and (step.due is not None or window):
        why = step.due or reason("due.window_closes", on=last.isoformat())
        remind = WINDOW_REMINDERS if window else USUAL_REMINDERS
        yield CalendarEntry(
            f"due.{uid}",
            EntryKind.DUE,
            title,
            last,
            last,
            (why,),
            remind=remind,
            is_window=window,
            step=definition,
            of=of,
        )
    by = step.task.target.apply_by if step.task.target else None
    if by is not None and by.time_stated and step.due is not None and step.due.code == "due.application_deadline":
        yield replace(_deadline(f"deadline.{uid}", title, by, zones, home_zone), step=definition, of=of)


def _title(step: PlannedStep) -> str:
    return step.task.step.title + (f" ({step.task.target.title})" if step.task.target else "")


def _standing(step: PlannedStep) -> Iterator[Reason]:
    """Yield how much room the step has."""
    if step.critical:
        yield reason("calendar.decides")
    if step.slack is not None and step.latest_finish is not None:
        code = "calendar.latest" if step.slack >= 0 else "calendar.too_late"
        yield reason(code, days=abs(step.slack), on=step.latest_finish.isoformat())


def _deadline(uid: str, title: str, by: ApplyBy, zones: ZoneLookup, home_zone: str) -> CalendarEntry:
    """Return the deadline as the university states it, told in both zones."""
    stated = WallTime(datetime.fromisoformat(by.local), by.zone)
    home = stated.instant(zones).astimezone(zones(home_zone))
    notes = (
        reason("calendar.there", at=_shown(stated.local), zone=by.zone),
        reason("calendar.here", at=_shown(home), zone=home_zone),
        reason("calendar.last_day", on=by.last_day.isoformat()),
        reason(_WHAT_COUNTS[by.basis]),
    )
    day = stated.local.date()
    return CalendarEntry(uid, EntryKind.DEADLINE, title, day, day, notes, remind=DEADLINE_REMINDERS, at=stated)


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")

"""A schedule as bars along time: what is drawn of it, whoever draws."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rulebook.pathways import StepDefinition, StepKind
from ..shared.dataclass import dataclass
from ..shared.errors import Reason
from .calendars import Holiday
from .schedule import Outlook, PlannedStep, Schedule, State
from .target import Target
from .views import is_hard_window


@dataclass(frozen=True, slots=True)
class Bar:
    """One step along time.

    ``latest`` is the last day on which it may end; ``due_on`` and ``opens_on`` are days that
    others set for it, None where there is none. ``gate`` says of an irreversible step what should be known first.
    """

    key: str
    step: StepDefinition
    start: date
    finish: date
    latest: date | None
    slack: int | None
    state: State
    kind: StepKind
    critical: bool
    due_on: date | None
    opens_on: date | None
    gate: Reason | None = None

    @property
    def is_late(self) -> bool:
        """Whether it ends after the last day on which it may."""
        return self.slack is not None and self.slack < 0

    @property
    def is_wait(self) -> bool:
        """Whether others are at work and the student waits."""
        return self.kind in (StepKind.WAIT, StepKind.QUEUE)


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one target in the order in which they come; those that serve every target have none."""

    target: Target | None
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole plan along time; ``first`` and ``last`` hold between them everything but perhaps today.

    ``chain`` are the steps that decide; ``closed`` the public holidays of the places whose open days count, in order.
    """

    today: date
    first: date
    last: date
    outlook: Outlook
    groups: tuple[Group, ...]
    chain: tuple[StepDefinition, ...]
    closed: tuple[Holiday, ...] = ()

    @property
    def bars(self) -> tuple[Bar, ...]:
        """All bars, group by group."""
        return tuple(bar for group in self.groups for bar in group.bars)


def timeline_of(schedule: Schedule) -> Timeline:
    """Return the timeline: what serves all targets first, then each target's own, that of the leading one before the
    others."""
    targets = {step.task.target.key: step.task.target for step in schedule.steps if step.task.target is not None}
    order = sorted(targets.values(), key=lambda target: (target.key != schedule.lead.key, target.starts_on, target.key))
    groups = [group for target in (None, *order) if (group := _group(target, schedule)).bars]
    days = [day for group in groups for bar in group.bars for day in _days(bar)]
    days += [outlook.target.starts_on for outlook in schedule.outlooks]
    first, last = min(days), max(days)
    return Timeline(
        today=schedule.today,
        first=first,
        last=last,
        outlook=schedule.outlook,
        groups=tuple(groups),
        chain=tuple(step.task.step for step in schedule.critical_path),
        closed=_closed(schedule, first, last),
    )


def _closed(schedule: Schedule, first: date, last: date) -> tuple[Holiday, ...]:
    """Return the holidays of all places of the plan, one for each day with every name that it has."""
    found: dict[date, dict[str, bool]] = {}
    for days in schedule.days.values():
        for calendar in days.setting.situation.calendars.values():
            for holiday in calendar.closed_between(first.toordinal(), last.toordinal()):
                names = found.setdefault(holiday.on, {})
                names[holiday.name] = holiday.estimated
    return tuple(Holiday(on, ", ".join(names), any(names.values())) for on, names in sorted(found.items()))


def _group(target: Target | None, schedule: Schedule) -> Group:
    own = [step for step in schedule.steps if step.task.target == target]
    return Group(
        target, tuple(_bar(step) for step in sorted(own, key=lambda step: (step.start, step.finish, step.key)))
    )


def _bar(step: PlannedStep) -> Bar:
    by = step.task.target.apply_by if step.task.target else None
    applies = step.due is not None and step.due.code == "due.application_deadline"
    is_open = step.state is not State.DONE
    return Bar(
        key=step.key,
        step=step.task.step,
        start=step.start,
        finish=step.finish,
        latest=step.latest_finish if is_open else None,
        slack=step.slack,
        state=step.state,
        kind=step.task.step.kind,
        critical=step.critical,
        due_on=step.latest_finish if is_open and (step.due is not None or is_hard_window(step)) else None,
        gate=step.gate,
        opens_on=by.opens_on if by is not None and applies and is_open else None,
    )


def _days(bar: Bar) -> Iterator[date]:
    yield from (day for day in (bar.start, bar.finish, bar.latest, bar.opens_on) if day is not None)

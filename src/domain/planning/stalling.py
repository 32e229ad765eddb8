"""Waits that have lasted longer than they usually do, or than anybody knows of."""

from __future__ import annotations

from datetime import date

from ..rulebook.pathways import StepKind
from ..shared.dataclass import dataclass
from .schedule import PlannedStep, Schedule, State

WAITS = frozenset({StepKind.WAIT, StepKind.QUEUE})
"""Steps at which others are, so that nothing shortens them but asking."""


@dataclass(frozen=True, slots=True)
class Stalled:
    """A wait that should be over: ``expected_on`` is the day on which it usually would have been, ``longest_on`` that
    of the longest known time, None where no bound is known."""

    step: PlannedStep
    expected_on: date
    longest_on: date | None
    days_over: int

    def is_beyond_known(self, today: date) -> bool:
        """Whether it has lasted longer than the longest known time."""
        return self.longest_on is not None and self.longest_on < today


def stalled_waits(schedule: Schedule) -> tuple[Stalled, ...]:
    """Return the waits under way whose usual time has passed, in the order of the steps.

    Days that the student assumes for a step count as its usual and its longest time.
    """
    days = schedule.days.get(schedule.lead.key)
    if days is None:
        return ()
    found = []
    for at, task in enumerate(days.network.tasks):
        how = days.setting.hows[at]
        if task.step.kind not in WAITS or how is None or days.setting.state(at) is not State.IN_PROGRESS:
            continue
        expected = how.would_end(days.days[at], days.finish)
        if expected is None or expected >= days.today:
            continue
        is_bounded = task.step.duration.most is not None or task.key in days.setting.situation.durations
        longest = how.would_end(days.setting.late_days[at], days.finish) if is_bounded else None
        found.append(
            Stalled(
                step=schedule.steps[at],
                expected_on=date.fromordinal(expected),
                longest_on=None if longest is None else date.fromordinal(longest),
                days_over=days.today - expected,
            )
        )
    return tuple(found)

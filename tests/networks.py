"""Pathways, targets and situations drawn at random, with offices that keep calendars."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import strategies as st

from higherstudy.adapters.memory.calendars import MemoryCalendars
from higherstudy.domain.planning.calendars import calendars_for
from higherstudy.domain.planning.situation import Situation
from higherstudy.domain.planning.target import Target, TargetRef
from higherstudy.domain.rulebook.pathways import (
    DayCount,
    Duration,
    Pathway,
    Place,
    StepDefinition,
    StepKind,
    StepScope,
)
from higherstudy.domain.shared.ids import ProgrammeId
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE

TODAY = date(2026, 11, 23)
CALENDARS = calendars_for("BD", ["DE"], TODAY, MemoryCalendars().closed_days)


def step(code: str, *after: str, days: int = 10, **changes: object) -> StepDefinition:
    """Return a task of ten days that is done once for all targets."""
    usual = StepDefinition(
        code, f"Step {code}", after, StepScope.SHARED, StepKind.TASK, "student", Duration(days), PAGE, Confidence.HIGH
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def way(*steps: StepDefinition, **changes: object) -> Pathway:
    """Return a pathway to Germany of these steps; the last one is the arrival."""
    last, first = steps[-1].code, steps[0].code
    usual = Pathway("way", "Way", "DE", "", (), "master", first, first, last, last, "", steps)
    return replace(usual, **changes)  # type: ignore[arg-type]


def target(number: int = 1, begins_in: int = 300, country: str = "DE", **changes: object) -> Target:
    """Return a target without a deadline."""
    starts = TODAY + timedelta(days=begins_in)
    ref = TargetRef(ProgrammeId(UUID(int=number)), "winter", starts)
    return replace(Target(f"t{number}", ref, f"Target {number}", country, "master", starts, None), **changes)  # type: ignore[arg-type]


def situation(*targets: Target, **changes: object) -> Situation:
    """Return a situation of today in which offices keep their calendars and nothing was reported."""
    return replace(Situation(TODAY, targets or (target(),), {}, {}, {}, {}, CALENDARS), **changes)  # type: ignore[arg-type]


@st.composite
def office_ways(draw: st.DrawFn, most: int = 9) -> Pathway:
    """Return steps in which each waits for some before it, at places that count working days or end on open ones."""
    count = draw(st.integers(3, most))
    steps = []
    for index in range(count):
        earlier = [f"S{before}" for before in range(index)]
        some = tuple(sorted(draw(st.sets(st.sampled_from(earlier), max_size=3)))) if earlier else ()
        place = draw(st.sampled_from(Place))
        runs = draw(st.booleans())
        steps.append(
            step(
                f"S{index}",
                *(earlier if index == count - 1 else some),
                days=draw(st.integers(0, 30)),
                kind=StepKind.WAIT if runs else StepKind.TASK,
                calendar=place,
                counts=DayCount.WORKING if place and not runs else DayCount.CALENDAR,
            )
        )
    return way(*steps)

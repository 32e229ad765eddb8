"""What a plan aims at: one programme, from one intake on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from datetime import date, timedelta

from ..catalogue.intake import Basis, DatedDeadline, DeadlineKind, Intake, last_moment
from ..catalogue.programme import Programme
from ..rulebook.conditions import Circumstance
from ..shared.dataclass import dataclass
from ..shared.ids import ProgrammeId
from ..shared.sources import Confidence, Source
from ..shared.times import ZoneLookup, day_in

_A_DAY = timedelta(days=1)
_NEXT_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class TargetRef:
    """A target by name: the programme, the intake's term and the day on which studies begin."""

    programme_id: ProgrammeId
    term: str
    starts_on: date


@dataclass(frozen=True, slots=True)
class ApplyBy:
    """The application deadline as the student has to see it.

    ``last_day`` is the last whole day of hers on which handing in is surely in time: her date of the last moment,
    or the day before when her clock shows an earlier hour of that date than its end; then ``ends_on`` is that date,
    on which there may still be some hours. ``local`` and ``zone`` say what the university states.
    """

    last_day: date
    local: str
    zone: str
    basis: Basis
    confidence: Confidence
    time_stated: bool
    source: Source
    opens_on: date | None = None
    ends_on: date | None = None

    def has_passed(self, today: date) -> bool:
        """Whether the last moment lies before the student's day."""
        return (self.ends_on or self.last_day) < today


@dataclass(frozen=True, slots=True)
class Target:
    """A programme and an intake with everything that scheduling has to know of them."""

    key: str
    ref: TargetRef
    title: str
    country: str
    level: str
    starts_on: date
    apply_by: ApplyBy | None
    later_starts: tuple[LaterStart, ...] = ()
    circumstances: dict[str, Circumstance] = field(default_factory=dict)
    institution: str = ""


@dataclass(frozen=True, slots=True)
class LaterStart:
    """A later beginning of the same programme, should this one be lost."""

    term: str
    starts_on: date
    apply_by: ApplyBy | None


def target_of(
    programme: Programme,
    intake: Intake,
    starts_on: date,
    zones: ZoneLookup,
    home_zone: str,
    *,
    visa_required: bool = True,
) -> Target:
    """Return the target for studies that begin on the day; deadlines are turned into days of the home zone."""

    def due(intake: Intake, year: int) -> ApplyBy | None:
        deadline = intake.deadline(DeadlineKind.APPLICATION, year, visa_required=visa_required)
        return None if deadline is None else apply_by(deadline, zones, home_zone)

    known: dict[str, Circumstance] = {"level": programme.level.value}
    if programme.institution.sector is not None:
        known["university_sector"] = programme.institution.sector.value
    if len(programme.languages) == 1:
        known["programme_language"] = programme.languages[0]
    return Target(
        key=f"{programme.key}/{intake.term}-{starts_on.year}",
        ref=TargetRef(programme.id, intake.term, starts_on),
        title=f"{programme.name}, {programme.institution.name}",
        country=programme.institution.country,
        level=programme.level.value,
        starts_on=starts_on,
        apply_by=due(intake, starts_on.year),
        later_starts=_later(programme, starts_on, due),
        circumstances=known,
        institution=programme.institution.name,
    )


def _later(programme: Programme, after: date, due: Callable[[Intake, int], ApplyBy | None]) -> tuple[LaterStart, ...]:
    found = [
        LaterStart(intake.term, start, due(intake, year))
        for intake in programme.intakes
        for year in range(after.year, after.year + 6)
        if (start := intake.starts_in(year)) is not None and start > after
    ]
    return tuple(sorted(found, key=lambda later: later.starts_on))


def apply_by(deadline: DatedDeadline, zones: ZoneLookup, home_zone: str) -> ApplyBy:
    """Return the deadline in the student's own days: the last day that ends before or at the last moment."""
    home = zones(home_zone)
    last = last_moment(deadline.last, zones)
    day = day_in(last, home)
    passes_within = day_in(last + _NEXT_MOMENT, home) == day  # so only the day before is whole
    return ApplyBy(
        last_day=day - _A_DAY if passes_within else day,
        local=deadline.last.local.isoformat(sep=" ", timespec="minutes"),
        zone=deadline.last.zone,
        basis=deadline.stated.basis,
        confidence=deadline.stated.confidence,
        time_stated=deadline.stated.at is not None,
        source=deadline.stated.source,
        opens_on=deadline.opens_on,
        ends_on=day if passes_within else None,
    )

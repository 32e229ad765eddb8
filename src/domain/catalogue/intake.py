"""Intakes and their deadlines: a pattern of every year, or one date."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.sources import Confidence, Source
from ..shared.times import WallTime, ZoneLookup

MonthDay = tuple[int, int]
END_OF_DAY = time(23, 59, 59)


class DeadlineKind(StrEnum):
    """What must be done by then."""

    APPLICATION = "application"
    DOCUMENTS = "documents"
    DEPOSIT = "deposit"
    SCHOLARSHIP = "scholarship"
    ENROLMENT = "enrolment"
    VISA_CUTOFF = "visa_cutoff"


class Basis(StrEnum):
    """What counts: that it was sent, that it has arrived, or the postmark; not stated is its own answer."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    POSTMARK = "postmark"
    NOT_STATED = "not_stated"


class Audience(StrEnum):
    """For whom the deadline is."""

    ALL = "all"
    NON_EU = "non_eu"
    VISA_REQUIRED = "visa_required"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of one year, or a day of every year counted back from the year in which studies begin."""

    on: date | None = None
    each: MonthDay | None = None
    years_before: int = 0

    def in_year(self, year: int) -> date | None:
        """Return the day for studies that begin in the year.

        None when it was only stated for another year, which is so when it lies after the year or more than eighteen
        months before its end, and beyond the calendar.
        """
        if self.on is not None:
            return self.on if (year - 1, 7) <= (self.on.year, self.on.month) <= (year, 12) else None
        if self.each is None:
            return None
        own = year - self.years_before
        return date(own, *self.each) if date.min.year <= own <= date.max.year else None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last moment, in the zone of whoever set it. Without a stated time the whole day counts."""

    kind: DeadlineKind
    day: Day
    zone: str
    source: Source
    confidence: Confidence
    at: time | None = None
    basis: Basis = Basis.NOT_STATED
    audience: Audience = Audience.ALL
    opens: Day | None = None

    def in_year(self, year: int) -> DatedDeadline | None:
        """Return the deadline for studies that begin in the year, or None when it is not known for it."""
        day = self.day.in_year(year)
        if day is None:
            return None
        opens = self.opens.in_year(year) if self.opens else None
        return DatedDeadline(self, WallTime(datetime.combine(day, self.at or END_OF_DAY), self.zone), opens)


@dataclass(frozen=True, slots=True)
class DatedDeadline:
    """One deadline of one year."""

    stated: Deadline
    last: WallTime
    opens_on: date | None


@dataclass(frozen=True, slots=True)
class Intake:
    """When studies begin, every year or in one year, with the deadlines that lead there."""

    term: str
    starts: Day
    deadlines: tuple[Deadline, ...] = ()

    def starts_in(self, year: int) -> date | None:
        """Return the first day of studies in the year, or None when the intake is of another year."""
        if self.starts.on is not None:
            return self.starts.on if self.starts.on.year == year else None
        return self.starts.in_year(year)

    def deadline(self, kind: DeadlineKind, year: int, *, visa_required: bool = True) -> DatedDeadline | None:
        """Return the earliest deadline of the kind that binds the applicant; None when none is known for the year."""
        found = self._deciding(kind, year, visa_required)
        return None if found is None else found[1].in_year(year)

    def last_day(self, kind: DeadlineKind, year: int, *, visa_required: bool = True) -> date | None:
        """Return the day of that deadline, as it stands on the page."""
        found = self._deciding(kind, year, visa_required)
        return None if found is None else found[0][0]

    def _deciding(
        self, kind: DeadlineKind, year: int, visa_required: bool
    ) -> tuple[tuple[date, time], Deadline] | None:
        if self.starts_in(year) is None:
            return None
        found: tuple[tuple[date, time], Deadline] | None = None
        special = False
        for deadline in self.deadlines:  # a loop, for this is asked of each programme that is judged
            if deadline.kind is not kind or (day := deadline.day.in_year(year)) is None:
                continue
            for_some = deadline.audience is not Audience.ALL
            if (for_some and not visa_required) or (special and not for_some):
                continue
            last = day, deadline.at or END_OF_DAY
            if found is None or for_some is not special or last < found[0]:
                found, special = (last, deadline), for_some
        return found


def last_moment(stated: WallTime, zones: ZoneLookup) -> datetime:
    """Return the last moment, in UTC, that still keeps a deadline.

    A stated last minute of an hour, such as 23:59, holds to its very end; any other time is the moment itself.
    """
    local = stated.local
    if local.minute == 59 and local.second in (0, 59):
        local = local.replace(second=59, microsecond=999_999)
    return WallTime(local, stated.zone).instant(zones)

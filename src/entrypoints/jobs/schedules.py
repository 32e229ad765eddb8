"""What is done again and again: one table, and what turns it into jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ...domain.shared.ids import JobId
from ...ports.ids import Ids
from ...ports.jobs import Job, Priority
from ...ports.transactions import Transactions

A_DAY = timedelta(days=1)
_BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)  # a Monday, so that weeks begin with one


@dataclass(frozen=True)
class Schedule:
    """When a job becomes due: every so often, ``at`` so long after midnight UTC (of Monday, for a week)."""

    every: timedelta
    at: timedelta = timedelta()
    priority: Priority = Priority.LOW

    def __post_init__(self) -> None:
        # A slot is known by its job, and a job that is done is forgotten after a month.
        if not timedelta() < self.every <= timedelta(days=7):
            raise ValueError("a schedule's jobs are a week apart at most")

    def slot(self, now: datetime) -> datetime:
        """Return the latest moment, now or before, at which a job became due."""
        begun = _BEGINNING + self.at
        return begun + (now - begun) // self.every * self.every


SCHEDULES: Mapping[str, Schedule] = {
    "break_off_imports": Schedule(every=timedelta(minutes=2), at=timedelta(minutes=1)),
    "fail_imports": Schedule(every=timedelta(minutes=1), at=timedelta(seconds=30)),
    "scan_forgotten": Schedule(every=timedelta(minutes=10), at=timedelta(minutes=7)),
    "expire_uploads": Schedule(every=timedelta(hours=1), at=timedelta(minutes=13)),
    "drop_leftovers": Schedule(every=timedelta(hours=6), at=timedelta(minutes=33)),
    "drop_orphans": Schedule(every=A_DAY, at=timedelta(hours=3, minutes=10)),
    # What an earlier release kept as it came; once all of it is sealed, each asks one question.
    "seal_papers": Schedule(every=timedelta(hours=1), at=timedelta(minutes=23)),
    "seal_snapshots": Schedule(every=timedelta(hours=1), at=timedelta(minutes=24)),
    "seal_passports": Schedule(every=timedelta(hours=1), at=timedelta(minutes=25)),
    "remind": Schedule(every=timedelta(minutes=5), at=timedelta(minutes=2), priority=Priority.NORMAL),
    "look_at_payments": Schedule(every=timedelta(minutes=5), at=timedelta(minutes=4), priority=Priority.NORMAL),
    "expire_orders": Schedule(every=timedelta(minutes=10), at=timedelta(minutes=9)),
    "reconcile_lately": Schedule(every=timedelta(hours=1), at=timedelta(minutes=31)),
    "reconcile": Schedule(every=A_DAY, at=timedelta(hours=4, minutes=5)),
    "detect_breaches": Schedule(every=timedelta(hours=1), at=timedelta(minutes=53)),
    "remove_exports": Schedule(every=timedelta(hours=1), at=timedelta(minutes=43)),
    "remove_reports": Schedule(every=timedelta(hours=1), at=timedelta(minutes=44)),
    "erase_anew": Schedule(every=A_DAY, at=timedelta(hours=3, minutes=50)),
    "forget_addresses": Schedule(every=A_DAY, at=timedelta(hours=2, minutes=50)),
    "clear_away": Schedule(every=A_DAY, at=timedelta(hours=2, minutes=20)),
}
"""By the name of the job. A slot that nobody was there for is made up for once, by the latest of its kind."""


@dataclass
class Scheduler:
    """Adds a job for each slot that has come, once however many schedulers there are: by its key."""

    transactions: Transactions
    ids: Ids
    schedules: Mapping[str, Schedule]
    _came: dict[str, datetime] = field(default_factory=dict, init=False)

    async def add_due(self) -> int:
        """Add the jobs of slots that have come, by the database's clock; return how many were new.

        Where the job of an earlier slot is still open, this one is left out.
        """
        if not self.schedules:
            return 0
        async with self.transactions() as work:
            new = {name: slot for name, slot in self._slots(work.now).items() if self._came.get(name) != slot}
            added = await work.jobs.add_many([self._job(name, slot, work.now) for name, slot in new.items()])
        self._came |= new
        return added

    def _slots(self, now: datetime) -> Mapping[str, datetime]:
        return {name: schedule.slot(now) for name, schedule in self.schedules.items()}

    def _job(self, name: str, slot: datetime, now: datetime) -> Job:
        key = f"{name}@{slot.isoformat()}"
        priority = self.schedules[name].priority
        return Job(JobId(self.ids.new()), name, due_at=now, key=key, alone=name, priority=priority)

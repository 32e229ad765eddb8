"""What is done again and again: once for each moment, however many look."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from higherstudy.adapters.bundled.retention import bundled_retention
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.domain.identity.factor import Factor, FactorKind
from higherstudy.domain.identity.throttle import Pace
from higherstudy.domain.rights.use_cases.retaining import ApplyRetention
from higherstudy.domain.shared.ids import AccountId, FactorId, JobId
from higherstudy.entrypoints.jobs.schedules import SCHEDULES, Schedule, Scheduler
from higherstudy.entrypoints.processes.running_jobs import duties
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.entrypoints.wiring.memory import memory_ports
from higherstudy.ports.jobs import Job, Priority

AN_HOUR = timedelta(hours=1)
NIGHTLY = {"tidy_up": Schedule(every=24 * AN_HOUR, at=2 * AN_HOUR)}
MORNING = datetime(2027, 1, 4, 9, tzinfo=UTC)
ROOM = dict.fromkeys(Priority, 10)


class World:
    def __init__(self) -> None:
        self.clock = MemoryClock(MORNING)
        self.transactions = MemoryTransactions(self.clock, MemoryIds(seed=1))
        self._seed = 1

    def scheduler(self) -> Scheduler:
        self._seed += 1
        return Scheduler(self.transactions, MemoryIds(seed=self._seed), NIGHTLY)

    async def carried_out(self) -> list[Job]:
        """Carry out everything that is due, and return it."""
        async with self.transactions() as work:
            offers = await work.jobs.offer(ROOM, again_after=timedelta())
            leased = await work.jobs.lease_many([offer.job_id for offer in offers], AN_HOUR)
            await work.jobs.finish_many(leased)
        return list(leased)


@pytest.mark.parametrize(
    ("schedule", "now", "slot"),
    [
        (Schedule(every=AN_HOUR), datetime(2027, 1, 4, 9, 59, tzinfo=UTC), datetime(2027, 1, 4, 9, tzinfo=UTC)),
        (Schedule(every=AN_HOUR), datetime(2027, 1, 4, 9, 0, tzinfo=UTC), datetime(2027, 1, 4, 9, tzinfo=UTC)),
        (NIGHTLY["tidy_up"], datetime(2027, 1, 4, 1, 59, tzinfo=UTC), datetime(2027, 1, 3, 2, tzinfo=UTC)),
        (NIGHTLY["tidy_up"], datetime(2027, 1, 4, 2, 0, tzinfo=UTC), datetime(2027, 1, 4, 2, tzinfo=UTC)),
        (Schedule(every=timedelta(days=7)), MORNING, datetime(2027, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_slot_is_the_latest_moment_that_has_come(schedule: Schedule, now: datetime, slot: datetime) -> None:
    assert schedule.slot(now) == slot


@pytest.mark.parametrize("every", [timedelta(), timedelta(days=8), timedelta(seconds=-1)])
def test_slots_lie_a_week_apart_at_most(every: timedelta) -> None:
    with pytest.raises(ValueError, match="a week"):
        Schedule(every=every)


async def test_a_slot_has_one_job_however_many_schedulers_look_and_however_often() -> None:
    world = World()
    one, other = world.scheduler(), world.scheduler()

    added = [await one.add_due(), await other.add_due(), await one.add_due()]
    done = await world.carried_out()
    afterwards = [await one.add_due(), await world.scheduler().add_due()]

    assert (added, len(done), afterwards) == ([1, 0, 0], 1, [0, 0])
    assert (done[0].name, done[0].key) == ("tidy_up", "tidy_up@2027-01-04T02:00:00+00:00")


async def test_slots_that_nobody_was_there_for_are_made_up_for_once() -> None:
    world = World()
    scheduler = world.scheduler()
    await scheduler.add_due()
    await world.carried_out()

    world.clock.move(timedelta(days=3))
    await scheduler.add_due()
    [job] = await world.carried_out()

    assert job.key == "tidy_up@2027-01-07T02:00:00+00:00"


async def test_a_slot_is_left_out_while_its_forerunner_is_open() -> None:
    world = World()
    scheduler = world.scheduler()
    await scheduler.add_due()

    world.clock.move(timedelta(days=1))
    added = await scheduler.add_due()

    assert (added, len(await world.carried_out())) == (0, 1)


def test_whatever_is_scheduled_is_known_how_to_do() -> None:
    known = duties(use_cases_over(memory_ports()))

    assert set(known.schedules) <= set(known.tasks)
    assert set(SCHEDULES) == set(known.schedules)


async def test_what_was_done_long_ago_is_cleared_away_batch_by_batch() -> None:
    world, reported = World(), []
    async with world.transactions() as work:
        jobs = [Job(JobId(MemoryIds(seed=9).new()), "note", work.now)]
        await work.jobs.add_many(jobs)
    await world.carried_out()

    async def report(removed: int) -> None:
        reported.append(removed)

    clear_away = ApplyRetention(world.transactions, MemoryIds(seed=8), bundled_retention())
    early = await clear_away(report)
    world.clock.move(timedelta(days=31))
    late = await clear_away(report)

    assert (early, late, reported) == (0, 1, [1])


async def test_what_sign_ins_leave_behind_is_cleared_away_a_month_after_its_end() -> None:
    world = World()
    async with world.transactions() as work:
        await work.used_tickets.use("a ticket", world.clock.now())
        throttle = await work.throttles.held("somebody")
        throttle.claim(work.now, Pace())
        await work.throttles.save(throttle)
        begun = Factor(FactorId(UUID(int=1)), AccountId(UUID(int=2)), FactorKind.TOTP, "", b"sealed", work.now)
        await work.factors.add(begun)

    async def report(_: int) -> None:
        return

    world.clock.move(timedelta(days=29))
    clear_away = ApplyRetention(world.transactions, MemoryIds(seed=8), bundled_retention())
    early = await clear_away(report)
    world.clock.move(timedelta(days=2))

    assert (early, await clear_away(report)) == (0, 3)

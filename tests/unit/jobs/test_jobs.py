"""From an event to its effect: passed on once, tried again when it fails, set aside when it keeps failing."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.domain.identity.events import AccountRegistered
from higherstudy.domain.shared.ids import AccountId, JobId
from higherstudy.entrypoints.jobs.duties import Duties, Reaction, Task
from higherstudy.entrypoints.jobs.patience import Patience
from higherstudy.entrypoints.jobs.process import running
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.relay import Relay
from higherstudy.entrypoints.jobs.rounds import Rhythm
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.ports.jobs import Job, JobStatus, Priority

TAG = AccountRegistered.tag
QUICK = Rhythm(look_every=timedelta(seconds=0.01))
PATIENCE = Patience(lease=timedelta(seconds=60), heartbeat=timedelta(seconds=0.01), most_attempts=3)


class World:
    """One store in memory, its clock, and the effects that reactions had."""

    def __init__(self) -> None:
        self.clock = MemoryClock()
        self.ids = MemoryIds(seed=1)
        self.transactions = MemoryTransactions(self.clock, self.ids)
        self.effects: list[str] = []

    async def register(self, number: int = 1) -> None:
        async with self.transactions() as work:
            work.record(AccountRegistered(AccountId(UUID(int=number))), 1)

    async def jobs_of(self, duties: Duties) -> list[JobId]:
        await Relay(self.transactions, self.ids, duties.reactions).pass_on()
        async with self.transactions() as work:
            offers = await work.jobs.offer(dict.fromkeys(Priority, 100), again_after=timedelta())
        return [offer.job_id for offer in offers]

    async def job(self, job_id: JobId) -> Job:
        async with self.transactions() as work:
            return await work.jobs.get(job_id)

    def noting(self, word: str) -> Task:
        async def note(job: Job, progress: Progress) -> None:
            self.effects.append(word)

        return note

    async def failing(self, job: Job, progress: Progress) -> None:
        self.effects.append("failed")
        raise ConnectionError("the mail server did not answer")


def following(**tasks: Task) -> Duties:
    """Return these as what follows from an account's registration."""
    return Duties({TAG: {name: Reaction(task) for name, task in tasks.items()}})


@pytest.fixture
def world() -> World:
    return World()


async def test_an_event_becomes_one_job_for_each_reaction(world: World) -> None:
    duties = following(greet=world.noting("greeted"), count=world.noting("counted"))
    await world.register()

    jobs = await world.jobs_of(duties)
    again = await Relay(world.transactions, world.ids, duties.reactions).pass_on()

    assert [(await world.job(job)).name for job in jobs] == ["greet", "count"]
    assert again == 0


async def test_an_event_without_a_reaction_is_passed_on_to_nobody(world: World) -> None:
    await world.register()

    passed_on = await Relay(world.transactions, world.ids, {}).pass_on()

    assert (passed_on, await world.jobs_of(Duties())) == (1, [])


async def test_a_job_is_carried_out_once_however_often_it_is_offered(world: World) -> None:
    duties = following(greet=world.noting("greeted"))
    await world.register()
    [job_id] = await world.jobs_of(duties)
    worker = Worker(world.transactions, duties, PATIENCE)

    await asyncio.gather(*(worker.carry_out(job_id) for _ in range(5)))

    assert world.effects == ["greeted"]
    assert (await world.job(job_id)).status is JobStatus.DONE


async def test_a_job_that_fails_waits_longer_each_time_and_is_then_set_aside(world: World) -> None:
    duties = following(greet=world.failing)
    await world.register()
    [job_id] = await world.jobs_of(duties)
    worker = Worker(world.transactions, duties, PATIENCE)
    waits = []

    for _ in range(2):
        await worker.carry_out(job_id)
        waits.append((await world.job(job_id)).due_at - world.clock.now())
        await worker.carry_out(job_id)  # too early: nothing happens
        world.clock.move(waits[-1])
    await worker.carry_out(job_id)
    job = await world.job(job_id)

    assert world.effects == ["failed"] * 3
    assert timedelta(seconds=1) <= waits[0] < timedelta(seconds=1.5)
    assert timedelta(seconds=2) <= waits[1] < timedelta(seconds=3)
    assert (job.status, job.error) == (JobStatus.PARKED, "ConnectionError: the mail server did not answer")


async def test_a_job_that_kills_its_workers_is_set_aside(world: World) -> None:
    duties = following(greet=world.noting("greeted"))
    await world.register()
    [job_id] = await world.jobs_of(duties)
    for _ in range(PATIENCE.most_attempts):
        async with world.transactions() as work:
            await work.jobs.lease_many([job_id], timedelta(seconds=-1))

    await Worker(world.transactions, duties, PATIENCE).carry_out(job_id)

    assert world.effects == []
    assert (await world.job(job_id)).status is JobStatus.PARKED


async def test_a_reaction_that_this_code_does_not_know_is_tried_again(world: World) -> None:
    await world.register()
    [job_id] = await world.jobs_of(following(newer=world.noting("done")))

    await Worker(world.transactions, Duties(), PATIENCE).carry_out(job_id)

    assert (await world.job(job_id)).status is JobStatus.WAITING


async def test_a_long_job_keeps_its_lease(world: World) -> None:
    async def long(job: Job, progress: Progress) -> None:
        await asyncio.sleep(0.05)
        world.clock.move(timedelta(seconds=50))
        await asyncio.sleep(0.05)
        world.clock.move(timedelta(seconds=50))
        await asyncio.sleep(0.05)
        async with world.transactions() as work:
            world.effects.append(str(await work.jobs.lease_many([job_id], timedelta(seconds=1))))

    duties = following(greet=long)
    await world.register()
    [job_id] = await world.jobs_of(duties)

    await Worker(world.transactions, duties, PATIENCE).carry_out(job_id)

    assert world.effects == ["[]"]
    assert (await world.job(job_id)).status is JobStatus.DONE


async def test_a_worker_that_lost_its_lease_stops_and_changes_nothing(world: World) -> None:
    async def stuck(job: Job, progress: Progress) -> None:
        world.effects.append("begun")
        world.clock.move(timedelta(minutes=5))
        async with world.transactions() as work:
            await work.jobs.lease_many([job_id], timedelta(minutes=5))
        await asyncio.sleep(5)
        world.effects.append("ended")

    duties = following(greet=stuck)
    await world.register()
    [job_id] = await world.jobs_of(duties)

    await Worker(world.transactions, duties, PATIENCE).carry_out(job_id)
    job = await world.job(job_id)

    assert world.effects == ["begun"]
    assert (job.status, job.token) == (JobStatus.LEASED, 2)


async def test_a_stopped_worker_hands_its_job_back(world: World) -> None:
    async def endless(job: Job, progress: Progress) -> None:
        await asyncio.sleep(3600)

    duties = following(greet=endless)
    await world.register()
    [job_id] = await world.jobs_of(duties)
    worker = Worker(world.transactions, duties, PATIENCE)
    carrying_out = asyncio.create_task(worker.carry_out(job_id))
    await asyncio.sleep(0.05)

    await worker.stop(timedelta())
    await carrying_out
    job = await world.job(job_id)

    assert (job.status, job.due_at) == (JobStatus.WAITING, world.clock.now())


async def test_everything_together_carries_out_what_was_recorded(world: World) -> None:
    done = asyncio.Event()

    async def greet(job: Job, progress: Progress) -> None:
        world.effects.append("greeted")
        if len(world.effects) == 2:
            done.set()

    await world.register(1)

    async with running(world.transactions, world.ids, following(greet=greet), rhythm=QUICK, patience=PATIENCE):
        await world.register(2)
        await asyncio.wait_for(done.wait(), 5)

    assert world.effects == ["greeted", "greeted"]


async def test_a_flood_of_jobs_waits_in_its_rows_and_not_in_memory(world: World) -> None:
    most_waiting, done = 0, asyncio.Event()

    async def greet(job: Job, progress: Progress) -> None:
        nonlocal most_waiting
        most_waiting = max(most_waiting, len(asyncio.all_tasks()))
        world.effects.append("greeted")
        if len(world.effects) == 150:
            done.set()

    async with world.transactions() as work:
        for number in range(150):
            work.record(AccountRegistered(AccountId(UUID(int=number))), 1)
    narrow = Rhythm(look_every=timedelta(seconds=0.01), most_waiting=20)
    async with running(world.transactions, world.ids, following(greet=greet), rhythm=narrow, patience=PATIENCE):
        await asyncio.wait_for(done.wait(), 30)

    assert most_waiting < 50

"""Jobs that tell somebody outside who takes no key of ours: one after another in each worker, beside all others."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from waiting import until

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.jobs import MemoryJobs
from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.domain.identity.events import AccountRegistered
from higherstudy.domain.notifications.turns import DELIVER, DIGEST
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import JobId
from higherstudy.entrypoints.jobs.duties import Duties, Reaction
from higherstudy.entrypoints.jobs.patience import Patience
from higherstudy.entrypoints.jobs.process import running, working
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.rounds import Rhythm
from higherstudy.entrypoints.jobs.sweeper import due
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.entrypoints.processes.running_jobs import duties
from higherstudy.entrypoints.wiring.containers.every import use_cases_over
from higherstudy.entrypoints.wiring.memory import memory_ports
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.jobs import Job, JobStatus, Priority
from higherstudy.ports.transactions import UnitOfWork

MAIL, TEXT, SCAN = "mail", "text", "scan"
AT_ONCE = 8
PATIENCE = Patience(lease=timedelta(seconds=60), heartbeat=timedelta(seconds=0.01))
QUICK = Rhythm(look_every=timedelta(seconds=0.01), most_waiting=10)
FLOODED = Rhythm(look_every=timedelta(seconds=0.01), most_waiting=10, offer_again_after=timedelta())
"""With this, whatever waits in front is offered again before anything behind it."""
LONGEST = 5


class SlowToCommit:
    """A store that lets others have their turns before it keeps a unit."""

    def __init__(self, inner: MemoryTransactions) -> None:
        self._inner = inner

    @asynccontextmanager
    async def __call__(self, origin: Origin = Origin()) -> AsyncIterator[UnitOfWork]:  # noqa: B008 - frozen
        async with self._inner(origin) as work:
            yield work
            for _ in range(5):
                await asyncio.sleep(0)


class World:
    """A store with messages to send and papers to scan, and what was seen while that was done."""

    def __init__(self) -> None:
        self.clock, self.ids = MemoryClock(), MemoryIds(seed=1)
        self.transactions = SlowToCommit(MemoryTransactions(self.clock, self.ids))
        self.messages: list[JobId] = []
        self.begun: list[str] = []
        """The names of jobs in the order in which they began."""
        self.open_messages: list[int] = []
        """How many messages were leased, as far as is committed, when each of them began."""
        self.at_it = 0
        self.most_at_it = 0
        self._meeting: dict[str, int] = {}
        self._met = asyncio.Barrier(1)
        self.go_on = asyncio.Event()
        self.go_on.set()

    @property
    def duties(self) -> Duties:
        return Duties(tasks={MAIL: self.tell, TEXT: self.tell, SCAN: self.do}, tasks_one_by_one={MAIL, TEXT})

    def meet(self, **first: int) -> None:
        """Let the first jobs, so many of each name, wait until all of these are at it beside one another."""
        self._meeting, self._met = first, asyncio.Barrier(sum(first.values()))

    def worker(self, at_once: int = AT_ONCE) -> Worker:
        return Worker(self.transactions, self.duties, PATIENCE, at_once)

    async def add(self, *names: str) -> list[JobId]:
        async with self.transactions() as work:
            jobs = [Job(JobId(self.ids.new()), name, work.now) for name in names]
            await work.jobs.add_many(jobs)
        self.messages += [job.id for job in jobs if job.name in (MAIL, TEXT)]
        return [job.id for job in jobs]

    async def found(self, ids: Collection[JobId]) -> list[Job]:
        async with self.transactions() as work:
            return [await work.jobs.get(job_id) for job_id in ids]

    async def statuses(self, ids: Collection[JobId]) -> list[JobStatus]:
        return [job.status for job in await self.found(ids)]

    async def tell(self, job: Job, progress: Progress) -> None:
        self.open_messages.append((await self.statuses(self.messages)).count(JobStatus.LEASED))
        await self.do(job, progress)

    async def do(self, job: Job, _: Progress) -> None:
        self.begun.append(job.name)
        self.at_it += 1
        self.most_at_it = max(self.most_at_it, self.at_it)
        try:
            if self.begun.count(job.name) <= self._meeting.get(job.name, 0):
                await self._met.wait()
            await self.go_on.wait()
        finally:
            self.at_it -= 1


@pytest.fixture
def world() -> World:
    return World()


async def told(worker: Worker, ids: Collection[JobId]) -> None:
    """Tell the worker of all these jobs in one moment, and wait until it has done all that it can."""
    async with asyncio.timeout(LONGEST):
        await asyncio.gather(*(worker.carry_out(job_id) for job_id in ids))
        await worker.rest()


async def test_messages_go_out_one_after_another_and_other_jobs_run_beside_them(world: World) -> None:
    ids = await world.add(*[MAIL, TEXT] * 10, *[SCAN] * 20)
    world.meet(mail=1, scan=AT_ONCE - 1)

    await told(world.worker(), ids)

    assert world.open_messages == [1] * 20
    assert world.most_at_it == AT_ONCE
    assert await world.statuses(ids) == [JobStatus.DONE] * 40


async def test_a_message_that_failed_is_put_back_before_the_next_begins(world: World) -> None:
    async def refused(job: Job, progress: Progress) -> None:
        await world.tell(job, progress)
        raise ConnectionError("not now")

    ids = await world.add(*[MAIL] * 5)
    worker = Worker(world.transactions, Duties(tasks={MAIL: refused}, tasks_one_by_one={MAIL}), PATIENCE)

    await told(worker, ids)

    assert world.open_messages == [1] * 5
    assert [(job.status, job.attempts) for job in await world.found(ids)] == [(JobStatus.WAITING, 1)] * 5


async def test_the_next_message_waits_until_the_database_has_taken_down_the_end_of_the_last(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish_many = MemoryJobs.finish_many

    async def away_at_first(self: MemoryJobs, jobs: Collection[Job]) -> Collection[JobId]:
        world.begun.append("end")
        if world.begun.count("end") < 3:
            raise Unavailable
        return await finish_many(self, jobs)

    monkeypatch.setattr(MemoryJobs, "finish_many", away_at_first)
    ids = await world.add(MAIL, TEXT)

    await told(world.worker(), ids)

    assert world.begun == [MAIL, "end", "end", "end", TEXT, "end"]
    assert world.open_messages == [1, 1]


async def test_several_workers_send_messages_beside_one_another(world: World) -> None:
    ids = await world.add(*[MAIL] * 6)
    world.meet(mail=3)
    workers = [world.worker() for _ in range(3)]

    await asyncio.gather(*(told(worker, ids) for worker in workers))

    assert world.most_at_it == 3
    assert len(world.begun) == 6
    assert await world.statuses(ids) == [JobStatus.DONE] * 6


async def test_messages_that_wait_hold_neither_a_lease_nor_a_place(world: World) -> None:
    world.go_on.clear()
    waiting = await world.add(*[MAIL] * 10)
    worker = world.worker(at_once=2)
    for job_id in waiting:
        await worker.carry_out(job_id)
    await until(lambda: world.begun == [MAIL], LONGEST, pause=0)

    [scan] = await world.add(SCAN)
    scanning = asyncio.create_task(worker.carry_out(scan))
    await until(lambda: SCAN in world.begun, LONGEST, pause=0)
    statuses = await world.statuses(waiting)
    world.go_on.set()
    await scanning
    await worker.rest()

    assert statuses == [JobStatus.LEASED, *[JobStatus.WAITING] * 9]
    assert world.most_at_it == 2


async def test_a_worker_with_one_place_gives_it_to_messages_and_others_in_turn(world: World) -> None:
    ids = await world.add(*[MAIL] * 10, SCAN)

    await told(world.worker(at_once=1), ids)

    assert world.begun.index(SCAN) < 3
    assert (world.most_at_it, len(world.begun)) == (1, 11)


async def test_a_worker_that_ends_hands_back_its_message_and_leaves_the_others_as_they_are(world: World) -> None:
    world.go_on.clear()
    ids = await world.add(*[MAIL] * 3)
    worker = world.worker()
    for job_id in ids:
        await worker.carry_out(job_id)
    await until(lambda: world.begun == [MAIL], LONGEST, pause=0)

    await asyncio.wait_for(worker.stop(timedelta()), LONGEST)
    left = await world.found(ids)
    taken = await worker.carry_out(ids[1])

    assert [(job.status, job.attempts) for job in left] == [(JobStatus.WAITING, 0)] * 3
    assert [job.token for job in left] == [1, 0, 0]
    assert (taken, world.begun) == (False, [MAIL])


async def test_a_worker_that_ends_lets_its_message_go_out_and_begins_no_other(world: World) -> None:
    world.go_on.clear()
    ids = await world.add(*[MAIL] * 3)
    worker = world.worker()
    await worker.carry_out(ids[0])
    await until(lambda: world.begun == [MAIL], LONGEST, pause=0)

    ending = asyncio.create_task(worker.stop(timedelta(seconds=LONGEST)))
    await asyncio.sleep(0)
    world.go_on.set()
    await asyncio.wait_for(ending, LONGEST)

    assert await world.statuses(ids) == [JobStatus.DONE, JobStatus.WAITING, JobStatus.WAITING]


async def test_a_worker_that_stood_still_leaves_its_message_to_another_and_goes_on_with_the_next(world: World) -> None:
    world.go_on.clear()
    ids = await world.add(*[MAIL] * 2)
    worker = world.worker()
    await worker.carry_out(ids[0])
    await until(lambda: world.begun == [MAIL], LONGEST, pause=0)

    world.clock.move(timedelta(minutes=5))
    async with world.transactions() as work:
        await work.jobs.lease_many([ids[0]], timedelta(hours=1))
    await until(lambda: len(world.begun) == 2, LONGEST)
    world.go_on.set()
    await asyncio.wait_for(worker.rest(), LONGEST)

    taken_over, next_one = await world.found(ids)
    assert (taken_over.status, taken_over.token) == (JobStatus.LEASED, 2)
    assert (next_one.status, next_one.token) == (JobStatus.DONE, 1)


@pytest.mark.parametrize("doorbell", [True, False], ids=["told of jobs", "looking for jobs"])
async def test_a_flood_of_messages_holds_up_no_other_job(world: World, doorbell: bool) -> None:
    world.go_on.clear()
    await world.add(*[MAIL] * 300)
    world.clock.move(timedelta(seconds=1))  # so that all messages are longer due

    [scan] = await world.add(SCAN)
    process = (
        running(world.transactions, world.ids, world.duties, rhythm=FLOODED, at_once=2, grace=timedelta())
        if doorbell
        else working(world.transactions, world.duties, rhythm=FLOODED, at_once=2, grace=timedelta())
    )
    async with process:
        await until(lambda: world.begun.count(SCAN) == 1, LONGEST)
        await until(lambda: world.begun.count(MAIL) == 1, LONGEST)

    assert sorted(world.begun) == [MAIL, SCAN]
    assert await world.statuses([scan, *world.messages]) == [JobStatus.WAITING] * 301


async def test_workers_are_called_to_messages_by_a_few_of_them_and_soon_again(world: World) -> None:
    mails, scans = await world.add(*[MAIL] * 4), await world.add(*[SCAN] * 6)
    rooms, counts = {Priority.NORMAL: 10}, []

    for seconds in (0, 0, 1):
        world.clock.move(timedelta(seconds=seconds))
        async with world.transactions() as work:
            offers, calls = await due(work.jobs, rooms, timedelta(seconds=10), {MAIL})
        counts.append((len(offers), len(calls)))

    assert counts == [(len(scans), len(mails)), (0, 0), (0, len(mails))]


@pytest.mark.parametrize("doorbell", [True, False], ids=["told of jobs", "looking for jobs"])
async def test_all_messages_of_a_flood_go_out(world: World, doorbell: bool) -> None:
    ids = await world.add(*[MAIL] * 60)
    process = (
        running(world.transactions, world.ids, world.duties, rhythm=QUICK)
        if doorbell
        else working(world.transactions, world.duties, rhythm=QUICK)
    )

    async with process:
        await until(lambda: len(world.begun) == 60, LONGEST)

    assert await world.statuses(ids) == [JobStatus.DONE] * 60
    assert world.open_messages == [1] * 60


def test_a_reaction_is_known_by_its_name_to_go_one_by_one() -> None:
    async def nothing(_: Job, __: Progress) -> None:
        return

    known = Duties({AccountRegistered.tag: {"greet": Reaction(nothing, one_by_one=True), "count": Reaction(nothing)}})

    assert known.one_by_one == {"greet"}


def test_whatever_goes_to_people_goes_one_by_one() -> None:
    known = duties(use_cases_over(memory_ports()))

    assert known.one_by_one == {DELIVER, DIGEST}

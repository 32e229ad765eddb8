"""What goes on behind the API: relays, sweepers and workers, each in a process of its own, and the bells between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from simulation.faults import Mishap
from simulation.file_store import StageFiles, StageIncoming
from simulation.processes import WITHIN
from simulation.stage import Stage
from simulation.watching import work_of

from higherstudy.adapters.memory.answers import MemoryAnswers
from higherstudy.adapters.memory.jobs import MemoryJobs
from higherstudy.adapters.memory.outbox import MemoryOutbox
from higherstudy.domain.shared.ids import JobId
from higherstudy.entrypoints.jobs.duties import Duties, Task
from higherstudy.entrypoints.jobs.lookout import Lookout
from higherstudy.entrypoints.jobs.patience import Patience
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.relay import Relay
from higherstudy.entrypoints.jobs.rounds import Rhythm, Rounds
from higherstudy.entrypoints.jobs.schedules import Schedule, Scheduler
from higherstudy.entrypoints.jobs.sweeper import Sweeper
from higherstudy.entrypoints.jobs.worker import Worker
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.jobs import Job, Offer, Priority

if TYPE_CHECKING:
    from simulation.world import World

RHYTHM = Rhythm(look_every=timedelta(seconds=5), schedule_every=timedelta(seconds=10))
"""Slower than a server's, so that a run has fewer empty rounds."""
PATIENCE = Patience(longest_wait=timedelta(seconds=20), most_attempts=40)
"""A server's, but for many failures: a run must come to its end, and every job with it."""
AT_ONCE = 3
GRACE = timedelta(seconds=5)
TICK = "tick"
SWEEPS = {
    name: Schedule(every=timedelta(seconds=every), at=timedelta(seconds=at))
    for name, every, at in (
        ("scan_forgotten", 60, 3),
        ("expire_uploads", 30, 11),
        ("drop_leftovers", 40, 5),
        ("drop_orphans", 30, 17),
    )
}
"""More often than a server's, so that they meet students who come back."""
SCHEDULES = {TICK: Schedule(every=timedelta(seconds=20), at=timedelta(seconds=7))}


@dataclass
class Bells:
    """Carries job ids to whoever listens, as streams of Redis do whose entries go when they are received."""

    stage: Stage
    queue: asyncio.Queue[JobId] = field(default_factory=asyncio.Queue)
    _down_until: float = 0.0

    @property
    def answers(self) -> bool:
        """Whether anybody can ring or listen now."""
        return self.stage.time() >= self._down_until

    async def room(self) -> Mapping[Priority, int]:
        """Return how many may be rung for, of each priority."""
        await self.stage.point("room")
        self._demand_up()
        return dict.fromkeys(Priority, max(0, 50 - self.queue.qsize()))

    async def ring(self, offers: Sequence[Offer]) -> None:
        """Let the ids reach workers, unless they are lost on their way."""
        for offer in offers:
            await self.stage.point("ring", offer.job_id)
            self._demand_up()
            self._send(offer.job_id)

    async def heard(self) -> JobId:
        """Wait for the next id; whoever has it, nobody else gets it. Raise Unavailable when nothing comes."""
        await self.stage.point("listen")
        if not self.answers:
            raise Unavailable
        try:
            return await asyncio.wait_for(self.queue.get(), 20)
        except TimeoutError:
            raise Unavailable from None

    def _demand_up(self) -> None:
        if self.stage.strikes(Mishap.BELLS_DOWN):
            self._down_until = self.stage.time() + self.stage.faults.within(1, 60)
            self.queue = asyncio.Queue()  # what it held in memory is gone with it
        if not self.answers:
            raise Unavailable

    def _send(self, job_id: JobId) -> None:
        stage = self.stage
        if stage.strikes(Mishap.BELLS_FORGOTTEN):
            self.queue = asyncio.Queue()
        if stage.strikes(Mishap.BELL_LOST):
            return
        for _ in range(2 if stage.strikes(Mishap.BELL_TWICE) else 1):
            late = stage.faults.within(1, 40) if stage.strikes(Mishap.BELL_LATE) else 0
            asyncio.get_running_loop().call_later(late, self.queue.put_nowait, job_id)


@dataclass(frozen=True)
class Makers:
    """How the parts of the background are made; a test of the simulation puts broken ones in their place."""

    relay: Callable[..., Relay] = Relay
    scheduler: Callable[..., Scheduler] = Scheduler
    sweeper: Callable[..., Sweeper] = Sweeper
    worker: Callable[..., Worker] = Worker
    jobs: Callable[..., MemoryJobs] = MemoryJobs
    outbox: Callable[..., MemoryOutbox] = MemoryOutbox
    answers: Callable[..., MemoryAnswers] = MemoryAnswers
    files: Callable[..., StageFiles] = StageFiles
    incoming: Callable[..., StageIncoming] = StageIncoming
    cases: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    """Use cases that jobs call, by name."""
    schedules: Mapping[str, Schedule] = field(default_factory=lambda: SCHEDULES)
    patience: Patience = PATIENCE


async def relaying(world: World) -> None:
    """Pass on what was recorded, add what is scheduled and offer what is due, until asked to end."""
    makers, transactions = world.makers, world.transactions
    rounds = Rounds(
        makers.relay(transactions, world.ids, world.duties.reactions),
        makers.scheduler(transactions, world.ids, world.schedules),
        makers.sweeper(transactions, world.bells, world.duties.one_by_one),
        RHYTHM,
        asyncio.Event(),
        again_after=RHYTHM.offer_again_after,
    )
    await _until_asked(rounds.run())


async def working(world: World) -> None:
    """Carry out what is rung for, or what is found while nobody can ring, until asked to end; then hand back."""
    worker = world.makers.worker(world.transactions, world.duties, world.makers.patience, AT_ONCE)
    lookout = Lookout(world.transactions, worker, RHYTHM, needed=lambda: not world.bells.answers)
    await _until_asked(lookout.run(), _listening(world, worker))
    await worker.stop(GRACE)


async def _listening(world: World, worker: Worker) -> None:
    running: set[asyncio.Task[bool]] = set()
    while True:
        if len(running) < 2 * AT_ONCE:
            with suppress(Unavailable):
                task = asyncio.create_task(worker.carry_out(await world.bells.heard()))
                running.add(task)
                task.add_done_callback(running.discard)
                continue
        await asyncio.sleep(1)


async def _until_asked(*endless: object) -> None:
    process = WITHIN.get()
    assert process is not None
    tasks = [asyncio.ensure_future(one) for one in endless]  # type: ignore[call-overload]
    asked = asyncio.ensure_future(process.asked_to_end.wait())
    await asyncio.wait({asked, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        if task.done():
            task.result()
        task.cancel()
    await asyncio.wait(tasks)


def watched(stage: Stage, duties: Duties) -> Duties:
    """Return the duties, with a look at who begins what."""

    def noting(task: Task) -> Task:
        async def noted(job: Job, progress: Progress) -> None:
            stage.note("begins", job.name, job.id, f"attempt={job.attempts}")
            with stage.alone_at(work_of(job), job.token):
                await stage.point("at it")
                await task(job, progress)

        return noted

    reactions = {
        tag: {name: replace(reaction, task=noting(reaction.task)) for name, reaction in named.items()}
        for tag, named in duties.reactions.items()
    }
    return Duties(reactions, {name: noting(task) for name, task in duties.tasks.items()})

"""Deliberate mistakes, each of which the simulation has to notice; none of them is ever used for anything else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from simulation.background import PATIENCE, Makers
from simulation.desks import Direct, Effect
from simulation.world import World

from higherstudy.adapters.memory.jobs import KeptJob, MemoryJobs
from higherstudy.adapters.memory.outbox import MemoryOutbox
from higherstudy.domain.shared.events import Envelope, Origin
from higherstudy.domain.shared.ids import AccountId
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.relay import Relay
from higherstudy.entrypoints.jobs.schedules import Scheduler
from higherstudy.entrypoints.jobs.sweeper import Sweeper
from higherstudy.ports.answers import RequestKey, StoredAnswer
from higherstudy.ports.jobs import Job
from higherstudy.ports.transactions import UnitOfWork


class JobsWithoutFence(MemoryJobs):
    """Let anybody close a job, whoever holds it by now."""

    def _all_ours(self, jobs: Collection[Job]) -> Iterator[KeptJob]:
        yield from (kept for kept in (self._rows.get(job.id) for job in jobs) if kept is not None)


class JobsForEverybody(MemoryJobs):
    """Lease a job that somebody else holds."""

    def _is_free(self, job: Job) -> bool:
        return super()._is_free(job) or job.leased_until is not None


class OutboxWithoutOrder(MemoryOutbox):
    """Hand out the newest event first."""

    async def take(self, limit: int) -> Sequence[Envelope]:
        return list(self._rows.rows())[-1:]


class RelayThatMarksFirst(Relay):
    """Note that events are passed on, and only then add their jobs."""

    async def pass_on(self, limit: int = 100) -> int:
        async with self.transactions() as work:
            envelopes = await work.outbox.take(limit)
            await work.outbox.passed_on([envelope.id for envelope in envelopes])
        async with self.transactions() as work:
            await work.jobs.add_many([job for envelope in envelopes for job in self._following(work, envelope)])
        return len(envelopes)


class RelayThatForgets(Relay):
    """Mark some events that it made no job of."""

    def _following(self, work: UnitOfWork, envelope: Envelope) -> list[Job]:
        return super()._following(work, envelope) if envelope.id.int % 5 else []


class SweeperThatOffersOnce(Sweeper):
    """Never offer a job again that was offered before."""

    async def offer(self, again_after: timedelta) -> bool | None:
        return await super().offer(timedelta(days=1))


class SchedulerWithoutKeys(Scheduler):
    """Add a job for a slot as often as there are schedulers."""

    def _job(self, name: str, slot: datetime, now: datetime) -> Job:
        return replace(super()._job(name, slot, now), key=None, alone=None)


class WorldThatPaysByAttempt(World):
    """Charge under another key at each attempt."""

    async def _pay(self, job: Job, progress: Progress) -> None:
        payment = str(job.arguments["payment"])
        await self.payments.charge(payment, idempotency_key=f"{payment}-{job.attempts}")


class DeskThatKeepsAnswersLater(Direct):
    """Keep the effect in one unit and its answer in another."""

    async def once(self, account_id: AccountId | None, key: str, effect: Effect) -> str:
        claim, transactions = RequestKey(account_id, key, key), self._world.transactions
        async with transactions(Origin(actor=account_id)) as work:
            before = await work.answers.claim(claim, key.encode())
            await work.answers.keep(claim, before or StoredAnswer(201, {}, b""))
        if before is None or not before.body:
            before = StoredAnswer(201, {}, (await effect(transactions)).encode())
            async with transactions(Origin(actor=account_id)) as work:
                await work.answers.claim(claim, key.encode())
                await work.answers.keep(claim, before)
        return before.body.decode()


class WorldThatAnswersLater(World):
    direct = DeskThatKeepsAnswersLater


class WorldThatMailsByAttempt(World):
    """Hand every mail over twice."""

    async def _tick(self, job: Job, progress: Progress) -> None:
        await super()._tick(job, progress)
        for mail in list(self.mailbox.book)[:1]:
            self.mailbox.book[mail] += 1


# What is broken, in which world, and how.
MUTANTS: dict[str, tuple[type[World], Makers]] = {
    "jobs without a fence": (World, Makers(jobs=JobsWithoutFence)),
    "jobs for everybody": (World, Makers(jobs=JobsForEverybody)),
    "leases that nobody keeps": (World, Makers(patience=replace(PATIENCE, heartbeat=timedelta(hours=1)))),
    "an outbox without order": (World, Makers(outbox=OutboxWithoutOrder)),
    "a relay that marks first": (World, Makers(relay=RelayThatMarksFirst)),
    "a relay that forgets": (World, Makers(relay=RelayThatForgets)),
    "a sweeper that offers once": (World, Makers(sweeper=SweeperThatOffersOnce)),
    "a scheduler without keys": (World, Makers(scheduler=SchedulerWithoutKeys)),
    "a payment under many keys": (WorldThatPaysByAttempt, Makers()),
    "an answer kept later": (WorldThatAnswersLater, Makers()),
    "a mail handed over twice": (WorldThatMailsByAttempt, Makers()),
}

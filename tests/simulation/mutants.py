"""Deliberate mistakes, each of which the simulation has to notice; none of them is ever used for anything else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from simulation.background import PATIENCE, Makers
from simulation.desks import Direct, Effect
from simulation.file_store import StageFiles, StageIncoming
from simulation.world import World

from higherstudy.adapters.memory.answers import MemoryAnswers
from higherstudy.adapters.memory.jobs import KeptJob, MemoryJobs
from higherstudy.adapters.memory.outbox import MemoryOutbox
from higherstudy.domain.documents.upload import LIFE, Announced, Upload, UploadState
from higherstudy.domain.documents.use_cases.looking import Watched
from higherstudy.domain.documents.use_cases.sealed import store_sealed
from higherstudy.domain.documents.use_cases.scanning import ScanUpload
from higherstudy.domain.documents.use_cases.sweeping import DropLeftovers, DropOrphans, Report
from higherstudy.domain.shared.events import Envelope, Origin
from higherstudy.domain.shared.ids import AccountId, UploadId
from higherstudy.entrypoints.http.edge import Asgi, Receive, Send
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.relay import Relay
from higherstudy.entrypoints.jobs.schedules import Scheduler
from higherstudy.entrypoints.jobs.sweeper import Sweeper
from higherstudy.ports.answers import RequestKey, StoredAnswer
from higherstudy.ports.errors import Unavailable
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


class AnswersForAnybody(MemoryAnswers):
    """Give the answer to a key to whoever comes with it."""

    async def claim(self, request: RequestKey, fingerprint: bytes) -> StoredAnswer | None:
        return await super().claim(replace(request, account_id=None), fingerprint)

    async def keep(self, request: RequestKey, answer: StoredAnswer) -> None:
        await super().keep(replace(request, account_id=None), answer)


class FilesThatSpeakForThemselves(StageFiles):
    """Raise the errors of a vendor."""

    async def _reach(self, what: str) -> None:
        try:
            await super()._reach(what)
        except Unavailable:
            raise OSError("no route to host") from None


class IncomingThatBelieves(StageIncoming):
    """Take the client's word that the bytes are there."""

    async def arrived(self, name: str, announced: Announced) -> None:
        await self.ticket(name, announced, self._stage.now())


class ScanThatCountsFirst(ScanUpload):
    """Let a version count on a file that nobody has kept yet, and only then keep it."""

    async def _accept(self, upload: Upload, begun: datetime, sealed_as: str) -> None:
        await self._in_turn(upload.id, begun, "0" * 64)


class ScanInTwoUnits(ScanUpload):
    """Keep the version in one unit and the decision in another."""

    async def _let_count(self, upload_id: UploadId, begun: datetime, sealed_as: str) -> Upload:
        async with self.transactions() as work:
            upload = await work.uploads.get(upload_id)
            document = await work.documents.get(upload.document_id)
            number = len(document.versions) + 1
            document.upload(upload.as_version(number, sealed_as))
            await work.documents.save(document)
        async with self.transactions() as work:
            upload = await work.uploads.get(upload_id)
            if upload.state is UploadState.RECEIVED:
                accepted = upload.accept(number, work.now)
                await work.uploads.save(upload)
                work.record(accepted, upload.version)
        return upload


class ScanWithoutLooking(ScanUpload):
    """Accept whatever arrived."""

    async def _keep(self, upload: Upload) -> tuple[datetime, str]:
        async def look(_: Watched) -> None:
            """See nothing."""

        async with self.transactions() as work:
            begun = work.now
        keys, content = await self.vault.keys_of(upload.student_id), Watched(self.incoming.read(upload.name))
        return begun, await store_sealed(self.files, keys, upload.document_id, content, look)


class OrphansByContent(DropOrphans):
    """Hold the names of sealed files against the hashes of what is in them."""

    async def __call__(self, report: Report) -> int:
        async with self.transactions() as work:
            students = await work.students.batch(None, 1000)
            papers = await work.documents.of_students([student.id for student in students])
            moment = work.now - LIFE
        used = {version.sha256 for paper in papers for version in paper.versions}
        unused = [name async for name in self.files.kept_before(moment) if name not in used]
        for name in unused:
            await self.files.delete(name, stored_before=moment)
        return len(unused)


class LeftoversOfAnybody(DropLeftovers):
    """Drop bytes for which a received upload still waits."""

    async def _needed(self, names: Sequence[str]) -> set[str]:
        return set()


class SweepThatNeverComes:
    """Stands for a sweep and does nothing."""

    def __init__(self, **_: object) -> None:
        pass

    async def __call__(self, report: Report) -> int:
        return 0


def _without(name: bytes, app: Asgi) -> Asgi:
    """Return the application, to which no header of that name comes and from which none goes."""

    async def shorn(scope: Any, receive: Receive, send: Send) -> None:
        async def answer(message: Any) -> None:
            if "headers" in message:
                message["headers"] = [one for one in message["headers"] if one[0] != name]
            await send(message)

        await app({**scope, "headers": [one for one in scope["headers"] if one[0] != name]}, receive, answer)

    return shorn


def _silent(app: Asgi) -> Asgi:
    """Return the application, which answers nothing where it cannot answer well."""

    async def silenced(scope: Any, receive: Receive, send: Send) -> None:
        failed = False

        async def answer(message: Any) -> None:
            nonlocal failed
            failed = failed or message.get("status", 200) == 503
            if not failed:
                await send(message)

        await app(scope, receive, answer)

    return silenced


class WorldOverHttp(World):
    over_http = 1.0


class WorldWithoutKeys(WorldOverHttp):
    @property
    def app(self) -> Asgi:
        return _without(b"idempotency-key", super().app)


class WorldWithoutRetryAfter(WorldOverHttp):
    @property
    def app(self) -> Asgi:
        return _without(b"retry-after", super().app)


class WorldThatHangsUp(WorldOverHttp):
    @property
    def app(self) -> Asgi:
        return _silent(super().app)


class WorldWithMornings(World):
    mornings = 1.0


@dataclass(frozen=True)
class Mutant:
    """What is broken, in which world, and the words in which the simulation has to say so."""

    makers: Makers = field(default_factory=Makers)
    world: type[World] = World
    words: str = ""


def _case(name: str, kind: Callable[..., Any]) -> Makers:
    return Makers(cases={name: kind})


MUTANTS = {
    "jobs without a fence": Mutant(Makers(jobs=JobsWithoutFence)),
    "jobs for everybody": Mutant(Makers(jobs=JobsForEverybody)),
    "leases that nobody keeps": Mutant(Makers(patience=replace(PATIENCE, heartbeat=timedelta(hours=1)))),
    "an outbox without order": Mutant(Makers(outbox=OutboxWithoutOrder)),
    "a relay that marks first": Mutant(Makers(relay=RelayThatMarksFirst)),
    "a relay that forgets": Mutant(Makers(relay=RelayThatForgets)),
    "a sweeper that offers once": Mutant(Makers(sweeper=SweeperThatOffersOnce)),
    "a scheduler without keys": Mutant(Makers(scheduler=SchedulerWithoutKeys)),
    "a payment under many keys": Mutant(world=WorldThatPaysByAttempt),
    "an answer kept later": Mutant(world=WorldThatAnswersLater),
    "a mail handed over twice": Mutant(world=WorldThatMailsByAttempt),
    "answers for anybody": Mutant(Makers(answers=AnswersForAnybody), WorldOverHttp),
    "an API that knows no keys": Mutant(world=WorldWithoutKeys, words="got another answer"),
    "an API that does not say when": Mutant(world=WorldWithoutRetryAfter, words="does not say how long"),
    "an API that hangs up": Mutant(world=WorldThatHangsUp, words="was not answered"),
    "a vendor's errors": Mutant(Makers(files=FilesThatSpeakForThemselves), WorldOverHttp, "blames itself"),
    "a client's word": Mutant(Makers(incoming=IncomingThatBelieves), words="without its bytes"),
    "a version before its file": Mutant(_case("scan_upload", ScanThatCountsFirst), words="counts without its file"),
    "a version apart from its upload": Mutant(_case("scan_upload", ScanInTwoUnits)),
    "a scan that looks at nothing": Mutant(_case("scan_upload", ScanWithoutLooking), words="harmful"),
    "orphans by their content": Mutant(
        _case("drop_orphans", OrphansByContent), WorldWithMornings, "on which a version counts"
    ),
    "leftovers of anybody": Mutant(_case("drop_leftovers", LeftoversOfAnybody), WorldWithMornings, "not decided"),
    "uploads that never end": Mutant(_case("expire_uploads", SweepThatNeverComes), words="not decided"),
    "leftovers that stay": Mutant(_case("drop_leftovers", SweepThatNeverComes), words="were left"),
    "orphans that stay": Mutant(_case("drop_orphans", SweepThatNeverComes), words="on which nothing counts"),
}

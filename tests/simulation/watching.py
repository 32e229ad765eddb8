"""Looks at every unit that the store keeps, as it keeps it: what must hold at each moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from simulation.processes import WITHIN, Process
from simulation.stage import Stage

from higherstudy.adapters.memory.jobs import KeptJob
from higherstudy.adapters.memory.transactions import MemoryTransactions, Store
from higherstudy.domain.documents.document import Document
from higherstudy.domain.shared.events import Envelope
from higherstudy.domain.shared.ids import EventId, JobId
from higherstudy.entrypoints.jobs.schedules import Schedule
from higherstudy.ports.clock import Clock
from higherstudy.ports.ids import Ids
from higherstudy.ports.jobs import Job, JobStatus


class Watch:
    """What was seen so far of events and jobs."""

    def __init__(
        self,
        stage: Stage,
        reactions: Mapping[str, frozenset[str]],
        schedules: Mapping[str, Schedule],
        file_of: Callable[[str], object],
    ) -> None:
        """``file_of`` returns the kept file of a hash, or None."""
        self._stage = stage
        self._file_of = file_of
        self._schedules = schedules
        self._reactions = reactions
        self.recorded: dict[EventId, Envelope] = {}
        """Every event that was ever kept."""
        self.added: dict[JobId, Job] = {}
        """Every job that was ever kept, as it was at first."""
        self._holders: dict[JobId, Process | None] = {}
        self._passed_on: dict[UUID, int] = {}

    def kept(
        self, store: Store, jobs: Mapping[JobId, tuple[KeptJob | None, KeptJob]], passed_on: list[Envelope]
    ) -> None:
        """Look at one unit: the jobs that it changed, before and after, and the events that it passed on."""
        for before, after in jobs.values():
            if before is None:
                self._added(after.job)
            else:
                self._moved(before.job, after.job)
        for envelope in passed_on:
            self._in_order(envelope, store)
        if passed_on:
            self._has_its_jobs(store, passed_on)

    def papers_kept(self, documents: Iterable[Document]) -> None:
        """Look at papers that a unit changed: no version is there without its file, not for a moment."""
        for document in documents:
            for version in document.versions:
                there = self._file_of(version.stored_as) is not None
                self._stage.demand(there, "a version counts without its file", document.id, version.number)

    def _added(self, job: Job) -> None:
        stage = self._stage
        stage.note("job added", job.name, job.id)
        for other in self.added.values():
            stage.demand(job.key is None or job.key != other.key, "two jobs with one key", job.key)
        self.added[job.id] = job
        if job.name in self._schedules:
            slots = 2 + timedelta(seconds=stage.time()) // self._schedules[job.name].every
            fired = sum(other.name == job.name for other in self.added.values())
            stage.demand(fired <= slots, "a schedule fired more often than it has slots", job.name, fired, slots)

    def _moved(self, before: Job, after: Job) -> None:
        stage, process = self._stage, WITHIN.get()
        if before.status is not after.status or before.token != after.token:
            stage.note(f"job {after.status.value}", after.name, after.id, f"token={after.token}")
        stage.demand(before.status is not JobStatus.DONE, "a job was changed after it was done", after.name, after.id)
        if after.token != before.token:
            held = before.status is JobStatus.LEASED and before.leased_until and before.leased_until > stage.now()
            stage.demand(not held, "a job was leased while somebody held it", after.name, after.id)
            stage.demand(after.token > before.token, "a token went back", after.id)
            self._holders[after.id] = process
            stage.leased(process, work_of(after), after.token)
        elif before.status is JobStatus.LEASED and before != after:
            stage.demand(
                self._holders.get(after.id) is process, "a job was changed by one who did not hold it", after.id
            )
        if after.status is JobStatus.DONE:
            stage.demand(before.status is JobStatus.LEASED, "a job was done that nobody had taken", after.id)
            stage.done.add(work_of(after))

    def _in_order(self, envelope: Envelope, store: Store) -> None:
        """Nothing older of the same aggregate may still wait, or come after it."""
        about, version = envelope.event.aggregate_id, envelope.aggregate_version
        left = (other for other in store.events._kept.values() if other.event.aggregate_id == about)
        older = any(other.aggregate_version < version for other in left)
        in_order = not older and self._passed_on.get(about, 0) <= version
        self._stage.demand(in_order, "events of one aggregate were passed on out of order", envelope.event.tag, about)
        self._passed_on[about] = version

    def _has_its_jobs(self, store: Store, passed_on: list[Envelope]) -> None:
        there = {work_of(kept.job) for kept in store.jobs.rows()}
        for envelope in passed_on:
            for name in self._reactions.get(envelope.event.tag, ()):
                work = f"{name} {envelope.id}"
                self._stage.demand(work in there, "an event was passed on without its job", work)


def work_of(job: Job) -> str:
    """Return the word for what the job is to bring about, whichever attempt does."""
    return f"{job.name} {job.envelope.id if job.envelope else job.key or job.id}"


class WatchedTransactions(MemoryTransactions):
    """Units in memory that somebody looks at as they are kept."""

    def __init__(self, clock: Clock, ids: Ids, store: Store, watch: Watch) -> None:
        super().__init__(clock, ids, store)
        self._watch = watch

    def _keep(self) -> None:
        store = self._store
        jobs = {id_: (store.jobs._kept.get(id_), kept) for id_, kept in store.jobs._changed.items()}
        passed_on = [store.events._kept[id_] for id_ in store.events._removed if id_ in store.events._kept]
        passed_on.sort(key=lambda envelope: (envelope.at, envelope.aggregate_version))
        self._watch.recorded.update(store.events._changed)
        self._watch.papers_kept(store.documents._changed.values())
        super()._keep()
        self._watch.kept(store, jobs, passed_on)

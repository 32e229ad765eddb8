"""One small world: API processes, a background that works for them, and students; played from one seed."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from inspect import signature
from typing import Any

from simulation.background import SWEEPS, TICK, Bells, Makers, relaying, watched, working
from simulation.clients import PAY, TIDY, Student
from simulation.desks import Direct
from simulation.ending import check_the_end, check_the_next_day, is_quiet
from simulation.file_store import StageScanner
from simulation.here import Here, use_cases
from simulation.loop import Loop, NothingLeft, play
from simulation.over_http import OverHttp
from simulation.papers import Announced
from simulation.processes import WITHIN, Process, SkewedClock, watch_over
from simulation.stage import Broken, Stage
from simulation.surroundings import MailProvider, PaymentProvider, StageTransactions
from simulation.watching import Watch, WatchedTransactions
from simulation.wire import application

from builders import SOURCE, a_programme
from higherstudy.adapters.memory.answers import MemoryAnswers
from higherstudy.adapters.memory.cache import MemoryCache
from higherstudy.adapters.memory.catalogue import Stored
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.jobs import MemoryJobs
from higherstudy.adapters.memory.limits import MemoryLimits
from higherstudy.adapters.memory.outbox import MemoryOutbox
from higherstudy.adapters.memory.tokens import MemoryTokens
from higherstudy.adapters.memory.transactions import MemoryUnitOfWork, Store
from higherstudy.adapters.memory.vault import MemoryVault
from higherstudy.domain.imports.catalogue_import import Table
from higherstudy.domain.imports.programmes import institution_row, programme_row
from higherstudy.domain.shared.ids import UploadId
from higherstudy.entrypoints import trying
from higherstudy.entrypoints.http.edge import Asgi
from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.reactions import table
from higherstudy.entrypoints.jobs.schedules import Schedule
from higherstudy.ports.jobs import Job

LONGEST_CALM = 300.0
"""So many seconds after the last mishap everything must be done."""
A_NIGHT = timedelta(hours=25)
"""Longer than anything may lie about that nobody came back for."""
_PROGRAMME = a_programme()


@dataclass(frozen=True)
class Kind:
    """A kind of process, and how many of them there are."""

    name: str
    main: Callable[[World], Coroutine[Any, Any, None]] | None
    count: int


KINDS = (Kind("api", None, 2), Kind("relay", relaying, 2), Kind("worker", working, 2))


class World:
    """Everything in one run."""

    direct: type[Direct] = Direct
    over_http = 0.2
    """The share of worlds whose students come over HTTP; to ask use cases directly takes less of the processor."""
    mornings = 0.15
    """The share of worlds that go on the day after."""

    def __init__(self, stage: Stage, makers: Makers = Makers()) -> None:  # noqa: B008 - frozen
        self.stage = stage
        self.makers = makers
        self.ids = MemoryIds(seed=1)
        self.store = Store()
        self.clock = SkewedClock(stage.now)
        self.use = use_cases()
        self.is_over_http = stage.chance.random() < self.over_http
        self.goes_on = stage.chance.random() < self.mornings
        self.is_morning = False
        self.tokens = MemoryTokens(self.clock)
        self._limits: defaultdict[Process | None, MemoryLimits] = defaultdict(lambda: MemoryLimits(stage.time))
        self._caches: defaultdict[Process | None, MemoryCache] = defaultdict(MemoryCache)
        self.files = makers.files(stage, self.is_counted_on)
        self.incoming = makers.incoming(stage)
        self.scanner = StageScanner(stage)
        self.vault = MemoryVault()
        self.mailbox = MailProvider(stage)
        self.payments = PaymentProvider(stage)
        self.bells = Bells(stage)
        self.cases = {
            name: self._case(name) for name, one in signature(table).parameters.items() if one.default is one.empty
        }
        known = table(**self.cases)
        ours = {PAY: self._pay, TIDY: self._tidy, TICK: self._tick}
        self.duties = watched(stage, Duties(known.reactions, {**known.tasks, **ours}))
        reactions = {tag: frozenset(named) for tag, named in self.duties.reactions.items()}
        self.watch = Watch(stage, reactions, {**makers.schedules, **SWEEPS}, self.files.kept.kept)
        self.transactions = StageTransactions(
            stage, WatchedTransactions(stage, MemoryIds(seed=2), self.store, self.watch), self._made
        )
        self.programme_id = _PROGRAMME.id
        self.ordered: set[str] = set()
        self.answers: dict[tuple[object, ...], object] = {}
        self.uploads: dict[UploadId, Announced] = {}
        self.processes: dict[str, Process] = {}
        self._keepers: list[asyncio.Task[None]] = []

    @property
    def app(self) -> Asgi:
        """The API, in whichever process is asked."""
        return application()

    @property
    def schedules(self) -> Mapping[str, Schedule]:
        """What is done again and again; nothing is there to be swept away on the first day."""
        return {**self.makers.schedules, **SWEEPS} if self.is_morning else self.makers.schedules

    @property
    def limits(self) -> MemoryLimits:
        """What the process that asks has counted for itself."""
        return self._limits[WITHIN.get()]

    @property
    def cache(self) -> MemoryCache:
        """What the process that asks remembers."""
        return self._caches[WITHIN.get()]

    def _case(self, name: str) -> Any:
        """Return the use case, or the broken one that stands in its place."""
        case = getattr(self.use, name)()
        kind = self.makers.cases.get(name)
        return case if kind is None else kind(**{field.name: getattr(case, field.name) for field in fields(case)})

    def is_counted_on(self, sha256: str) -> bool:
        """Whether a version of any paper counts on the file."""
        kept = self.store.documents._kept.values()
        return any(version.stored_as == sha256 for document in kept for version in document.versions)

    def _made(self, work: MemoryUnitOfWork) -> None:
        """Let the unit keep jobs, events and answers as this world does."""
        if self.makers.answers is not MemoryAnswers:
            work.answers = self.makers.answers(self.store.answers)
        if self.makers.jobs is not MemoryJobs:
            work.jobs = self.makers.jobs(self.store.jobs, work.now)
        if self.makers.outbox is not MemoryOutbox:
            work.outbox = self.makers.outbox(self.store.events)

    async def play(self) -> None:
        """Let everything happen, then wait until all is done, and look at what has come of it."""
        Here.worlds.append(self)
        try:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, Loop)
            watch_over(loop)
            await self._offer_a_programme()
            students = self._students()
            self._start()
            await asyncio.gather(*(student.live() for student in students))
            if self.goes_on:
                await self._night()
                self.is_morning = True
                self._start()
                await asyncio.gather(*(student.come_back() for student in students))
            await asyncio.sleep(self.stage.faults.within(0, 30))
            self.stage.faults.calm()
            self.stage.note("calm")
            await self._until_quiet()
            check_the_end(self)
            await self._night()
            await check_the_next_day(self)
        finally:
            Here.worlds.pop()

    def some_api(self, chance: random.Random) -> Process | None:
        """Return one of the API processes that run, or None when none does."""
        running = [one for name, one in self.processes.items() if name.startswith("api") and not one.dead.is_set()]
        return chance.choice(running) if running else None

    def _students(self) -> list[Student]:
        chance, desk = self.stage.chance, OverHttp if self.is_over_http else self.direct
        numbers = range(chance.randint(1, 3))
        return [Student(self, number, random.Random(chance.random()), desk(self)) for number in numbers]

    def _start(self) -> None:
        """Let every process run, and whenever one dies another in its place."""
        for kind in KINDS:
            for number in range(kind.count):
                self._keepers.append(asyncio.create_task(self._keep_running(kind, number)))

    async def _night(self) -> None:
        """Let all machines go down, and a day pass."""
        for keeper in self._keepers:
            keeper.cancel()
        self._keepers.clear()
        for process in self.processes.values():
            self.stage.disturb(process)
            process.kill()
        self.stage.note("night")
        await asyncio.sleep(A_NIGHT.total_seconds())

    async def _keep_running(self, kind: Kind, number: int) -> None:
        """Start the process, and a new one in its place whenever it dies."""
        chance, faults = self.stage.chance, self.stage.faults
        name = f"{kind.name} {number}"
        while True:
            off_by = timedelta(minutes=chance.uniform(-10, 10)) if faults.clocks_apart else timedelta()
            process = Process(name, random.Random(chance.random()), off_by)
            self.processes[name] = process
            if kind.main is not None:
                process.run(self._main(kind.main, name))
            else:
                process.run(_ended_when_asked(process))
            await process.dead.wait()
            self.stage.note("died", name)
            await asyncio.sleep(chance.uniform(0.1, 10))

    async def _main(self, main: Callable[[World], Coroutine[Any, Any, None]], name: str) -> None:
        """Run what a process is for; that it ends by itself, whatever the world does to it, is a finding."""
        try:
            await main(self)
        except Exception as error:  # noqa: BLE001 - whatever it is
            self.stage.demand(False, "a process ended by itself", name, type(error).__name__, error)
        self.processes[name].kill()

    async def _until_quiet(self) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST_CALM
        while not is_quiet(self):
            self.stage.demand(loop.time() < until, "it was not all done in time", *unfinished(self))
            await asyncio.sleep(5)

    async def _offer_a_programme(self) -> None:
        async with self.transactions():
            catalogue = self.store.catalogue
            catalogue.editions.put("sample", (SOURCE, "2026"))
            of = _PROGRAMME.institution
            catalogue.put(Table.INSTITUTIONS, of.id, Stored(institution_row(of), "sample"))
            catalogue.put(Table.PROGRAMMES, _PROGRAMME.id, Stored(programme_row(_PROGRAMME), "sample"))

    async def _pay(self, job: Job, progress: Progress) -> None:
        """Charge for an order. The application has no port for payments yet: this task stands for the use case to
        come, with the one key that makes a repeated charge the same charge."""
        payment = str(job.arguments["payment"])
        await self.payments.charge(payment, idempotency_key=payment)

    async def _tidy(self, job: Job, progress: Progress) -> None:
        """Take a while, longer than a lease at times, and say how far it is."""
        await asyncio.sleep(self.stage.chance.choice((0.1, 5, 40)))
        await progress(1, 1)

    async def _tick(self, job: Job, progress: Progress) -> None:
        await self.stage.point("tick")


async def _ended_when_asked(process: Process) -> None:
    await process.asked_to_end.wait()
    process.kill()


def unfinished(world: World) -> list[str]:
    """Return what still waits, in a few words."""
    jobs = [f"{kept.job.name}:{kept.job.status.value}" for kept in world.store.jobs.rows() if not _is_over(kept.job)]
    return [*jobs, *(envelope.event.tag for envelope in world.store.events.rows())]


def _is_over(job: Job) -> bool:
    return job.status.value == "done"


@dataclass(frozen=True)
class Run:
    """How one seed went: what was broken, if anything, and what was noted on the way."""

    seed: int
    broken: str
    trace: tuple[str, ...]
    mishaps: dict[str, int]


def run(seed: int, *, tracing: bool = False, makers: Makers = Makers(), world: type[World] = World) -> Run:  # noqa: B008
    """Play the world of the seed, and return how it went."""
    stage = Stage(seed, tracing=tracing)
    broken = ""

    async def main() -> None:
        await world(stage, makers).play()

    trying._jitter.seed(seed)
    try:
        play(seed, main())
    except (Broken, NothingLeft) as error:
        broken = str(error)
    except Exception as error:  # noqa: BLE001 - what the code under test raises to nobody is a finding too
        broken = f"{type(error).__name__}: {error}"
    return Run(seed, stage.broken or broken, tuple(stage.trace or ()), dict(stage.counts))

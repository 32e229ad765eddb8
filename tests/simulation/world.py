"""One small world: API processes, a background that works for them, and students; played from one seed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from inspect import signature
from typing import Any

from simulation.background import TICK, Bells, Makers, relaying, watched, working
from simulation.clients import PAY, TIDY, Student
from simulation.ending import check_the_end, is_quiet
from simulation.loop import Loop, NothingLeft, play
from simulation.processes import Process, SkewedClock, watch_over
from simulation.stage import Broken, Stage
from simulation.surroundings import MailProvider, PaymentProvider, StageFiles, StageTransactions
from simulation.watching import Watch, WatchedTransactions

from builders import SOURCE, ZONES, RulePacks, a_programme
from higherstudy.adapters.bundled.messages import Messages
from higherstudy.adapters.memory.catalogue import Stored
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.jobs import MemoryJobs
from higherstudy.adapters.memory.outbox import MemoryOutbox
from higherstudy.adapters.memory.transactions import MemoryUnitOfWork, Store
from higherstudy.domain.imports.catalogue_import import Table
from higherstudy.domain.imports.programmes import institution_row, programme_row
from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.reactions import table
from higherstudy.entrypoints.wiring import UseCases, memory_ports, use_cases_over
from higherstudy.ports.jobs import Job

LONGEST_CALM = 300.0
"""So many seconds after the last mishap everything must be done."""
_PROGRAMME = a_programme()


class Here:
    """Stands for a port of the world that is being played, so that the use cases are wired once for all worlds."""

    worlds: list[World] = []  # noqa: RUF012  the one that is played, if any

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *given: Any) -> Any:
        return getattr(Here.worlds[-1], self._name)(*given)

    def __getattr__(self, name: str) -> Any:
        return getattr(getattr(Here.worlds[-1], self._name), name)


@cache
def use_cases() -> UseCases:
    """Return every use case over the ports of whichever world is being played."""
    names = ("transactions", "files", "mailbox", "clock", "ids")
    here: dict[str, Any] = {name: Here(name) for name in names}
    return use_cases_over(replace(memory_ports(), zones=ZONES, rule_packs=RulePacks(), messages=Messages(), **here))


@dataclass(frozen=True)
class Kind:
    """A kind of process, and how many of them there are."""

    name: str
    main: Callable[[World], Coroutine[Any, Any, None]] | None
    count: int


KINDS = (Kind("api", None, 2), Kind("relay", relaying, 2), Kind("worker", working, 2))


class World:
    """Everything in one run."""

    student: type[Student] = Student

    def __init__(self, stage: Stage, makers: Makers = Makers()) -> None:  # noqa: B008 - frozen
        self.stage = stage
        self.makers = makers
        self.ids = MemoryIds(seed=1)
        self.store = Store()
        self.clock = SkewedClock(stage.now)
        self.use = use_cases()
        self.files = StageFiles(stage)
        self.mailbox = MailProvider(stage)
        self.payments = PaymentProvider(stage)
        self.bells = Bells(stage)
        known = table(**{name: getattr(self.use, name)() for name in signature(table).parameters})
        self.duties = watched(stage, Duties(known.reactions, {PAY: self._pay, TIDY: self._tidy, TICK: self._tick}))
        reactions = {tag: frozenset(named) for tag, named in self.duties.reactions.items()}
        self.watch = Watch(stage, reactions, makers.schedules)
        self.transactions = StageTransactions(
            stage, WatchedTransactions(stage, MemoryIds(seed=2), self.store, self.watch), self._made
        )
        self.programme_id = _PROGRAMME.id
        self.ordered: set[str] = set()
        self.answers: dict[tuple[int, str], object] = {}
        self.processes: dict[str, Process] = {}
        self._keepers: list[asyncio.Task[None]] = []

    def _made(self, work: MemoryUnitOfWork) -> None:
        """Let the unit keep jobs and events as this world does."""
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
            for kind in KINDS:
                for number in range(kind.count):
                    self._keepers.append(asyncio.create_task(self._keep_running(kind, number)))
            await self._students()
            await asyncio.sleep(self.stage.faults.within(0, 30))
            self.stage.faults.calm()
            self.stage.note("calm")
            await self._until_quiet()
            check_the_end(self)
        finally:
            Here.worlds.pop()

    def some_api(self, chance: random.Random) -> Process | None:
        """Return one of the API processes that run, or None when none does."""
        running = [one for name, one in self.processes.items() if name.startswith("api") and not one.dead.is_set()]
        return chance.choice(running) if running else None

    async def _students(self) -> None:
        chance = self.stage.chance
        students = [
            self.student(self, number, random.Random(chance.random())) for number in range(chance.randint(1, 3))
        ]
        await asyncio.gather(*(student.live() for student in students))

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

    try:
        play(seed, main())
    except (Broken, NothingLeft) as error:
        broken = str(error)
    except Exception as error:  # noqa: BLE001 - what the code under test raises to nobody is a finding too
        broken = f"{type(error).__name__}: {error}"
    return Run(seed, stage.broken or broken, tuple(stage.trace or ()), dict(stage.counts))

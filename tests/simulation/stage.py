"""What everybody in one run shares: time, chance, mishaps, and the record of what happened."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from simulation.faults import Faults, Mishap
from simulation.processes import WITHIN, Killed, Process

from builders import NOW


class Broken(AssertionError):
    """Something happened that must never happen."""


class Stage:
    """One run: what is drawn comes from its seed, what happens goes into ``trace`` where that is wanted."""

    def __init__(self, seed: int, *, tracing: bool = False) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.faults = Faults(random.Random(self.chance.random()))
        self.trace: list[str] | None = [] if tracing else None
        self.counts: Counter[str] = Counter()
        self.in_hand: dict[Process, set[str]] = {}
        self.extras_allowed: Counter[str] = Counter()
        """How often a message may have been sent once more: the interruptions of whoever was at it."""
        self._at_it: dict[str, int] = {}
        self._when_leased: dict[tuple[str, int], int] = {}
        self.broken = ""
        """The first thing that must never happen and did."""
        self.done: set[str] = set()
        """The works whose end is in the store."""

    def time(self) -> float:
        """Return the seconds since the beginning."""
        return asyncio.get_running_loop().time()

    def now(self) -> datetime:
        """Return the store's time."""
        return NOW + timedelta(seconds=self.time())

    def note(self, what: str, *about: object) -> None:
        """Add a line to the trace."""
        if self.trace is not None:
            process = WITHIN.get()
            who = process.name if process else "outside"
            told = " ".join(_short(one) for one in about)
            self.trace.append(f"{asyncio.get_running_loop().time():10.3f}  {who:<12} {what} {told}".rstrip())

    def strikes(self, mishap: Mishap) -> bool:
        """Whether this goes wrong here; it is counted and noted."""
        struck = self.faults.strikes(mishap)
        if struck:
            self.counts[mishap.name] += 1
            self.note(f"! {mishap.value}")
        return struck

    async def point(self, what: str, *about: object) -> None:
        """Stand at a point at which this process waits, and may be killed or frozen."""
        process = WITHIN.get()
        if process is None:
            return
        await process.step()
        self.note(what, *about)
        if self.strikes(Mishap.KILL):
            self.disturb(process)
            process.kill()
            raise Killed(process.name)
        if not process.asked_to_end.is_set() and self.strikes(Mishap.END):
            process.asked_to_end.set()
        if process.open_units == 0 and self.strikes(Mishap.FREEZE):
            self.disturb(process)
            process.freeze(self.faults.within(1, 60))
            await asyncio.sleep(0)
            process.demand_alive()

    def disturb(self, process: Process | None) -> None:
        """Note that what this process was at may have to be done once more by somebody."""
        if process is not None:
            for work in self.in_hand.get(process, set()) - self.done:
                self.extras_allowed[work] += 1

    @contextmanager
    def alone_at(self, work: str, token: int) -> Iterator[None]:
        """Be at this work under the lease with the token, and break the run where somebody else is at it too and
        nothing has happened to either since they took their leases."""
        now, mine = self.extras_allowed[work], self._when_leased.get((work, token), -1)
        both = self._at_it.get(work) == now == mine
        self.demand(not both, "two were at the same work, and nothing had happened to either", work)
        self._at_it[work] = mine
        try:
            yield
        finally:
            if self._at_it.get(work) == mine:
                del self._at_it[work]

    def leased(self, process: Process | None, work: str, token: int) -> None:
        """Note that the process has taken this work in hand."""
        self._when_leased[work, token] = self.extras_allowed[work]
        if process is not None:
            self.in_hand.setdefault(process, set()).add(work)

    def disturb_all(self) -> None:
        """Note that whatever anybody is at may have to be done once more."""
        for process in self.in_hand:
            if not process.dead.is_set():
                self.disturb(process)

    def demand(self, holds: bool, what: str, *about: object) -> None:
        """Raise Broken with these words unless it holds; the first of them is kept, whoever catches it."""
        if not holds:
            told = f"{what}: {' '.join(str(one) for one in about)}"
            self.note("BROKEN", told)
            self.broken = self.broken or told
            raise Broken(told)


def _short(thing: object) -> str:
    return f"..{thing.hex[-6:]}" if isinstance(thing, UUID) else str(thing)

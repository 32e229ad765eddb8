"""The store and the providers as simulated processes meet them: slow, and at times not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from simulation.faults import Mishap
from simulation.processes import WITHIN
from simulation.stage import Stage

from higherstudy.adapters.memory.transactions import MemoryTransactions, MemoryUnitOfWork
from higherstudy.domain.shared.events import Origin
from higherstudy.ports.errors import NotKept, PerhapsKept, Unavailable
from higherstudy.ports.mailbox import Mail


class StageTransactions:
    """The store over a network: it may not answer, and it may keep a unit without being able to say so."""

    def __init__(
        self, stage: Stage, inner: MemoryTransactions, change: Callable[[MemoryUnitOfWork], None] = lambda work: None
    ) -> None:
        """``change`` may put something else in the place of a unit's parts."""
        self._stage = stage
        self._inner = inner
        self._change = change
        self._down_until = 0.0

    def __call__(self, origin: Origin = Origin()) -> AbstractAsyncContextManager[MemoryUnitOfWork]:  # noqa: B008
        return self._unit(origin)

    @asynccontextmanager
    async def _unit(self, origin: Origin) -> AsyncIterator[MemoryUnitOfWork]:
        stage, process = self._stage, WITHIN.get()
        await stage.point("begin")
        self._may_be_away(NotKept)
        if process is not None:
            process.open_units += 1  # from here on it may hold what others wait for, so it is not frozen
        try:
            async with self._inner(origin) as work:
                if process is not None:
                    process.demand_alive()
                self._change(work)
                yield work
                await stage.point("commit")
                self._may_be_away(PerhapsKept)  # it was not, which nobody can know
        finally:
            if process is not None:
                process.open_units -= 1
        await stage.point("kept")
        if process is not None and stage.strikes(Mishap.COMMIT_UNSURE):
            raise PerhapsKept

    def _may_be_away(self, how: type[Unavailable]) -> None:
        stage = self._stage
        if WITHIN.get() is None:
            return
        if stage.strikes(Mishap.STORE_DOWN):
            self._down_until = stage.time() + stage.faults.within(1, 40)
            stage.disturb_all()
        if stage.time() < self._down_until:
            raise Unavailable
        if stage.strikes(Mishap.STORE_AWAY):
            raise how


class MailProvider:
    """Takes every mail that it is handed, twice the same one too: no mail provider knows our ids."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.book: Counter[str] = Counter()

    async def send(self, mail: Mail) -> str:
        stage = self._stage
        await stage.point("mail", mail.id[-6:])
        if stage.strikes(Mishap.MAIL_AWAY):
            raise Unavailable
        self.book[mail.id] += 1
        stage.note("mail accepted", mail.id[-6:])
        await stage.point("mail's answer")
        if stage.strikes(Mishap.MAIL_UNSURE):
            stage.disturb(WITHIN.get())
            raise Unavailable
        return f"{mail.id}-{self.book[mail.id]}"


class PaymentProvider:
    """Charges once for each idempotency key, as card providers do; with another key it is another charge."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.charges: dict[str, str] = {}
        """Which payment was charged under which key."""

    async def charge(self, payment: str, *, idempotency_key: str) -> None:
        """Charge for the payment; raise Unavailable when that is not sure."""
        stage = self._stage
        await stage.point("charge", payment[-6:])
        if stage.strikes(Mishap.PAY_AWAY):
            raise Unavailable
        self.charges.setdefault(idempotency_key, payment)
        stage.note("charged", payment[-6:])
        await stage.point("charge's answer")
        if stage.strikes(Mishap.PAY_UNSURE):
            raise Unavailable

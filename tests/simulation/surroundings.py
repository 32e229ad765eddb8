"""The store, the files and the providers as simulated processes meet them: slow, and at times not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Any

from simulation.faults import Mishap
from simulation.processes import WITHIN
from simulation.stage import Stage

from higherstudy.adapters.memory.files import MemoryFiles
from higherstudy.adapters.memory.transactions import MemoryTransactions, MemoryUnitOfWork
from higherstudy.domain.shared.events import Origin
from higherstudy.ports.errors import Unavailable
from higherstudy.ports.files import Look, StoredFile
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
        self._may_be_away()
        if process is not None:
            process.open_units += 1  # from here on it may hold what others wait for, so it is not frozen
        try:
            async with self._inner(origin) as work:
                if process is not None:
                    process.demand_alive()
                self._change(work)
                yield work
                await stage.point("commit")
                self._may_be_away()
        finally:
            if process is not None:
                process.open_units -= 1
        await stage.point("kept")
        if process is not None and stage.strikes(Mishap.COMMIT_UNSURE):
            raise Unavailable

    def _may_be_away(self) -> None:
        stage = self._stage
        if WITHIN.get() is None:
            return
        if stage.strikes(Mishap.STORE_DOWN):
            self._down_until = stage.time() + stage.faults.within(1, 40)
            stage.disturb_all()
        if stage.time() < self._down_until or stage.strikes(Mishap.STORE_AWAY):
            raise Unavailable


class StageFiles:
    """The file store over a network; what it took in stays."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.kept = MemoryFiles(stage)

    async def store(self, content: AsyncIterator[bytes], *, at_most: int, look: Look | None = None) -> StoredFile:
        await self._reach("store a file")
        stored = await self.kept.store(content, at_most=at_most, look=look)
        await self._reach("file stored")
        return stored

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        await self._reach("read a file")
        async for piece in self.kept.read(sha256):
            yield piece

    async def delete(self, sha256: str, *, stored_before: datetime | None = None) -> None:
        await self._reach("delete a file")
        await self.kept.delete(sha256, stored_before=stored_before)

    async def link(self, sha256: str, **said: Any) -> str:
        return await self.kept.link(sha256, **said)

    def kept_before(self, moment: datetime) -> AsyncIterator[str]:
        return self.kept.kept_before(moment)

    async def _reach(self, what: str) -> None:
        await self._stage.point(what)
        if self._stage.strikes(Mishap.FILES_AWAY):
            raise Unavailable


class MailProvider:
    """Takes every mail that it is handed, twice the same one too: no mail provider knows our ids."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.book: Counter[str] = Counter()

    async def send(self, mail: Mail) -> None:
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

"""Looks for what breaks a sentence that must always hold, and keeps what was found."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from ..domain.operations.invariants import Breach, Found, Run
from ..domain.shared.dataclass import dataclass
from ..domain.shared.ids import ApplicationId, DocumentId


@dataclass(frozen=True, slots=True)
class Stated:
    """What programmes state, once each: ``details`` is one that states it, as it is kept whole, ``at`` its place."""

    at: str
    details: Any


class Invariants(Protocol):
    """Questions to all that is stored, one for each sentence of ``Way.ROWS``, and the runs and breaches of earlier."""

    async def look(self, invariant: str) -> Found | None:
        """Return what breaks the sentence now; None where this store asks no such question.

        It may read whole tables, but no more than the store lets one statement take: then Unavailable is raised.
        """
        ...

    async def sent(self, after: str, limit: int) -> Sequence[ApplicationId]:
        """Return so many applications with a snapshot, by rising id, from behind ``after`` on; all for a blank."""
        ...

    async def papers(self, after: str, limit: int) -> Sequence[DocumentId]:
        """Return so many papers that have versions, by rising id, from behind ``after`` on."""
        ...

    async def stated(self, what: str, after: str, limit: int) -> Sequence[Stated]:
        """Return so many of the ``requirements`` or ``schedules`` of programmes on offer, from behind ``after`` on."""
        ...

    async def note(self, invariant: str, found: Found, at: datetime) -> int:
        """Keep which rows break the sentence, and which that did no longer do; return how many do, as far as is known.

        A row that is broken anew after it was over is another breach.
        """
        ...

    async def keep(self, run: Run) -> None:
        """Keep the run; it is the last one from then on."""
        ...

    async def last_run(self) -> Run | None:
        """Return the last run, None before the first."""
        ...

    async def breaches(self, limit: int) -> Sequence[Breach]:
        """Return so many of those that are not over, by sentence and row."""
        ...

    async def broken(self, invariant: str, limit: int) -> Sequence[str]:
        """Return so many rows that broke the sentence when they were last looked at, the one seen longest ago first."""
        ...

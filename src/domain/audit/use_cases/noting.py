"""Noting what was refused, and forgetting what need not be kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from uuid import UUID

from ....ports.transactions import Transactions
from ...identity.account import Asker
from ...shared.dataclass import dataclass
from ...shared.ids import StudentId
from ..deed import Deed

_BATCH = 1000


@dataclass(frozen=True)
class NoteRefusal:
    """Note that somebody was refused what is not hers, in a transaction of its own: the refused one keeps nothing."""

    transactions: Transactions

    async def __call__(
        self,
        asker: Asker,
        operation: str,
        subject: str = "",
        subject_id: UUID | None = None,
        student_id: StudentId | None = None,
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Note which operation was refused, on what and on whose record, as far as that is known.

        She sees the entry who owns the record. Raises Unavailable where it cannot be noted; the refusal stands all the
        same.
        """
        said = {**(details or {}), "operation": operation}
        async with self.transactions(asker.origin) as work:
            work.note(Deed("access.refused", subject, subject_id, student_id, details=said))


@dataclass(frozen=True)
class ForgetAddresses:
    """Forget the network addresses of entries that are old enough; everything else of them stays, and their seals."""

    transactions: Transactions
    kept_for: timedelta = timedelta(days=180)

    async def __call__(self, report: Callable[[int], Awaitable[None]]) -> int:
        """Return how many were forgotten, in short transactions; ``report`` hears the number as it grows."""
        forgotten = 0
        while True:
            async with self.transactions() as work:
                batch = await work.audit_trail.forget_addresses(work.now - self.kept_for, _BATCH)
            if not batch:
                return forgotten
            forgotten += batch
            await report(forgotten)

"""Telling analytics of what a student did, where she has allowed it."""

from __future__ import annotations

from ....ports.analytics import Analytics
from ....ports.transactions import Transactions, UnitOfWork
from ...shared.dataclass import dataclass
from ...shared.events import Envelope
from ...shared.ids import StudentId
from ..consent import Purposes, purpose_named, standings
from ..tracking import PURPOSE, happening_of, student_of
from .consents import allows


@dataclass(frozen=True)
class TrackHappening:
    """Tell of one event, or of nothing: it is asked at the moment of telling whether she allows it, and whether she
    did when it happened. What did not go then goes never."""

    transactions: Transactions
    purposes: Purposes
    analytics: Analytics | None
    key: bytes

    async def __call__(self, envelope: Envelope) -> bool:
        """Return whether it was told; raise as ``Analytics.track`` does, after which it may be told again."""
        student_id = student_of(envelope.event)
        if self.analytics is None or student_id is None:
            return False
        async with self.transactions() as work:
            if not await self._may_be_told(work, student_id, envelope):
                return False
        await self.analytics.track([happening_of(envelope, student_id, self.key)])
        return True

    async def _may_be_told(self, work: UnitOfWork, student_id: StudentId, envelope: Envelope) -> bool:
        if await work.erasures.is_fenced(student_id) or not await allows(work, self.purposes, student_id, PURPOSE):
            return False
        purpose = purpose_named(self.purposes, PURPOSE)
        said = [one for one in await work.consents.of_student(student_id) if one.at <= envelope.at]
        [then] = standings({purpose.id: purpose}, said)
        return then.holds

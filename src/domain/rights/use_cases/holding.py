"""Legal holds: placed, lifted and looked at by administrators, each with a reason and an end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ....ports.ids import Ids
from ....ports.transactions import Transactions
from ...audit.deed import Deed
from ...identity.account import Asker, Role
from ...identity.policies import demand_role
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound
from ...shared.ids import HoldId, StudentId
from ..erasure import Hold


@dataclass(frozen=True)
class PlaceHold:
    """Let a record be kept until a moment, whatever is asked for."""

    transactions: Transactions
    ids: Ids

    async def __call__(self, asker: Asker, student_id: StudentId, reason: str, until: datetime) -> Hold:
        """Return the hold; raise Forbidden to all but administrators, NotFound for no such student, Invalid without a
        reason or with an end that is past, Conflict where her erasure has begun."""
        demand_role(asker, Role.ADMIN)
        async with self.transactions(asker.origin) as work:
            await work.students.get(student_id)
            hold = Hold(HoldId(self.ids.new()), student_id, reason.strip(), asker.account_id, work.now, until)
            hold.demand_sound()
            if await work.erasures.is_fenced(student_id):
                raise Conflict
            await work.holds.add(hold)
            work.note(Deed("hold.placed", "hold", hold.id, student_id))
        return hold


@dataclass(frozen=True)
class LiftHold:
    """End a hold before its time."""

    transactions: Transactions

    async def __call__(self, asker: Asker, student_id: StudentId, hold_id: HoldId) -> Hold:
        """Return the hold; raise Forbidden to all but administrators, NotFound where the student has no such one."""
        demand_role(asker, Role.ADMIN)
        async with self.transactions(asker.origin) as work:
            hold = await work.holds.get(hold_id)
            if hold.student_id != student_id:
                raise NotFound
            hold.lift(asker.account_id, work.now)
            await work.holds.save(hold)
            work.note(Deed("hold.lifted", "hold", hold.id, student_id))
        return hold


@dataclass(frozen=True)
class ListHolds:
    """See which holds are on a record."""

    transactions: Transactions

    async def __call__(self, asker: Asker, student_id: StudentId) -> Sequence[Hold]:
        """Return them, the newest first; raise Forbidden to all but administrators."""
        demand_role(asker, Role.ADMIN)
        async with self.transactions(asker.origin) as work:
            return await work.holds.of_student(student_id)

"""Saying what one's data may be used for, and looking what one has said."""

from __future__ import annotations

from collections.abc import Sequence

from ....ports.ids import Ids
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Asker
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict
from ...shared.ids import ConsentId, StudentId
from ..consent import Consent, Purposes, Said, Standing, purpose_named, standings
from ..events import ConsentSaid
from ..policies import demand_herself


@dataclass(frozen=True)
class ListConsents:
    """Show a student what her data is used for, and what of it she allowed."""

    transactions: Transactions
    purposes: Purposes

    async def __call__(self, asker: Asker, student_id: StudentId) -> tuple[Sequence[Standing], Sequence[Consent]]:
        """Return how each purpose stands, and everything she said, the oldest first; NotFound for somebody else's."""
        demand_herself(asker, student_id)
        async with self.transactions(asker.origin) as work:
            said = await work.consents.of_student(student_id)
        return standings(self.purposes, said), said


@dataclass(frozen=True)
class SayConsent:
    """Allow a use of one's data, or withdraw that; it counts from the next look on."""

    transactions: Transactions
    ids: Ids
    purposes: Purposes

    async def __call__(
        self, asker: Asker, student_id: StudentId, purpose_id: str, said: Said, wording: str | None = None
    ) -> Standing:
        """Return how the purpose stands now; saying the same again adds nothing.

        Raises NotFound for somebody else's record and for no purpose, RuleBroken where there is nothing to choose, or
        where ``wording`` is not the one that is shown now (withdrawing needs none), Conflict once she is erased.
        """
        demand_herself(asker, student_id)
        purpose = purpose_named(self.purposes, purpose_id)
        purpose.demand_choice()
        if said is Said.GIVEN:
            purpose.demand_current(wording or "")
        async with self.transactions(asker.origin) as work:
            if await work.erasures.is_fenced(student_id):
                raise Conflict
            [before] = standings({purpose.id: purpose}, await work.consents.of_student(student_id))
            if before.last is not None and _same(before.last, said, purpose.wording.version):
                return before
            if before.last is None and said is Said.WITHDRAWN:
                return before
            version = before.last.wording if before.last and said is Said.WITHDRAWN else purpose.wording.version
            consent = Consent(
                ConsentId(self.ids.new()), student_id, purpose.id, said, version, work.now, asker.account_id
            )
            await work.consents.add(consent)
            work.record(ConsentSaid(consent.id, student_id, purpose.id, said.value), 1)
        return Standing(purpose, consent)


async def allows(work: UnitOfWork, purposes: Purposes, student_id: StudentId, purpose_id: str) -> bool:
    """Return whether the student's data may be used for the purpose at this moment; ask it within the use itself."""
    purpose = purpose_named(purposes, purpose_id)
    [found] = standings({purpose.id: purpose}, await work.consents.of_student(student_id))
    return found.holds


def _same(last: Consent, said: Said, version: str) -> bool:
    return last.said is said and (said is Said.WITHDRAWN or last.wording == version)

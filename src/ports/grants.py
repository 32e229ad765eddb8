"""Where grants are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..domain.identity.grant import Grant
from ..domain.shared.ids import AccountId, GrantId, StudentId


class Grants(Protocol):
    """All grants of this installation."""

    async def add(self, grant: Grant) -> None:
        """Keep a new grant at version 1; raise Conflict where the id is taken."""
        ...

    async def save(self, grant: Grant) -> None:
        """Keep the changed grant and count its version up; raise Conflict when another writer was first."""
        ...

    async def get(self, grant_id: GrantId) -> Grant:
        """Return the grant, live or not; raise NotFound where there is none."""
        ...

    async def of_student(self, student_id: StudentId) -> Sequence[Grant]:
        """Return all grants on the record, over or not, the newest first, those of one moment by descending id."""
        ...

    async def live_of(self, account_id: AccountId, now: datetime) -> Sequence[Grant]:
        """Return what the account holds and may use, in the same order."""
        ...

    async def every_of(self, account_id: AccountId, email: str | None) -> Sequence[Grant]:
        """Return what the account ever held, and what was ever offered to the address (where one is given) and not
        accepted, over or not, in the same order."""
        ...

    async def offered_to(self, email: str, now: datetime) -> Sequence[Grant]:
        """Return what is offered to the address in its normal form and was not accepted yet, in the same order."""
        ...

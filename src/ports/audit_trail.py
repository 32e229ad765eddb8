"""The audit trail: entries are added at the end of a unit of work, sealed, and never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ..domain.audit.chain import Head, Kept, Seal
from ..domain.audit.query import Position, Query
from ..domain.shared.ids import AccountId, StudentId


class AuditTrail(Protocol):
    """The trail as one unit of work sees it. What the unit itself records and notes is there once it is kept."""

    async def search(self, query: Query, limit: int, after: Position | None = None) -> Sequence[Kept]:
        """Return entries, the latest first, from behind ``after`` on."""
        ...

    async def is_mine_to_seal(self) -> bool:
        """Return at once whether nobody else seals until this unit ends."""
        ...

    async def waiting(self, limit: int) -> Sequence[Kept]:
        """Return entries that are in no seal yet, the lowest places first.

        One whose transaction ends late is found later, whatever was sealed meanwhile.
        """
        ...

    async def seal(self, seal: Seal) -> None:
        """Append the seal; its entries wait no more. Raises Conflict where its number is taken."""
        ...

    async def last(self) -> Head | None:
        """Return the head of the last seal."""
        ...

    async def seals(self, since: int, limit: int) -> Sequence[Seal]:
        """Return seals from that number on, in order, whole."""
        ...

    async def heads(self, numbers: Sequence[int]) -> Mapping[int, Head]:
        """Return the heads of these seals, as far as they are there."""
        ...

    async def at(self, places: Sequence[int]) -> Mapping[int, Kept]:
        """Return what stands at these places, as far as something does."""
        ...

    async def strays(self, since: int, limit: int) -> tuple[Sequence[Kept], int | None]:
        """Return entries that are in no seal and do not wait for one, among about ``limit`` places from ``since`` on,
        and the place from which to go on, None at the end."""
        ...

    async def misfiled(self, since: int, limit: int) -> Sequence[Kept]:
        """Return sealed entries that ``search`` would look for by something else than what they say, among about
        ``limit`` places from ``since`` on; none where a store searches the entries themselves."""
        ...

    async def forget_addresses(self, before: datetime, limit: int) -> int:
        """Forget the network addresses of at most so many entries from before the moment; return how many that were.

        The store may refuse to forget younger ones than it was told to keep at its making (30 days).
        """
        ...

    async def forget_person(self, student_id: StudentId | None, account_id: AccountId, limit: int) -> int:
        """Forget the address of each entry that the account caused, and address and reason of each entry about the
        record, of at most so many; return how many that were."""
        ...

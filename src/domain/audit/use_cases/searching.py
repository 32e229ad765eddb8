"""Reading the trail: an auditor all of it, a student what concerns her record. That an auditor read is noted too."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from ....ports.transactions import Transactions
from ...identity.account import Asker, Role
from ...identity.policies import admitted, demand_role
from ...identity.scopes import Doing
from ...shared.dataclass import dataclass
from ...shared.ids import AccountId, StudentId
from ..chain import Kept
from ..deed import Deed
from ..query import Position, Query, position_of

PAGE = 500


@dataclass(frozen=True)
class SearchTrail:
    """Look for entries; an auditor does."""

    transactions: Transactions

    async def __call__(self, asker: Asker, query: Query, limit: int, after: Position | None = None) -> Sequence[Kept]:
        """Return them, the latest first, from behind ``after`` on; raise Forbidden to all but auditors."""
        demand_role(asker, Role.AUDITOR)
        async with self.transactions(asker.origin) as work:
            work.note(_deed("audit.searched", query))
            return await work.audit_trail.search(query, limit, after)


@dataclass(frozen=True)
class ExportTrail:
    """Hand out everything that fits a search; an auditor does."""

    transactions: Transactions

    async def __call__(
        self, asker: Asker, query: Query, asked_now: Callable[[], Awaitable[Asker]] | None = None
    ) -> AsyncIterator[Sequence[Kept]]:
        """Return what yields the entries, the latest first, page by page; raise Forbidden to all but auditors.

        ``asked_now`` returns the asker with the rights of that moment, and is asked before each page: an export may
        take minutes, and raises Forbidden in its midst once she is no auditor any more.
        That it was asked for is noted before the first page, and stays noted where the rest is never fetched.
        """
        demand_role(asker, Role.AUDITOR)
        async with self.transactions(asker.origin) as work:
            work.note(_deed("audit.exported", query))
        return self._pages(query, asked_now)

    async def by_operator(self, action: str, query: Query) -> AsyncIterator[Sequence[Kept]]:
        """Return the same to whoever operates the database and needs no sign-in for it; that is noted too."""
        async with self.transactions() as work:
            work.note(replace(_deed(action, query), details={**query.names, "by": "operator"}))
        return self._pages(query)

    async def _pages(
        self, query: Query, asked_now: Callable[[], Awaitable[Asker]] | None = None
    ) -> AsyncIterator[Sequence[Kept]]:
        """Yield the pages, each in a short transaction of its own."""
        after: Position | None = None
        while True:
            if asked_now is not None:
                demand_role(await asked_now(), Role.AUDITOR)
            async with self.transactions() as work:
                found = await work.audit_trail.search(query, PAGE, after)
            if found:
                yield found
            if len(found) < PAGE:
                return
            after = position_of(found[-1])


@dataclass(frozen=True, slots=True)
class Activity:
    """Entries about a record, and by which address its student knows those who have or had a part in it."""

    entries: Sequence[Kept]
    known: Mapping[AccountId, str]


@dataclass(frozen=True)
class ListActivity:
    """Show a student who did or saw what about her record."""

    transactions: Transactions

    async def __call__(
        self, asker: Asker, student_id: StudentId, limit: int, after: Position | None = None
    ) -> Activity:
        """Return the entries about her record, the latest first; raise NotFound for somebody else's."""
        admitted(asker, student_id, Doing.SEE_ACTIVITY)
        async with self.transactions(asker.origin) as work:
            entries = await work.audit_trail.search(Query(student_id=student_id), limit, after)
            grants = await work.grants.of_student(student_id)
        # Whoever has no grant of hers stays unnamed, so that nobody's address is told by trying.
        return Activity(entries, {one.account_id: one.email for one in grants if one.account_id is not None})


def _deed(action: str, query: Query) -> Deed:
    """Return what is noted of a search: what was asked for; of one student she sees that it was."""
    return Deed(action, "audit", student_id=query.student_id, details=query.names)

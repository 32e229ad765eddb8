"""The audit trail, in memory."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ...domain.audit.chain import Head, Kept, Seal
from ...domain.audit.entry import Entry
from ...domain.audit.query import Position, Query
from ...domain.shared.errors import Conflict
from ...domain.shared.ids import AccountId, StudentId
from .tables import Table


class AuditStore:
    """The trail that is kept between units of work. Places are given once, also to what is then not kept."""

    def __init__(self) -> None:
        self.entries: Table[int, Kept] = Table()
        self.waiting: Table[int, int] = Table()
        self.seals: Table[int, Seal] = Table()
        self._places = 0

    def add(self, entry: Entry) -> None:
        """Add the entry, which then waits for its seal."""
        self._places += 1
        self.entries.put(self._places, Kept(self._places, entry))
        self.waiting.put(self._places, self._places)

    def keep(self) -> None:
        """Let the changes of the unit count."""
        for table in (self.entries, self.waiting, self.seals):
            table.keep()

    def discard(self) -> None:
        """Forget the changes of the unit."""
        for table in (self.entries, self.waiting, self.seals):
            table.discard()


class MemoryAuditTrail:
    """The trail as the open unit sees it; units come one after another, so each may seal."""

    def __init__(self, store: AuditStore) -> None:
        self._store = store

    async def search(self, query: Query, limit: int, after: Position | None = None) -> Sequence[Kept]:
        found = [one for one in self._store.entries.rows() if _fits(one.entry, query)]
        found.sort(key=_order, reverse=True)
        return [one for one in found if after is None or _order(one) < (after.at, after.place)][:limit]

    async def is_mine_to_seal(self) -> bool:
        return True

    async def waiting(self, limit: int) -> Sequence[Kept]:
        places = sorted(self._store.waiting.rows())[:limit]
        return [kept for place in places if (kept := self._store.entries.get(place))]

    async def seal(self, seal: Seal) -> None:
        if self._store.seals.get(seal.number) is not None:
            raise Conflict
        self._store.seals.put(seal.number, seal)
        for one in seal.entries:
            self._store.waiting.remove(one.place)

    async def last(self) -> Head | None:
        return max((seal.head for seal in self._store.seals.rows()), key=lambda head: head.number, default=None)

    async def seals(self, since: int, limit: int) -> Sequence[Seal]:
        found = sorted(self._store.seals.rows(lambda seal: seal.number >= since), key=lambda seal: seal.number)
        return found[:limit]

    async def heads(self, numbers: Sequence[int]) -> Mapping[int, Head]:
        return {number: seal.head for number in numbers if (seal := self._store.seals.get(number))}

    async def at(self, places: Sequence[int]) -> Mapping[int, Kept]:
        return {place: kept for place in places if (kept := self._store.entries.get(place))}

    async def strays(self, since: int, limit: int) -> tuple[Sequence[Kept], int | None]:
        known = {one.place for seal in self._store.seals.rows() for one in seal.entries} | set(
            self._store.waiting.rows()
        )
        there = sorted(self._store.entries.rows(lambda one: one.place >= since), key=lambda one: one.place)
        more = next((one.place for one in there if one.place >= since + limit), None)
        return [one for one in there if one.place < since + limit and one.place not in known], more

    async def misfiled(self, since: int, limit: int) -> Sequence[Kept]:
        return ()

    async def forget_addresses(self, before: datetime, limit: int) -> int:
        return self._forget(lambda entry: entry.at < before and entry.address is not None, limit)

    async def forget_person(self, student_id: StudentId | None, account_id: AccountId, limit: int) -> int:
        def is_about(entry: Entry) -> bool:
            return student_id is not None and entry.student_id == student_id

        return self._forget(
            lambda entry: (
                (entry.address is not None and (is_about(entry) or entry.actor == account_id))
                or (entry.reason is not None and is_about(entry))
            ),
            limit,
            is_about,
        )

    def _forget(
        self, which: Callable[[Entry], bool], limit: int, reason_too: Callable[[Entry], bool] = lambda _: False
    ) -> int:
        found = [one for one in self._store.entries.rows() if which(one.entry)][:limit]
        for one in found:
            reason = None if reason_too(one.entry) else one.entry.reason
            entry = replace(one.entry, address=None, reason=reason)
            self._store.entries.put(one.place, Kept(one.place, entry))
        return len(found)


def _order(one: Kept) -> tuple[datetime, int]:
    return one.entry.at, one.place


def _fits(entry: Entry, query: Query) -> bool:
    asked = (
        (query.actor, entry.actor),
        (query.student_id, entry.student_id),
        (query.subject, entry.subject),
        (query.subject_id, entry.subject_id),
        (query.request_id, entry.request_id),
    )
    return (
        all(not wanted or wanted == there for wanted, there in asked)
        and _is_action(entry.action, query.action)
        and (query.since is None or entry.at >= query.since)
        and (query.until is None or entry.at < query.until)
    )


def _is_action(action: str, wanted: str) -> bool:
    return action.startswith(wanted) if wanted.endswith(".") else wanted in ("", action)

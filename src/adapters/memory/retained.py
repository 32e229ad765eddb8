"""What has been kept for long, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from ...domain.identity.account import Account, Role
from ...domain.identity.throttle import Throttle
from ...domain.imports.given import KeptRow
from ...domain.imports.offer import OfferState
from ...domain.operations.invariants import Breach
from ...domain.reports.report import State as ReportState
from ...domain.rights.erasure import State, is_shell
from ...domain.rights.export import State as ExportState
from ...domain.rights.retention import Kept
from ...domain.shared.ids import AccountId
from ...ports.jobs import JobStatus
from .jobs import KeptJob
from .sessions import MemorySessions
from .tables import Table

if TYPE_CHECKING:
    from .transactions import Store

_NO_FILE = (ReportState.FAILED, ReportState.WITHDRAWN)


class MemoryRetained:
    """Rows by what they are and when they were over, as the open unit sees them.

    Events that were passed on, and when answers were given, are not kept in memory: nothing of them is ever over.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def count(self, kept: Kept, before: datetime) -> int:
        if kept is Kept.DORMANT_ACCOUNTS:
            return sum(1 for _ in self._dormant(before))
        return sum(1 for _ in self._over(kept, before))

    async def remove(self, kept: Kept, before: datetime, limit: int) -> int:
        if kept is Kept.SESSIONS:
            return await MemorySessions(self._store.sessions, self._store.uses).remove_over(before, limit)
        some = list(islice(self._over(kept, before), limit))
        for table, key in some:
            table.remove(key)
        if kept is Kept.MESSAGES:
            gone = {key for _, key in some}
            for delivery in list(self._store.deliveries.rows(lambda one: one.message_id in gone)):
                self._store.deliveries.remove(delivery.id)
        return len(some)

    async def dormant(self, before: datetime, limit: int) -> Sequence[AccountId]:
        return sorted(one.id for one in self._dormant(before))[:limit]

    def _over(self, kept: Kept, before: datetime) -> Iterator[tuple[Table[Any, Any], Any]]:
        store = self._store
        ends: dict[Kept, tuple[Table[Any, Any], Callable[[Any], datetime | None]]] = {
            Kept.SESSIONS: (store.sessions, lambda one: one.until),
            Kept.CODES: (store.confirmations, lambda one: one.until),
            Kept.TICKETS: (store.used_tickets, lambda one: one[1]),
            Kept.FAILURES: (store.throttles, lambda one: one.failed_at),
            Kept.UNCONFIRMED_FACTORS: (store.factors, lambda one: None if one.confirmed_at else one.made_at),
            Kept.PROVIDER_SIGN_INS: (store.provider_sign_ins, lambda one: one.until),
            Kept.EXPORTS: (store.exports, lambda one: one.asked_at if one.state is ExportState.REMOVED else None),
            Kept.REPORTS: (
                store.reports,
                lambda one: one.asked_at if one.state in _NO_FILE and not one.sha256 else None,
            ),
            Kept.CANCELLED_ERASURES: (
                store.erasures,
                lambda one: one.ended_at if one.state is State.CANCELLED else None,
            ),
            Kept.MESSAGES: (store.messages, lambda one: one.said_at),
            Kept.DELIVERY_REPORTS: (store.delivery_reports, lambda one: one[1]),
            Kept.HOLDS: (store.holds, lambda one: one.lifted_at or one.until),
            Kept.INVARIANT_RUNS: (store.invariants.runs, lambda one: one.finished_at),
            Kept.BREACHES: (store.invariants.breaches, lambda one: one.gone_at),
            Kept.IMPORT_ROWS: (store.imports.rows, lambda one: one.until),
            Kept.RECORD_OFFERS: (
                store.record_offers,
                lambda one: None if one.state is OfferState.ACCEPTED else one.until,
            ),
            Kept.DONE_JOBS: (store.jobs, lambda one: one.job.ended_at if one.job.status is JobStatus.DONE else None),
        }
        if kept not in ends:
            return
        table, end = ends[kept]
        for row in table.rows():
            if (ended := end(row)) is not None and ended < before:
                yield table, _key(row)

    def _dormant(self, before: datetime) -> Iterator[Account]:
        store = self._store
        used = {one.account_id for one in store.sessions.rows() if one.used_at >= before}
        asked = {one.account_id for one in store.erasures.rows() if one.state is not State.CANCELLED}
        for account in store.accounts.rows():
            used_before = store.uses.get(account.id)
            if (
                account.registered_at < before
                and account.roles == {Role.STUDENT}
                and not is_shell(account.email)
                and account.id not in used | asked
                and (used_before is None or used_before < before)
            ):
                yield account


def _key(row: Any) -> Any:
    """Return under what the row is kept."""
    if isinstance(row, KeptJob):
        return row.job.id
    if isinstance(row, Breach):
        return row.invariant, row.row, row.first_seen
    if isinstance(row, KeptRow):
        return row.import_id, row.number
    if isinstance(row, Throttle):
        return row.key
    return row[0] if isinstance(row, tuple) else row.id

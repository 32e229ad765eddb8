"""What has been kept for long, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, exists, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT, array
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.identity.account import Role
from ...domain.imports.offer import OfferState
from ...domain.reports.report import State as ReportState
from ...domain.rights.erasure import SHELL_HOST, State
from ...domain.rights.export import State as ExportState
from ...domain.rights.retention import Kept
from ...domain.shared.ids import AccountId
from .engine import translated
from .outbox import PostgresOutbox
from .sessions import PostgresSessions
from .tables import accounts, answers, confirmations, factors, jobs, outbox, sessions, throttles, used_tickets
from .tables_invariants import invariant_breaches, invariant_runs
from .tables_messages import delivery_reports, messages
from .tables_people import import_rows, record_offers
from .tables_providers import provider_sign_ins
from .tables_reports import reports
from .tables_rights import account_uses, erasures, exports, legal_holds

_OVER: Mapping[Kept, tuple[Table, ColumnElement[datetime], ColumnElement[bool] | None]] = {
    Kept.DONE_JOBS: (jobs, jobs.c.ended_at, jobs.c.status == "done"),
    Kept.PASSED_ON_EVENTS: (outbox, outbox.c.passed_on_at, ~exists().where(jobs.c.event_id == outbox.c.id)),
    Kept.SESSIONS: (sessions, sessions.c.until, None),
    Kept.CODES: (confirmations, confirmations.c.until, None),
    Kept.TICKETS: (used_tickets, used_tickets.c.until, None),
    Kept.FAILURES: (throttles, throttles.c.failed_at, None),
    Kept.UNCONFIRMED_FACTORS: (factors, factors.c.made_at, factors.c.confirmed_at.is_(None)),
    Kept.PROVIDER_SIGN_INS: (provider_sign_ins, provider_sign_ins.c.until, None),
    Kept.ANSWERS: (answers, answers.c.created_at, None),
    Kept.EXPORTS: (exports, exports.c.asked_at, exports.c.state == ExportState.REMOVED.value),
    Kept.REPORTS: (
        reports,
        reports.c.asked_at,
        reports.c.state.in_((ReportState.FAILED.value, ReportState.WITHDRAWN.value)) & (reports.c.sha256 == ""),
    ),
    Kept.CANCELLED_ERASURES: (erasures, erasures.c.ended_at, erasures.c.state == State.CANCELLED.value),
    Kept.MESSAGES: (messages, messages.c.said_at, None),
    Kept.DELIVERY_REPORTS: (delivery_reports, delivery_reports.c.heard_at, None),
    Kept.INVARIANT_RUNS: (invariant_runs, invariant_runs.c.finished_at, None),
    Kept.BREACHES: (invariant_breaches, invariant_breaches.c.gone_at, None),
    Kept.IMPORT_ROWS: (import_rows, import_rows.c.until, None),
    Kept.RECORD_OFFERS: (record_offers, record_offers.c.until, record_offers.c.state != OfferState.ACCEPTED.value),
    Kept.HOLDS: (legal_holds, func.coalesce(legal_holds.c.lifted_at, legal_holds.c.until), None),
}


class PostgresRetained:
    """Rows by what they are and when they were over, as one transaction sees them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self, kept: Kept, before: datetime) -> int:
        if kept is Kept.DORMANT_ACCOUNTS:
            query = select(func.count()).select_from(accounts).where(_dormant(before))
        else:
            table, over, which = _OVER[kept]
            query = select(func.count()).select_from(table).where(over < before)
            query = query if which is None else query.where(which)
        with translated():
            return (await self._connection.execute(query)).scalar_one()

    async def remove(self, kept: Kept, before: datetime, limit: int) -> int:
        if kept is Kept.PASSED_ON_EVENTS:
            return await PostgresOutbox(self._connection).remove_passed_on(before, limit)
        if kept is Kept.SESSIONS:
            return await PostgresSessions(self._connection).remove_over(before, limit)
        if kept is Kept.DORMANT_ACCOUNTS:
            return 0
        table, over, which = _OVER[kept]
        place: ColumnElement[str] = literal_column(f"{table.name}.ctid")
        some = select(place).select_from(table).where(over < before).limit(limit)
        some = some if which is None else some.where(which)
        with translated():
            return (await self._connection.execute(delete(table).where(place.in_(some)))).rowcount

    async def dormant(self, before: datetime, limit: int) -> Sequence[AccountId]:
        query = select(accounts.c.id).where(_dormant(before)).order_by(accounts.c.id).limit(limit)
        with translated():
            return [AccountId(found) for found in (await self._connection.execute(query)).scalars()]


def _dormant(before: datetime) -> ColumnElement[bool]:
    a = accounts.c
    used = exists().where(sessions.c.account_id == a.id, sessions.c.used_at >= before)
    used_before = exists().where(account_uses.c.account_id == a.id, account_uses.c.used_at >= before)
    asked = exists().where(erasures.c.account_id == a.id, erasures.c.state != State.CANCELLED.value)
    alone = a.roles == array([Role.STUDENT.value], type_=TEXT).cast(ARRAY(TEXT))
    return (a.registered_at < before) & alone & ~a.email.like(f"%@{SHELL_HOST}") & ~used & ~used_before & ~asked

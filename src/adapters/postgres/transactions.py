"""One unit of work is one transaction of PostgreSQL."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio.engine import AsyncConnection, AsyncEngine

from ...domain.audit.deed import Deed
from ...domain.audit.entry import Entry, entry_of_deed, entry_of_event
from ...domain.shared.events import Envelope, Event, Origin
from ...domain.shared.ids import AccountId, EntryId, EventId
from ...ports.errors import NotKept, PerhapsKept
from ...ports.ids import Ids
from .accounts import PostgresAccounts
from .answers import PostgresAnswers
from .applications import PostgresApplications
from .audit_trail import PostgresAuditTrail
from .bell import Bell
from .books import PostgresBooks
from .catalogue import PostgresCatalogue
from .confirmations import PostgresConfirmations
from .connecting import milliseconds
from .consents import PostgresConsents
from .documents import PostgresDocuments
from .engine import translated
from .erasures import PostgresErasures
from .exports import PostgresExports
from .factors import PostgresFactors
from .filed_applications import PostgresFiledApplications
from .grants import PostgresGrants
from .holds import PostgresHolds
from .impacts import PostgresImpacts
from .imports import PostgresImports
from .invariants import PostgresInvariants
from .jobs import PostgresJobs
from .keys import PostgresKeys
from .linked_identities import PostgresLinkedIdentities
from .needs import PostgresNeeds
from .notes import PostgresNotes
from .often import asking, driver_of
from .orders import PostgresOrders
from .outbox import PostgresOutbox
from .outgoing import PostgresOutgoing
from .overrides import PostgresOverrides
from .plans import PostgresPlans
from .prices import PostgresPrices
from .provider_sign_ins import PostgresProviderSignIns
from .record_offers import PostgresRecordOffers
from .refunds import PostgresRefunds
from .reports import PostgresReports
from .retained import PostgresRetained
from .rounds import PostgresRounds
from .rule_editions import PostgresRuleEditions
from .sessions import PostgresSessions
from .students import PostgresStudents
from .tasks import PostgresTasks
from .throttles import PostgresThrottles
from .uploads import PostgresUploads
from .used_tickets import PostgresUsedTickets
from .ways import PostgresWays

_NOW = "SELECT transaction_timestamp()"
_NOW_AND_BRIEFLY = f"""{_NOW},
set_config('idle_in_transaction_session_timeout', $1, true), set_config('statement_timeout', $1, true)"""
# While a statement was announced and does not come, neither of these ends the transaction; this does.
_ALTOGETHER = ", set_config('transaction_timeout', $2, true)"
_KNOWS_ALTOGETHER = 17  # the first PostgreSQL that has it
_PATIENCE = 5.0
_DIED = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class PostgresUnitOfWork:
    """What one open transaction sees; a repository is made when it is first asked for."""

    def __init__(self, connection: AsyncConnection, now: datetime, origin: Origin, ids: Ids) -> None:
        self._connection = connection
        self._now = now
        self._origin = origin
        self._ids = ids
        self._recorded: list[tuple[Envelope, str]] = []
        self._noted: list[Deed] = []
        self.rings = False
        """Whether there will be something to hand out once this is committed."""

    @property
    def now(self) -> datetime:
        """The transaction's own time, by the server's clock."""
        return self._now

    @cached_property
    def accounts(self) -> PostgresAccounts:
        return PostgresAccounts(self._connection)

    @cached_property
    def confirmations(self) -> PostgresConfirmations:
        return PostgresConfirmations(self._connection)

    @cached_property
    def keys(self) -> PostgresKeys:
        return PostgresKeys(self._connection)

    @cached_property
    def sessions(self) -> PostgresSessions:
        return PostgresSessions(self._connection)

    @cached_property
    def grants(self) -> PostgresGrants:
        return PostgresGrants(self._connection)

    @cached_property
    def factors(self) -> PostgresFactors:
        return PostgresFactors(self._connection)

    @cached_property
    def throttles(self) -> PostgresThrottles:
        return PostgresThrottles(self._connection)

    @cached_property
    def used_tickets(self) -> PostgresUsedTickets:
        return PostgresUsedTickets(self._connection)

    @cached_property
    def linked_identities(self) -> PostgresLinkedIdentities:
        return PostgresLinkedIdentities(self._connection)

    @cached_property
    def provider_sign_ins(self) -> PostgresProviderSignIns:
        return PostgresProviderSignIns(self._connection)

    @cached_property
    def students(self) -> PostgresStudents:
        return PostgresStudents(self._connection)

    @cached_property
    def catalogue(self) -> PostgresCatalogue:
        return PostgresCatalogue(self._connection)

    @cached_property
    def documents(self) -> PostgresDocuments:
        return PostgresDocuments(self._connection)

    @cached_property
    def uploads(self) -> PostgresUploads:
        return PostgresUploads(self._connection, self._now)

    @cached_property
    def applications(self) -> PostgresApplications:
        return PostgresApplications(self._connection)

    @cached_property
    def plans(self) -> PostgresPlans:
        return PostgresPlans(self._connection)

    @cached_property
    def needs(self) -> PostgresNeeds:
        return PostgresNeeds(self._connection)

    @cached_property
    def overrides(self) -> PostgresOverrides:
        return PostgresOverrides(self._connection)

    @cached_property
    def notes(self) -> PostgresNotes:
        return PostgresNotes(self._connection)

    @cached_property
    def tasks(self) -> PostgresTasks:
        return PostgresTasks(self._connection)

    @cached_property
    def imports(self) -> PostgresImports:
        return PostgresImports(self._connection)

    @cached_property
    def record_offers(self) -> PostgresRecordOffers:
        return PostgresRecordOffers(self._connection)

    @cached_property
    def filed_applications(self) -> PostgresFiledApplications:
        return PostgresFiledApplications(self._connection)

    @cached_property
    def rule_editions(self) -> PostgresRuleEditions:
        return PostgresRuleEditions(self._connection)

    @cached_property
    def impacts(self) -> PostgresImpacts:
        return PostgresImpacts(self._connection)

    @cached_property
    def consents(self) -> PostgresConsents:
        return PostgresConsents(self._connection)

    @cached_property
    def exports(self) -> PostgresExports:
        return PostgresExports(self._connection)

    @cached_property
    def reports(self) -> PostgresReports:
        return PostgresReports(self._connection)

    @cached_property
    def prices(self) -> PostgresPrices:
        return PostgresPrices(self._connection)

    @cached_property
    def orders(self) -> PostgresOrders:
        return PostgresOrders(self._connection)

    @cached_property
    def refunds(self) -> PostgresRefunds:
        return PostgresRefunds(self._connection)

    @cached_property
    def books(self) -> PostgresBooks:
        return PostgresBooks(self._connection)

    @cached_property
    def erasures(self) -> PostgresErasures:
        return PostgresErasures(self._connection)

    @cached_property
    def holds(self) -> PostgresHolds:
        return PostgresHolds(self._connection)

    @cached_property
    def invariants(self) -> PostgresInvariants:
        return PostgresInvariants(self._connection)

    @cached_property
    def retained(self) -> PostgresRetained:
        return PostgresRetained(self._connection)

    @cached_property
    def outgoing(self) -> PostgresOutgoing:
        return PostgresOutgoing(self._connection)

    @cached_property
    def ways(self) -> PostgresWays:
        return PostgresWays(self._connection)

    @cached_property
    def rounds(self) -> PostgresRounds:
        return PostgresRounds(self._connection)

    @cached_property
    def outbox(self) -> PostgresOutbox:
        return PostgresOutbox(self._connection)

    @cached_property
    def audit_trail(self) -> PostgresAuditTrail:
        return PostgresAuditTrail(self._connection)

    @cached_property
    def jobs(self) -> PostgresJobs:
        return PostgresJobs(self._connection, self._ring)

    @cached_property
    def answers(self) -> PostgresAnswers:
        return PostgresAnswers(self._connection)

    def record(self, event: Event, version: int, reason: str = "") -> None:
        """Let the event be written to outbox and audit trail just before the commit."""
        self._recorded.append((Envelope(EventId(self._ids.new()), self._now, self._origin, event, version), reason))

    def act_for(self, owner: AccountId) -> None:
        """Let events from now on be caused on behalf of the account."""
        self._origin = replace(self._origin, on_behalf_of=owner)

    def note(self, deed: Deed) -> None:
        """Let the deed be written to the audit trail just before the commit."""
        self._noted.append(deed)

    async def write_events(self) -> None:
        """Write what was recorded and noted since the last time, and the answer to the request if one is kept."""
        if self._recorded or self._noted:
            recorded, entries = [envelope for envelope, _ in self._recorded], list(self._entries())
            self._recorded, self._noted = [], []
            answer = self.answers.taken() if len(recorded) == 1 else None
            await self.outbox.add(recorded, entries, answer)
            if recorded:
                self._ring()
        await self.answers.write()

    def _entries(self) -> Iterator[Entry]:
        """Yield the entry of each event and each deed, with a salt of its own."""
        for envelope, reason in self._recorded:
            yield entry_of_event(envelope, secrets.token_hex(16), reason)
        for deed in self._noted:
            yield entry_of_deed(deed, EntryId(self._ids.new()), self._now, self._origin, secrets.token_hex(16))

    def _ring(self) -> None:
        self.rings = True


class PostgresTransactions:
    """Opens units of work on one engine."""

    def __init__(self, engine: AsyncEngine, ids: Ids, *, still_at_most: timedelta | None = None) -> None:
        """``still_at_most`` is for units that hold what others wait for: the server undoes one in which nothing comes
        from this process for so long, or a statement takes so long. From PostgreSQL 17 on none lasts twice as long."""
        # SQLAlchemy begins no transaction here: BEGIN and COMMIT are sent by ourselves, straight to the driver.
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._ids = ids
        self._still_at_most = still_at_most
        self._bell = Bell()
        self.waiting = 0
        """How many units wait for a connection."""

    def __call__(self, origin: Origin = Origin()) -> AbstractAsyncContextManager[PostgresUnitOfWork]:  # noqa: B008
        """Return a unit that commits on a clean exit; raise Unavailable when the server does not answer."""
        return self._unit(origin)

    @asynccontextmanager
    async def _unit(self, origin: Origin) -> AsyncIterator[PostgresUnitOfWork]:
        connection, now = await self._begun()
        try:
            work = PostgresUnitOfWork(connection, now, origin, self._ids)
            yield work
            await work.write_events()
            await _commit(connection)
            if work.rings:
                await self._bell.ring(connection)
        finally:
            await _leave(connection)

    async def _begun(self) -> tuple[AsyncConnection, datetime]:
        """Begin a transaction and read its time; where the pool's connection had died, once more on a new one."""
        try:
            return await self._begin()
        except NotKept:
            return await self._begin()

    async def _begin(self) -> tuple[AsyncConnection, datetime]:
        self.waiting += 1
        try:
            with translated():
                connection = await self._engine.connect()
        finally:
            self.waiting -= 1
        try:
            async with asking(connection):
                driver = driver_of(connection)
                await driver.execute("BEGIN")
                now = await self._now(driver)
        except BaseException:
            await _leave(connection)
            raise
        return connection, now

    async def _now(self, driver: "asyncpg.Connection[Any]") -> datetime:
        """Return the transaction's time, and set its limits in the same round trip."""
        asked, limits = _NOW, list[str]()
        if self._still_at_most is not None:
            asked, limits = _NOW_AND_BRIEFLY, [milliseconds(self._still_at_most)]
            if driver.get_server_version().major >= _KNOWS_ALTOGETHER:
                asked, limits = asked + _ALTOGETHER, [*limits, milliseconds(self._still_at_most * 2)]
        now: datetime = await driver.fetchval(asked, *limits)
        return now


async def _commit(connection: AsyncConnection) -> None:
    """Commit; raise PerhapsKept where the connection is lost over it, since nobody then knows on which side of it."""
    driver = driver_of(connection)
    if driver.is_closed():  # nothing was sent
        await connection.invalidate()
        raise NotKept
    try:
        async with asking(connection):
            await driver.execute("COMMIT")
    except NotKept as error:
        raise PerhapsKept from error.__cause__


async def _leave(connection: AsyncConnection) -> None:
    """Give the connection back, with nothing open; one that cannot be trusted any more is thrown away."""
    try:
        if not connection.invalidated and driver_of(connection).is_in_transaction():
            await _roll_back(connection)
    finally:
        await connection.close()


async def _roll_back(connection: AsyncConnection) -> None:
    try:
        await driver_of(connection).execute("ROLLBACK", timeout=_PATIENCE)
    except BaseException as error:
        await connection.invalidate()
        if not isinstance(error, _DIED):
            raise

"""Units of work in memory: one after another, each kept as a whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime

from ...domain.applications.application import Application
from ...domain.audit.deed import Deed
from ...domain.audit.entry import entry_of_deed, entry_of_event
from ...domain.counselling.kept import KeptNeeds
from ...domain.counselling.note import Note
from ...domain.counselling.task import Task
from ...domain.documents.document import Document
from ...domain.documents.upload import Upload
from ...domain.identity.account import Account
from ...domain.identity.confirmation import Confirmation
from ...domain.identity.factor import Factor, RecoveryCodes
from ...domain.identity.grant import Grant
from ...domain.identity.key import ApiKey
from ...domain.identity.linked_identity import LinkedIdentity
from ...domain.identity.provider_sign_in import ProviderSignIn
from ...domain.identity.session import Session
from ...domain.identity.throttle import Throttle
from ...domain.imports.filed import Filed
from ...domain.imports.offer import RecordOffer
from ...domain.matching.override import Override
from ...domain.notifications.channel import Channel
from ...domain.notifications.delivery import Delivery
from ...domain.notifications.message import Message
from ...domain.notifications.preferences import Preferences
from ...domain.notifications.way import Way
from ...domain.payments.attempt import Attempt
from ...domain.payments.dispute import DisputeCase
from ...domain.payments.order import Order
from ...domain.payments.price_list import PriceList
from ...domain.payments.refund import RefundCase
from ...domain.planning.plan import Plan
from ...domain.planning.sent_calendar import Sent
from ...domain.profile.student import Student
from ...domain.reports.report import Report
from ...domain.rights.consent import Consent
from ...domain.rights.erasure import Erasure, Hold
from ...domain.rights.export import Export
from ...domain.shared.events import Envelope, Event, Origin
from ...domain.shared.ids import (
    AccountId,
    ApplicationId,
    ConsentId,
    EntryId,
    EventId,
    ImportId,
    JobId,
    NoteId,
    OverrideId,
    PlanId,
    PriceListId,
    StudentId,
)
from ...ports.answers import RequestKey
from ...ports.clock import Clock
from ...ports.ids import Ids
from .accounts import MemoryAccounts
from .answers import Claim, MemoryAnswers
from .applications import MemoryApplications
from .audit_trail import AuditStore, MemoryAuditTrail
from .books import BookStore, MemoryBooks
from .catalogue import CatalogueStore, MemoryCatalogue
from .clock import MemoryClock
from .confirmations import MemoryConfirmations
from .consents import MemoryConsents
from .documents import MemoryDocuments
from .erasures import MemoryErasures
from .exports import MemoryExports
from .factors import MemoryFactors
from .filed_applications import MemoryFiledApplications
from .grants import MemoryGrants
from .holds import MemoryHolds
from .ids import MemoryIds
from .impacts import ImpactStore, MemoryImpacts
from .imports import ImportStore, MemoryImports
from .invariants import InvariantStore, MemoryInvariants
from .jobs import KeptJob, MemoryJobs
from .keys import MemoryKeys
from .linked_identities import MemoryLinkedIdentities
from .needs import MemoryNeeds
from .notes import MemoryNotes
from .orders import Heard, MemoryOrders
from .outbox import MemoryOutbox
from .outgoing import MemoryOutgoing
from .overrides import MemoryOverrides
from .plans import MemoryPlans
from .prices import MemoryPrices
from .provider_sign_ins import MemoryProviderSignIns
from .record_offers import MemoryRecordOffers
from .refunds import MemoryRefunds
from .reports import MemoryReports
from .retained import MemoryRetained
from .rounds import MemoryRounds
from .rule_editions import MemoryRuleEditions, RuleStore
from .sessions import MemorySessions
from .students import MemoryStudents
from .tables import Entities, Part, Table
from .tasks import MemoryTasks
from .throttles import MemoryThrottles
from .uploads import MemoryUploads
from .used_tickets import MemoryUsedTickets
from .ways import MemoryWays


class Store:
    """Everything that is kept between units of work."""

    def __init__(self) -> None:
        self.accounts: Entities[Account] = Entities()
        self.confirmations: Entities[Confirmation] = Entities()
        self.keys: Entities[ApiKey] = Entities()
        self.sessions: Entities[Session] = Entities()
        self.grants: Entities[Grant] = Entities()
        self.factors: Entities[Factor] = Entities()
        self.recovery_codes: Entities[RecoveryCodes] = Entities()
        self.throttles: Table[str, Throttle] = Table()
        self.used_tickets: Table[str, tuple[str, datetime]] = Table()
        self.linked_identities: Entities[LinkedIdentity] = Entities()
        self.provider_sign_ins: Entities[ProviderSignIn] = Entities()
        self.students: Entities[Student] = Entities()
        self.documents: Entities[Document] = Entities()
        self.uploads: Entities[Upload] = Entities()
        self.applications: Entities[Application] = Entities()
        self.snapshots: Table[ApplicationId, bytes] = Table()
        self.plans: Entities[Plan] = Entities()
        self.calendars: Table[PlanId, Sent] = Table()
        self.needs: Table[StudentId, KeptNeeds] = Table()
        self.overrides: Table[OverrideId, Override] = Table()
        self.notes: Table[NoteId, Note] = Table()
        self.tasks: Entities[Task] = Entities()
        self.record_offers: Entities[RecordOffer] = Entities()
        self.filed_applications: Table[tuple[ImportId, int], Filed] = Table()
        self.consents: Table[ConsentId, Consent] = Table()
        self.exports: Entities[Export] = Entities()
        self.reports: Entities[Report] = Entities()
        self.prices: Table[PriceListId, PriceList] = Table()
        self.orders: Entities[Order] = Entities()
        self.attempts: Entities[Attempt] = Entities()
        self.disputes: Table[str, DisputeCase] = Table()
        self.notices: Table[str, Heard] = Table()
        self.refunds: Entities[RefundCase] = Entities()
        self.books = BookStore()
        self.erasures: Entities[Erasure] = Entities()
        self.holds: Entities[Hold] = Entities()
        self.uses: Table[AccountId, datetime] = Table()
        self.messages: Entities[Message] = Entities()
        self.deliveries: Entities[Delivery] = Entities()
        self.delivery_reports: Table[tuple[str, str], tuple[tuple[str, str], datetime]] = Table()
        self.ways: Table[tuple[AccountId, Channel], Way] = Table()
        self.preferences: Entities[Preferences] = Entities()
        self.rounds: Table[StudentId, datetime] = Table()
        self.events: Table[EventId, Envelope] = Table()
        self.jobs: Table[JobId, KeptJob] = Table()
        self.answers: Table[RequestKey, Claim] = Table()
        self.catalogue = CatalogueStore()
        self.imports = ImportStore()
        self.rules = RuleStore()
        self.impacts = ImpactStore()
        self.audit = AuditStore()
        self.invariants = InvariantStore()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything that keeps or discards what a unit changed."""
        return tuple(vars(self).values())


class MemoryUnitOfWork:
    """What one open unit sees of the store."""

    def __init__(self, store: Store, now: datetime, origin: Origin, ids: Ids) -> None:
        self._now = now
        self._origin = origin
        self._ids = ids
        self._recorded: list[tuple[Envelope, str]] = []
        self._noted: list[Deed] = []
        self.accounts = MemoryAccounts(store.accounts)
        self.confirmations = MemoryConfirmations(store.confirmations)
        self.sessions = MemorySessions(store.sessions, store.uses)
        self.keys = MemoryKeys(store.keys)
        self.grants = MemoryGrants(store.grants)
        self.factors = MemoryFactors(store.factors, store.recovery_codes)
        self.throttles = MemoryThrottles(store.throttles)
        self.used_tickets = MemoryUsedTickets(store.used_tickets)
        self.linked_identities = MemoryLinkedIdentities(store.linked_identities)
        self.provider_sign_ins = MemoryProviderSignIns(store.provider_sign_ins)
        self.students = MemoryStudents(store.students)
        self.documents = MemoryDocuments(store.documents)
        self.uploads = MemoryUploads(store.uploads, now)
        self.applications = MemoryApplications(store.applications, store.snapshots)
        self.plans = MemoryPlans(store.plans, store.calendars)
        self.needs = MemoryNeeds(store)
        self.overrides = MemoryOverrides(store.overrides)
        self.notes = MemoryNotes(store.notes)
        self.tasks = MemoryTasks(store.tasks)
        self.consents = MemoryConsents(store.consents)
        self.exports = MemoryExports(store.exports)
        self.reports = MemoryReports(store.reports)
        self.prices = MemoryPrices(store.prices)
        self.orders = MemoryOrders(store.orders, store.attempts, store.disputes, store.notices, now)
        self.refunds = MemoryRefunds(store.refunds)
        self.books = MemoryBooks(store.books)
        self.erasures = MemoryErasures(store, now)
        self.holds = MemoryHolds(store.holds)
        self.invariants = MemoryInvariants(store)
        self.retained = MemoryRetained(store)
        self.outgoing = MemoryOutgoing(store.messages, store.deliveries, store.delivery_reports, now)
        self.ways = MemoryWays(store.ways, store.preferences)
        self.rounds = MemoryRounds(store.rounds, now)
        self.outbox = MemoryOutbox(store.events)
        self.jobs = MemoryJobs(store.jobs, now)
        self.answers = MemoryAnswers(store.answers)
        self.catalogue = MemoryCatalogue(store.catalogue)
        self.imports = MemoryImports(store.imports, store.catalogue, store.plans, store.jobs)
        self.record_offers = MemoryRecordOffers(store.record_offers)
        self.filed_applications = MemoryFiledApplications(store.filed_applications)
        self.rule_editions = MemoryRuleEditions(store.rules)
        self.impacts = MemoryImpacts(store.impacts)
        self._trail = store.audit
        self.audit_trail = MemoryAuditTrail(store.audit)

    @property
    def now(self) -> datetime:
        """The moment at which the unit was opened, by the clock that the transactions were given."""
        return self._now

    def record(self, event: Event, version: int, reason: str = "") -> None:
        """Let the event wait in the outbox, and be found in the audit trail, once the unit is kept."""
        self._recorded.append((Envelope(EventId(self._ids.new()), self._now, self._origin, event, version), reason))

    def act_for(self, owner: AccountId) -> None:
        """Let events from now on be caused on behalf of the account."""
        self._origin = replace(self._origin, on_behalf_of=owner)

    def note(self, deed: Deed) -> None:
        """Let the deed be found in the audit trail once the unit is kept."""
        self._noted.append(deed)

    def write_events(self) -> None:
        """Write to outbox and audit trail what was recorded and noted; the unit itself does not see it there.

        Salts are ids here, so that every run is the same: who has the entry can find out a forgotten address by trying.
        """
        for envelope, reason in self._recorded:
            self.outbox.add(envelope)
            self._trail.add(entry_of_event(envelope, envelope.id.hex, reason))
        for deed in self._noted:
            entry_id = EntryId(self._ids.new())
            self._trail.add(entry_of_deed(deed, entry_id, self._now, self._origin, entry_id.hex))


class MemoryTransactions:
    """Opens units of work on one store; a second one waits until the first has ended."""

    def __init__(self, clock: Clock | None = None, ids: Ids | None = None, store: Store | None = None) -> None:
        self._clock = clock or MemoryClock()
        self._ids = ids or MemoryIds(seed=1)
        self._store = store or Store()
        self._turn = asyncio.Lock()
        self._holder: asyncio.Task[object] | None = None

    def __call__(self, origin: Origin = Origin()) -> AbstractAsyncContextManager[MemoryUnitOfWork]:  # noqa: B008
        """Return a unit; raise RuntimeError when this task has one open, for which it would wait for ever."""
        return self._unit(origin)

    @asynccontextmanager
    async def _unit(self, origin: Origin) -> AsyncIterator[MemoryUnitOfWork]:
        task = asyncio.current_task()
        if self._holder is task and task is not None:
            raise RuntimeError("this task has a unit of work open; pass it on instead of opening another")
        async with self._turn:
            self._holder = task
            try:
                work = MemoryUnitOfWork(self._store, self._clock.now(), origin, self._ids)
                yield work
                work.write_events()
                self._keep()
            finally:
                self._discard()
                self._holder = None

    def _keep(self) -> None:
        for part in self._store.parts:
            part.keep()

    def _discard(self) -> None:
        for part in self._store.parts:
            part.discard()

"""One unit of work is one transaction: all of it is kept, or nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from ..domain.audit.deed import Deed
from ..domain.shared.events import Event, Origin
from ..domain.shared.ids import AccountId

if TYPE_CHECKING:
    from .accounts import Accounts
    from .answers import Answers
    from .applications import Applications
    from .audit_trail import AuditTrail
    from .books import Books
    from .catalogue import Catalogue
    from .confirmations import Confirmations
    from .consents import Consents
    from .documents import Documents
    from .erasures import Erasures, Holds
    from .exports import Exports
    from .factors import Factors
    from .filed_applications import FiledApplications
    from .grants import Grants
    from .impacts import Impacts
    from .imports import Imports
    from .invariants import Invariants
    from .jobs import Jobs, Outbox
    from .keys import Keys
    from .linked_identities import LinkedIdentities
    from .needs import Needs
    from .notes import Notes
    from .orders import Orders
    from .outgoing import Outgoing
    from .overrides import Overrides
    from .plans import Plans
    from .prices import Prices
    from .provider_sign_ins import ProviderSignIns
    from .record_offers import RecordOffers
    from .refunds import Refunds
    from .reports import Reports
    from .retained import Retained
    from .rounds import Rounds
    from .rule_editions import RuleEditions
    from .sessions import Sessions
    from .students import Students
    from .tasks import Tasks
    from .throttles import Throttles
    from .uploads import Uploads
    from .used_tickets import UsedTickets
    from .ways import Ways


class UnitOfWork(Protocol):
    """What a use case may read and change between the start and the end of one transaction, all by one task.

    Its stores give and take whole entities. What they return is the caller's own: changing it changes nothing that is
    kept until ``save``. ``add`` and ``save`` set the version of the entity they are given; ``save`` compares it with
    the one that is kept, and Conflict means that somebody else has saved since. Each change is seen by whatever is
    read later in the same unit. Any call may raise Unavailable, after which the unit can only be left.
    """

    @property
    def now(self) -> datetime:
        """The transaction's own time, in UTC: the database's clock, or a fixed one in memory."""
        ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def keys(self) -> Keys: ...

    @property
    def confirmations(self) -> Confirmations: ...

    @property
    def grants(self) -> Grants: ...

    @property
    def factors(self) -> Factors: ...

    @property
    def throttles(self) -> Throttles: ...

    @property
    def used_tickets(self) -> UsedTickets: ...

    @property
    def linked_identities(self) -> LinkedIdentities: ...

    @property
    def provider_sign_ins(self) -> ProviderSignIns: ...

    @property
    def students(self) -> Students: ...

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def documents(self) -> Documents: ...

    @property
    def uploads(self) -> Uploads: ...

    @property
    def applications(self) -> Applications: ...

    @property
    def plans(self) -> Plans: ...

    @property
    def needs(self) -> Needs: ...

    @property
    def overrides(self) -> Overrides: ...

    @property
    def notes(self) -> Notes: ...

    @property
    def tasks(self) -> Tasks: ...

    @property
    def imports(self) -> Imports: ...

    @property
    def record_offers(self) -> RecordOffers: ...

    @property
    def filed_applications(self) -> FiledApplications: ...

    @property
    def rule_editions(self) -> RuleEditions: ...

    @property
    def impacts(self) -> Impacts: ...

    @property
    def consents(self) -> Consents: ...

    @property
    def exports(self) -> Exports: ...

    @property
    def reports(self) -> Reports: ...

    @property
    def prices(self) -> Prices: ...

    @property
    def orders(self) -> Orders: ...

    @property
    def refunds(self) -> Refunds: ...

    @property
    def books(self) -> Books: ...

    @property
    def erasures(self) -> Erasures: ...

    @property
    def holds(self) -> Holds: ...

    @property
    def invariants(self) -> Invariants: ...

    @property
    def retained(self) -> Retained: ...

    @property
    def audit_trail(self) -> AuditTrail: ...

    @property
    def outgoing(self) -> Outgoing: ...

    @property
    def ways(self) -> Ways: ...

    @property
    def rounds(self) -> Rounds: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def jobs(self) -> Jobs: ...

    @property
    def answers(self) -> Answers: ...

    def record(self, event: Event, version: int, reason: str = "") -> None:
        """Write the event to the outbox and the audit trail, in this transaction; ``version`` is the aggregate's after
        the change, ``reason`` what was stated for it, which the audit trail alone keeps.

        It may be written as late as at the end of the unit, in the order in which events were recorded.
        """
        ...

    def act_for(self, owner: AccountId) -> None:
        """Let events that are recorded from now on say that they were caused on behalf of that account."""
        ...

    def note(self, deed: Deed) -> None:
        """Write to the audit trail, in this transaction, what was done or seen and leaves no event."""
        ...


class Transactions(Protocol):
    """Opens units of work, any number at once; one unit is never shared between two tasks."""

    def __call__(self, origin: Origin = ...) -> AbstractAsyncContextManager[UnitOfWork]:
        """Return a unit that keeps its changes on a clean exit and discards them when an exception leaves it.

        The exception goes on as it is, a cancellation too. ``origin`` is what events of this unit say about who asked
        and in which request. Entering and leaving raise Unavailable when the store does not answer in time, leaving
        also Conflict when another unit stood against this one; then nothing of it is kept, except that after a lost
        connection on leaving nobody knows: whatever must not happen twice is claimed in the unit (``answers``).
        """
        ...


def joined(work: UnitOfWork) -> Transactions:
    """Return transactions that hand out this open unit and do not end it, so that several use cases become one.

    Events keep the origin of the unit. An exception must be let through to the unit's own end: whoever catches it
    inside would keep half a change.
    """

    @asynccontextmanager
    async def same(origin: Origin = Origin()) -> AsyncIterator[UnitOfWork]:  # noqa: B008 - frozen
        yield work

    return same

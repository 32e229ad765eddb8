"""The PostgreSQL adapters do what every adapter must."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.ports.contracts.accounts import AccountsContract
from higherstudy.ports.contracts.answers import AnswersContract
from higherstudy.ports.contracts.applications import ApplicationsContract
from higherstudy.ports.contracts.audit_trail import AuditTrailContract
from higherstudy.ports.contracts.books import BooksContract
from higherstudy.ports.contracts.confirmations import ConfirmationsContract
from higherstudy.ports.contracts.consents import ConsentsContract
from higherstudy.ports.contracts.documents import DocumentsContract
from higherstudy.ports.contracts.erasures import ErasuresContract
from higherstudy.ports.contracts.exports import ExportsContract
from higherstudy.ports.contracts.factors import FactorsContract
from higherstudy.ports.contracts.filed_applications import FiledApplicationsContract
from higherstudy.ports.contracts.grants import GrantsContract
from higherstudy.ports.contracts.holds import HoldsContract
from higherstudy.ports.contracts.impacts import ImpactsContract
from higherstudy.ports.contracts.invariants import InvariantsContract
from higherstudy.ports.contracts.jobs import JobsContract
from higherstudy.ports.contracts.keys import KeysContract
from higherstudy.ports.contracts.linked_identities import LinkedIdentitiesContract
from higherstudy.ports.contracts.needs import NeedsContract
from higherstudy.ports.contracts.notes import NotesContract
from higherstudy.ports.contracts.orders import OrdersContract
from higherstudy.ports.contracts.outbox import OutboxContract
from higherstudy.ports.contracts.outgoing import OutgoingContract
from higherstudy.ports.contracts.overrides import OverridesContract
from higherstudy.ports.contracts.plans import PlansContract
from higherstudy.ports.contracts.prices import PricesContract
from higherstudy.ports.contracts.provider_sign_ins import ProviderSignInsContract
from higherstudy.ports.contracts.record_offers import RecordOffersContract
from higherstudy.ports.contracts.refunds import RefundsContract
from higherstudy.ports.contracts.reports import ReportsContract
from higherstudy.ports.contracts.retained import RetainedContract
from higherstudy.ports.contracts.rounds import RoundsContract
from higherstudy.ports.contracts.rule_editions import RuleEditionsContract
from higherstudy.ports.contracts.sessions import SessionsContract
from higherstudy.ports.contracts.students import StudentsContract
from higherstudy.ports.contracts.tasks import TasksContract
from higherstudy.ports.contracts.throttles import ThrottlesContract
from higherstudy.ports.contracts.transactions import TransactionsContract
from higherstudy.ports.contracts.uploads import UploadsContract
from higherstudy.ports.contracts.used_tickets import UsedTicketsContract
from higherstudy.ports.contracts.ways import WaysContract
from higherstudy.ports.transactions import Transactions


@pytest.fixture
async def engine(database_url: str, owner_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine with the application's rights, on a database in which nothing waits."""
    owner = create_engine(owner_url)
    async with owner.begin() as connection:
        await connection.execute(text("TRUNCATE jobs, outbox, audit_entries, audit_waiting, audit_seals, audit_sealed"))
    await owner.dispose()
    engine = create_engine(database_url)
    yield engine
    await engine.dispose()


class _OnPostgres:
    @pytest.fixture
    def transactions(self, engine: AsyncEngine) -> Transactions:
        return PostgresTransactions(engine, SystemIds())


class TestPostgresJobs(_OnPostgres, JobsContract):
    pass


class TestPostgresAuditTrail(_OnPostgres, AuditTrailContract):
    pass


class TestPostgresOutbox(_OnPostgres, OutboxContract):
    pass


class TestPostgresAnswers(_OnPostgres, AnswersContract):
    pass


class TestPostgresFactors(_OnPostgres, FactorsContract):
    pass


class TestPostgresThrottles(_OnPostgres, ThrottlesContract):
    pass


class TestPostgresUsedTickets(_OnPostgres, UsedTicketsContract):
    pass


class TestPostgresAccounts(_OnPostgres, AccountsContract):
    pass


class TestPostgresApplications(_OnPostgres, ApplicationsContract):
    pass


class TestPostgresUploads(_OnPostgres, UploadsContract):
    pass


class TestPostgresDocuments(_OnPostgres, DocumentsContract):
    pass


class TestPostgresConfirmations(_OnPostgres, ConfirmationsContract):
    pass


class TestPostgresKeys(_OnPostgres, KeysContract):
    pass


class TestPostgresLinkedIdentities(_OnPostgres, LinkedIdentitiesContract):
    pass


class TestPostgresProviderSignIns(_OnPostgres, ProviderSignInsContract):
    pass


class TestPostgresSessions(_OnPostgres, SessionsContract):
    pass


class TestPostgresGrants(_OnPostgres, GrantsContract):
    pass


class TestPostgresRecordOffers(_OnPostgres, RecordOffersContract):
    pass


class TestPostgresFiledApplications(_OnPostgres, FiledApplicationsContract):
    pass


class TestPostgresNeeds(_OnPostgres, NeedsContract):
    pass


class TestPostgresNotes(_OnPostgres, NotesContract):
    pass


class TestPostgresTasks(_OnPostgres, TasksContract):
    pass


class TestPostgresOverrides(_OnPostgres, OverridesContract):
    pass


class TestPostgresRuleEditions(_OnPostgres, RuleEditionsContract):
    pass


class TestPostgresImpacts(_OnPostgres, ImpactsContract):
    pass


class TestPostgresPlans(_OnPostgres, PlansContract):
    pass


class TestPostgresStudents(_OnPostgres, StudentsContract):
    pass


class TestPostgresTransactions(_OnPostgres, TransactionsContract):
    pass


class TestPostgresOutgoing(_OnPostgres, OutgoingContract):
    pass


class TestPostgresRounds(_OnPostgres, RoundsContract):
    pass


class TestPostgresWays(_OnPostgres, WaysContract):
    pass


class TestPostgresConsents(_OnPostgres, ConsentsContract):
    pass


class TestPostgresErasures(_OnPostgres, ErasuresContract):
    pass


class TestPostgresPrices(_OnPostgres, PricesContract):
    pass


class TestPostgresOrders(_OnPostgres, OrdersContract):
    pass


class TestPostgresRefunds(_OnPostgres, RefundsContract):
    pass


class TestPostgresBooks(_OnPostgres, BooksContract):
    pass


class TestPostgresReports(_OnPostgres, ReportsContract):
    pass


class TestPostgresExports(_OnPostgres, ExportsContract):
    pass


class TestPostgresHolds(_OnPostgres, HoldsContract):
    pass


class TestPostgresRetained(_OnPostgres, RetainedContract):
    pass


class TestPostgresInvariants(_OnPostgres, InvariantsContract):
    pass

"""What is kept in memory does what every adapter must."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import pytest

from higherstudy.adapters.memory.analytics import MemoryAnalytics
from higherstudy.adapters.memory.anchors import MemoryAnchors
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.delivery_reports import MemoryDeliveryReports
from higherstudy.adapters.memory.files import MemoryFiles
from higherstudy.adapters.memory.given_tables import MemoryGivenTables
from higherstudy.adapters.memory.ids import MemoryIds
from higherstudy.adapters.memory.incoming import MemoryIncoming
from higherstudy.adapters.memory.mailbox import MemoryMailbox
from higherstudy.adapters.memory.passwords import MemoryPasswords
from higherstudy.adapters.memory.scanner import MemoryScanner
from higherstudy.adapters.memory.secrets import MemorySecrets
from higherstudy.adapters.memory.signatures import MemorySignatures
from higherstudy.adapters.memory.tables import Table, copied
from higherstudy.adapters.memory.text_messages import MemoryTextMessages
from higherstudy.adapters.memory.tombstones import MemoryTombstones
from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.adapters.memory.zones import MemoryZones
from higherstudy.domain.rights.tracking import Happening
from higherstudy.domain.shared.errors import Forbidden
from higherstudy.ports.anchors import Anchors
from higherstudy.ports.clock import Clock
from higherstudy.ports.contracts.accounts import AccountsContract
from higherstudy.ports.contracts.analytics import AnalyticsContract
from higherstudy.ports.contracts.anchors import AnchorsContract
from higherstudy.ports.contracts.applications import ApplicationsContract
from higherstudy.ports.contracts.audit_trail import AuditTrailContract
from higherstudy.ports.contracts.books import BooksContract
from higherstudy.ports.contracts.clock import ClockContract
from higherstudy.ports.contracts.confirmations import ConfirmationsContract
from higherstudy.ports.contracts.consents import ConsentsContract
from higherstudy.ports.contracts.delivery_reports import NOW, DeliveryReportsContract, Event, Request, Service
from higherstudy.ports.contracts.documents import DocumentsContract
from higherstudy.ports.contracts.erasures import ErasuresContract
from higherstudy.ports.contracts.exports import ExportsContract
from higherstudy.ports.contracts.factors import FactorsContract
from higherstudy.ports.contracts.filed_applications import FiledApplicationsContract
from higherstudy.ports.contracts.files import FilesContract, Opener
from higherstudy.ports.contracts.given_tables import GivenTablesContract
from higherstudy.ports.contracts.grants import GrantsContract
from higherstudy.ports.contracts.holds import HoldsContract
from higherstudy.ports.contracts.ids import IdsContract
from higherstudy.ports.contracts.impacts import ImpactsContract
from higherstudy.ports.contracts.incoming import IncomingContract, Putter
from higherstudy.ports.contracts.invariants import InvariantsContract
from higherstudy.ports.contracts.keys import KeysContract
from higherstudy.ports.contracts.linked_identities import LinkedIdentitiesContract
from higherstudy.ports.contracts.mailbox import NOBODYS, Delivered, MailboxContract
from higherstudy.ports.contracts.needs import NeedsContract
from higherstudy.ports.contracts.notes import NotesContract
from higherstudy.ports.contracts.orders import OrdersContract
from higherstudy.ports.contracts.outgoing import OutgoingContract
from higherstudy.ports.contracts.overrides import OverridesContract
from higherstudy.ports.contracts.passing_time import PassingTime
from higherstudy.ports.contracts.passwords import PasswordsContract
from higherstudy.ports.contracts.plans import PlansContract
from higherstudy.ports.contracts.prices import PricesContract
from higherstudy.ports.contracts.provider_sign_ins import ProviderSignInsContract
from higherstudy.ports.contracts.record_offers import RecordOffersContract
from higherstudy.ports.contracts.refunds import RefundsContract
from higherstudy.ports.contracts.reports import ReportsContract
from higherstudy.ports.contracts.retained import RetainedContract
from higherstudy.ports.contracts.rounds import RoundsContract
from higherstudy.ports.contracts.rule_editions import RuleEditionsContract
from higherstudy.ports.contracts.samples import a_student
from higherstudy.ports.contracts.scanner import ScannerContract, harmless_proof
from higherstudy.ports.contracts.secrets import SecretsContract
from higherstudy.ports.contracts.sessions import SessionsContract
from higherstudy.ports.contracts.signatures import SignaturesContract
from higherstudy.ports.contracts.students import StudentsContract
from higherstudy.ports.contracts.tasks import TasksContract
from higherstudy.ports.contracts.text_messages import NOBODYS as NOBODYS_NUMBER
from higherstudy.ports.contracts.text_messages import TextMessagesContract, Told
from higherstudy.ports.contracts.throttles import ThrottlesContract
from higherstudy.ports.contracts.tombstones import TombstonesContract
from higherstudy.ports.contracts.transactions import TransactionsContract
from higherstudy.ports.contracts.uploads import UploadsContract
from higherstudy.ports.contracts.used_tickets import UsedTicketsContract
from higherstudy.ports.contracts.ways import WaysContract
from higherstudy.ports.contracts.zones import ZonesContract
from higherstudy.ports.delivery_reports import DeliveryReport, DeliveryReports, Heard
from higherstudy.ports.errors import Refusal, Unavailable
from higherstudy.ports.files import Files
from higherstudy.ports.given_tables import GivenTables
from higherstudy.ports.ids import Ids
from higherstudy.ports.incoming import Incoming
from higherstudy.ports.mailbox import Mail, Mailbox
from higherstudy.ports.passwords import Passwords
from higherstudy.ports.scanner import Scanner
from higherstudy.ports.secrets import Secrets
from higherstudy.ports.signatures import Signatures
from higherstudy.ports.text_messages import TextMessages
from higherstudy.ports.tombstones import Tombstones
from higherstudy.ports.transactions import Transactions
from higherstudy.ports.zones import Zones


class _InMemory:
    @pytest.fixture
    def transactions(self) -> Transactions:
        return MemoryTransactions()


class TestMemoryAuditTrail(_InMemory, AuditTrailContract):
    pass


class TestMemoryAnchors(AnchorsContract):
    @pytest.fixture
    def anchors(self) -> Anchors:
        return MemoryAnchors()


class TestMemorySignatures(SignaturesContract):
    @pytest.fixture
    def signatures(self) -> Signatures:
        return MemorySignatures()

    @pytest.fixture
    def others(self) -> Signatures:
        return MemorySignatures("another")


class TestMemoryTransactions(_InMemory, TransactionsContract):
    pass


class TestMemoryFactors(_InMemory, FactorsContract):
    pass


class TestMemoryThrottles(_InMemory, ThrottlesContract):
    pass


class TestMemoryUsedTickets(_InMemory, UsedTicketsContract):
    pass


class TestMemoryAccounts(_InMemory, AccountsContract):
    pass


class TestMemoryStudents(_InMemory, StudentsContract):
    pass


class TestMemoryDocuments(_InMemory, DocumentsContract):
    pass


class TestMemoryApplications(_InMemory, ApplicationsContract):
    pass


class TestMemoryConfirmations(_InMemory, ConfirmationsContract):
    pass


class TestMemoryOutgoing(_InMemory, OutgoingContract):
    pass


class TestMemoryRounds(_InMemory, RoundsContract):
    pass


class TestMemoryWays(_InMemory, WaysContract):
    pass


class TestMemoryConsents(_InMemory, ConsentsContract):
    pass


class TestMemoryErasures(_InMemory, ErasuresContract):
    pass


class TestMemoryPrices(_InMemory, PricesContract):
    pass


class TestMemoryOrders(_InMemory, OrdersContract):
    pass


class TestMemoryRefunds(_InMemory, RefundsContract):
    pass


class TestMemoryBooks(_InMemory, BooksContract):
    pass


class TestMemoryReports(_InMemory, ReportsContract):
    pass


class TestMemoryExports(_InMemory, ExportsContract):
    pass


class TestMemoryHolds(_InMemory, HoldsContract):
    pass


class TestMemoryRetained(_InMemory, RetainedContract):
    pass


class TestMemoryTombstones(TombstonesContract):
    @pytest.fixture
    def tombstones(self) -> Tombstones:
        return MemoryTombstones()


class TestMemoryKeys(_InMemory, KeysContract):
    pass


class TestMemoryLinkedIdentities(_InMemory, LinkedIdentitiesContract):
    pass


class TestMemoryProviderSignIns(_InMemory, ProviderSignInsContract):
    pass


class TestMemorySessions(_InMemory, SessionsContract):
    pass


class TestMemoryGrants(_InMemory, GrantsContract):
    pass


class TestMemoryRecordOffers(_InMemory, RecordOffersContract):
    pass


class TestMemoryFiledApplications(_InMemory, FiledApplicationsContract):
    pass


class TestMemoryGivenTables(GivenTablesContract):
    @pytest.fixture
    def tables(self) -> GivenTables:
        return MemoryGivenTables()


class TestMemoryNeeds(_InMemory, NeedsContract):
    pass


class TestMemoryNotes(_InMemory, NotesContract):
    pass


class TestMemoryTasks(_InMemory, TasksContract):
    pass


class TestMemoryOverrides(_InMemory, OverridesContract):
    pass


class TestMemoryRuleEditions(_InMemory, RuleEditionsContract):
    pass


class TestMemoryImpacts(_InMemory, ImpactsContract):
    pass


class TestMemoryPlans(_InMemory, PlansContract):
    pass


class MovedTime:
    """A clock that goes on as far as it is told."""

    def __init__(self, clock: MemoryClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    async def go_on(self, by: timedelta) -> None:
        self._clock.move(by)


class TestMemoryFiles(FilesContract):
    @pytest.fixture
    def clock(self) -> MemoryClock:
        return MemoryClock()

    @pytest.fixture
    def files(self, clock: MemoryClock) -> Files:
        return MemoryFiles(clock)

    @pytest.fixture
    def time(self, clock: MemoryClock) -> PassingTime:
        return MovedTime(clock)

    @pytest.fixture
    def opener(self, clock: MemoryClock) -> Opener:
        async def opened(files: Files, link: str) -> tuple[str, str, bytes]:
            assert isinstance(files, MemoryFiles)
            sha256, file_name, content_type = files.open(link, clock.now())
            return file_name, content_type, files.kept(sha256) or b""

        return opened


class TestMemoryUploads(_InMemory, UploadsContract):
    pass


class TestMemoryIncoming(IncomingContract):
    @pytest.fixture
    def clock(self) -> MemoryClock:
        return MemoryClock()

    @pytest.fixture
    def incoming(self, clock: MemoryClock) -> Incoming:
        return MemoryIncoming(clock)

    @pytest.fixture
    def time(self, clock: MemoryClock) -> PassingTime:
        return MovedTime(clock)

    @pytest.fixture
    def put(self) -> Putter:
        async def sent(incoming: Incoming, url: str, headers: Mapping[str, str], content: bytes) -> bool:
            assert isinstance(incoming, MemoryIncoming)
            try:
                incoming.put(url, headers, content)
            except Forbidden:
                return False
            return True

        return sent


class TestMemoryScanner(ScannerContract):
    @pytest.fixture
    def scanner(self) -> Scanner:
        return MemoryScanner({harmless_proof(): "Eicar-Test"})

    @pytest.fixture
    def away(self) -> Scanner:
        scanner = MemoryScanner()
        scanner.away = True
        return scanner


class TestMemoryMailbox(MailboxContract):
    @pytest.fixture
    def mailbox(self) -> Mailbox:
        mailbox = MemoryMailbox()
        mailbox.refusing[NOBODYS] = Refusal.NO_SUCH_ADDRESS
        return mailbox

    @pytest.fixture
    def away(self) -> Mailbox:
        mailbox = MemoryMailbox()
        mailbox.out_of_order = True
        return mailbox

    @pytest.fixture
    def delivered(self, mailbox: Mailbox) -> Delivered:
        assert isinstance(mailbox, MemoryMailbox)
        kept = mailbox
        return lambda: kept.mails


class TestMemoryTextMessages(TextMessagesContract):
    @pytest.fixture
    def text_messages(self) -> TextMessages:
        text_messages = MemoryTextMessages()
        text_messages.refusing[NOBODYS_NUMBER] = Refusal.NO_SUCH_ADDRESS
        return text_messages

    @pytest.fixture
    def told(self, text_messages: TextMessages) -> Told:
        assert isinstance(text_messages, MemoryTextMessages)
        kept = text_messages
        return lambda: kept.texts

    @pytest.fixture
    def away(self) -> TextMessages:
        text_messages = MemoryTextMessages()
        text_messages.out_of_order = True
        return text_messages


class TestMemoryDeliveryReports(DeliveryReportsContract):
    @pytest.fixture
    def reports(self) -> DeliveryReports:
        return MemoryDeliveryReports(MemoryClock(NOW))

    @pytest.fixture
    def service(self) -> Service:
        ours, another = (MemoryDeliveryReports(MemoryClock(NOW), key) for key in ("memory", "another"))

        def told(events: list[Event]) -> list[DeliveryReport]:
            return [
                DeliveryReport(f"{event}", event.message_id, event.provider_id, event.heard or "opened", event.at)  # type: ignore[arg-type]
                for event in events
            ]

        return Service(
            lambda events, at: Request(*ours.signed(*told(events), at=at)),
            lambda body, at: Request(*ours.signed_body(body, at)),
            lambda events, at: Request(*another.signed(*told(events), at=at)),
            frozenset(Heard),
        )


class TestMemoryPasswords(PasswordsContract):
    @pytest.fixture
    def passwords(self) -> Passwords:
        return MemoryPasswords()


class TestMemoryIds(IdsContract):
    @pytest.fixture
    def ids(self) -> Ids:
        return MemoryIds()


class TestMemorySecrets(SecretsContract):
    @pytest.fixture
    def secrets(self) -> Secrets:
        return MemorySecrets()


class TestMemoryClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return MemoryClock()


class TestMemoryZones(ZonesContract):
    has_clock_changes = False

    @pytest.fixture
    def zones(self) -> Zones:
        return MemoryZones()


def test_ids_of_one_seed_are_the_same_in_every_run_and_of_another_seed_different() -> None:
    one, again, other = MemoryIds(seed=7), MemoryIds(seed=7), MemoryIds(seed=8)

    assert [one.new() for _ in range(3)] == [again.new() for _ in range(3)]
    assert one.new() != other.new()


def test_a_clock_needs_a_moment_with_its_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        MemoryClock(datetime(2027, 1, 4, 9))


async def test_a_mailbox_that_is_out_of_order_says_so() -> None:
    mailbox = MemoryMailbox()
    mailbox.out_of_order = True

    with pytest.raises(Unavailable):
        await mailbox.send(Mail("1", "student@example.org", "Receipt", "Dear student"))


async def test_a_second_unit_in_the_same_task_is_an_error_rather_than_a_wait_without_end() -> None:
    transactions = MemoryTransactions()

    with pytest.raises(RuntimeError, match="open"):
        async with transactions(), transactions():
            pass


def test_a_copy_shares_nothing_that_can_change() -> None:
    student = a_student()

    twin = copied(student)

    assert twin == student
    assert twin.profile.languages is not student.profile.languages
    assert type(twin.profile.circumstances) is type(student.profile.circumstances)


def test_a_row_that_was_removed_in_a_discarded_unit_is_still_there() -> None:
    table: Table[str, int] = Table()
    table.put("DE1", 1)
    table.keep()

    table.remove("DE1")
    gone = table.get("DE1")
    table.discard()

    assert (gone, table.get("DE1"), list(table.rows())) == (None, 1, [1])


class TestMemoryInvariants(_InMemory, InvariantsContract):
    pass


class TestMemoryAnalytics(AnalyticsContract):
    @pytest.fixture
    def analytics(self) -> MemoryAnalytics:
        return MemoryAnalytics()

    @pytest.fixture
    def told(self, analytics: MemoryAnalytics) -> Callable[[], Sequence[Happening]]:
        return lambda: list(analytics.told.values())

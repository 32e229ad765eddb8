"""The ports that a process has filled, and what its settings say to use cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from ...domain.documents.eyes import KindsByTwo
from ...domain.identity.session import Lasting
from ...domain.identity.throttle import Pace
from ...domain.identity.ticket import TicketLasting
from ...domain.notifications.pages import Pages
from ...domain.payments.refund import Terms
from ...domain.reports.report import Form
from ...ports.analytics import Analytics
from ...ports.anchors import Anchors
from ...ports.calendars import Calendars
from ...ports.clock import Clock
from ...ports.common_passwords import CommonPasswords
from ...ports.delivery_reports import DeliveryReports
from ...ports.editions import Editions
from ...ports.files import Files
from ...ports.given_tables import GivenTables
from ...ports.identity_providers import IdentityProviders
from ...ports.ids import Ids
from ...ports.imports import StoredCatalogues
from ...ports.incoming import Incoming
from ...ports.letters import Letters
from ...ports.mailbox import Mailbox
from ...ports.messages import Messages
from ...ports.one_time_codes import OneTimeCodes
from ...ports.paper_links import PaperLinks
from ...ports.passkeys import Passkeys
from ...ports.passwords import Passwords
from ...ports.payments import Payments
from ...ports.pictures import Pictures
from ...ports.rates import Rates
from ...ports.reading import ApplicationList
from ...ports.rule_packs import RulePacks
from ...ports.scanner import Scanner
from ...ports.secret_box import SecretBox
from ...ports.secrets import Secrets
from ...ports.sheets import Sheets
from ...ports.signatures import Signatures
from ...ports.simulation import Simulation
from ...ports.snapshots import Snapshots
from ...ports.standings import Standings
from ...ports.text_messages import TextMessages
from ...ports.tombstones import Tombstones
from ...ports.transactions import Transactions
from ...ports.typesetting import Typesetting
from ...ports.vault import Vault
from ...ports.zones import Zones


@dataclass(frozen=True)
class Ports:
    """The adapters that a process has chosen."""

    transactions: Transactions
    files: Files
    incoming: Incoming
    scanner: Scanner | None
    """None where nobody has set one up: what a file is, is judged all the same."""
    mailbox: Mailbox
    letters: Letters
    passwords: Passwords
    common_passwords: CommonPasswords
    one_time_codes: OneTimeCodes
    passkeys: Passkeys
    secret_box: SecretBox
    secrets: Secrets
    clock: Clock
    ids: Ids
    zones: Zones
    calendars: Calendars
    simulation: Simulation
    rule_packs: RulePacks
    messages: Messages
    editions: Editions
    snapshots: Snapshots
    application_list: ApplicationList
    standings: Standings
    vault: Vault
    paper_links: PaperLinks
    tombstones: Tombstones
    signatures: Signatures
    """What signs the seals of the audit trail."""
    anchors: Anchors
    identity_providers: IdentityProviders
    stored_catalogues: StoredCatalogues
    given_tables: GivenTables
    pictures: Pictures
    typesetting: Typesetting
    sheets: Mapping[Form, Sheets]
    """What writes tables, by the form that it writes."""
    analytics: Analytics | None = None
    """None where nobody counts how the service is used."""
    analytics_key: bytes = b""
    """By which students are called something else there."""
    session_lasting: Lasting = field(default_factory=Lasting)
    """How long sign-ins last here."""
    pace: Pace = field(default_factory=Pace)
    """How attempts to sign in are slowed that follow failed ones."""
    ticket_lasting: TicketLasting = field(default_factory=TicketLasting)
    """How long there is from one step of a sign-in to the next, and for how long a device is known."""
    pages: Pages = field(default_factory=Pages)
    """Our own pages for people, to which messages lead."""
    plan_page: str | None = None
    """Where a person sees a plan, with ``{plan}`` for its id."""
    by_two: KindsByTwo = field(default_factory=KindsByTwo)
    """Which kinds of papers two people verify."""
    erasure_wait: timedelta = timedelta(days=7)
    """How long an erasure waits in which it can be cancelled."""
    export_lasting: timedelta = timedelta(days=1)
    """How long the file of an export is kept."""
    largest_export: int = 10 * 2**30
    """How many bytes such a file may have."""
    report_lasting: timedelta = timedelta(days=1)
    """How long the file of a report is kept."""
    retention_file: Path | None = None
    """A file with rules of retention in the place of those that ship."""
    addresses_kept_for: timedelta = timedelta(days=180)
    """How long the audit trail keeps network addresses."""
    text_messages: TextMessages | None = None
    """What SMS go by; None where the settings name nobody."""
    whatsapp: TextMessages | None = None
    """What WhatsApp messages go by; None where the settings name nobody."""
    mail_reports: DeliveryReports | None = None
    """Who tells what became of mails; None where nobody does."""
    text_reports: DeliveryReports | None = None
    """Who tells what became of SMS and WhatsApp messages; None where nobody does."""
    payments: Payments | None = None
    """Where people pay; None where nobody can."""
    order_page: str = "http://localhost:8000/orders/{order}"
    """To which page payers come back, with ``{order}`` for the order's id."""
    order_lasting: timedelta = timedelta(days=14)
    """For how long an order can be paid where nothing else was said."""
    refund_terms: Terms = field(default_factory=Terms)
    """By when refunds are decided and back."""
    seller: str = ""
    """Who sells, as invoices have to state it."""
    rates: Rates | None = None
    """Exchange rates; None where no file of them was given."""

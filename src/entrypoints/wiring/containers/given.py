"""What use cases are made of: the ports, and figures of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...starting import without

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from pathlib import Path

    from ....domain.documents.eyes import KindsByTwo
    from ....domain.identity.session import Lasting
    from ....domain.identity.throttle import Pace
    from ....domain.identity.ticket import TicketLasting
    from ....domain.notifications.channel import Channel
    from ....domain.notifications.pages import Pages
    from ....domain.payments.refund import Terms
    from ....domain.reports.report import Form
    from ....ports.analytics import Analytics
    from ....ports.anchors import Anchors
    from ....ports.calendars import Calendars
    from ....ports.clock import Clock
    from ....ports.common_passwords import CommonPasswords
    from ....ports.delivery_reports import DeliveryReports
    from ....ports.editions import Editions
    from ....ports.files import Files
    from ....ports.given_tables import GivenTables
    from ....ports.identity_providers import IdentityProviders
    from ....ports.ids import Ids
    from ....ports.imports import StoredCatalogues
    from ....ports.incoming import Incoming
    from ....ports.letters import Letters
    from ....ports.mailbox import Mailbox
    from ....ports.messages import Messages
    from ....ports.one_time_codes import OneTimeCodes
    from ....ports.paper_links import PaperLinks
    from ....ports.passkeys import Passkeys
    from ....ports.passwords import Passwords
    from ....ports.payments import Payments
    from ....ports.pictures import Pictures
    from ....ports.rates import Rates
    from ....ports.reading import ApplicationList
    from ....ports.rule_packs import RulePacks
    from ....ports.scanner import Scanner
    from ....ports.secret_box import SecretBox
    from ....ports.secrets import Secrets
    from ....ports.sheets import Sheets
    from ....ports.signatures import Signatures
    from ....ports.simulation import Simulation
    from ....ports.snapshots import Snapshots
    from ....ports.standings import Standings
    from ....ports.text_messages import TextMessages
    from ....ports.tombstones import Tombstones
    from ....ports.transactions import Transactions
    from ....ports.typesetting import Typesetting
    from ....ports.vault import Vault
    from ....ports.zones import Zones

with without("pydantic", "pydantic_settings"):  # would be loaded to ask for its version
    from dependency_injector import containers
    from dependency_injector import providers as providers  # noqa: PLC0414 - handed on


class Given(containers.DeclarativeContainer):
    """Is filled by whoever starts a process; ``transactions=joined(work)`` makes a use case part of an open unit."""

    addresses_kept_for: providers.Dependency[timedelta] = providers.Dependency()
    analytics: providers.Dependency[Analytics | None] = providers.Dependency()
    analytics_key: providers.Dependency[bytes] = providers.Dependency()
    anchors: providers.Dependency[Anchors] = providers.Dependency()
    application_list: providers.Dependency[ApplicationList] = providers.Dependency()
    by_two: providers.Dependency[KindsByTwo] = providers.Dependency()
    calendars: providers.Dependency[Calendars] = providers.Dependency()
    clock: providers.Dependency[Clock] = providers.Dependency()
    common_passwords: providers.Dependency[CommonPasswords] = providers.Dependency()
    editions: providers.Dependency[Editions] = providers.Dependency()
    erasure_wait: providers.Dependency[timedelta] = providers.Dependency()
    export_lasting: providers.Dependency[timedelta] = providers.Dependency()
    files: providers.Dependency[Files] = providers.Dependency()
    identity_providers: providers.Dependency[IdentityProviders] = providers.Dependency()
    ids: providers.Dependency[Ids] = providers.Dependency()
    incoming: providers.Dependency[Incoming] = providers.Dependency()
    largest_export: providers.Dependency[int] = providers.Dependency()
    ledger_sheets: providers.Dependency[Sheets] = providers.Dependency()
    letters: providers.Dependency[Letters] = providers.Dependency()
    mail_reports: providers.Dependency[DeliveryReports | None] = providers.Dependency()
    mailbox: providers.Dependency[Mailbox] = providers.Dependency()
    messages: providers.Dependency[Messages] = providers.Dependency()
    one_time_codes: providers.Dependency[OneTimeCodes] = providers.Dependency()
    open_mailbox: providers.Dependency[Mailbox] = providers.Dependency()
    """For mail to addresses that need not have an account."""
    order_lasting: providers.Dependency[timedelta] = providers.Dependency()
    order_page: providers.Dependency[str] = providers.Dependency()
    pages: providers.Dependency[Pages] = providers.Dependency()
    pace: providers.Dependency[Pace] = providers.Dependency()
    paper_links: providers.Dependency[PaperLinks] = providers.Dependency()
    passkeys: providers.Dependency[Passkeys] = providers.Dependency()
    passwords: providers.Dependency[Passwords] = providers.Dependency()
    payments: providers.Dependency[Payments | None] = providers.Dependency()
    plan_page: providers.Dependency[str | None] = providers.Dependency()
    pictures: providers.Dependency[Pictures] = providers.Dependency()
    rates: providers.Dependency[Rates | None] = providers.Dependency()
    refund_terms: providers.Dependency[Terms] = providers.Dependency()
    report_lasting: providers.Dependency[timedelta] = providers.Dependency()
    retention_file: providers.Dependency[Path | None] = providers.Dependency()
    rule_packs: providers.Dependency[RulePacks] = providers.Dependency()
    scanner: providers.Dependency[Scanner | None] = providers.Dependency()
    secret_box: providers.Dependency[SecretBox] = providers.Dependency()
    secrets: providers.Dependency[Secrets] = providers.Dependency()
    seller: providers.Dependency[str] = providers.Dependency()
    session_lasting: providers.Dependency[Lasting] = providers.Dependency()
    sheets: providers.Dependency[Mapping[Form, Sheets]] = providers.Dependency()
    signatures: providers.Dependency[Signatures] = providers.Dependency()
    simulation: providers.Dependency[Simulation] = providers.Dependency()
    snapshots: providers.Dependency[Snapshots] = providers.Dependency()
    standings: providers.Dependency[Standings] = providers.Dependency()
    texts: providers.Dependency[Mapping[Channel, TextMessages]] = providers.Dependency()
    text_messages: providers.Dependency[TextMessages | None] = providers.Dependency()
    text_reports: providers.Dependency[DeliveryReports | None] = providers.Dependency()
    stored_catalogues: providers.Dependency[StoredCatalogues] = providers.Dependency()
    given_tables: providers.Dependency[GivenTables] = providers.Dependency()
    ticket_lasting: providers.Dependency[TicketLasting] = providers.Dependency()
    tombstones: providers.Dependency[Tombstones] = providers.Dependency()
    transactions: providers.Dependency[Transactions] = providers.Dependency()
    typesetting: providers.Dependency[Typesetting] = providers.Dependency()
    vault: providers.Dependency[Vault] = providers.Dependency()
    whatsapp: providers.Dependency[TextMessages | None] = providers.Dependency()
    zones: providers.Dependency[Zones] = providers.Dependency()

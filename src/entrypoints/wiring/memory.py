"""The ports over what is kept in memory."""

from __future__ import annotations

from ...adapters.bundled.messages import Messages as BundledMessages
from ...adapters.bundled.packs import BundledRulePacks
from ...adapters.csv.sheets import CsvSheets
from ...adapters.holidays.calendars import HolidaysCalendars
from ...adapters.letters.letters import JinjaLetters
from ...adapters.memory.anchors import MemoryAnchors
from ...adapters.memory.clock import MemoryClock
from ...adapters.memory.common_passwords import MemoryCommonPasswords
from ...adapters.memory.delivery_reports import MemoryDeliveryReports
from ...adapters.memory.editions import MemoryEditions
from ...adapters.memory.files import MemoryFiles
from ...adapters.memory.identity_providers import MemoryIdentityProviders
from ...adapters.memory.ids import MemoryIds
from ...adapters.memory.incoming import MemoryIncoming
from ...adapters.memory.mailbox import MemoryMailbox
from ...adapters.memory.one_time_codes import MemoryOneTimeCodes
from ...adapters.memory.paper_links import MemoryPaperLinks
from ...adapters.memory.passkeys import MemoryPasskeys
from ...adapters.memory.passwords import MemoryPasswords
from ...adapters.memory.payments import MemoryPayments
from ...adapters.memory.pictures import MemoryPictures
from ...adapters.memory.reading import MemoryApplicationList, MemoryStandings
from ...adapters.memory.rule_packs import MemoryStoredRulePacks
from ...adapters.memory.scanner import MemoryScanner
from ...adapters.memory.secret_box import MemorySecretBox
from ...adapters.memory.secrets import MemorySecrets
from ...adapters.memory.sheets import MemorySheets
from ...adapters.memory.signatures import MemorySignatures
from ...adapters.memory.simulation import MemorySimulation
from ...adapters.memory.snapshots import MemoryEntries, MemorySnapshots
from ...adapters.memory.text_messages import MemoryTextMessages
from ...adapters.memory.tombstones import MemoryTombstones
from ...adapters.memory.transactions import MemoryTransactions, Store
from ...adapters.memory.typesetting import MemoryTypesetting
from ...adapters.memory.vault import MemoryVault
from ...adapters.numpy.snapshots import NumpySnapshots
from ...adapters.system.zones import SystemZones
from ...adapters.workbooks.given_tables import WorkbooksGivenTables
from ...adapters.workbooks.stored import WorkbooksStoredCatalogues
from ...domain.reports.report import Form
from ...ports.clock import Clock
from .ports import Ports
from .real import has_numpy


def memory_ports(clock: Clock | None = None, store: Store | None = None) -> Ports:
    """Return adapters that keep everything in memory and are the same in every run: for tests and for embedding."""
    steady, ids, kept = clock or MemoryClock(), MemoryIds(), store or Store()
    files, transactions = MemoryFiles(steady), MemoryTransactions(steady, ids, kept)
    packs = MemoryStoredRulePacks(BundledRulePacks(), kept.rules)
    editions, entries = MemoryEditions(kept.imports), MemoryEntries(transactions)
    return Ports(
        transactions=transactions,
        files=files,
        incoming=MemoryIncoming(steady),
        scanner=MemoryScanner(),
        mailbox=MemoryMailbox(),
        letters=JinjaLetters(),
        passwords=MemoryPasswords(),
        common_passwords=MemoryCommonPasswords(),
        one_time_codes=MemoryOneTimeCodes(),
        passkeys=MemoryPasskeys(),
        secret_box=MemorySecretBox(),
        secrets=MemorySecrets(),
        clock=steady,
        ids=ids,
        zones=SystemZones(),
        calendars=HolidaysCalendars(),
        simulation=MemorySimulation(),
        rule_packs=packs,
        messages=BundledMessages(rulebook=packs.rulebook),
        editions=editions,
        snapshots=NumpySnapshots(editions, entries) if has_numpy() else MemorySnapshots(editions, entries),
        application_list=MemoryApplicationList(transactions),
        standings=MemoryStandings(transactions),
        payments=MemoryPayments(steady.now),
        pictures=MemoryPictures(),
        typesetting=MemoryTypesetting(),
        sheets={Form.CSV: CsvSheets(), Form.XLSX: MemorySheets()},
        vault=MemoryVault(),
        paper_links=MemoryPaperLinks(),
        tombstones=MemoryTombstones(),
        signatures=MemorySignatures(),
        anchors=MemoryAnchors(),
        identity_providers=MemoryIdentityProviders(),
        text_messages=MemoryTextMessages(),
        whatsapp=MemoryTextMessages(),
        mail_reports=MemoryDeliveryReports(steady, "mail"),
        text_reports=MemoryDeliveryReports(steady, "text"),
        stored_catalogues=WorkbooksStoredCatalogues(),
        given_tables=WorkbooksGivenTables(),
    )

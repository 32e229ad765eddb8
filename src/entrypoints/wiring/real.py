"""The ports over PostgreSQL, and what a process has of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from ...adapters.bundled.common_passwords import BundledCommonPasswords
from ...adapters.bundled.messages import Messages as BundledMessages
from ...adapters.bundled.packs import BundledRulePacks
from ...adapters.csv.sheets import CsvSheets
from ...adapters.holidays.calendars import HolidaysCalendars
from ...adapters.letters.letters import JinjaLetters
from ...adapters.memory.anchors import MemoryAnchors
from ...adapters.memory.cache import MemoryCache
from ...adapters.memory.identity_providers import MemoryIdentityProviders
from ...adapters.memory.limits import MemoryLimits
from ...adapters.memory.reading import MemoryStandings
from ...adapters.memory.signatures import MemorySignatures
from ...adapters.memory.simulation import MemorySimulation
from ...adapters.numpy.simulation import NumpySimulation
from ...adapters.numpy.snapshots import NumpySnapshots
from ...adapters.postgres.application_list import PostgresApplicationList
from ...adapters.postgres.editions import PostgresEditions
from ...adapters.postgres.matching_rows import PostgresEntries
from ...adapters.postgres.reading import Reading
from ...adapters.postgres.rule_packs import PostgresRulePacks
from ...adapters.svg.pictures import SvgPictures
from ...adapters.system.ids import SystemIds
from ...adapters.system.secrets import SystemSecrets
from ...adapters.system.zones import SystemZones
from ...adapters.totp.one_time_codes import PyotpOneTimeCodes
from ...adapters.typst.typesetting import TypstTypesetting
from ...adapters.workbooks.given_tables import WorkbooksGivenTables
from ...adapters.workbooks.stored import WorkbooksStoredCatalogues
from ...adapters.xlsxwriter.sheets import XlsxSheets
from ...domain.identity.session import Lasting
from ...domain.identity.throttle import Pace
from ...domain.identity.ticket import TicketLasting
from ...domain.reports.report import Form
from ...ports.anchors import Anchors
from ...ports.cache import Cache
from ...ports.clock import Clock
from ...ports.delivery_reports import DeliveryReports
from ...ports.editions import Editions
from ...ports.files import Files
from ...ports.identity_providers import IdentityProviders
from ...ports.incoming import Incoming
from ...ports.letters import Letters
from ...ports.limits import Limits
from ...ports.mailbox import Mailbox
from ...ports.paper_links import PaperLinks
from ...ports.passkeys import Passkeys
from ...ports.passwords import Passwords
from ...ports.rule_packs import RulePacks
from ...ports.scanner import Scanner
from ...ports.secret_box import SecretBox
from ...ports.signatures import Signatures
from ...ports.simulation import Simulation
from ...ports.snapshots import Snapshots
from ...ports.standings import Standings
from ...ports.text_messages import TextMessages
from ...ports.tombstones import Tombstones
from ...ports.transactions import Transactions
from ...ports.vault import Vault
from ..about import Completing
from .ports import Ports


def real_ports(
    transactions: Transactions,
    reading: Reading,
    clock: Clock,
    *,
    files: Files,
    incoming: Incoming,
    mailbox: Mailbox,
    letters: Letters | None = None,
    passwords: Passwords,
    passkeys: Passkeys,
    secret_box: SecretBox,
    vault: Vault,
    paper_links: PaperLinks,
    tombstones: Tombstones,
    scanner: Scanner | None = None,
    standings: Standings | None = None,
    rule_packs: RulePacks | None = None,
    session_lasting: Lasting | None = None,
    told: Mapping[str, Any] | None = None,
    signatures: Signatures | None = None,
    anchors: Anchors | None = None,
    addresses_kept_for: timedelta = timedelta(days=180),
    pace: Pace | None = None,
    ticket_lasting: TicketLasting | None = None,
    identity_providers: IdentityProviders | None = None,
    text_messages: TextMessages | None = None,
    whatsapp: TextMessages | None = None,
    mail_reports: DeliveryReports | None = None,
    text_reports: DeliveryReports | None = None,
) -> Ports:
    """Return the adapters of a process that keeps its rows in PostgreSQL and was given the others.

    Without ``standings`` each look at an account is a question of its own, and no copy is kept. Without ``rule_packs``
    those count that ship; without ``identity_providers`` none are offered. Without ``signatures`` and ``anchors``
    nothing may be sealed: those of memory stand in, which prove nothing. ``told`` are figures of the settings, by
    fields of Ports. Where numpy is not installed the database itself matches the catalogue.
    """
    editions, packs = PostgresEditions(reading), rule_packs or BundledRulePacks()
    return Ports(
        transactions=Completing(transactions),
        files=files,
        incoming=incoming,
        scanner=scanner,
        mailbox=mailbox,
        letters=letters or JinjaLetters(),
        passwords=passwords,
        common_passwords=BundledCommonPasswords(),
        one_time_codes=PyotpOneTimeCodes(),
        passkeys=passkeys,
        secret_box=secret_box,
        secrets=SystemSecrets(),
        clock=clock,
        ids=SystemIds(),
        zones=SystemZones(),
        calendars=HolidaysCalendars(),
        simulation=simulation(),
        rule_packs=packs,
        messages=BundledMessages(rulebook=packs.rulebook),
        editions=editions,
        snapshots=_snapshots(reading, editions),
        application_list=PostgresApplicationList(reading),
        standings=standings or MemoryStandings(transactions),
        pictures=SvgPictures(),
        typesetting=TypstTypesetting(),
        sheets={Form.CSV: CsvSheets(), Form.XLSX: XlsxSheets()},
        vault=vault,
        paper_links=paper_links,
        session_lasting=session_lasting or Lasting(),
        tombstones=tombstones,
        **(told or {}),
        signatures=signatures or MemorySignatures(),
        anchors=anchors or MemoryAnchors(),
        addresses_kept_for=addresses_kept_for,
        pace=pace or Pace(),
        ticket_lasting=ticket_lasting or TicketLasting(),
        identity_providers=identity_providers or MemoryIdentityProviders(),
        text_messages=text_messages,
        whatsapp=whatsapp,
        mail_reports=mail_reports,
        text_reports=text_reports,
        stored_catalogues=WorkbooksStoredCatalogues(),
        given_tables=WorkbooksGivenTables(),
    )


def _snapshots(reading: Reading, editions: Editions) -> Snapshots:
    if has_numpy():
        return NumpySnapshots(editions, PostgresEntries(reading))
    from ...adapters.postgres.snapshots import PostgresSnapshots  # noqa: PLC0415 - for where there is no numpy

    return PostgresSnapshots(reading, editions)


def has_numpy() -> bool:
    return find_spec("numpy") is not None


def simulation() -> Simulation:
    """Return the simulation in arrays where numpy is installed, or else the one of the standard library."""
    return NumpySimulation() if has_numpy() else MemorySimulation()


def stored_rule_packs(reading: Reading) -> PostgresRulePacks:
    """Return the packs that ship with those over them that the database has in force, once they are refreshed."""
    return PostgresRulePacks(reading, BundledRulePacks())


def memory_cache() -> Cache:
    """Return a cache of this process's own."""
    return MemoryCache()


def memory_limits() -> Limits:
    """Return limits that this process counts for itself."""
    return MemoryLimits()

"""Where everything is put together: each use case over the ports, and the ports over adapters."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from ..adapters.bundled.messages import Messages as BundledMessages
from ..adapters.bundled.packs import BundledRulePacks
from ..adapters.holidays.calendars import HolidaysCalendars
from ..adapters.memory.cache import MemoryCache
from ..adapters.memory.clock import MemoryClock
from ..adapters.memory.editions import MemoryEditions
from ..adapters.memory.files import MemoryFiles
from ..adapters.memory.ids import MemoryIds
from ..adapters.memory.incoming import MemoryIncoming
from ..adapters.memory.limits import MemoryLimits
from ..adapters.memory.mailbox import MemoryMailbox
from ..adapters.memory.passwords import MemoryPasswords
from ..adapters.memory.reading import MemoryApplicationList, MemoryStandings
from ..adapters.memory.rule_packs import MemoryStoredRulePacks
from ..adapters.memory.scanner import MemoryScanner
from ..adapters.memory.secrets import MemorySecrets
from ..adapters.memory.simulation import MemorySimulation
from ..adapters.memory.snapshots import MemoryEntries, MemorySnapshots
from ..adapters.memory.transactions import MemoryTransactions, Store
from ..adapters.numpy.simulation import NumpySimulation
from ..adapters.numpy.snapshots import NumpySnapshots
from ..adapters.postgres.application_list import PostgresApplicationList
from ..adapters.postgres.editions import PostgresEditions
from ..adapters.postgres.matching_rows import PostgresEntries
from ..adapters.postgres.reading import Reading
from ..adapters.postgres.rule_packs import PostgresRulePacks
from ..adapters.postgres.snapshots import PostgresSnapshots
from ..adapters.system.ids import SystemIds
from ..adapters.system.secrets import SystemSecrets
from ..adapters.system.zones import SystemZones
from ..domain.applications import use_cases as applications
from ..domain.catalogue import use_cases as catalogue
from ..domain.documents.use_cases import direct_upload, papers, scanning, sweeping, uploads
from ..domain.identity import use_cases as identity
from ..domain.impacts import use_cases as impacts
from ..domain.imports import use_cases as imports
from ..domain.matching.use_cases import asking as matching
from ..domain.matching.use_cases import overrides
from ..domain.notifications import use_cases as notifications
from ..domain.operations import use_cases as operations
from ..domain.planning.use_cases import asking as plan_questions
from ..domain.planning.use_cases import calendars as plan_calendars
from ..domain.planning.use_cases import keeping as plans
from ..domain.planning.use_cases import papers as plan_papers
from ..domain.planning.use_cases import reporting as plan_reports
from ..domain.planning.use_cases import verdicts as plan_verdicts
from ..domain.profile import use_cases as profile
from ..domain.rulebook.use_cases import editions as rules
from ..ports.cache import Cache
from ..ports.calendars import Calendars
from ..ports.clock import Clock
from ..ports.editions import Editions
from ..ports.files import Files
from ..ports.ids import Ids
from ..ports.incoming import Incoming
from ..ports.limits import Limits
from ..ports.mailbox import Mailbox
from ..ports.messages import Messages
from ..ports.passwords import Passwords
from ..ports.reading import ApplicationList
from ..ports.rule_packs import RulePacks
from ..ports.scanner import Scanner
from ..ports.secrets import Secrets
from ..ports.simulation import Simulation
from ..ports.snapshots import Snapshots
from ..ports.standings import Standings
from ..ports.transactions import Transactions
from ..ports.zones import Zones
from .about import Completing
from .starting import without

with without("pydantic", "pydantic_settings"):  # would be loaded to ask for its version
    from dependency_injector import containers, providers


@dataclass(frozen=True)
class Ports:
    """The adapters that a process has chosen."""

    transactions: Transactions
    files: Files
    incoming: Incoming
    scanner: Scanner | None
    """None where nobody has set one up: what a file is, is judged all the same."""
    mailbox: Mailbox
    passwords: Passwords
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


class UseCases(containers.DeclarativeContainer):
    """Makes a use case for whoever asks; ``transactions=joined(work)`` makes it part of an open unit of work."""

    transactions: providers.Dependency[Transactions] = providers.Dependency()
    files: providers.Dependency[Files] = providers.Dependency()
    incoming: providers.Dependency[Incoming] = providers.Dependency()
    scanner: providers.Dependency[Scanner | None] = providers.Dependency()
    mailbox: providers.Dependency[Mailbox] = providers.Dependency()
    passwords: providers.Dependency[Passwords] = providers.Dependency()
    secrets: providers.Dependency[Secrets] = providers.Dependency()
    clock: providers.Dependency[Clock] = providers.Dependency()
    ids: providers.Dependency[Ids] = providers.Dependency()
    zones: providers.Dependency[Zones] = providers.Dependency()
    calendars: providers.Dependency[Calendars] = providers.Dependency()
    simulation: providers.Dependency[Simulation] = providers.Dependency()
    rule_packs: providers.Dependency[RulePacks] = providers.Dependency()
    messages: providers.Dependency[Messages] = providers.Dependency()
    editions: providers.Dependency[Editions] = providers.Dependency()
    snapshots: providers.Dependency[Snapshots] = providers.Dependency()
    application_list: providers.Dependency[ApplicationList] = providers.Dependency()
    standings: providers.Dependency[Standings] = providers.Dependency()

    register = providers.Factory(identity.Register, transactions=transactions, ids=ids, passwords=passwords)
    sign_in = providers.Factory(identity.SignIn, transactions=transactions, passwords=passwords)
    get_account = providers.Factory(identity.GetAccount, transactions=transactions)
    grant_role = providers.Factory(identity.GrantRole, transactions=transactions)

    get_profile = providers.Factory(profile.GetProfile, transactions=transactions)
    change_profile = providers.Factory(
        profile.ChangeProfile, transactions=transactions, rule_packs=rule_packs, zones=zones
    )

    search_programmes = providers.Factory(catalogue.SearchProgrammes, transactions=transactions)
    get_programme = providers.Factory(catalogue.GetProgramme, transactions=transactions)
    get_institution = providers.Factory(catalogue.GetInstitution, transactions=transactions)
    import_catalogue = providers.Factory(imports.ImportCatalogue, transactions=transactions, ids=ids)
    break_off_imports = providers.Factory(imports.BreakOffImports, transactions=transactions)
    get_import = providers.Factory(imports.GetImport, transactions=transactions)
    list_row_problems = providers.Factory(imports.ListRowProblems, transactions=transactions)

    judge_programmes = providers.Factory(
        matching.JudgeProgrammes, transactions=transactions, rule_packs=rule_packs, zones=zones
    )
    match_catalogue = providers.Factory(
        matching.MatchCatalogue,
        transactions=transactions,
        rule_packs=rule_packs,
        zones=zones,
        snapshots=snapshots,
    )
    unlock_catalogue = providers.Factory(
        matching.UnlockCatalogue,
        transactions=transactions,
        rule_packs=rule_packs,
        zones=zones,
        snapshots=snapshots,
    )

    override_finding = providers.Factory(
        overrides.OverrideFinding, transactions=transactions, rule_packs=rule_packs, zones=zones, ids=ids
    )
    take_back_override = providers.Factory(overrides.TakeBackOverride, transactions=transactions)
    list_overrides = providers.Factory(
        overrides.ListOverrides, transactions=transactions, rule_packs=rule_packs, zones=zones
    )

    make_plan = providers.Factory(
        plans.MakePlan, transactions=transactions, rule_packs=rule_packs, zones=zones, calendars=calendars, ids=ids
    )
    get_plan = providers.Factory(
        plans.GetPlan, transactions=transactions, rule_packs=rule_packs, zones=zones, calendars=calendars
    )
    list_plans = providers.Factory(
        plans.ListPlans, transactions=transactions, rule_packs=rule_packs, zones=zones, calendars=calendars
    )
    change_targets = providers.Factory(
        plans.ChangeTargets, transactions=transactions, rule_packs=rule_packs, zones=zones, calendars=calendars
    )
    report_step = providers.Factory(
        plan_reports.ReportStep, transactions=transactions, rule_packs=rule_packs, zones=zones, calendars=calendars
    )
    assume_durations = providers.Factory(
        plan_reports.AssumeDurations, transactions=transactions, rule_packs=rule_packs, zones=zones, calendars=calendars
    )
    ask_what_if = providers.Factory(
        plan_questions.AskWhatIf, transactions=transactions, rule_packs=rule_packs, zones=zones, calendars=calendars
    )
    explain_step = providers.Factory(
        plan_questions.ExplainStep, transactions=transactions, rule_packs=rule_packs, zones=zones, calendars=calendars
    )
    estimate_chance = providers.Factory(
        plan_questions.EstimateChance,
        transactions=transactions,
        rule_packs=rule_packs,
        zones=zones,
        calendars=calendars,
        simulation=simulation,
    )
    check_papers = providers.Factory(
        plan_papers.CheckPapers, transactions=transactions, rule_packs=rule_packs, zones=zones, calendars=calendars
    )
    judge_targets = providers.Factory(
        plan_verdicts.JudgeTargets, transactions=transactions, rule_packs=rule_packs, zones=zones, calendars=calendars
    )
    share_calendar = providers.Factory(
        plan_calendars.ShareCalendar,
        transactions=transactions,
        rule_packs=rule_packs,
        zones=zones,
        calendars=calendars,
        secrets=secrets,
    )
    stop_sharing_calendar = providers.Factory(
        plan_calendars.StopSharingCalendar,
        transactions=transactions,
        rule_packs=rule_packs,
        zones=zones,
        calendars=calendars,
    )
    read_calendar = providers.Factory(
        plan_calendars.ReadCalendar, transactions=transactions, rule_packs=rule_packs, zones=zones, calendars=calendars
    )
    get_calendar = providers.Factory(
        plan_calendars.GetCalendar, transactions=transactions, rule_packs=rule_packs, zones=zones, calendars=calendars
    )

    add_document = providers.Factory(papers.AddDocument, transactions=transactions, ids=ids, rule_packs=rule_packs)
    upload_version = providers.Factory(
        direct_upload.UploadVersion, transactions=transactions, files=files, scanner=scanner
    )
    request_upload = providers.Factory(uploads.RequestUpload, transactions=transactions, ids=ids)
    issue_ticket = providers.Factory(uploads.IssueTicket, transactions=transactions, incoming=incoming)
    complete_upload = providers.Factory(uploads.CompleteUpload, transactions=transactions, incoming=incoming)
    get_upload = providers.Factory(uploads.GetUpload, transactions=transactions)
    scan_upload = providers.Factory(scanning.ScanUpload, transactions=transactions, incoming=incoming, scanner=scanner)
    scan_forgotten = providers.Factory(scanning.ScanForgotten, transactions=transactions, scan=scan_upload)
    expire_uploads = providers.Factory(sweeping.ExpireUploads, transactions=transactions, incoming=incoming)
    drop_leftovers = providers.Factory(sweeping.DropLeftovers, transactions=transactions, incoming=incoming)
    drop_orphans = providers.Factory(sweeping.DropOrphans, transactions=transactions, files=files)
    answer_document = providers.Factory(papers.AnswerDocument, transactions=transactions)
    check_version = providers.Factory(papers.CheckVersion, transactions=transactions)
    judge_document = providers.Factory(papers.JudgeDocument, transactions=transactions, rule_packs=rule_packs)
    get_document = providers.Factory(papers.GetDocument, transactions=transactions)
    list_documents = providers.Factory(papers.ListDocuments, transactions=transactions)
    link_to_version = providers.Factory(papers.LinkToVersion, transactions=transactions, files=files)

    start_application = providers.Factory(applications.StartApplication, transactions=transactions, ids=ids)
    get_application = providers.Factory(applications.GetApplication, transactions=transactions)
    list_applications = providers.Factory(applications.ListApplications, applications=application_list)
    what_is_missing = providers.Factory(
        applications.WhatIsMissing, transactions=transactions, rule_packs=rule_packs, zones=zones
    )
    submit_application = providers.Factory(
        applications.SubmitApplication, transactions=transactions, rule_packs=rule_packs, zones=zones
    )
    get_receipt = providers.Factory(applications.GetReceipt, transactions=transactions)
    get_snapshot = providers.Factory(applications.GetSnapshot, transactions=transactions)
    record_outcome = providers.Factory(applications.RecordOutcome, transactions=transactions)
    withdraw = providers.Factory(applications.Withdraw, transactions=transactions)

    propose_pack = providers.Factory(rules.ProposePack, transactions=transactions, rule_packs=rule_packs, ids=ids)
    list_stored_packs = providers.Factory(rules.ListStoredPacks, transactions=transactions)
    list_editions = providers.Factory(rules.ListEditions, transactions=transactions)
    get_edition_in_force = providers.Factory(
        rules.GetEditionInForce, transactions=transactions, rule_packs=rule_packs, ids=ids
    )
    note_shipped_packs = providers.Factory(
        rules.NoteShippedPacks, transactions=transactions, rule_packs=rule_packs, ids=ids
    )
    activate_edition = providers.Factory(
        rules.ActivateEdition, transactions=transactions, rule_packs=rule_packs, ids=ids
    )
    request_impact = providers.Factory(impacts.RequestImpact, transactions=transactions, rule_packs=rule_packs, ids=ids)
    get_impact = providers.Factory(impacts.GetImpact, transactions=transactions)
    follow_edition = providers.Factory(impacts.FollowEdition, transactions=transactions, ids=ids)
    work_out_impact = providers.Factory(
        impacts.WorkOutImpact, transactions=transactions, zones=zones, calendars=calendars
    )

    get_job = providers.Factory(operations.GetJob, transactions=transactions)
    list_parked_jobs = providers.Factory(operations.ListParkedJobs, transactions=transactions)
    requeue_job = providers.Factory(operations.RequeueJob, transactions=transactions)
    clear_away = providers.Factory(operations.ClearAway, transactions=transactions)

    mail_welcome = providers.Factory(
        notifications.MailWelcome, transactions=transactions, mailbox=mailbox, messages=messages
    )
    mail_receipt = providers.Factory(
        notifications.MailReceipt, transactions=transactions, mailbox=mailbox, messages=messages
    )
    mail_moved_plan = providers.Factory(
        notifications.MailMovedPlan, transactions=transactions, mailbox=mailbox, messages=messages
    )


def use_cases_over(ports: Ports) -> UseCases:
    """Return every use case over these adapters."""
    return UseCases(**{name: providers.Object(value) for name, value in vars(ports).items()})


def memory_ports(clock: Clock | None = None, store: Store | None = None) -> Ports:
    """Return adapters that keep everything in memory and are the same in every run: for tests and for embedding."""
    steady, ids, kept = clock or MemoryClock(), MemoryIds(), store or Store()
    files, transactions = MemoryFiles(steady), MemoryTransactions(steady, ids, kept)
    editions, entries = MemoryEditions(kept.imports), MemoryEntries(transactions)
    return Ports(
        transactions=transactions,
        files=files,
        incoming=MemoryIncoming(files, steady),
        scanner=MemoryScanner(),
        mailbox=MemoryMailbox(),
        passwords=MemoryPasswords(),
        secrets=MemorySecrets(),
        clock=steady,
        ids=ids,
        zones=SystemZones(),
        calendars=HolidaysCalendars(),
        simulation=MemorySimulation(),
        rule_packs=MemoryStoredRulePacks(BundledRulePacks(), kept.rules),
        messages=BundledMessages(),
        editions=editions,
        snapshots=NumpySnapshots(editions, entries) if _has_numpy() else MemorySnapshots(editions, entries),
        application_list=MemoryApplicationList(transactions),
        standings=MemoryStandings(transactions),
    )


def real_ports(
    transactions: Transactions,
    reading: Reading,
    clock: Clock,
    *,
    files: Files,
    incoming: Incoming,
    mailbox: Mailbox,
    passwords: Passwords,
    scanner: Scanner | None = None,
    standings: Standings | None = None,
    rule_packs: RulePacks | None = None,
) -> Ports:
    """Return the adapters of a process that keeps its rows in PostgreSQL and was given the others.

    Without ``standings`` each look at an account is a question of its own, and no copy is kept. Without ``rule_packs``
    those count that ship. Where numpy is not installed the database itself matches the catalogue.
    """
    editions = PostgresEditions(reading)
    return Ports(
        transactions=Completing(transactions),
        files=files,
        incoming=incoming,
        scanner=scanner,
        mailbox=mailbox,
        passwords=passwords,
        secrets=SystemSecrets(),
        clock=clock,
        ids=SystemIds(),
        zones=SystemZones(),
        calendars=HolidaysCalendars(),
        simulation=simulation(),
        rule_packs=rule_packs or BundledRulePacks(),
        messages=BundledMessages(),
        editions=editions,
        snapshots=(
            NumpySnapshots(editions, PostgresEntries(reading)) if _has_numpy() else PostgresSnapshots(reading, editions)
        ),
        application_list=PostgresApplicationList(reading),
        standings=standings or MemoryStandings(transactions),
    )


def _has_numpy() -> bool:
    return find_spec("numpy") is not None


def simulation() -> Simulation:
    """Return the simulation in arrays where numpy is installed, or else the one of the standard library."""
    return NumpySimulation() if _has_numpy() else MemorySimulation()


def stored_rule_packs(reading: Reading) -> PostgresRulePacks:
    """Return the packs that ship with those over them that the database has in force, once they are refreshed."""
    return PostgresRulePacks(reading, BundledRulePacks())


def memory_cache() -> Cache:
    """Return a cache of this process's own."""
    return MemoryCache()


def memory_limits() -> Limits:
    """Return limits that this process counts for itself."""
    return MemoryLimits()

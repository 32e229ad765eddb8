"""Every use case over the ports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from ...adapters.bundled.purposes import bundled_purposes
from ...adapters.bundled.retention import bundled_retention, retention_in
from ...domain.applications.use_cases import keeping as applications
from ...domain.audit.use_cases import noting, sealing, searching, verifying
from ...domain.catalogue import use_cases as catalogue
from ...domain.documents.use_cases import direct_upload, papers, plain_papers, scanning, sweeping, uploads
from ...domain.identity.use_cases import (
    confirming,
    factor_checks,
    factors,
    grants,
    keys,
    linking,
    provider_sign_ins,
    proving,
    services,
)
from ...domain.impacts import use_cases as impacts
from ...domain.imports import use_cases as imports
from ...domain.matching.use_cases import asking as matching
from ...domain.matching.use_cases import overrides
from ...domain.notifications import use_cases as notifications
from ...domain.operations import use_cases as operations
from ...domain.planning.use_cases import asking as plan_questions
from ...domain.planning.use_cases import calendars as plan_calendars
from ...domain.planning.use_cases import keeping as plans
from ...domain.planning.use_cases import papers as plan_papers
from ...domain.planning.use_cases import reporting as plan_reports
from ...domain.planning.use_cases import verdicts as plan_verdicts
from ...domain.profile import use_cases as profile
from ...domain.rights.consent import Purposes
from ...domain.rights.retention import RetentionRule
from ...domain.rights.use_cases import consents, erasing, exporting, fencing, holding, mailing, retaining
from ...domain.rulebook.use_cases import editions as rules
from ...ports.anchors import Anchors
from ...ports.calendars import Calendars
from ...ports.editions import Editions
from ...ports.files import Files
from ...ports.identity_providers import IdentityProviders
from ...ports.incoming import Incoming
from ...ports.mailbox import Mailbox
from ...ports.messages import Messages
from ...ports.one_time_codes import OneTimeCodes
from ...ports.paper_links import PaperLinks
from ...ports.passkeys import Passkeys
from ...ports.rule_packs import RulePacks
from ...ports.scanner import Scanner
from ...ports.secret_box import SecretBox
from ...ports.signatures import Signatures
from ...ports.simulation import Simulation
from ...ports.snapshots import Snapshots
from ...ports.standings import Standings
from ...ports.tombstones import Tombstones
from ...ports.zones import Zones
from .first import FirstUseCases, providers
from .ports import Ports


def _retention(file: Path | None) -> Sequence[RetentionRule]:
    return bundled_retention() if file is None else retention_in(file)


class UseCases(FirstUseCases):
    """Makes every use case for whoever asks; ``transactions=joined(work)`` makes it part of an open unit of work."""

    transactions = FirstUseCases.transactions
    ids = FirstUseCases.ids
    vault = FirstUseCases.vault
    paper_links: providers.Dependency[PaperLinks] = providers.Dependency()
    files: providers.Dependency[Files] = providers.Dependency()
    incoming: providers.Dependency[Incoming] = providers.Dependency()
    scanner: providers.Dependency[Scanner | None] = providers.Dependency()
    mailbox: providers.Dependency[Mailbox] = providers.Dependency()
    open_mailbox: providers.Dependency[Mailbox] = providers.Dependency()
    """For mail to addresses that need not have an account."""
    secrets = FirstUseCases.secrets
    clock = FirstUseCases.clock
    one_time_codes: providers.Dependency[OneTimeCodes] = providers.Dependency()
    passkeys: providers.Dependency[Passkeys] = providers.Dependency()
    secret_box: providers.Dependency[SecretBox] = providers.Dependency()
    zones: providers.Dependency[Zones] = providers.Dependency()
    calendars: providers.Dependency[Calendars] = providers.Dependency()
    simulation: providers.Dependency[Simulation] = providers.Dependency()
    rule_packs: providers.Dependency[RulePacks] = providers.Dependency()
    messages: providers.Dependency[Messages] = providers.Dependency()
    editions: providers.Dependency[Editions] = providers.Dependency()
    snapshots: providers.Dependency[Snapshots] = providers.Dependency()
    standings: providers.Dependency[Standings] = providers.Dependency()
    identity_providers: providers.Dependency[IdentityProviders] = providers.Dependency()
    code_page: providers.Dependency[str | None] = providers.Dependency()
    tombstones: providers.Dependency[Tombstones] = providers.Dependency()
    erasure_wait: providers.Dependency[timedelta] = providers.Dependency()
    export_lasting: providers.Dependency[timedelta] = providers.Dependency()
    largest_export: providers.Dependency[int] = providers.Dependency()
    retention_file: providers.Dependency[Path | None] = providers.Dependency()
    purposes: providers.Callable[Purposes] = providers.Callable(bundled_purposes)
    retention = providers.Callable(_retention, retention_file)
    signatures: providers.Dependency[Signatures] = providers.Dependency()
    anchors: providers.Dependency[Anchors] = providers.Dependency()
    addresses_kept_for: providers.Dependency[timedelta] = providers.Dependency()

    seal_entries = providers.Factory(sealing.SealEntries, transactions=transactions, signatures=signatures)
    anchor_head = providers.Factory(
        sealing.AnchorHead, transactions=transactions, signatures=signatures, anchors=anchors
    )
    verify_trail = providers.Factory(
        verifying.VerifyTrail, transactions=transactions, signatures=signatures, anchors=anchors
    )
    search_trail = providers.Factory(searching.SearchTrail, transactions=transactions)
    export_trail = providers.Factory(searching.ExportTrail, transactions=transactions)
    list_activity = providers.Factory(searching.ListActivity, transactions=transactions)
    forget_addresses = providers.Factory(noting.ForgetAddresses, transactions=transactions, kept_for=addresses_kept_for)

    ask_for_reset = providers.Factory(confirming.AskForReset, transactions=transactions, ids=ids)
    ask_to_confirm = providers.Factory(confirming.AskToConfirm, transactions=transactions)
    reset_password = providers.Factory(
        confirming.ResetPassword,
        transactions=transactions,
        passwords=FirstUseCases.passwords,
        common=FirstUseCases.common_passwords,
    )
    confirm_email = providers.Factory(confirming.ConfirmEmail, transactions=transactions)

    make_key = providers.Factory(
        keys.MakeKey, transactions=transactions, ids=ids, secrets=secrets, lasting=FirstUseCases.ticket_lasting
    )
    list_keys = providers.Factory(keys.ListKeys, transactions=transactions)
    revoke_key = providers.Factory(keys.RevokeKey, transactions=transactions)
    make_service_account = providers.Factory(services.MakeServiceAccount, transactions=transactions, ids=ids)
    list_service_accounts = providers.Factory(services.ListServiceAccounts, transactions=transactions)
    close_service_account = providers.Factory(services.CloseServiceAccount, transactions=transactions)
    offer_grant = providers.Factory(grants.OfferGrant, transactions=transactions, ids=ids)
    take_access = providers.Factory(grants.TakeAccess, transactions=transactions, ids=ids)
    accept_grant = providers.Factory(grants.AcceptGrant, transactions=transactions)
    end_grant = providers.Factory(grants.EndGrant, transactions=transactions)
    list_grants = providers.Factory(grants.ListGrants, transactions=transactions)
    list_received = providers.Factory(grants.ListReceived, transactions=transactions)
    factor_checks = providers.Factory(
        factor_checks.FactorChecks, codes=one_time_codes, box=secret_box, passkeys=passkeys
    )
    list_factors = providers.Factory(factors.ListFactors, transactions=transactions)
    begin_totp = providers.Factory(
        factors.BeginTotp,
        transactions=transactions,
        ids=ids,
        secrets=secrets,
        checks=factor_checks,
        lasting=FirstUseCases.ticket_lasting,
    )
    confirm_totp = providers.Factory(
        factors.ConfirmTotp, transactions=transactions, secrets=secrets, checks=factor_checks, pace=FirstUseCases.pace
    )
    begin_passkey = providers.Factory(
        factors.BeginPasskey, transactions=transactions, checks=factor_checks, lasting=FirstUseCases.ticket_lasting
    )
    add_passkey = providers.Factory(
        factors.AddPasskey, transactions=transactions, ids=ids, secrets=secrets, checks=factor_checks
    )
    remove_factor = providers.Factory(
        factors.RemoveFactor, transactions=transactions, lasting=FirstUseCases.ticket_lasting
    )
    make_recovery_codes = providers.Factory(
        factors.MakeRecoveryCodes, transactions=transactions, secrets=secrets, lasting=FirstUseCases.ticket_lasting
    )
    ask_to_sign = providers.Factory(proving.AskToSign, transactions=transactions, passkeys=passkeys)
    finish_sign_in = providers.Factory(
        proving.FinishSignIn, transactions=transactions, checks=factor_checks, pace=FirstUseCases.pace
    )
    sign_in_by_passkey = providers.Factory(proving.SignInByPasskey, transactions=transactions, checks=factor_checks)
    prove = providers.Factory(
        proving.Prove,
        transactions=transactions,
        passwords=FirstUseCases.passwords,
        checks=factor_checks,
        lasting=FirstUseCases.ticket_lasting,
        pace=FirstUseCases.pace,
    )
    list_providers = providers.Factory(provider_sign_ins.ListProviders, providers=identity_providers)
    begin_provider_sign_in = providers.Factory(
        provider_sign_ins.BeginProviderSignIn,
        transactions=transactions,
        ids=ids,
        secrets=secrets,
        providers=identity_providers,
    )
    finish_provider_sign_in = providers.Factory(
        provider_sign_ins.FinishProviderSignIn, transactions=transactions, ids=ids, providers=identity_providers
    )
    list_identities = providers.Factory(linking.ListIdentities, transactions=transactions)
    link_identity = providers.Factory(
        linking.LinkIdentity, transactions=transactions, ids=ids, lasting=FirstUseCases.ticket_lasting
    )
    unlink_identity = providers.Factory(
        linking.UnlinkIdentity, transactions=transactions, lasting=FirstUseCases.ticket_lasting
    )

    change_profile = providers.Factory(
        profile.ChangeProfile, transactions=transactions, rule_packs=rule_packs, zones=zones, vault=vault
    )
    seal_passports = providers.Factory(profile.SealPassports, transactions=transactions, vault=vault)

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
        direct_upload.UploadVersion, transactions=transactions, files=files, vault=vault, scanner=scanner
    )
    request_upload = providers.Factory(uploads.RequestUpload, transactions=transactions, ids=ids)
    issue_ticket = providers.Factory(uploads.IssueTicket, transactions=transactions, incoming=incoming)
    complete_upload = providers.Factory(uploads.CompleteUpload, transactions=transactions, incoming=incoming)
    get_upload = providers.Factory(uploads.GetUpload, transactions=transactions)
    scan_upload = providers.Factory(
        scanning.ScanUpload, transactions=transactions, incoming=incoming, files=files, vault=vault, scanner=scanner
    )
    scan_forgotten = providers.Factory(scanning.ScanForgotten, transactions=transactions, scan=scan_upload)
    expire_uploads = providers.Factory(sweeping.ExpireUploads, transactions=transactions, incoming=incoming)
    drop_leftovers = providers.Factory(sweeping.DropLeftovers, transactions=transactions, incoming=incoming)
    drop_orphans = providers.Factory(sweeping.DropOrphans, transactions=transactions, files=files)
    answer_document = providers.Factory(papers.AnswerDocument, transactions=transactions)
    check_version = providers.Factory(papers.CheckVersion, transactions=transactions)
    judge_document = providers.Factory(papers.JudgeDocument, transactions=transactions, rule_packs=rule_packs)
    get_document = providers.Factory(papers.GetDocument, transactions=transactions)
    list_documents = providers.Factory(papers.ListDocuments, transactions=transactions)
    link_to_version = providers.Factory(
        papers.LinkToVersion, transactions=transactions, files=files, paper_links=paper_links
    )
    open_paper = providers.Factory(papers.OpenPaper, files=files, vault=vault, paper_links=paper_links, clock=clock)
    seal_papers = providers.Factory(plain_papers.SealPapers, transactions=transactions, files=files, vault=vault)

    start_application = providers.Factory(applications.StartApplication, transactions=transactions, ids=ids)
    get_application = providers.Factory(applications.GetApplication, transactions=transactions)
    what_is_missing = providers.Factory(
        applications.WhatIsMissing, transactions=transactions, rule_packs=rule_packs, zones=zones
    )
    submit_application = providers.Factory(
        applications.SubmitApplication, transactions=transactions, rule_packs=rule_packs, zones=zones, vault=vault
    )
    get_receipt = providers.Factory(applications.GetReceipt, transactions=transactions)
    get_snapshot = providers.Factory(applications.GetSnapshot, transactions=transactions, vault=vault)
    seal_snapshots = providers.Factory(applications.SealSnapshots, transactions=transactions, vault=vault)
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

    list_consents = providers.Factory(consents.ListConsents, transactions=transactions, purposes=purposes)
    say_consent = providers.Factory(consents.SayConsent, transactions=transactions, ids=ids, purposes=purposes)
    ask_for_export = providers.Factory(exporting.AskForExport, transactions=transactions, ids=ids)
    list_exports = providers.Factory(exporting.ListExports, transactions=transactions)
    link_to_export = providers.Factory(exporting.LinkToExport, transactions=transactions, paper_links=paper_links)
    make_export = providers.Factory(
        exporting.MakeExport,
        transactions=transactions,
        files=files,
        vault=vault,
        messages=messages,
        at_most=largest_export,
        lasting=export_lasting,
    )
    remove_exports = providers.Factory(exporting.RemoveExports, transactions=transactions, files=files)
    ask_for_erasure = providers.Factory(
        erasing.AskForErasure,
        transactions=transactions,
        ids=ids,
        passwords=FirstUseCases.passwords,
        wait=erasure_wait,
        pace=FirstUseCases.pace,
    )
    erase_at_once = providers.Factory(erasing.EraseAtOnce, transactions=transactions, ids=ids)
    cancel_erasure = providers.Factory(erasing.CancelErasure, transactions=transactions)
    get_erasure = providers.Factory(erasing.GetErasure, transactions=transactions)
    erase = providers.Factory(
        erasing.Erase,
        transactions=transactions,
        ids=ids,
        files=files,
        incoming=incoming,
        mailbox=mailbox,
        tombstones=tombstones,
        vault=vault,
    )
    erase_anew = providers.Factory(
        erasing.EraseAnew, transactions=transactions, ids=ids, tombstones=tombstones, erase=erase
    )
    place_hold = providers.Factory(holding.PlaceHold, transactions=transactions, ids=ids)
    lift_hold = providers.Factory(holding.LiftHold, transactions=transactions)
    list_holds = providers.Factory(holding.ListHolds, transactions=transactions)
    show_retention = providers.Factory(retaining.ShowRetention, transactions=transactions, rules=retention)
    clear_away = providers.Factory(retaining.ApplyRetention, transactions=transactions, ids=ids, rules=retention)
    run_by_hand = providers.Factory(retaining.RunByHand, transactions=transactions, ids=ids)
    mail_export = providers.Factory(mailing.MailExport, transactions=transactions, mailbox=mailbox, messages=messages)
    mail_erasure = providers.Factory(mailing.MailErasure, transactions=transactions, mailbox=mailbox, messages=messages)
    mail_cancelled_erasure = providers.Factory(
        mailing.MailCancelled, transactions=transactions, mailbox=mailbox, messages=messages
    )

    make_code = providers.Factory(confirming.MakeCode, transactions=transactions, ids=ids, secrets=secrets)
    mail_welcome = providers.Factory(
        notifications.MailWelcome,
        transactions=transactions,
        mailbox=mailbox,
        messages=messages,
        make_code=make_code,
        page=code_page,
    )
    mail_code = providers.Factory(
        notifications.MailCode,
        transactions=transactions,
        mailbox=mailbox,
        messages=messages,
        make_code=make_code,
        page=code_page,
    )
    mail_offered_grant = providers.Factory(
        notifications.MailOfferedGrant, transactions=transactions, mailbox=open_mailbox, messages=messages
    )
    mail_taken_access = providers.Factory(
        notifications.MailTakenAccess, transactions=transactions, mailbox=mailbox, messages=messages
    )
    mail_changed_password = providers.Factory(
        notifications.MailChangedPassword, transactions=transactions, mailbox=mailbox, messages=messages
    )
    mail_changed_role = providers.Factory(
        notifications.MailChangedRole, transactions=transactions, mailbox=mailbox, messages=messages
    )
    mail_new_key = providers.Factory(
        notifications.MailNewKey, transactions=transactions, mailbox=mailbox, messages=messages
    )
    mail_changed_factors = providers.Factory(
        notifications.MailChangedFactors, transactions=transactions, mailbox=mailbox, messages=messages
    )
    mail_changed_identities = providers.Factory(
        notifications.MailChangedIdentities,
        transactions=transactions,
        mailbox=mailbox,
        messages=messages,
        providers=identity_providers,
    )
    mail_receipt = providers.Factory(
        notifications.MailReceipt, transactions=transactions, mailbox=mailbox, messages=messages
    )
    mail_moved_plan = providers.Factory(
        notifications.MailMovedPlan, transactions=transactions, mailbox=mailbox, messages=messages
    )


def use_cases_over(ports: Ports) -> UseCases:
    """Return every use case over these adapters."""
    fenced = fencing.FencedMailbox(ports.transactions, ports.mailbox)
    given = {**vars(ports), "mailbox": fenced, "open_mailbox": ports.mailbox}
    return UseCases(**{name: providers.Object(value) for name, value in given.items()})

"""What follows from an event, and what else there is to do: one table."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from ...domain.applications.events import ApplicationSubmitted
from ...domain.applications.use_cases.keeping import SealSnapshots
from ...domain.audit.use_cases.noting import ForgetAddresses
from ...domain.counselling.events import TaskGiven
from ...domain.documents.events import VersionChecked
from ...domain.documents.upload_events import UploadReceived
from ...domain.documents.use_cases.plain_papers import SealPapers
from ...domain.documents.use_cases.scanning import ScanForgotten, ScanUpload
from ...domain.documents.use_cases.sweeping import DropLeftovers, DropOrphans, ExpireUploads
from ...domain.identity.events import (
    AccountRegistered,
    AccountSignedOut,
    CodeAsked,
    FactorsChanged,
    IdentityLinked,
    IdentityUnlinked,
    KeyMade,
    PasswordChanged,
    RoleGranted,
    RoleRevoked,
)
from ...domain.identity.grant_events import AccessTaken, GrantOffered
from ...domain.identity.use_cases.signing_out import SIGN_OUT_ALL, SignOutAll
from ...domain.impacts.events import PlanMoved
from ...domain.impacts.use_cases import WORK_OUT, FollowEdition, WorkOutImpact
from ...domain.imports.events import (
    CatalogueImported,
    CatalogueReverted,
    ImportFailed,
    PeopleImported,
    ProgrammeChanged,
    RecordOffered,
)
from ...domain.imports.use_cases.accepting_people import TAKE_ROWS
from ...domain.imports.use_cases.background import TAKE, TakeImport
from ...domain.imports.use_cases.failing import FailImports
from ...domain.imports.use_cases.importing import BreakOffImports
from ...domain.imports.use_cases.taking_rows import TakeRows
from ...domain.imports.use_cases.telling import FollowCatalogue
from ...domain.notifications.channel import Channel
from ...domain.notifications.turns import DELIVER, DIGEST, ESCALATE
from ...domain.notifications.use_cases.delivering import Deliver
from ...domain.notifications.use_cases.digesting import SendDigest
from ...domain.notifications.use_cases.escalating import Escalate
from ...domain.notifications.use_cases.reminding import LOOK_THROUGH, REMIND, REMIND_BESIDE, Remind
from ...domain.notifications.use_cases.telling import Tell
from ...domain.operations.use_cases.detecting import DETECT, DetectBreaches
from ...domain.payments.events import DisputeMoved, OrderEnded, OrderPaid, OrderPlaced, PaymentDeclined, RefundMoved
from ...domain.payments.use_cases.giving_up import ExpireOrders
from ...domain.payments.use_cases.hearing import SETTLE, SettleCollection
from ...domain.payments.use_cases.looking_again import LookAgain
from ...domain.payments.use_cases.reconciling import LONG, Reconcile
from ...domain.payments.use_cases.refunding import SendRefund
from ...domain.payments.use_cases.settling import SEND_REFUND
from ...domain.planning.events import DurationsAssumed, PlanMade, StepReported, TargetsChanged
from ...domain.profile.use_cases import SealPassports
from ...domain.reports.events import ReportMade
from ...domain.reports.use_cases.asking import MAKE_REPORT
from ...domain.reports.use_cases.making import MakeReport, RemoveReports
from ...domain.rights.events import ErasureAsked, ErasureCancelled, ExportReady
from ...domain.rights.tracking import TRACKED
from ...domain.rights.use_cases.erasing import AGAIN, ERASE, Erase, EraseAnew
from ...domain.rights.use_cases.exporting import MAKE, MakeExport, RemoveExports
from ...domain.rights.use_cases.retaining import CLEAR_AWAY, ERASE_ANEW, ApplyRetention
from ...domain.rights.use_cases.tracking import TrackHappening
from ...domain.rulebook.events import EditionActivated
from ...domain.shared.ids import (
    AccountId,
    DeliveryId,
    ErasureId,
    EventId,
    ExportId,
    ImpactId,
    ImportId,
    MessageId,
    RefundId,
    ReportId,
)
from ...ports.jobs import Job, Priority
from .duties import Duties, Reaction, Reactions, Task, on
from .progress import Progress
from .schedules import SCHEDULES

log = logging.getLogger(__name__)

TRACK = "track_happening"
"""The name of the job that tells analytics of an event."""


def table(
    *,
    tell: Tell,
    deliver: Deliver,
    send_digest: SendDigest,
    escalate: Escalate,
    remind: Remind,
    clear_away: ApplyRetention,
    break_off_imports: BreakOffImports,
    fail_imports: FailImports,
    take_import: TakeImport,
    take_rows: TakeRows,
    follow_catalogue: FollowCatalogue,
    scan_upload: ScanUpload,
    scan_forgotten: ScanForgotten,
    expire_uploads: ExpireUploads,
    drop_leftovers: DropLeftovers,
    drop_orphans: DropOrphans,
    follow_edition: FollowEdition,
    work_out_impact: WorkOutImpact,
    seal_papers: SealPapers,
    seal_snapshots: SealSnapshots,
    seal_passports: SealPassports,
    make_export: MakeExport,
    remove_exports: RemoveExports,
    make_report: MakeReport,
    remove_reports: RemoveReports,
    erase: Erase,
    erase_anew: EraseAnew,
    forget_addresses: ForgetAddresses,
    sign_out_all: SignOutAll,
    detect_breaches: DetectBreaches,
    settle_collection: SettleCollection,
    send_refund: SendRefund,
    look_at_payments_again: LookAgain,
    expire_orders: ExpireOrders,
    reconcile: Reconcile,
    track: TrackHappening | None = None,
) -> Duties:
    """Return the table, filled with these use cases; without ``track`` nobody counts how the service is used."""

    async def looked_through(event: StepReported | PlanMade | TargetsChanged | DurationsAssumed, _: EventId) -> None:
        await remind.now(event.student_id)

    return Duties(
        reactions=with_tracking(
            track,
            {
                AccountRegistered.tag: {"mail_welcome": on(AccountRegistered, tell, Priority.HIGH)},
                ApplicationSubmitted.tag: {"mail_receipt": on(ApplicationSubmitted, tell)},
                CodeAsked.tag: {"mail_code": on(CodeAsked, tell, Priority.HIGH)},
                FactorsChanged.tag: {"mail_changed_factors": on(FactorsChanged, tell, Priority.HIGH)},
                PasswordChanged.tag: {"mail_changed_password": on(PasswordChanged, tell, Priority.HIGH)},
                ExportReady.tag: {"mail_export": on(ExportReady, tell)},
                ErasureAsked.tag: {"mail_erasure": on(ErasureAsked, tell, Priority.HIGH)},
                ErasureCancelled.tag: {"mail_cancelled_erasure": on(ErasureCancelled, tell)},
                RoleGranted.tag: {"mail_changed_role": on(RoleGranted, tell)},
                RoleRevoked.tag: {"mail_changed_role": on(RoleRevoked, tell)},
                AccountSignedOut.tag: {"mail_signed_out": on(AccountSignedOut, tell, Priority.HIGH)},
                KeyMade.tag: {"mail_new_key": on(KeyMade, tell, Priority.HIGH)},
                GrantOffered.tag: {"mail_offered_grant": on(GrantOffered, tell)},
                AccessTaken.tag: {"mail_taken_access": on(AccessTaken, tell, Priority.HIGH)},
                IdentityLinked.tag: {"mail_linked_identity": on(IdentityLinked, tell, Priority.HIGH)},
                IdentityUnlinked.tag: {"mail_unlinked_identity": on(IdentityUnlinked, tell, Priority.HIGH)},
                # A window that opens with a report is told of within the minute.
                StepReported.tag: {LOOK_THROUGH: on(StepReported, looked_through, Priority.HIGH)},
                PlanMade.tag: {LOOK_THROUGH: on(PlanMade, looked_through)},
                TargetsChanged.tag: {LOOK_THROUGH: on(TargetsChanged, looked_through)},
                DurationsAssumed.tag: {LOOK_THROUGH: on(DurationsAssumed, looked_through)},
                # A student looks at the screen until her file is accepted.
                UploadReceived.tag: {"scan_upload": on(UploadReceived, scan_upload, Priority.HIGH)},
                EditionActivated.tag: {"follow_edition": on(EditionActivated, follow_edition, Priority.LOW)},
                CatalogueImported.tag: {
                    "follow_catalogue": on(CatalogueImported, follow_catalogue, Priority.LOW),
                    "mail_import": on(CatalogueImported, tell),
                },
                PeopleImported.tag: {"mail_import": on(PeopleImported, tell)},
                ImportFailed.tag: {"mail_import": on(ImportFailed, tell)},
                RecordOffered.tag: {"mail_offered_record": on(RecordOffered, tell, Priority.LOW)},
                CatalogueReverted.tag: {"follow_catalogue": on(CatalogueReverted, follow_catalogue, Priority.LOW)},
                OrderPlaced.tag: {"mail_placed_order": on(OrderPlaced, tell)},
                OrderPaid.tag: {"mail_paid_order": on(OrderPaid, tell, Priority.HIGH)},
                OrderEnded.tag: {"mail_ended_order": on(OrderEnded, tell)},
                PaymentDeclined.tag: {"mail_declined_payment": on(PaymentDeclined, tell, Priority.HIGH)},
                RefundMoved.tag: {"mail_refund": on(RefundMoved, tell)},
                DisputeMoved.tag: {"mail_dispute": on(DisputeMoved, tell)},
                PlanMoved.tag: {"mail_moved_plan": on(PlanMoved, tell, Priority.LOW)},
                ProgrammeChanged.tag: {"tell_changed_programme": on(ProgrammeChanged, tell, Priority.LOW)},
                VersionChecked.tag: {"tell_checked_paper": on(VersionChecked, tell)},
                ReportMade.tag: {"tell_made_report": on(ReportMade, tell)},
                TaskGiven.tag: {"tell_given_task": on(TaskGiven, tell)},
            },
        ),
        tasks={
            CLEAR_AWAY: _reporting(clear_away),
            "break_off_imports": _reporting(lambda _: break_off_imports()),
            "fail_imports": _reporting(lambda _: fail_imports()),
            "scan_forgotten": _reporting(scan_forgotten),
            "expire_uploads": _reporting(expire_uploads),
            "drop_leftovers": _reporting(drop_leftovers),
            "drop_orphans": _reporting(drop_orphans),
            "seal_papers": _reporting(seal_papers),
            "seal_snapshots": _reporting(seal_snapshots),
            "seal_passports": _reporting(seal_passports),
            "forget_addresses": _reporting(forget_addresses),
            DETECT: _telling(detect_breaches),
            SIGN_OUT_ALL: _of_all(sign_out_all),
            TAKE: _of_import(take_import),
            TAKE_ROWS: _of_import(take_rows),
            WORK_OUT: _of_impact(work_out_impact),
            SETTLE: _of_collection(settle_collection),
            SEND_REFUND: _of("refund", lambda one: send_refund(RefundId(one))),
            "look_at_payments": _reporting(look_at_payments_again),
            "expire_orders": _reporting(expire_orders),
            "reconcile_lately": _reporting(reconcile),
            "reconcile": _reporting(lambda progress: reconcile(progress, LONG)),
            "remove_exports": _reporting(remove_exports),
            "remove_reports": _reporting(remove_reports),
            MAKE_REPORT: _of("report", lambda one: make_report(ReportId(one))),
            ERASE_ANEW: _reporting(lambda _: erase_anew()),
            MAKE: _of("export", lambda one: make_export(ExportId(one))),
            ERASE: _of("erasure", lambda one: erase(ErasureId(one))),
            AGAIN: _of("erasure", lambda one: erase.again(ErasureId(one))),
            DELIVER: _of("delivery", lambda one: deliver(DeliveryId(one))),
            DIGEST: _of_digest(send_digest),
            ESCALATE: _of_message(escalate),
            REMIND: _reporting(remind),
            REMIND_BESIDE: _reporting(partial(remind, beside=True)),
        },
        schedules=SCHEDULES,
        # Whoever takes messages over may know no repetition by an id of ours.
        tasks_one_by_one=(DELIVER, DIGEST),
    )


def _reporting(use_case: Callable[[Progress], Awaitable[int]]) -> Task:
    async def task(_: Job, progress: Progress) -> None:
        await use_case(progress)

    return task


def with_tracking(track: TrackHappening | None, reactions: Reactions) -> Reactions:
    """Return the reactions, and beside them the job that tells analytics of an event that is told at all."""
    if track is None:
        return reactions

    async def task(job: Job, _: Progress) -> None:
        if job.envelope is None:
            raise TypeError(f"job {job.id} ({job.name}) follows from no event")
        await track(job.envelope)

    told = {kind.tag: {TRACK: Reaction(task, Priority.LOW)} for kind in TRACKED}
    return {tag: {**reactions.get(tag, {}), **told.get(tag, {})} for tag in {**reactions, **told}}


def _telling(detect: DetectBreaches) -> Task:
    """Return the task that looks for breaches and logs each sentence that is broken, or could not be looked at."""

    async def task(_: Job, progress: Progress) -> None:
        run = await detect(progress)
        for name, looked in run.looked.items():
            if looked.failure:
                log.error("the invariant %s could not be looked at: %s", name, looked.failure)
            elif looked.breaches:
                log.error("the invariant %s is broken by %d rows", name, looked.breaches)

    return task


def _of(argument: str, use_case: Callable[[UUID], Awaitable[None]]) -> Task:
    """Return the task that carries the use case out for the id that is a job's argument of that name."""

    async def task(job: Job, _: Progress) -> None:
        await use_case(UUID(str(job.arguments[argument])))

    return task


def _of_all(sign_out: SignOutAll) -> Task:
    async def task(job: Job, progress: Progress) -> None:
        await sign_out(datetime.fromisoformat(str(job.arguments["before"])), job.origin, progress)

    return task


def _of_import(take: TakeImport | TakeRows) -> Task:
    async def task(job: Job, progress: Progress) -> None:
        await take(ImportId(UUID(str(job.arguments["import"]))), progress, job.origin)

    return task


def _of_impact(work_out: WorkOutImpact) -> Task:
    async def task(job: Job, progress: Progress) -> None:
        # Students take milliseconds each of the one loop that leases are kept on.
        await work_out(ImpactId(UUID(str(job.arguments["impact"]))), progress, lambda: asyncio.sleep(0))

    return task


def _of_collection(settle: SettleCollection) -> Task:
    async def task(job: Job, _: Progress) -> None:
        await settle(str(job.arguments["collection"]))

    return task


def _of_digest(send: SendDigest) -> Task:
    async def task(job: Job, _: Progress) -> None:
        await send(AccountId(UUID(str(job.arguments["account"]))), Channel(str(job.arguments["channel"])))

    return task


def _of_message(escalate: Escalate) -> Task:
    async def task(job: Job, _: Progress) -> None:
        await escalate(MessageId(UUID(str(job.arguments["message"]))), int(job.arguments["turn"]))

    return task

"""What follows from an event, and what else there is to do: one table."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from ...domain.applications.events import ApplicationSubmitted
from ...domain.applications.use_cases.keeping import SealSnapshots
from ...domain.audit.use_cases.noting import ForgetAddresses
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
from ...domain.imports.events import CatalogueImported, CatalogueReverted
from ...domain.imports.use_cases.background import TAKE, TakeImport
from ...domain.imports.use_cases.importing import BreakOffImports
from ...domain.imports.use_cases.telling import FollowCatalogue
from ...domain.notifications.use_cases import (
    MailChangedFactors,
    MailChangedIdentities,
    MailChangedPassword,
    MailChangedRole,
    MailCode,
    MailMovedPlan,
    MailNewKey,
    MailOfferedGrant,
    MailReceipt,
    MailSignedOut,
    MailTakenAccess,
    MailWelcome,
)
from ...domain.profile.use_cases import SealPassports
from ...domain.rights.events import ErasureAsked, ErasureCancelled, ExportReady
from ...domain.rights.use_cases.erasing import AGAIN, ERASE, Erase, EraseAnew
from ...domain.rights.use_cases.exporting import MAKE, MakeExport, RemoveExports
from ...domain.rights.use_cases.mailing import MailCancelled, MailErasure, MailExport
from ...domain.rights.use_cases.retaining import CLEAR_AWAY, ERASE_ANEW, ApplyRetention
from ...domain.rulebook.events import EditionActivated
from ...domain.shared.ids import ErasureId, ExportId, ImpactId, ImportId
from ...ports.jobs import Job, Priority
from .duties import Duties, Task, on
from .progress import Progress
from .schedules import SCHEDULES


def table(
    *,
    mail_welcome: MailWelcome,
    mail_receipt: MailReceipt,
    clear_away: ApplyRetention,
    break_off_imports: BreakOffImports,
    take_import: TakeImport,
    follow_catalogue: FollowCatalogue,
    scan_upload: ScanUpload,
    scan_forgotten: ScanForgotten,
    expire_uploads: ExpireUploads,
    drop_leftovers: DropLeftovers,
    drop_orphans: DropOrphans,
    follow_edition: FollowEdition,
    work_out_impact: WorkOutImpact,
    mail_moved_plan: MailMovedPlan,
    mail_changed_password: MailChangedPassword,
    mail_changed_factors: MailChangedFactors,
    mail_changed_identities: MailChangedIdentities,
    mail_code: MailCode,
    seal_papers: SealPapers,
    seal_snapshots: SealSnapshots,
    seal_passports: SealPassports,
    make_export: MakeExport,
    remove_exports: RemoveExports,
    erase: Erase,
    erase_anew: EraseAnew,
    mail_export: MailExport,
    mail_erasure: MailErasure,
    mail_cancelled_erasure: MailCancelled,
    mail_changed_role: MailChangedRole,
    mail_new_key: MailNewKey,
    mail_signed_out: MailSignedOut,
    mail_offered_grant: MailOfferedGrant,
    mail_taken_access: MailTakenAccess,
    forget_addresses: ForgetAddresses,
    sign_out_all: SignOutAll,
) -> Duties:
    """Return the table, filled with these use cases."""
    return Duties(
        reactions={
            # Whoever delivers mail may know no repetition by a key of ours.
            AccountRegistered.tag: {"mail_welcome": on(AccountRegistered, mail_welcome, one_by_one=True)},
            ApplicationSubmitted.tag: {"mail_receipt": on(ApplicationSubmitted, mail_receipt, one_by_one=True)},
            CodeAsked.tag: {"mail_code": on(CodeAsked, mail_code, Priority.HIGH, one_by_one=True)},
            FactorsChanged.tag: {
                "mail_changed_factors": on(FactorsChanged, mail_changed_factors, Priority.HIGH, one_by_one=True)
            },
            PasswordChanged.tag: {
                "mail_changed_password": on(PasswordChanged, mail_changed_password, Priority.HIGH, one_by_one=True)
            },
            ExportReady.tag: {"mail_export": on(ExportReady, mail_export, one_by_one=True)},
            ErasureAsked.tag: {"mail_erasure": on(ErasureAsked, mail_erasure, Priority.HIGH, one_by_one=True)},
            ErasureCancelled.tag: {
                "mail_cancelled_erasure": on(ErasureCancelled, mail_cancelled_erasure, one_by_one=True)
            },
            RoleGranted.tag: {"mail_changed_role": on(RoleGranted, mail_changed_role, one_by_one=True)},
            RoleRevoked.tag: {"mail_changed_role": on(RoleRevoked, mail_changed_role, one_by_one=True)},
            AccountSignedOut.tag: {
                "mail_signed_out": on(AccountSignedOut, mail_signed_out, Priority.HIGH, one_by_one=True)
            },
            KeyMade.tag: {"mail_new_key": on(KeyMade, mail_new_key, Priority.HIGH, one_by_one=True)},
            GrantOffered.tag: {"mail_offered_grant": on(GrantOffered, mail_offered_grant, one_by_one=True)},
            AccessTaken.tag: {"mail_taken_access": on(AccessTaken, mail_taken_access, Priority.HIGH, one_by_one=True)},
            IdentityLinked.tag: {
                "mail_linked_identity": on(IdentityLinked, mail_changed_identities, Priority.HIGH, one_by_one=True)
            },
            IdentityUnlinked.tag: {
                "mail_unlinked_identity": on(IdentityUnlinked, mail_changed_identities, Priority.HIGH, one_by_one=True)
            },
            # A student looks at the screen until her file is accepted.
            UploadReceived.tag: {"scan_upload": on(UploadReceived, scan_upload, Priority.HIGH)},
            CatalogueImported.tag: {"follow_catalogue": on(CatalogueImported, follow_catalogue, Priority.LOW)},
            CatalogueReverted.tag: {"follow_catalogue": on(CatalogueReverted, follow_catalogue, Priority.LOW)},
            EditionActivated.tag: {"follow_edition": on(EditionActivated, follow_edition, Priority.LOW)},
            PlanMoved.tag: {"mail_moved_plan": on(PlanMoved, mail_moved_plan, Priority.LOW, one_by_one=True)},
        },
        tasks={
            CLEAR_AWAY: _reporting(clear_away),
            "break_off_imports": _reporting(lambda _: break_off_imports()),
            "scan_forgotten": _reporting(scan_forgotten),
            "expire_uploads": _reporting(expire_uploads),
            "drop_leftovers": _reporting(drop_leftovers),
            "drop_orphans": _reporting(drop_orphans),
            "seal_papers": _reporting(seal_papers),
            "seal_snapshots": _reporting(seal_snapshots),
            "seal_passports": _reporting(seal_passports),
            "forget_addresses": _reporting(forget_addresses),
            SIGN_OUT_ALL: _of_all(sign_out_all),
            TAKE: _of_import(take_import),
            WORK_OUT: _of_impact(work_out_impact),
            "remove_exports": _reporting(remove_exports),
            ERASE_ANEW: _reporting(lambda _: erase_anew()),
            MAKE: _of("export", lambda one: make_export(ExportId(one))),
            ERASE: _of("erasure", lambda one: erase(ErasureId(one))),
            AGAIN: _of("erasure", lambda one: erase.again(ErasureId(one))),
        },
        schedules=SCHEDULES,
    )


def _reporting(use_case: Callable[[Progress], Awaitable[int]]) -> Task:
    async def task(_: Job, progress: Progress) -> None:
        await use_case(progress)

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


def _of_import(take: TakeImport) -> Task:
    async def task(job: Job, progress: Progress) -> None:
        await take(ImportId(UUID(str(job.arguments["import"]))), progress, job.origin)

    return task


def _of_impact(work_out: WorkOutImpact) -> Task:
    async def task(job: Job, progress: Progress) -> None:
        # Students take milliseconds each of the one loop that leases are kept on.
        await work_out(ImpactId(UUID(str(job.arguments["impact"]))), progress, lambda: asyncio.sleep(0))

    return task

"""Reading everything that is kept about a student."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....ports.outgoing import Lying
from ....ports.transactions import UnitOfWork
from ....ports.vault import StudentKeys
from ...applications.application import Application
from ...audit.chain import Kept
from ...audit.query import Query, position_of
from ...documents.document import Document
from ...identity.account import Account
from ...identity.grant import Grant
from ...imports.offer import RecordOffer
from ...payments.order import Order
from ...planning.use_cases.planned import every_application
from ...profile.use_cases import opened_profile
from ...profile.writing import profile_data
from ...shared.dataclass import dataclass
from ...shared.ids import AccountId, StudentId
from ..export import Export
from ..plain import plain
from ..record import account_part, activity_part, factor_part, record_bytes, session_part

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Gathered:
    """The record as it is written, and what has files."""

    record: bytes
    documents: Sequence[Document]
    applications: Sequence[Application]
    language: str


async def gathered(work: UnitOfWork, export: Export, keys: StudentKeys) -> Gathered:
    """Return everything of the student; raise NotFound where she is not known."""
    student_id = export.student_id
    student = await work.students.get(student_id)
    account = await work.accounts.get(student.account_id)
    documents = await work.documents.of_student(student_id)
    applications = await every_application(work, student_id)
    plans = sorted(await work.plans.of_student(student_id), key=lambda plan: plan.id)
    exports = [one for one in await work.exports.of_student(student_id) if one.id != export.id]
    parts: dict[str, Any] = {
        "account": account_part(account, await work.sessions.last_use_of(account.id)),
        "sessions": [session_part(one) for one in await work.sessions.every_of(account.id)],
        "profile": profile_data(opened_profile(student, keys)),
        "documents": plain(documents),
        "uploads": plain(await work.uploads.of_student(student_id)),
        "applications": plain(applications),
        "plans": [plain(one) | {"has_calendar_link": bool(one.calendar_hash)} for one in plans],
        "calendars": [
            {"plan_id": str(one.id), "entries": plain(await work.plans.calendar_sent(one.id))} for one in plans
        ],
        "overrides": plain(sorted(await work.overrides.every_of(student_id), key=lambda one: one.id)),
        "notes": plain(await work.notes.of_student(student_id)),
        "tasks": plain(await work.tasks.of_student(student_id)),
        "record_offers": plain(await _offers(work, account)),
        "filed_applications": plain(await work.filed_applications.of_students([student_id])),
        "rule_changes": [
            {"report_id": str(report), **plain(said)} for report, said in await work.impacts.of_student(student_id)
        ],
        "messages": plain(await _messages(work, account.id)),
        "ways": plain((await work.ways.of([account.id])).get(account.id, ())),
        "preferences": plain((await work.ways.preferences([account.id])).get(account.id)),
        "grants": {
            "given": plain(sorted(await work.grants.of_student(student_id), key=lambda one: one.id)),
            "held": plain(sorted(await _held(work, account), key=lambda one: one.id)),
        },
        "keys": plain(sorted(await work.keys.of(account.id), key=lambda one: one.id)),
        "consents": plain(await work.consents.of_student(student_id)),
        "exports": plain(sorted(exports, key=lambda one: one.id)),
        "reports": plain(sorted(await work.reports.of_student(student_id), key=lambda one: one.id)),
        **await _money(work, student_id),
        "erasures": plain(await work.erasures.of_student(student_id)),
        # Why a duty of the law holds the record may be what the other side must not know yet; that it does is told.
        "holds": [
            {"id": str(one.id), "placed_at": plain(one.placed_at), "until": plain(one.until)}
            for one in await work.holds.of_student(student_id)
        ],
        "factors": [factor_part(one) for one in await work.factors.of_account(account.id)],
        "identities": plain(await work.linked_identities.of_account(account.id)),
        "activity": [activity_part(one.entry, account.id) for one in await _activity(work, export, account.id)],
    }
    record = record_bytes(parts, str(student_id), export.asked_at)
    return Gathered(record, documents, applications, student.profile.preferred_language)


async def _held(work: UnitOfWork, account: Account) -> Sequence[Grant]:
    """Return what she was let do with others' records; what was offered, only to an address that was confirmed."""
    return await work.grants.every_of(account.id, account.email if account.email_confirmed_at else None)


async def _offers(work: UnitOfWork, account: Account) -> Sequence[RecordOffer]:
    """Return what others have prepared for her: what she has answered, and what is open for an address that was
    confirmed."""
    open_ones = await work.record_offers.open_to(account.email, work.now) if account.email_confirmed_at else ()
    answered = () if account.student_id is None else await work.record_offers.of_student(account.student_id)
    return sorted((*open_ones, *answered), key=lambda one: one.id)


async def _money(work: UnitOfWork, student_id: StudentId) -> dict[str, Any]:
    """Return her orders, with the attempts to pay them, and what went back."""
    orders = list[Order]()
    while page := await work.orders.of_student(student_id, _PAGE, orders[-1].id if orders else None):
        orders += page
    orders.reverse()
    attempts = {one.id: await work.orders.attempts_of(one.id) for one in orders}
    return {
        "orders": [plain(one) | {"number": one.number, "attempts": plain(attempts[one.id])} for one in orders],
        "refunds": plain([case for one in orders for case in await work.refunds.of_order(one.id)]),
        "disputes": plain([case for one in orders for case in await work.orders.disputes_of(one.id)]),
    }


async def _messages(work: UnitOfWork, account_id: AccountId) -> list[Lying]:
    found = list[Lying]()
    while page := await work.outgoing.of_account(account_id, found[-1].message.id if found else None, _PAGE):
        found += page
    return found


async def _activity(work: UnitOfWork, export: Export, account_id: AccountId) -> list[Kept]:
    """Return every entry about the record or the account, and every one of what she did herself, but those about this
    export, the earliest first."""
    asked = Query(student_id=export.student_id), Query(actor=account_id), Query(subject_id=account_id)
    found = {one.place: one for query in asked for one in await _every(work, query)}
    kept = [one for one in found.values() if one.entry.subject_id != export.id]
    return sorted(kept, key=lambda one: (one.entry.at, one.place))


async def _every(work: UnitOfWork, query: Query) -> list[Kept]:
    found = list[Kept]()
    while page := await work.audit_trail.search(query, _PAGE, position_of(found[-1]) if found else None):
        found += page
    return found

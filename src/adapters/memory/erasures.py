"""Who is to be erased or was, and how a record becomes a shell, in memory."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ...domain.identity.account import Account
from ...domain.identity.throttle import factor_key, factor_key_of_known, password_key_of_strangers, phone_key
from ...domain.notifications.message import Recipient
from ...domain.profile.profile import Profile
from ...domain.reports.report import LISTS_STUDENTS
from ...domain.reports.report import State as ReportState
from ...domain.rights.erasure import SHELL_HOST, Erasure, State, is_shell
from ...domain.shared.errors import Conflict, Reason
from ...domain.shared.ids import ErasureId, StudentId
from ...ports.erasures import Objects
from ...ports.jobs import Job, JobStatus
from .tables import Table

if TYPE_CHECKING:
    from .transactions import Store

_BEGUN = (State.ERASING, State.ERASED)
_UNFINISHED = (State.WAITING, State.ERASING)
_ERASING_JOBS = ("erase", "erase_again")


class MemoryErasures:
    """The erasures as the open unit sees them, and the rows that they reach."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._rows = store.erasures
        self._now = now

    async def add(self, erasure: Erasure) -> None:
        if erasure.is_open and any(one.is_open for one in self._of(erasure.student_id)):
            raise Conflict(Reason("id.taken"))
        self._rows.add(erasure.id, erasure)

    async def save(self, erasure: Erasure) -> None:
        self._rows.save(erasure.id, erasure)

    async def get(self, erasure_id: ErasureId) -> Erasure:
        return self._rows.found(erasure_id)

    async def of_student(self, student_id: StudentId) -> Sequence[Erasure]:
        return sorted(self._of(student_id), key=lambda one: (one.asked_at, one.id), reverse=True)

    async def unfinished(self, due_before: datetime, limit: int) -> Sequence[Erasure]:
        open_ones = self._rows.rows(lambda one: one.state in _UNFINISHED and one.due_at < due_before)
        return sorted(open_ones, key=lambda one: (one.due_at, one.id))[:limit]

    async def is_fenced(self, student_id: StudentId) -> bool:
        # Units of work follow one another here, so nobody can begin meanwhile.
        return any(one.state in _BEGUN for one in self._of(student_id))

    async def objects_of(self, student_id: StudentId) -> Objects:
        hers, others = set[str](), set[str]()
        for document in self._store.documents.rows():
            if document.student_id == student_id:  # as they were kept before they were sealed, too
                hers.update(name for one in document.versions for name in (one.sealed_as, one.sha256) if name)
            else:
                others.update(one.sealed_as or one.sha256 for one in document.versions)
        exported = {one.sha256 for one in self._store.exports.rows() if one.student_id == student_id and one.sha256}
        reported = {
            one.sha256
            for one in self._store.reports.rows()
            if one.sha256 and (one.student_id == student_id or one.kind in LISTS_STUDENTS)
        }
        incoming = sorted(one.name for one in self._store.uploads.rows() if one.student_id == student_id)
        return Objects(tuple(sorted((hers - others) | exported | reported)), tuple(incoming))

    async def wipe(self, student_id: StudentId) -> None:
        if not await self.is_fenced(student_id):
            raise Conflict
        student = self._store.students.get(student_id)
        if student is None:
            return
        account = self._store.accounts.get(student.account_id)
        if account is not None:
            self._wipe_jobs(account, student_id)
            self._wipe_of_account(account)
        self._wipe_of_student(student_id)
        if student.profile != Profile():
            student.profile = Profile()
            self._store.students.save(student.id, student)

    async def whole(self, student_ids: Collection[StudentId]) -> Sequence[StudentId]:
        found = []
        for student_id in sorted(student_ids):
            student = self._store.students.get(student_id)
            account = None if student is None else self._store.accounts.get(student.account_id)
            if account is not None and not is_shell(account.email):
                found.append(student_id)
        return found

    def _of(self, student_id: StudentId) -> Iterator[Erasure]:
        return self._rows.rows(lambda one: one.student_id == student_id)

    def _wipe_of_account(self, account: Account) -> None:
        store = self._store
        _remove(store.sessions, lambda one: one.account_id == account.id, lambda one: one.id)
        _remove(store.confirmations, lambda one: one.account_id == account.id, lambda one: one.id)
        store.uses.remove(account.id)
        for of_hers in (store.factors, store.linked_identities, store.provider_sign_ins):
            _remove(of_hers, lambda one: one.account_id == account.id, lambda one: one.id)
        store.recovery_codes.remove(account.id)
        for counted in (
            password_key_of_strangers(account.email),
            factor_key(account.id, None),
            factor_key_of_known(account.id),
            phone_key(account.id),
        ):
            store.throttles.remove(counted)

        def is_hers(one: Any) -> bool:
            hers = one.student_id == account.student_id or one.account_id == account.id
            return hers or bool(one.email == account.email)

        _remove(store.grants, is_hers, lambda one: one.id)
        _remove(
            store.record_offers,
            lambda one: one.email == account.email or one.student_id == account.student_id,
            lambda one: one.id,
        )
        about = (account.email, str(account.student_id))
        _remove(store.imports.rows, lambda one: one.about in about, lambda one: (one.import_id, one.number))
        self._wipe_messages(account)
        self._wipe_answers(account)
        if not is_shell(account.email):
            account.email = f"erased-{secrets.token_hex(16)}@{SHELL_HOST}"
            account.password_hash, account.roles, account.email_confirmed_at = "", frozenset(), None
            store.accounts.save(account.id, account)

        for place in list(store.audit.entries.keys()):
            kept = store.audit.entries.get(place)
            if kept is not None and (
                kept.entry.student_id == account.student_id or account.id in (kept.entry.actor, kept.entry.subject_id)
            ):
                entry = replace(kept.entry, address=None, reason=None)
                store.audit.entries.put(place, replace(kept, entry=entry))
        for api_key in list(store.keys.rows(lambda one: one.account_id == account.id)):
            revoked_at = api_key.revoked_at or self._now
            store.keys.put(api_key.id, replace(api_key, name="", networks=(), revoked_at=revoked_at))

    def _wipe_messages(self, account: Account) -> None:
        store = self._store
        told = Recipient(account.id), Recipient(address=account.email)
        gone = {
            message.id
            for message in store.messages.rows(
                lambda one: one.student_id == account.student_id or one.recipient in told
            )
        }
        _remove(store.deliveries, lambda one: one.message_id in gone, lambda one: one.id)
        _remove(store.messages, lambda one: one.id in gone, lambda one: one.id)
        _remove(store.ways, lambda one: one.account_id == account.id, lambda one: (one.account_id, one.channel))
        store.preferences.remove(account.id)
        if account.student_id is not None:
            store.rounds.remove(account.student_id)

    def _wipe_answers(self, account: Account) -> None:
        store = self._store
        tables = (
            *(store.documents, store.applications, store.plans, store.uploads, store.overrides),
            *(store.notes, store.tasks),
        )
        ids = {one.id for table in tables for one in table.rows(lambda one: one.student_id == account.student_id)}
        words = [account.email, *map(str, {account.id, account.student_id, *ids})]
        for key in list(store.answers.keys()):
            claim = store.answers.get(key)
            answer = None if claim is None else claim.answer
            told = "" if answer is None else f"{answer.body.decode(errors='replace')} {answer.headers}"
            if key.account_id == account.id or any(word in f"{told} {key.route}" for word in words):
                store.answers.remove(key)

    def _wipe_of_student(self, student_id: StudentId) -> None:
        store = self._store

        def is_hers(one: Any) -> bool:
            return bool(one.student_id == student_id)

        for application in list(store.applications.rows(is_hers)):
            store.snapshots.remove(application.id)
        for plan in list(store.plans.rows(is_hers)):
            store.calendars.remove(plan.id)
        for table in (
            store.documents,
            store.uploads,
            store.applications,
            store.plans,
            store.overrides,
            store.notes,
            store.tasks,
            store.exports,
            store.reports,
        ):
            _remove(table, is_hers, lambda one: one.id)
        _remove(store.consents, is_hers, lambda one: one.id)
        _remove(store.filed_applications, is_hers, lambda one: (one.import_id, one.row))
        for one in list(store.reports.rows(lambda one: one.kind in LISTS_STUDENTS and one.state is ReportState.READY)):
            store.reports.put(one.id, replace(one, state=ReportState.WITHDRAWN, version=one.version + 1))
        self._wipe_orders(student_id)
        store.needs.remove(student_id)
        for report in list(store.impacts.reports.rows()):
            store.impacts.students.remove((report.id, student_id))
        for hold in list(store.holds.rows(is_hers)):
            store.holds.put(hold.id, replace(hold, reason=""))
        for erasure in list(store.erasures.rows(is_hers)):
            store.erasures.put(erasure.id, replace(erasure, reason=""))

    def _wipe_orders(self, student_id: StudentId) -> None:
        """What was sold is kept by law; what people wrote about it goes."""
        store = self._store
        for order in list(store.orders.rows(lambda one: one.student_id == student_id)):
            discounts = tuple(replace(one, reason="") for one in order.discounts)
            store.orders.put(order.id, replace(order, discounts=discounts))
        for case in list(store.refunds.rows(lambda one: one.student_id == student_id)):
            history = tuple(replace(one, note="") for one in case.history)
            store.refunds.put(case.id, replace(case, reason="", reference="", history=history))
        for dispute in list(store.disputes.rows(lambda one: one.student_id == student_id)):
            store.disputes.put(dispute.id, replace(dispute, reason=""))

    def _wipe_jobs(self, account: Account, student_id: StudentId) -> None:
        for kept in list(self._store.jobs.rows(lambda kept: _follows_from(kept.job, account, student_id))):
            job = replace(kept.job, error="")
            if job.status in (JobStatus.WAITING, JobStatus.PARKED):
                job = replace(job, status=JobStatus.DONE, ended_at=self._now)
            self._store.jobs.put(job.id, replace(kept, job=job))


def _follows_from(job: Job, account: Account, student_id: StudentId) -> bool:
    if job.name in _ERASING_JOBS:
        return False
    event = None if job.envelope is None else job.envelope.event
    return account.id in (job.origin.actor, job.origin.on_behalf_of) or getattr(event, "student_id", None) == student_id


def _remove(table: Table[Any, Any], which: Callable[[Any], object], key_of: Callable[[Any], Any]) -> None:
    for one in list(table.rows(which)):
        table.remove(key_of(one))

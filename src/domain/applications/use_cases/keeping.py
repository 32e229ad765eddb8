"""What is done with applications: start, see what is missing, submit, and record what came back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime

from ....ports.errors import Unreadable
from ....ports.ids import Ids
from ....ports.rule_packs import RulePacks
from ....ports.transactions import Transactions, UnitOfWork
from ....ports.vault import Place, Report, StudentKeys, Vault, is_sealed
from ....ports.zones import Zones
from ...identity.account import Asker
from ...identity.policies import admitted
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...profile.use_cases import opened_profile
from ...shared.canonical import sha256_of
from ...shared.dataclass import dataclass
from ...shared.errors import Forbidden, Invalid, NotFound, Reason, refuse_if_any
from ...shared.ids import ApplicationId, ProgrammeId, StudentId
from ...shared.texts import text_problems
from ...shared.versions import demand_version
from ..application import Action, Application, Condition, Offer, Receipt, Side, side_of
from ..policies import Case, begin_problems, missing, unknown_intake
from ..submitting import submit

LONGEST_NOTE = 2000
_AT_A_TIME = 50


@dataclass(frozen=True)
class StartApplication:
    """Begin an application for an intake that the programme really has."""

    transactions: Transactions
    ids: Ids

    async def __call__(
        self, asker: Asker, student_id: StudentId, programme_id: ProgrammeId, term: str, starts_on: date
    ) -> Application:
        """Return the draft.

        Raises NotFound for somebody else's record or an unknown programme, Invalid for an intake that the programme
        does not have or that has begun, Conflict while there is a live application for the same.
        """
        admitted(asker, student_id, Doing.PREPARE_APPLICATIONS)
        new_id = ApplicationId(self.ids.new())
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.PREPARE_APPLICATIONS)
            programme = await work.catalogue.programme(programme_id)
            refuse_if_any(begin_problems(starts_on, work.now.date()), Invalid)
            if programme.expired or programme.intake(term, starts_on) is None:
                raise Invalid(unknown_intake(programme, term, starts_on))
            application = Application(new_id, student_id, programme_id, term, starts_on, work.now)
            await work.applications.add(application)
            work.record(application.started(), application.version)
        return application


@dataclass(frozen=True)
class GetApplication:
    """Show one application with its history."""

    transactions: Transactions

    async def __call__(self, asker: Asker, application_id: ApplicationId) -> Application:
        """Return the application; raise NotFound for what is not the asker's."""
        async with self.transactions(asker.origin) as work:
            return await _application(work, asker, application_id, Doing.SEE_APPLICATIONS)


@dataclass(frozen=True)
class WhatIsMissing:
    """Tell everything that still stands against submitting."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones

    async def __call__(
        self, asker: Asker, application_id: ApplicationId, at: datetime | None = None
    ) -> tuple[Reason, ...]:
        """Return all reasons, for the moment or for now; empty when it could be submitted."""
        async with self.transactions(asker.origin) as work:
            application = await _application(work, asker, application_id, Doing.SEE_APPLICATIONS)
            case = await _case(work, application, self.rule_packs, self.zones)
            return missing(application, case, at or work.now)


@dataclass(frozen=True)
class SubmitApplication:
    """Send the application as it is, and get the receipt."""

    transactions: Transactions
    rule_packs: RulePacks
    zones: Zones
    vault: Vault

    async def __call__(
        self,
        asker: Asker,
        application_id: ApplicationId,
        received_at: datetime,
        expected_version: int | None = None,
        keys: StudentKeys | None = None,
    ) -> Receipt:
        """Return the receipt; the deadline is judged at ``received_at``, taken when the whole request had arrived.

        ``keys`` are those of ``prepare``, for whoever joins it to an open unit. Raises RuleBroken with every reason
        against it, Conflict when it was sent before or changed meanwhile.
        """
        keys = keys or await self.prepare(asker, application_id)
        async with self.transactions(asker.origin) as work:
            application = await _application(work, asker, application_id, Doing.DECIDE_ON_APPLICATIONS)
            application.demand_can_submit()
            demand_version(application.version, expected_version)
            case = await _case(work, application, self.rule_packs, self.zones, keys)
            event, content = submit(application, case, received_at, asker.account_id)
            await work.applications.save(application)
            await work.applications.keep_snapshot(application.id, keys.seal(_place_of(application.id), content))
            work.record(event, application.version)
            return _receipt(application)

    async def prepare(self, asker: Asker, application_id: ApplicationId) -> StudentKeys:
        """Return the keys under which what is sent will be sealed; they may have to be fetched from far, which no
        transaction waits for. Raises NotFound for what is not the asker's, Unavailable when they cannot be had."""
        async with self.transactions(asker.origin) as work:
            application = await work.applications.get(application_id)
        admitted(asker, application.student_id, Doing.DECIDE_ON_APPLICATIONS)
        return await self.vault.keys_of(application.student_id)


@dataclass(frozen=True)
class GetReceipt:
    """Show the receipt again."""

    transactions: Transactions

    async def __call__(self, asker: Asker, application_id: ApplicationId) -> Receipt:
        """Return the receipt; raise NotFound while nothing was sent."""
        async with self.transactions(asker.origin) as work:
            return _receipt(await _application(work, asker, application_id, Doing.SEE_APPLICATIONS))


@dataclass(frozen=True)
class GetSnapshot:
    """Show exactly what was sent."""

    transactions: Transactions
    vault: Vault

    async def __call__(self, asker: Asker, application_id: ApplicationId) -> bytes:
        """Return the bytes whose SHA-256 the receipt carries.

        Raises NotFound while nothing was sent, Unreadable for anything else than what was sent.
        """
        async with self.transactions(asker.origin) as work:
            application = await _application(work, asker, application_id, Doing.SEE_WHAT_WAS_SENT)
            content = await work.applications.snapshot(application.id)
        if is_sealed(content):
            keys = await self.vault.keys_of(application.student_id)
            content = keys.open(_place_of(application.id), content)
        if application.receipt is None or sha256_of(content) != application.receipt.snapshot_sha256:
            raise Unreadable
        return content


@dataclass(frozen=True)
class SealSnapshots:
    """Seal the snapshots that an earlier release kept as they were sent."""

    transactions: Transactions
    vault: Vault

    async def __call__(self, report: Report) -> int:
        """Return how many were sealed; may be repeated or cut short at any point."""
        done = 0
        while plain := await self._plain():
            before = done
            for student_id, application_id in plain:
                with suppress(NotFound):  # erased meanwhile
                    await self._seal(student_id, application_id)
                    done += 1
            await report(done)
            if done == before:
                break
        return done

    async def _plain(self) -> Sequence[tuple[StudentId, ApplicationId]]:
        async with self.transactions() as work:
            return await work.applications.unsealed_snapshots(_AT_A_TIME)

    async def _seal(self, student_id: StudentId, application_id: ApplicationId) -> None:
        keys = await self.vault.keys_of(student_id)
        async with self.transactions() as work:
            content = await work.applications.snapshot(application_id)
            if not is_sealed(content):
                sealed = keys.seal(_place_of(application_id), content)
                await work.applications.seal_snapshot(application_id, sealed)


@dataclass(frozen=True)
class RecordOutcome:
    """Record what either side did after the submission; the student may, and whoever she lets act on applications."""

    transactions: Transactions

    async def __call__(
        self,
        asker: Asker,
        application_id: ApplicationId,
        action: Action,
        note: str = "",
        conditions: tuple[Condition, ...] = (),
        answer_by: date | None = None,
        expected_version: int | None = None,
    ) -> Application:
        """Return the changed application.

        Raises Forbidden when staff would decide for a student who did not ask, RuleBroken where the state table has no
        such action now, Invalid when conditions and action do not belong together, Conflict for a stale version.
        """
        _check_outcome(action, note, conditions)
        async with self.transactions(asker.origin) as work:
            application = await _application_for_outcome(work, asker, application_id, action)
            demand_version(application.version, expected_version)
            if action in (Action.OFFER, Action.OFFER_WITH_CONDITIONS):
                event = application.receive_offer(Offer(conditions, answer_by), work.now, asker.account_id, note)
            else:
                event = application.act(action, work.now, asker.account_id, note)
            await work.applications.save(application)
            work.record(event, application.version)
        return application


@dataclass(frozen=True)
class Withdraw:
    """Take an application back; what was sent stays on record."""

    transactions: Transactions

    async def __call__(
        self, asker: Asker, application_id: ApplicationId, note: str = "", expected_version: int | None = None
    ) -> Application:
        """Return the withdrawn application; raise NotFound to whoever may not decide on it."""
        _check_outcome(Action.WITHDRAW, note, ())
        async with self.transactions(asker.origin) as work:
            application = await _application(work, asker, application_id, Doing.DECIDE_ON_APPLICATIONS)
            demand_version(application.version, expected_version)
            event = application.act(Action.WITHDRAW, work.now, asker.account_id, note)
            await work.applications.save(application)
            work.record(event, application.version)
        return application


def _check_outcome(action: Action, note: str, conditions: tuple[Condition, ...]) -> None:
    reasons = list(text_problems(note, "note", at_most=LONGEST_NOTE))
    if bool(conditions) != (action is Action.OFFER_WITH_CONDITIONS):
        reasons.append(Reason("application.conditions_do_not_fit", {"action": action.value}, "conditions"))
    if len(conditions) > 50:
        reasons.append(Reason("data.too_many", {"at_most": 50}, "conditions"))
    for index, condition in enumerate(conditions):
        where = f"conditions[{index}].what"
        if not condition.what.strip():
            reasons.append(Reason("data.missing", {}, where))
        reasons.extend(text_problems(condition.what, where, at_most=LONGEST_NOTE))
    if reasons:
        raise Invalid(*reasons)


async def _application(work: UnitOfWork, asker: Asker, application_id: ApplicationId, doing: Doing) -> Application:
    application = await work.applications.get(application_id)
    admit(work, asker, application.student_id, doing)
    return application


def _place_of(application_id: ApplicationId) -> Place:
    return Place("snapshot", str(application_id))


async def _application_for_outcome(
    work: UnitOfWork, asker: Asker, application_id: ApplicationId, action: Action
) -> Application:
    """Return the application where the asker may record the action: what the student decides, nobody may whom she did
    not ask."""
    application = await work.applications.get(application_id)
    granted = admit(work, asker, application.student_id, Doing.RECORD_ON_APPLICATIONS)
    decides = side_of(action) is Side.STUDENT
    if decides and granted is not None and not granted.lets(Doing.DECIDE_ON_APPLICATIONS):
        raise Forbidden(Reason("application.student_decides", {"action": action.value}, "action"))
    return application


async def _case(
    work: UnitOfWork, application: Application, packs: RulePacks, zones: Zones, keys: StudentKeys | None = None
) -> Case:
    """Return all that counts for the application; with keys, the passport's number in it as it was given."""
    student = await work.students.get(application.student_id)
    return Case(
        profile=student.profile if keys is None else opened_profile(student, keys),
        programme=await work.catalogue.programme(application.programme_id),
        documents=tuple(await work.documents.of_student(application.student_id)),
        rulebook=packs.rulebook(),
        zones=zones.named,
    )


def _receipt(application: Application) -> Receipt:
    if application.receipt is None:
        raise NotFound(Reason("application.nothing_sent"))
    return application.receipt

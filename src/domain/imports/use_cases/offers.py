"""What a student does with records that others have prepared for her, and where imported values come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from ....ports.transactions import Transactions, UnitOfWork
from ...identity.account import Account, Asker
from ...identity.policies import demand_in_person
from ...identity.scopes import Doing
from ...identity.use_cases.admitting import admit
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict
from ...shared.ids import AccountId, ApplicationId, ImportId, RecordOfferId, StudentId
from ..filed import said_last
from ..offer import BesideHers, ImportedFrom, RecordOffer, origins_in
from ..policies import demand_importer, demand_say_over


@dataclass(frozen=True, slots=True)
class Beside:
    """An offer with the address of its sender, and each value beside what she states herself."""

    offer: RecordOffer
    sender: str
    values: Sequence[BesideHers] = field(default_factory=tuple)


@dataclass(frozen=True)
class ListRecordOffers:
    """Show what is offered to the confirmed address of one's own account."""

    transactions: Transactions

    async def __call__(self, asker: Asker) -> Sequence[Beside]:
        """Return the offers that are open, the newest first; none before the address is confirmed."""
        async with self.transactions(asker.origin) as work:
            account = await work.accounts.get(asker.account_id)
            if account.email_confirmed_at is None or account.student_id is None:
                return []
            profile = (await work.students.get(account.student_id)).profile
            offers = await work.record_offers.open_to(account.email, work.now)
            return [Beside(one, await _address(work, one.by), one.beside(profile)) for one in offers]


@dataclass(frozen=True)
class AcceptRecordOffer:
    """Take some or all of what is offered into one's own record."""

    transactions: Transactions

    async def __call__(self, asker: Asker, offer_id: RecordOfferId, take: frozenset[str]) -> RecordOffer:
        """Return the offer with what became of each value; what she has stated herself is never overwritten.

        It lets its sender see nothing: that takes a grant, which she gives apart. Raises what ``demand_for`` and
        ``accept`` of the offer raise, and Forbidden by a key.
        """
        demand_in_person(asker)
        async with self.transactions(asker.origin) as work:
            offer, student_id = await _hers(work, asker, offer_id)
            student = await work.students.get(student_id)
            profile, answered = offer.accept(student_id, student.profile, take, work.now)
            await work.record_offers.save(offer)
            work.record(answered, offer.version)
            if profile != student.profile:
                changed = student.change_profile(profile)
                await work.students.save(student)
                work.record(changed, student.version)
        return offer


@dataclass(frozen=True)
class DeclineRecordOffer:
    """Take nothing of what is offered; its sender is not told."""

    transactions: Transactions

    async def __call__(self, asker: Asker, offer_id: RecordOfferId) -> RecordOffer:
        """Return the offer; raise what ``demand_for`` of the offer raises, and Forbidden by a key."""
        demand_in_person(asker)
        async with self.transactions(asker.origin) as work:
            offer, student_id = await _hers(work, asker, offer_id)
            answered = offer.decline(student_id, work.now)
            await work.record_offers.save(offer)
            work.record(answered, offer.version)
        return offer


@dataclass(frozen=True)
class ListImportOffers:
    """Show the sender of a file what became of its offers, as far as that is his to know."""

    transactions: Transactions

    async def __call__(
        self, asker: Asker, import_id: ImportId, *, after: int = 0, limit: int = 50
    ) -> Sequence[RecordOffer]:
        """Return the offers by row, from just after that row on; raise Forbidden, NotFound."""
        demand_importer(asker)
        async with self.transactions(asker.origin) as work:
            run = await work.imports.get(import_id)
            demand_say_over(asker, run)
            return await work.record_offers.of_import(import_id, after, limit)


@dataclass(frozen=True)
class TraceProfile:
    """Say which parts of a profile came from a file, and from where in it."""

    transactions: Transactions

    async def __call__(self, asker: Asker, student_id: StudentId) -> Mapping[str, ImportedFrom]:
        """Return by part which import, row and columns it came from; parts that she stated or changed herself are left
        out. Raises NotFound for somebody else's record."""
        async with self.transactions(asker.origin) as work:
            admit(work, asker, student_id, Doing.SEE_PROFILE)
            student = await work.students.get(student_id)
            return origins_in(student.profile, await work.record_offers.of_student(student_id))


@dataclass(frozen=True)
class ShowFiled:
    """Show what counsellors' files say of an application, and where in them."""

    transactions: Transactions

    async def __call__(self, asker: Asker, application_id: ApplicationId) -> Mapping[str, tuple[str, ImportedFrom]]:
        """Return by field its value with import, row and column; raise NotFound for what is not the asker's."""
        async with self.transactions(asker.origin) as work:
            application = await work.applications.get(application_id)
            admit(work, asker, application.student_id, Doing.SEE_APPLICATIONS)
            return said_last(await work.filed_applications.of_application(application_id))


async def _hers(work: UnitOfWork, asker: Asker, offer_id: RecordOfferId) -> tuple[RecordOffer, StudentId]:
    offer = await work.record_offers.get(offer_id)
    account: Account = await work.accounts.get(asker.account_id)
    student_id = offer.demand_for(account, work.now)
    if await work.erasures.is_fenced(student_id):
        raise Conflict
    return offer, student_id


async def _address(work: UnitOfWork, account_id: AccountId) -> str:
    return (await work.accounts.get(account_id)).email

"""Asking to be erased, taking that back, and carrying it out in the background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta

from ....ports.files import Files
from ....ports.ids import Ids
from ....ports.incoming import Incoming
from ....ports.jobs import NOBODY, Job, Priority
from ....ports.mailbox import Mailbox
from ....ports.passwords import Passwords
from ....ports.text_messages import TextMessages
from ....ports.tombstones import Tombstones
from ....ports.transactions import Transactions, UnitOfWork
from ....ports.vault import Vault
from ...audit.deed import Deed
from ...identity.account import Account, Asker, Role
from ...identity.policies import demand_role
from ...identity.session import Because as Ended
from ...identity.throttle import Pace
from ...identity.use_cases.attempts import PasswordDemand
from ...identity.use_cases.sessions import end_live
from ...notifications.channel import Channel
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound, Reason, RuleBroken
from ...shared.events import Origin
from ...shared.ids import ErasureId, JobId, StudentId
from ..erasure import (
    Because,
    Erasure,
    State,
    Tombstone,
    demand_erasable,
    demand_reason,
    held_until,
    is_shell,
    works_here,
)
from ..policies import demand_herself

ERASE, AGAIN = "erase", "erase_again"
"""The names of the jobs that erase, and that look once more after those who were at it meanwhile."""
STRAGGLERS = timedelta(minutes=15)
"""No unit of work, no request and no attempt at a job that had begun before an erasure lasts longer than this."""
FORGOTTEN = timedelta(hours=1)
"""So long after its moment an erasure counts as forgotten: a job tries it several times within that."""
FRESH = timedelta(minutes=5)
"""How long a sign-in is proof enough for what cannot be undone, where an account has no password."""
A_LOOK_LATER = timedelta(days=1)
"""How long whoever came to work here since she asked is left alone, again and again until the role is taken away."""
_AT_A_TIME = 500


@dataclass(frozen=True)
class AskForErasure:
    """Ask to be erased, with a fresh proof that it is oneself; it is done after some days, or when a hold ends."""

    transactions: Transactions
    ids: Ids
    passwords: Passwords
    wait: timedelta
    pace: Pace = Pace()

    async def __call__(self, asker: Asker, student_id: StudentId, password: str) -> Erasure:
        """Return the erasure that waits; asking again changes nothing. One that waits since nobody came is followed by
        her own, since coming back would call that one off.

        Raises NotFound for somebody else's record, RuleBroken where the password is not the account's (or, of an
        account without one, the sign-in is none of the last minutes), and for who works here; SlowedDown where the
        password was guessed at too often.
        """
        demand_herself(asker, student_id)
        async with self.transactions(asker.origin) as work:
            account = await work.accounts.get(asker.account_id)
        await self._demand_proof(asker, account, password)
        demand_erasable(account)
        async with self.transactions(asker.origin) as work:
            known = await work.erasures.of_student(student_id)
            if await work.erasures.is_fenced(student_id):
                raise Conflict
            if waiting := next((one for one in known if one.is_open), None):
                if waiting.because is not Because.DORMANT:
                    return waiting
                waiting.cancel(work.now)
                await work.erasures.save(waiting)
            erasure = Erasure(
                ErasureId(self.ids.new()),
                student_id,
                account.id,
                Because.ASKED,
                asker.account_id,
                asked_at=work.now,
                due_at=work.now + self.wait,
            )
            await begin_waiting(work, erasure, self.ids, asker.origin)
        return erasure

    async def _demand_proof(self, asker: Asker, account: Account, password: str) -> None:
        """Raise RuleBroken unless the password is the account's, or, where it has none, the sign-in is a fresh one."""
        if not account.password_hash:
            await self._demand_fresh_sign_in(asker)
            return
        demand = PasswordDemand(self.transactions, self.passwords, self.pace)
        await demand(asker, account, password, "password", refused="erasure.proof_refused")

    async def _demand_fresh_sign_in(self, asker: Asker) -> None:
        async with self.transactions(asker.origin) as work:
            session = None if asker.session_id is None else await work.sessions.get(asker.session_id)
            if session is None or session.begun_at < work.now - FRESH:
                raise RuleBroken(Reason("erasure.needs_fresh_sign_in", {"minutes": FRESH.seconds // 60}))


@dataclass(frozen=True)
class EraseAtOnce:
    """Erase somebody without the days of waiting, since a duty of the law demands it; an administrator does."""

    transactions: Transactions
    ids: Ids

    async def __call__(self, asker: Asker, student_id: StudentId, reason: str) -> Erasure:
        """Return the erasure, which is due now.

        Raises Forbidden to all but administrators, Invalid without a reason, NotFound where there is no such student,
        RuleBroken while a hold is in force and for who works here, Conflict where it has begun.
        """
        demand_role(asker, Role.ADMIN)
        demand_reason(reason)
        async with self.transactions(asker.origin) as work:
            student = await work.students.get(student_id)
            demand_erasable(await work.accounts.get(student.account_id))
            if until := await _kept_until(work, student_id):
                raise RuleBroken(Reason("erasure.held", {"until": until.isoformat()}))
            if await work.erasures.is_fenced(student_id):
                raise Conflict
            for waiting in await work.erasures.of_student(student_id):
                if waiting.is_open:
                    waiting.cancel(work.now)
                    await work.erasures.save(waiting)
            erasure = Erasure(
                ErasureId(self.ids.new()),
                student_id,
                student.account_id,
                Because.DUTY,
                asker.account_id,
                asked_at=work.now,
                due_at=work.now,
                reason=reason.strip(),
            )
            await work.erasures.add(erasure)
            await work.jobs.add(_job(erasure, self.ids, asker.origin))
            work.note(Deed("erasure.ordered", "erasure", erasure.id, student_id, reason=reason.strip()))
        return erasure


@dataclass(frozen=True)
class CancelErasure:
    """Take the wish back, as long as it waits."""

    transactions: Transactions

    async def __call__(self, asker: Asker, student_id: StudentId) -> Erasure:
        """Return the erasure that is cancelled; raise NotFound for somebody else's record and where none waits."""
        demand_herself(asker, student_id)
        async with self.transactions(asker.origin) as work:
            for erasure in await work.erasures.of_student(student_id):
                if erasure.is_open and erasure.because is not Because.DUTY:
                    event = erasure.cancel(work.now)
                    await work.erasures.save(erasure)
                    work.record(event, erasure.version)
                    return erasure
        raise NotFound(Reason("erasure.none_waits"))


@dataclass(frozen=True)
class GetErasure:
    """See whether one's record is to be erased, and when."""

    transactions: Transactions

    async def __call__(self, asker: Asker, student_id: StudentId) -> tuple[Erasure, datetime | None]:
        """Return the last erasure that was asked for, and until when a hold is in force if one is.

        Raises NotFound for somebody else's record, and where none was asked for.
        """
        demand_herself(asker, student_id)
        async with self.transactions(asker.origin) as work:
            known = await work.erasures.of_student(student_id)
            if not known:
                raise NotFound(Reason("erasure.none_waits"))
            return known[0], await _kept_until(work, student_id)


@dataclass(frozen=True)
class Erase:
    """Carry an erasure out, in steps that may each be broken off and done again.

    First there is no way back: the sign-ins end, and whoever is about to publish anything sees the fence. Then it is
    remembered outside the database, so that from here on a backup brings nobody back. Then go the key, the files and
    what lies at those who bring mails and short messages, whose names, addresses and numbers stand in the rows, and at
    last the rows, all of them in one unit.
    """

    transactions: Transactions
    ids: Ids
    files: Files
    incoming: Incoming
    mailbox: Mailbox
    tombstones: Tombstones
    vault: Vault | None = None
    """None where no student has keys of her own."""
    texts: Mapping[Channel, TextMessages] = field(default_factory=dict)

    async def __call__(self, erasure_id: ErasureId) -> None:
        """Return once nothing is left, or where it was cancelled, postponed or done before; raise Unavailable when a
        store does not answer: what is left then is done by the next attempt."""
        erasure = await self._begun(erasure_id)
        if erasure is None:
            return
        await self._remember(erasure)
        await self._destroy_keys(erasure.student_id)
        await self.clear(erasure.student_id)
        async with self.transactions() as work:
            erasure = await _alone_with(work, erasure_id)
            if erasure.state is not State.ERASING:  # another worker was first
                return
            await work.erasures.wipe(erasure.student_id)
            erasure = await work.erasures.get(erasure_id)
            event = erasure.finish(work.now)
            await work.erasures.save(erasure)
            work.record(event, erasure.version)
            await work.jobs.add(_job(erasure, self.ids, name=AGAIN, due_at=work.now + STRAGGLERS))

    async def again(self, erasure_id: ErasureId) -> None:
        """Take away what those have kept who were at it when the erasure was carried out."""
        async with self.transactions() as work:
            erasure = await work.erasures.get(erasure_id)
        await self._destroy_keys(erasure.student_id)
        await self.clear(erasure.student_id)
        async with self.transactions() as work:
            await work.erasures.wipe(erasure.student_id)

    async def clear(self, student_id: StudentId) -> None:
        """Take away what lies outside the rows; what stored an equal file since counts on it, and it stays."""
        async with self.transactions() as work:
            now, address = work.now, await _address_of(work, student_id)
            numbers = await _numbers_of(work, student_id)
            objects = await work.erasures.objects_of(student_id)
        for name in objects.incoming:
            await self.incoming.drop(name)
        for sha256 in objects.files:
            await self.files.delete(sha256, stored_before=now)
        if address is not None:
            await self.mailbox.forget(address)
        for channel, number in numbers:
            if channel in self.texts:
                await self.texts[channel].forget(number)

    async def _begun(self, erasure_id: ErasureId) -> Erasure | None:
        """Return the erasure once there is no way back; None where there is nothing to be done now."""
        async with self.transactions() as work:
            try:
                erasure = await _alone_with(work, erasure_id)
            except NotFound:
                return None
            if erasure.state is State.ERASING:
                return erasure
            if not erasure.is_open:
                return None
            if erasure.because is Because.DORMANT and await _came_back(work, erasure):
                event = erasure.cancel(work.now)
                await work.erasures.save(erasure)
                work.record(event, erasure.version)
                return None
            held = await _kept_until(work, erasure.student_id)
            if held is not None:
                erasure.postpone(held)
            if works_here(await work.accounts.get(erasure.account_id)):
                erasure.postpone(work.now + A_LOOK_LATER)
            if erasure.due_at > work.now:
                await work.erasures.save(erasure)
                await work.jobs.add(_job(erasure, self.ids))
                return None
            erasure.begin(work.now)
            await work.erasures.save(erasure)
            await end_live(work, erasure.account_id, Ended.ENDED)
        return erasure

    async def _destroy_keys(self, student_id: StudentId) -> None:
        if self.vault is not None:
            await self.vault.destroy(student_id)

    async def _remember(self, erasure: Erasure) -> None:
        async with self.transactions() as work:
            now = work.now
        await self.tombstones.keep(Tombstone(erasure.student_id, erasure.account_id, now))


@dataclass(frozen=True)
class EraseAnew:
    """Erase once more whom a backup has brought back: before anybody is served, and as often as one likes.

    What should have been done an hour ago and is not, since its job was set aside, is taken up again too.
    """

    transactions: Transactions
    ids: Ids
    tombstones: Tombstones
    erase: Erase

    async def __call__(self) -> int:
        """Return how many were erased; raise Unavailable when a store does not answer."""
        done = 0
        lot: list[Tombstone] = []
        async for tombstone in self.tombstones.every():
            lot.append(tombstone)
            if len(lot) == _AT_A_TIME:
                done, lot = done + await self._erased(lot), []
        return done + await self._erased(lot) + await self._finished()

    async def _finished(self) -> int:
        async with self.transactions() as work:
            overdue = await work.erasures.unfinished(work.now - FORGOTTEN, _AT_A_TIME)
        for erasure in overdue:
            await self.erase(erasure.id)
        return len(overdue)

    async def _erased(self, tombstones: Sequence[Tombstone]) -> int:
        by_id = {one.student_id: one for one in tombstones}
        async with self.transactions() as work:
            back = await work.erasures.whole(list(by_id))
        for student_id in back:
            await self.erase(await self._begun(by_id[student_id]))
        return len(back)

    async def _begun(self, tombstone: Tombstone) -> ErasureId:
        async with self.transactions() as work:
            await work.erasures.is_fenced(tombstone.student_id)  # from here on nobody publishes beside us
            for known in await work.erasures.of_student(tombstone.student_id):
                if known.state is State.ERASING:
                    return known.id
                if known.is_open:
                    known.cancel(work.now)
                    await work.erasures.save(known)
            erasure = Erasure(
                ErasureId(self.ids.new()),
                tombstone.student_id,
                tombstone.account_id,
                Because.RESTORED,
                None,
                asked_at=work.now,
                due_at=work.now,
            )
            await work.erasures.add(erasure)
            erasure.begin(work.now)
            await work.erasures.save(erasure)
            await end_live(work, erasure.account_id, Ended.ENDED)
        return erasure.id


async def begin_waiting(work: UnitOfWork, erasure: Erasure, ids: Ids, origin: Origin) -> None:
    """Keep a new erasure until its day, or until the end of a hold, and have its account's holder told."""
    held = await _kept_until(work, erasure.student_id)
    if held is not None:
        erasure.postpone(held)
    await work.erasures.add(erasure)
    await work.jobs.add(_job(erasure, ids, origin))
    work.record(erasure.asked(), erasure.version)


def _job(
    erasure: Erasure,
    ids: Ids,
    origin: Origin = NOBODY,
    name: str = ERASE,
    due_at: datetime | None = None,
) -> Job:
    due = due_at or erasure.due_at
    arguments, key = {"erasure": str(erasure.id)}, f"{name} {erasure.id} {due.isoformat()}"
    return Job(JobId(ids.new()), name, due, arguments=arguments, key=key, priority=Priority.HIGH, origin=origin)


async def _kept_until(work: UnitOfWork, student_id: StudentId) -> datetime | None:
    """Return until when the record has to be kept, as far as that is known; None where nothing stands against erasing.

    While a bank decides on a payment of hers nobody knows for how long: it is looked at again each day (GDPR, article
    17(3)(e)).
    """
    held = held_until(await work.holds.of_student(student_id), work.now)
    if not await work.orders.is_disputed(student_id):
        return held
    again = work.now + A_LOOK_LATER
    return again if held is None else max(held, again)


async def _alone_with(work: UnitOfWork, erasure_id: ErasureId) -> Erasure:
    """Return the erasure as it is while nobody else carries it out, nor publishes anything about the student, until the
    unit ends; raise NotFound where there is none."""
    erasure = await work.erasures.get(erasure_id)
    await work.erasures.is_fenced(erasure.student_id)
    return await work.erasures.get(erasure_id)  # as whoever was first has left it


async def _came_back(work: UnitOfWork, erasure: Erasure) -> bool:
    used_at = await work.sessions.last_use_of(erasure.account_id)
    return used_at is not None and used_at >= erasure.asked_at


async def _address_of(work: UnitOfWork, student_id: StudentId) -> str | None:
    try:
        student = await work.students.get(student_id)
        account = await work.accounts.get(student.account_id)
    except NotFound:
        return None
    return None if is_shell(account.email) else account.email


async def _numbers_of(work: UnitOfWork, student_id: StudentId) -> Sequence[tuple[Channel, str]]:
    """Return the numbers that still stand in the rows, each with the channel that it is for."""
    try:
        account_id = (await work.students.get(student_id)).account_id
    except NotFound:
        return ()
    ways = (await work.ways.of([account_id])).get(account_id, ())
    return [(way.channel, way.address) for way in ways if way.channel is not Channel.EMAIL and way.address]

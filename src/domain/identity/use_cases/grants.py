"""Letting others help: offered, accepted, taken, used, ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ....ports.ids import Ids
from ....ports.transactions import Transactions, UnitOfWork
from ...shared.dataclass import dataclass
from ...shared.errors import Invalid, NotFound, Reason, RuleBroken
from ...shared.ids import GrantId, StudentId
from ..account import Account, Asker, Role, normal_email
from ..grant import MOST_AT_ONCE, Grant, check_grant
from ..policies import admitted, counts_for, demand_in_person, demand_role
from ..scopes import Doing, Kind, Scope


@dataclass(frozen=True)
class OfferGrant:
    """Offer somebody a part in one's own record."""

    transactions: Transactions
    ids: Ids

    async def __call__(
        self,
        asker: Asker,
        student_id: StudentId,
        email: str,
        scopes: frozenset[Scope],
        until: datetime,
        note: str = "",
    ) -> Grant:
        """Return the offer, which is mailed; whether the address has an account plays no part.

        Raises Forbidden for whoever asks by a key, NotFound for somebody else's record, Invalid for a malformed address
        or what ``check_grant`` refuses, RuleBroken for one's own address or MOST_AT_ONCE grants.
        """
        demand_in_person(asker)
        admitted(asker, student_id, Doing.GIVE_GRANTS)
        address = normal_email(email)
        async with self.transactions(asker.origin) as work:
            check_grant(scopes, until, note, work.now, Kind.GIVEN)
            if address == (await work.accounts.get(asker.account_id)).email:
                raise RuleBroken(Reason("grant.to_oneself", {}, "email"))
            grant = Grant(
                id=GrantId(self.ids.new()),
                student_id=student_id,
                owner=asker.account_id,
                kind=Kind.GIVEN,
                email=address,
                scopes=scopes,
                given_at=work.now,
                until=until,
                reason=note.strip(),
            )
            await _add(work, grant)
            work.record(grant.offered(), grant.version)
        return grant


@dataclass(frozen=True)
class TakeAccess:
    """Take a part in a student's record without being asked to: for a while, with a reason, and before her eyes."""

    transactions: Transactions
    ids: Ids

    async def __call__(
        self, asker: Asker, student_id: StudentId, scopes: frozenset[Scope], lasting: timedelta, reason: str
    ) -> Grant:
        """Return the grant, which counts at once; the student is told by mail.

        Raises Forbidden to all but administrators, and by a key; NotFound where there is no such student, Invalid for
        what ``check_grant`` refuses, RuleBroken for one's own record or MOST_AT_ONCE grants.
        """
        demand_in_person(asker)
        demand_role(asker, Role.ADMIN)
        if asker.student_id == student_id:
            raise RuleBroken(Reason("grant.to_oneself", {}, "student_id"))
        async with self.transactions(asker.origin) as work:
            student = await work.students.get(student_id)
            check_grant(scopes, work.now + lasting, reason, work.now, Kind.TAKEN)
            taker = await work.accounts.get(asker.account_id)
            grant = Grant(
                id=GrantId(self.ids.new()),
                student_id=student_id,
                owner=student.account_id,
                kind=Kind.TAKEN,
                email=taker.email,
                scopes=scopes,
                given_at=work.now,
                until=work.now + lasting,
                reason=reason.strip(),
                account_id=taker.id,
                accepted_at=work.now,
            )
            await _add(work, grant)
            work.act_for(grant.owner)
            work.record(grant.taken(), grant.version, grant.reason)
        return grant


@dataclass(frozen=True)
class AcceptGrant:
    """Accept what was offered to the address of one's account."""

    transactions: Transactions

    async def __call__(self, asker: Asker, grant_id: GrantId) -> Grant:
        """Return the grant, which counts from now on; raises what ``Grant.accept`` raises, and Forbidden by a key."""
        demand_in_person(asker)
        async with self.transactions(asker.origin) as work:
            grant = await work.grants.get(grant_id)
            event = grant.accept(await work.accounts.get(asker.account_id), work.now)
            await work.grants.save(grant)
            work.act_for(grant.owner)
            work.record(event, grant.version)
        return grant


@dataclass(frozen=True)
class EndGrant:
    """End a grant: the student what she gave or what was taken, the other side what it holds or was offered."""

    transactions: Transactions

    async def __call__(self, asker: Asker, grant_id: GrantId) -> None:
        """Return once it is over, as it may have been before; raise NotFound to everybody else."""
        async with self.transactions(asker.origin) as work:
            grant = await work.grants.get(grant_id)
            if not await _concerns(work, asker, grant):
                raise NotFound
            event = grant.end(asker.account_id, work.now)
            if event is not None:
                await work.grants.save(grant)
                if grant.owner != asker.account_id:
                    work.act_for(grant.owner)
                work.record(event, grant.version)


@dataclass(frozen=True)
class ListGrants:
    """Show who has, had or was offered a part in one's own record."""

    transactions: Transactions

    async def __call__(self, asker: Asker, student_id: StudentId) -> Sequence[Grant]:
        """Return the grants, the newest first; raise NotFound for somebody else's record."""
        admitted(asker, student_id, Doing.SEE_GRANTS)
        async with self.transactions(asker.origin) as work:
            return await work.grants.of_student(student_id)


@dataclass(frozen=True, slots=True)
class Received:
    """A grant on somebody else's record, with the name by which that student goes."""

    grant: Grant
    student_name: str


@dataclass(frozen=True)
class ListReceived:
    """Show in whose records one has a part, or was offered one."""

    transactions: Transactions

    async def __call__(self, asker: Asker) -> Sequence[Received]:
        """Return what is live, and what is offered to one's address once it is confirmed; the newest first."""
        async with self.transactions(asker.origin) as work:
            account = await work.accounts.get(asker.account_id)
            held = await work.grants.live_of(account.id, work.now)
            grants = [one for one in held if counts_for(asker, one.kind)]
            if account.email_confirmed_at is not None:
                grants += await work.grants.offered_to(account.email, work.now)
            names = await work.students.names({one.student_id for one in grants})
        found = [Received(one, names.get(one.student_id, "")) for one in grants]
        return sorted(found, key=lambda one: (one.grant.given_at, one.grant.id), reverse=True)


async def _add(work: UnitOfWork, grant: Grant) -> None:
    at_once = [one for one in await work.grants.of_student(grant.student_id) if one.is_open(work.now)]
    if len(at_once) >= MOST_AT_ONCE:
        raise RuleBroken(Reason("grant.too_many", {"at_most": MOST_AT_ONCE}))
    await work.grants.add(grant)


async def _concerns(work: UnitOfWork, asker: Asker, grant: Grant) -> bool:
    if asker.account_id in (grant.owner, grant.account_id):
        return True
    return grant.account_id is None and _is_offered_to(await work.accounts.get(asker.account_id), grant)


def _is_offered_to(account: Account, grant: Grant) -> bool:
    return account.email == grant.email and account.email_confirmed_at is not None


def scopes_named(given: Sequence[str]) -> frozenset[Scope]:
    """Return the scopes; raise Invalid naming each that there is not."""
    known = {scope.value for scope in Scope}
    wrong = [
        Reason("grant.unknown_scope", {"given": one[:40], "known": ", ".join(sorted(known))}, f"scopes[{at}]")
        for at, one in enumerate(given)
        if one not in known
    ]
    if wrong:
        raise Invalid(*wrong)
    return frozenset(map(Scope, given))

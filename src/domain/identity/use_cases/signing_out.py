"""Signing somebody else out: an administrator ends every sign-in of an account, or of all, for a stated reason."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from ....ports.ids import Ids
from ....ports.jobs import Job, Priority
from ....ports.transactions import Transactions
from ....ports.vault import Report
from ...audit.deed import Deed
from ...audit.entry import LONGEST_REASON
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, Invalid, NotFound, Reason, refuse_if_any
from ...shared.events import Origin
from ...shared.ids import AccountId, JobId
from ...shared.texts import text_problems
from ..account import Asker, Role
from ..events import AccountSignedOut
from ..policies import demand_in_person, demand_role
from ..session import Because
from .keys import revoke
from .sessions import end_live

SIGN_OUT_ALL = "sign_out_all"
"""The name of the job that ends the sessions of all accounts."""
_AT_A_TIME = 200
_TRIES = 10  # each session that is just being refreshed stands against it, and whoever stole one may try to


@dataclass(frozen=True, slots=True)
class SignedOut:
    """How many live sessions and keys were ended."""

    sessions: int
    keys: int


@dataclass(frozen=True)
class SignOutAccount:
    """End every session of an account, and its API keys where that is wanted."""

    transactions: Transactions

    async def __call__(self, asker: Asker, account_id: AccountId, reason: str, *, keys: bool = False) -> SignedOut:
        """Return how much was ended; the account stays, and its holder may sign in again at once.

        Without ``keys`` programs of hers go on: a key is no session. That it was done is noted with the reason in any
        case; a mail tells her where something was ended.

        Raises Forbidden to all but administrators who have signed in, Invalid without a reason, NotFound where there is
        no such account.
        """
        _demand_admin(asker, reason)
        return await self.by(asker.origin, account_id, reason.strip(), keys=keys)

    async def by(self, origin: Origin, account_id: AccountId, reason: str = "", *, keys: bool = False) -> SignedOut:
        """Return the same for whoever was found to be allowed to; raise NotFound where there is no such account."""
        for _ in range(_TRIES - 1):
            with suppress(Conflict):
                return await self._signed_out(origin, account_id, reason, with_keys=keys)
        return await self._signed_out(origin, account_id, reason, with_keys=keys)

    async def _signed_out(self, origin: Origin, account_id: AccountId, reason: str, *, with_keys: bool) -> SignedOut:
        async with self.transactions(origin) as work:
            account = await work.accounts.get(account_id)
            ended = await end_live(work, account.id, Because.BY_ADMINISTRATOR)
            live = [key for key in await work.keys.of(account.id) if with_keys and key.is_live(work.now)]
            for key in live:
                await revoke(work, key)
            done = SignedOut(ended, len(live))
            work.note(
                Deed(
                    "account.sign_out_ordered",
                    "account",
                    account.id,
                    student_id=account.student_id,
                    reason=reason,
                    details={"sessions": str(done.sessions), "keys": str(done.keys)},
                )
            )
            if done.sessions or done.keys:
                work.record(AccountSignedOut(account.id, done.sessions, done.keys), account.version)
        return done


@dataclass(frozen=True)
class OrderSignOutOfAll:
    """Have every session of every account ended, after a leak that may concern all of them."""

    transactions: Transactions
    ids: Ids

    async def __call__(self, asker: Asker, reason: str) -> JobId:
        """Return the job that does it; the reason stands in the audit trail. Keys go on.

        Raises Forbidden to all but administrators who have signed in, Invalid without a reason, Conflict while one is
        under way.
        """
        _demand_admin(asker, reason)
        async with self.transactions(asker.origin) as work:
            job = Job(
                JobId(self.ids.new()),
                SIGN_OUT_ALL,
                work.now,
                arguments={"before": work.now.isoformat()},
                alone=SIGN_OUT_ALL,
                priority=Priority.HIGH,
                origin=asker.origin,
            )
            if not await work.jobs.add(job):
                raise Conflict(Reason("job.another_is_open"))
            work.note(Deed("session.sign_out_of_all_ordered", "job", job.id, reason=reason.strip()))
        return job.id


@dataclass(frozen=True)
class SignOutAll:
    """End every session that was begun up to a moment, account by account."""

    transactions: Transactions
    sign_out: SignOutAccount

    async def __call__(self, before: datetime, origin: Origin, report: Report) -> int:
        """Return how many accounts were signed out; may be repeated or cut short at any point."""
        done = 0
        while True:
            async with self.transactions() as work:
                accounts = await work.sessions.whose_are_live(before, work.now, _AT_A_TIME)
            was = done
            for account_id in accounts:
                with suppress(NotFound):  # erased at this moment, with her sessions
                    done += (await self.sign_out.by(origin, account_id)).sessions > 0
            await report(done)
            if done == was:
                return done


def _demand_admin(asker: Asker, reason: str) -> None:
    demand_in_person(asker)
    demand_role(asker, Role.ADMIN)
    problems = [*text_problems(reason, "reason", at_most=LONGEST_REASON)]
    if not reason.strip():
        problems.append(Reason("account.reason_needed", {}, "reason"))
    refuse_if_any(problems, Invalid)

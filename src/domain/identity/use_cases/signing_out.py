"""Signing somebody else out: an administrator ends every sign-in of an account, for a stated reason."""

from __future__ import annotations

from contextlib import suppress

from ....ports.transactions import Transactions
from ...audit.deed import Deed
from ...audit.entry import LONGEST_REASON
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, Invalid, Reason, refuse_if_any
from ...shared.ids import AccountId
from ...shared.texts import text_problems
from ..account import Asker, Role
from ..events import AccountSignedOut
from ..policies import demand_in_person, demand_role
from ..session import Because
from .keys import revoke
from .sessions import end_live

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
        demand_in_person(asker)
        demand_role(asker, Role.ADMIN)
        _demand_reason(reason)
        for _ in range(_TRIES - 1):
            with suppress(Conflict):
                return await self._signed_out(asker, account_id, reason.strip(), with_keys=keys)
        return await self._signed_out(asker, account_id, reason.strip(), with_keys=keys)

    async def _signed_out(self, asker: Asker, account_id: AccountId, reason: str, *, with_keys: bool) -> SignedOut:
        async with self.transactions(asker.origin) as work:
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


def _demand_reason(reason: str) -> None:
    problems = [*text_problems(reason, "reason", at_most=LONGEST_REASON)]
    if not reason.strip():
        problems.append(Reason("account.reason_needed", {}, "reason"))
    refuse_if_any(problems, Invalid)

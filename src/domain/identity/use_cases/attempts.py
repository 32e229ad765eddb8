"""Attempts at showing who one is: counted before they are looked at, and noted where they fail."""

from __future__ import annotations

from ....ports.passwords import Passwords
from ....ports.transactions import Transactions, UnitOfWork
from ...audit.deed import Deed
from ...shared.dataclass import dataclass
from ...shared.errors import Reason, RuleBroken
from ..account import Account, Asker
from ..password import LONGEST_PASSWORD, normal_password
from ..throttle import Pace, proof_key


async def claim(work: UnitOfWork, key: str, pace: Pace) -> None:
    """Count an attempt as failed until it succeeds; raise SlowedDown where it comes too early."""
    throttle = await work.throttles.held(key)
    throttle.claim(work.now, pace)
    await work.throttles.save(throttle)


@dataclass(frozen=True)
class PasswordDemand:
    """Demands the password of the account that asks, with waits for whoever guesses at it out of a session."""

    transactions: Transactions
    passwords: Passwords
    pace: Pace

    async def __call__(
        self, asker: Asker, account: Account, typed: str, where: str, refused: str = "account.proof_refused"
    ) -> None:
        """Return where it is the password; raise RuleBroken otherwise, SlowedDown where too much has failed.

        ``where`` is the field that it was given in, ``refused`` what the audit trail calls a wrong one.
        """
        key = proof_key(asker.session_id, account.id)
        async with self.transactions(asker.origin) as work:
            await claim(work, key, self.pace)
        fits = await self.passwords.matches(normal_password(typed[: LONGEST_PASSWORD + 1]), account.password_hash)
        async with self.transactions(asker.origin) as work:
            if fits:
                await work.throttles.remove(key)
            else:
                work.note(refusal(refused, account))
        if not fits:
            raise RuleBroken(Reason("password.not_the_current", {}, where))


def refusal(action: str, account: Account | None) -> Deed:
    """Return what the audit trail says of somebody who was not let in; of nobody's account, no more than that."""
    if account is None:
        return Deed(action, "account")
    return Deed(action, "account", account.id, student_id=account.student_id)

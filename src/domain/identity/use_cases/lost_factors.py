"""The way back for somebody who has lost her second factors and the recovery codes too."""

from __future__ import annotations

from collections.abc import Iterator

from ....ports.transactions import Transactions
from ...audit.deed import Deed
from ...shared.dataclass import dataclass
from ...shared.errors import Invalid, NotFound, Reason, RuleBroken, refuse_if_any
from ...shared.texts import text_problems
from ..account import Asker, Role, normal_email
from ..events import FactorsChanged
from ..password import SHORTEST_ALONE
from ..policies import demand_role
from ..session import Because
from ..ticket import TicketLasting
from .proving import demand_proof
from .sessions import confirmed_factors, end_live

LONGEST_REASON = 1000


@dataclass(frozen=True)
class RemoveLostFactors:
    """Remove all second factors of an account whose holder has lost them; an administrator does, and states why."""

    transactions: Transactions
    lasting: TicketLasting

    async def __call__(self, asker: Asker, email: str, reason: str) -> None:
        """Remove them with the recovery codes, and end all sessions; a mail tells the holder at once.

        The reason stands in the audit trail, and in the activity of the holder's record. Nobody does this for herself:
        whoever has stolen a session is not to get rid of the factor. Raises Forbidden to all but administrators,
        Invalid for what is no address and without a reason, ProofNeeded unless the asker has just shown who she is,
        NotFound where no account has the address, RuleBroken where it has no factor, or a password too short to stand
        alone.
        """
        demand_role(asker, Role.ADMIN)
        refuse_if_any(_problems(reason), Invalid)
        address = normal_email(email)
        async with self.transactions(asker.origin) as work:
            await demand_proof(work, asker, self.lasting)
            account = await work.accounts.find_by_email(address)
            if account is None:
                raise NotFound
            if account.id == asker.account_id:
                raise RuleBroken(Reason("factor.by_another", {}, "email"))
            if not await confirmed_factors(work, account.id):
                raise RuleBroken(Reason("factor.none_to_remove", {}, "email"))
            if account.has_short_password:
                raise RuleBroken(Reason("factor.holders_password_too_short", {"at_least": SHORTEST_ALONE}, "email"))
            for factor in await work.factors.of_account(account.id):
                await work.factors.remove(factor.id)
            await work.factors.remove_recovery_codes(account.id)
            # Whoever shortens the password at the same moment meets this one.
            await work.accounts.save(account)
            work.act_for(account.id)
            work.record(FactorsChanged(account.id, "lost"), account.version)
            work.note(
                Deed(
                    "account.factors_removed",
                    "account",
                    account.id,
                    student_id=account.student_id,
                    on_behalf_of=account.id,
                    reason=reason,
                )
            )
            await end_live(work, account.id, Because.ENDED)


def _problems(reason: str) -> Iterator[Reason]:
    if not reason.strip():
        yield Reason("factor.reason_needed", {}, "reason")
    yield from text_problems(reason, "reason", at_most=LONGEST_REASON)

"""What goes when the holder of an address takes the account over that somebody had opened with it before she came."""

from __future__ import annotations

from ....ports.transactions import UnitOfWork
from ..account import Account
from ..events import FactorsChanged
from .keys import revoke
from .linking import unlink
from .sessions import confirmed_factors


async def throw_out(work: UnitOfWork, account: Account) -> None:
    """Take away every way in that was there before, and what lets others at the record.

    The account was fetched before, and its sessions are ended already: whoever adds a factor, a key or an identity at
    the same moment has to keep its own session or the account, and is told Conflict.
    """
    await unlink(work, account, await work.linked_identities.of_account(account.id))
    for factor in await confirmed_factors(work, account.id):
        work.record(FactorsChanged(account.id, "removed", factor.kind.value), account.version)
    for begun in await work.factors.of_account(account.id):
        await work.factors.remove(begun.id)
    await work.factors.remove_recovery_codes(account.id)
    for key in await work.keys.of(account.id):
        await revoke(work, key)
    if account.student_id is not None:
        for grant in await work.grants.of_student(account.student_id):
            event = grant.end(account.id, work.now)
            if event is not None:
                await work.grants.save(grant)
                work.record(event, grant.version)

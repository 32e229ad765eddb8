"""Accounts for programs of other teams, which have keys and nothing else: making, listing and closing them."""

from __future__ import annotations

from collections.abc import Sequence

from ....ports.ids import Ids
from ....ports.transactions import Transactions
from ...shared.dataclass import dataclass
from ...shared.errors import Invalid, NotFound, Reason
from ...shared.ids import AccountId
from ...shared.texts import text_problems
from ..account import Account, Asker, Role
from ..key import LONGEST_NAME
from ..policies import demand_in_person, demand_role
from .keys import revoke


@dataclass(frozen=True)
class MakeServiceAccount:
    """Make an account for a program; an administrator does."""

    transactions: Transactions
    ids: Ids

    async def __call__(self, asker: Asker, name: str) -> Account:
        """Return the account; raise Forbidden for anybody but an administrator, Invalid for a name that is none."""
        _demand_admin(asker)
        reasons = [*text_problems(name, "name", at_most=LONGEST_NAME)]
        if not name.strip():
            reasons.append(Reason("data.missing", {}, "name"))
        if reasons:
            raise Invalid(*reasons)
        async with self.transactions(asker.origin) as work:
            account = Account.for_service(AccountId(self.ids.new()), name.strip(), work.now)
            await work.accounts.add(account)
            work.record(account.made_for_service(), account.version)
        return account


@dataclass(frozen=True)
class ListServiceAccounts:
    """Show the accounts of programs to an administrator."""

    transactions: Transactions

    async def __call__(self, asker: Asker) -> Sequence[Account]:
        """Return all of them, closed ones too, the newest first; raise Forbidden for anybody else."""
        _demand_admin(asker)
        async with self.transactions(asker.origin) as work:
            return await work.accounts.services()


@dataclass(frozen=True)
class CloseServiceAccount:
    """Close an account of a program for good; an administrator does."""

    transactions: Transactions

    async def __call__(self, asker: Asker, account_id: AccountId) -> None:
        """Close it and revoke its keys; one that was closed stays so.

        Raises Forbidden for anybody but an administrator, NotFound for what is no program's account.
        """
        _demand_admin(asker)
        async with self.transactions(asker.origin) as work:
            account = await work.accounts.get(account_id)
            if not account.is_service:
                raise NotFound
            event = account.close(work.now)
            if event is None:
                return
            await work.accounts.save(account)
            work.record(event, account.version)
            for key in await work.keys.of(account.id):
                await revoke(work, key)


def _demand_admin(asker: Asker) -> None:
    demand_in_person(asker)
    demand_role(asker, Role.ADMIN)

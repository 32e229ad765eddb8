"""Which identities at providers sign in to an account: seen, added and taken away by its holder."""

from __future__ import annotations

from collections.abc import Sequence

from ....ports.ids import Ids
from ....ports.transactions import Transactions, UnitOfWork
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound, Reason, RuleBroken
from ...shared.ids import LinkedIdentityId
from ..account import Account, Asker
from ..linked_identity import MOST_OF_AN_ACCOUNT, LinkedIdentity, is_last_way_in
from ..provider_sign_in import Way, digest_of, not_good
from ..ticket import TicketLasting
from .proving import demand_proof


@dataclass(frozen=True)
class ListIdentities:
    """Show which identities sign in to an account, to its holder."""

    transactions: Transactions

    async def __call__(self, asker: Asker) -> Sequence[LinkedIdentity]:
        """Return those of who asks, the oldest first."""
        async with self.transactions(asker.origin) as work:
            return await work.linked_identities.of_account(asker.account_id)


@dataclass(frozen=True)
class LinkIdentity:
    """Link the identity that a browser has just proved at a provider with the account that it is signed in to."""

    transactions: Transactions
    ids: Ids
    lasting: TicketLasting

    async def __call__(self, asker: Asker, secret: str) -> LinkedIdentity:
        """Return what is linked now; its holder is told by mail.

        It is a way in that outlives the session. Raises ProofNeeded unless the holder has just shown who she is,
        RuleBroken where nothing waits to be linked with this account, or it has as many as there may be;
        IdentityTaken where the identity signs in to an account already.
        """
        async with self.transactions(asker.origin) as work:
            try:
                way = await work.provider_sign_ins.find(digest_of(Way.of(secret).state))
            except NotFound:
                raise not_good() from None
            await demand_proof(work, asker, self.lasting)
            account = await work.accounts.get(asker.account_id)  # before the others are counted: see ``unlink``
            identity = way.link(account.id, work.now)
            if len(await work.linked_identities.of_account(asker.account_id)) >= MOST_OF_AN_ACCOUNT:
                raise RuleBroken(Reason("identity.too_many_linked", {"at_most": MOST_OF_AN_ACCOUNT}))
            await work.provider_sign_ins.save(way)
            linked = LinkedIdentity(
                LinkedIdentityId(self.ids.new()), asker.account_id, identity.issuer, identity.subject, work.now
            )
            await work.linked_identities.add(linked)
            await work.accounts.save(account)
            work.record(linked.linked(), account.version)
        return linked


@dataclass(frozen=True)
class UnlinkIdentity:
    """Let an identity sign in to an account no more."""

    transactions: Transactions
    lasting: TicketLasting

    async def __call__(self, asker: Asker, linked_id: LinkedIdentityId) -> None:
        """Take it away; its holder is told by mail.

        Raises ProofNeeded unless the holder has just shown who she is, NotFound for one that is not the asker's,
        RuleBroken for the last way into her account.
        """
        async with self.transactions(asker.origin) as work:
            await demand_proof(work, asker, self.lasting)
            account = await work.accounts.get(asker.account_id)
            linked = await work.linked_identities.of_account(account.id)
            if all(one.id != linked_id for one in linked):
                raise NotFound
            if is_last_way_in(account, len(linked)):
                raise RuleBroken(Reason("identity.last_way_in"))
            await unlink(work, account, [one for one in linked if one.id == linked_id])


async def unlink(work: UnitOfWork, account: Account, identities: Sequence[LinkedIdentity]) -> None:
    """Take these away from the account, which was fetched before its identities.

    It is saved with each, so that of two who take away at once, when both saw two ways in, one is told Conflict.
    """
    for one in identities:
        await work.linked_identities.remove(one)
        await work.accounts.save(account)
        work.record(one.unlinked(), account.version)

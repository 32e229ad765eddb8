"""API keys: making, listing and revoking them, and noting that they are used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from ....ports.ids import Ids
from ....ports.secrets import Secrets
from ....ports.transactions import Transactions, UnitOfWork
from ...audit.deed import Deed
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound, Reason, RuleBroken
from ...shared.events import Origin
from ...shared.ids import AccountId, KeyId
from ..account import Account, Asker
from ..key import MOST_AT_ONCE, USE_IS_NOTED_EACH, ApiKey, asked_for, digest_of_key, key_text
from ..policies import demand_say_over_keys
from ..ticket import TicketLasting
from .proving import demand_proof


@dataclass(frozen=True)
class MakeKey:
    """Make a key for one's own account, or as an administrator for a program's."""

    transactions: Transactions
    ids: Ids
    secrets: Secrets
    lasting: TicketLasting

    async def __call__(
        self,
        asker: Asker,
        account_id: AccountId,
        name: str,
        scopes: Iterable[str],
        *,
        networks: Iterable[str] = (),
        until: datetime | None = None,
    ) -> tuple[ApiKey, str]:
        """Return the key and its text, which nobody can be shown again.

        A key goes on when the session is over and the password is another, so who makes one has just shown who she is.
        Raises ProofNeeded otherwise; Forbidden for whoever asks by a key, and for another account unless an
        administrator asks; NotFound for another person's, Invalid for what cannot be understood, RuleBroken where there
        are too many.
        """
        async with self.transactions(asker.origin) as work:
            account = await _account(work, asker, account_id)
            session = await demand_proof(work, asker, self.lasting)
            asked = asked_for(name, scopes, networks, until, work.now)
            live = [one for one in await work.keys.of(account.id) if one.is_live(work.now)]
            if len(live) >= MOST_AT_ONCE:
                raise RuleBroken(Reason("key.too_many", {"at_most": MOST_AT_ONCE}))
            key_id = KeyId(self.ids.new())
            text = key_text(key_id, self.secrets.new())
            key = ApiKey(
                key_id,
                account.id,
                asked.name,
                digest_of_key(text),
                asked.scopes,
                made_at=work.now,
                made_by=asker.account_id,
                until=asked.until,
                networks=asked.networks,
                methods=session.methods,
            )
            await work.keys.add(key)
            # Whoever closes the account, or throws out what there is, at the same moment meets this one.
            await work.accounts.save(account)
            work.record(key.made(), key.version)
        return key, text


@dataclass(frozen=True)
class ListKeys:
    """Show the keys of one's own account, or as an administrator of a program's."""

    transactions: Transactions

    async def __call__(self, asker: Asker, account_id: AccountId) -> tuple[Sequence[ApiKey], datetime]:
        """Return all keys, the newest first, and the moment at which they are looked at; raise as ``MakeKey`` does."""
        async with self.transactions(asker.origin) as work:
            account = await _account(work, asker, account_id)
            return await work.keys.of(account.id), work.now


@dataclass(frozen=True)
class RevokeKey:
    """Let a key be good no more."""

    transactions: Transactions

    async def __call__(self, asker: Asker, account_id: AccountId, key_id: KeyId) -> None:
        """Revoke it; one that was revoked stays so. Raises NotFound for a key that is not of that account."""
        async with self.transactions(asker.origin) as work:
            account = await _account(work, asker, account_id)
            key = await work.keys.get(key_id)
            if key.account_id != account.id:
                raise NotFound
            await revoke(work, key)


@dataclass(frozen=True)
class NoteKeyUse:
    """Note when a key was used last, roughly; and who was refused with one that is known."""

    transactions: Transactions

    async def __call__(self, key_id: KeyId) -> None:
        """Note that it is used now, unless that was noted less than a minute ago."""
        async with self.transactions() as work:
            await work.keys.note_use(key_id, work.now, work.now - USE_IS_NOTED_EACH)

    async def refused(self, origin: Origin, because: str) -> None:
        """Note that the key of the origin was right and was not taken: from another address, or for too much."""
        async with self.transactions(origin) as work:
            work.note(Deed("key.refused", "key", origin.key_id, details={"because": because}))


async def revoke(work: UnitOfWork, key: ApiKey) -> None:
    """Revoke the key within the unit."""
    event = key.revoke(work.now)
    if event is not None:
        await work.keys.save(key)
        work.record(event, key.version)


async def _account(work: UnitOfWork, asker: Asker, account_id: AccountId) -> Account:
    """Return the account whose keys the asker may see and change: her own, or a program's that is not closed."""
    demand_say_over_keys(asker, account_id)
    account = await work.accounts.get(account_id)
    if (asker.account_id != account_id and not account.is_service) or account.closed_at is not None:
        raise NotFound
    return account

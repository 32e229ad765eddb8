"""Resetting a password that was forgotten, and confirming an address: by a code that goes out by mail."""

from __future__ import annotations

from contextlib import suppress

from ....ports.common_passwords import CommonPasswords
from ....ports.ids import Ids
from ....ports.passwords import Passwords
from ....ports.secrets import Secrets
from ....ports.transactions import Transactions, UnitOfWork
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound, Reason, RuleBroken
from ...shared.events import Origin
from ...shared.ids import AccountId, ConfirmationId
from ..account import Account, Asker, normal_email
from ..confirmation import MOST_AN_HOUR, Confirmation, Purpose, are_enough, digest_of, not_good
from ..events import CodeAsked
from ..password import SHORTEST_ALONE, check_password, normal_password
from ..session import Because
from ..throttle import password_key_of_strangers
from .accounts import demands_of, use_up
from .newcomers import throw_out
from .sessions import end_live

_DRAWN = 4
"""So often another code is drawn where one is taken."""


@dataclass(frozen=True)
class AskForReset:
    """Ask for a mail by which a forgotten password can be replaced."""

    transactions: Transactions
    ids: Ids

    async def __call__(self, email: str, request_id: str = "", address: str = "") -> None:
        """Let the mail be sent where the address has an account.

        Nobody gets more than a few an hour, so that no stranger fills a mailbox. Whether there is an account shows
        neither in the answer nor in what it takes: an event is written in any case, and for nobody's address, as for a
        mail too many, it is one of an account that does not exist. Raises Invalid for what is no address.
        """
        asked_for, nobody = normal_email(email), AccountId(self.ids.new())
        async with self.transactions(Origin(request_id=request_id, address=address)) as work:
            account = await work.accounts.find_by_email(asked_for)
            made = await work.confirmations.open_of(account.id if account else nobody, Purpose.RESET_PASSWORD, work.now)
            if account is None or are_enough(made, work.now):
                work.record(CodeAsked(nobody, Purpose.RESET_PASSWORD.value), 1)
            else:
                work.record(CodeAsked(account.id, Purpose.RESET_PASSWORD.value), account.version)


@dataclass(frozen=True)
class AskToConfirm:
    """Ask once more for the mail by which an address is confirmed."""

    transactions: Transactions

    async def __call__(self, asker: Asker) -> None:
        """Let the mail be sent, unless the address is confirmed already; raise RuleBroken for one mail too many."""
        async with self.transactions(asker.origin) as work:
            account = await work.accounts.get(asker.account_id)
            if account.email_confirmed_at is not None:
                return
            if are_enough(await work.confirmations.open_of(account.id, Purpose.CONFIRM_EMAIL, work.now), work.now):
                raise RuleBroken(Reason("confirmation.sent_often_enough", {"at_most": MOST_AN_HOUR}))
            work.record(CodeAsked(account.id, Purpose.CONFIRM_EMAIL.value), account.version)


@dataclass(frozen=True)
class MakeCode:
    """Make the code that a mail is to carry."""

    transactions: Transactions
    ids: Ids
    secrets: Secrets

    async def __call__(self, account_id: AccountId, purpose: Purpose, bound_to: str = "") -> str:
        """Return a new code; older ones for the same stay good, for their mails may come later. One that is bound to a
        text, such as the number to which it goes, is good together with that alone."""
        for _ in range(_DRAWN):
            with suppress(Conflict):  # short codes come again
                return await self._made(account_id, purpose, bound_to)
        return await self._made(account_id, purpose, bound_to)

    async def _made(self, account_id: AccountId, purpose: Purpose, bound_to: str) -> str:
        code = purpose.code_of(self.secrets.new())
        async with self.transactions() as work:
            made = Confirmation.of(ConfirmationId(self.ids.new()), account_id, purpose, f"{code}{bound_to}", work.now)
            await work.confirmations.add(made)
        return code


@dataclass(frozen=True)
class ResetPassword:
    """Put a new password in the place of a forgotten one."""

    transactions: Transactions
    passwords: Passwords
    common: CommonPasswords

    async def __call__(self, code: str, password: str, request_id: str = "", address: str = "") -> Account:
        """Return the account with it, all sessions ended and the address confirmed, for the code came there.

        What strangers have failed to guess is forgotten: whoever reads the mail is not to wait for them. Where it was
        not known before whose the address is, factors, keys, linked identities and grants may be another's, who opened
        the account before its holder came: they go. Raises RuleBroken for a code that is not good and for a weak
        password, which leaves the code good; Conflict where another request was first.
        """
        async with self.transactions() as work:
            account = await _found(work, code, Purpose.RESET_PASSWORD)
            shortest, name = await _demands_of(work, account)
        typed = normal_password(password)
        check_password(typed, self.common.has, email=account.email, name=name, shortest=shortest)
        hashed = await self.passwords.hash(typed)
        async with self.transactions(Origin(actor=account.id, request_id=request_id, address=address)) as work:
            account = await _found(work, code, Purpose.RESET_PASSWORD)
            if await _demands_of(work, account) != (shortest, name):
                raise Conflict
            event = account.change_password(hashed, is_short=len(typed) < SHORTEST_ALONE)
            is_new_holder = account.confirm_email(work.now) is not None
            await work.accounts.save(account)
            await use_up(work, account.id, Purpose.RESET_PASSWORD)
            work.record(event, account.version)
            await end_live(work, account.id, Because.PASSWORD_CHANGED)
            if is_new_holder:
                await throw_out(work, account)
            await work.throttles.remove(password_key_of_strangers(account.email))
        return account


@dataclass(frozen=True)
class ConfirmEmail:
    """Confirm that the mail of an address is read by who has the account."""

    transactions: Transactions

    async def __call__(self, asker: Asker, code: str) -> None:
        """Note when it was confirmed; raise RuleBroken for a code that is not good.

        Only whoever is signed in to the account confirms its address. Anybody may open one with the address of
        somebody else: she gets the mail, and following its link is not to make that account hers and theirs.
        """
        async with self.transactions(asker.origin) as work:
            account = await _found(work, code, Purpose.CONFIRM_EMAIL)
            if account.id != asker.account_id:
                raise not_good()
            event = account.confirm_email(work.now)
            await use_up(work, account.id, Purpose.CONFIRM_EMAIL)
            if event is not None:
                await work.accounts.save(account)
                work.record(event, account.version)


async def _found(work: UnitOfWork, code: str, purpose: Purpose) -> Account:
    """Return whose good code it is."""
    try:
        confirmation = await work.confirmations.find(digest_of(code))
        confirmation.demand_good(purpose, work.now)
        return await work.accounts.get(confirmation.account_id)
    except NotFound:
        raise not_good() from None


async def _demands_of(work: UnitOfWork, account: Account) -> tuple[int, str]:
    """Return how long the new password has to be, and the holder's name: the factors of whoever came before go."""
    shortest, name = await demands_of(work, account)
    return shortest if account.email_confirmed_at is not None else SHORTEST_ALONE, name

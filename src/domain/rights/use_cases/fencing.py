"""Mail that reaches nobody who was erased, however late whoever wrote it is."""

from __future__ import annotations

from contextlib import suppress

from ....ports.errors import RolledBack, Unavailable
from ....ports.mailbox import Mail, Mailbox
from ....ports.transactions import Transactions
from ...shared.dataclass import dataclass


@dataclass(frozen=True)
class FencedMailbox:
    """Hands mail over for addresses that an account has, and for no others.

    Whoever wrote to an address may have read it before its account was erased. So it is looked up once more before the
    mail is handed over, and after it: what was handed over meanwhile is taken back as far as that can be.
    """

    transactions: Transactions
    mailbox: Mailbox

    async def send(self, mail: Mail) -> str:
        """Hand the mail over and return the service's id of it, or nothing and blank where no account has the address
        any more; raise Unavailable when nobody answers, Refused where the service refuses it for good."""
        if not await self._is_known(mail.to):
            return ""
        provider_id = await self.mailbox.send(mail)
        with suppress(Unavailable, RolledBack):  # it was handed over: who asks again would hand it over twice
            if not await self._is_known(mail.to):
                await self.mailbox.forget(mail.to)
        return provider_id

    async def forget(self, address: str) -> None:
        """Remove what still lies there for the address."""
        await self.mailbox.forget(address)

    async def _is_known(self, address: str) -> bool:
        async with self.transactions() as work:
            account = await work.accounts.find_by_email(address)
            if account is None or account.student_id is None:
                return account is not None
            return not await work.erasures.is_fenced(account.student_id)

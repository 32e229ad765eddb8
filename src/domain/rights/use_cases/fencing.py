"""Mail and short messages that reach nobody who was erased, however late whoever wrote them is."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from ....ports.errors import RolledBack, Unavailable
from ....ports.mailbox import Mail, Mailbox
from ....ports.text_messages import Text, TextMessages
from ....ports.transactions import Transactions
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import DeliveryId

_ID = len(str(UUID(int=0)))


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


@dataclass(frozen=True)
class FencedTexts:
    """Hands short messages over for people who are not erased.

    The number was read before; so whose it is is looked up once more before the message is handed over, and after it:
    what was handed over meanwhile is taken back as far as that can be. Of a number nothing is left then by which it
    could be found: the delivery is, by which the message is known.
    """

    transactions: Transactions
    texts: TextMessages

    async def send(self, text: Text) -> str:
        """Hand the message over and return the service's id of it, or nothing and blank where its recipient is erased;
        raise Unavailable when nobody answers, Refused where the service refuses it for good."""
        if not await self._is_known(text.id):
            return ""
        provider_id = await self.texts.send(text)
        with suppress(Unavailable, RolledBack):  # it was handed over: who asks again would hand it over twice
            if not await self._is_known(text.id):
                await self.texts.forget(text.to)
        return provider_id

    async def forget(self, number: str) -> None:
        """Remove what still lies there for the number."""
        await self.texts.forget(number)

    async def _is_known(self, text_id: str) -> bool:
        async with self.transactions() as work:
            try:
                delivery = await work.outgoing.delivery(DeliveryId(UUID(text_id[-_ID:])))
                account_id = (await work.outgoing.get(delivery.message_id)).recipient.account_id
                account = None if account_id is None else await work.accounts.get(account_id)
            except NotFound:
                return False
            if account is None or account.student_id is None:
                return account is not None
            return not await work.erasures.is_fenced(account.student_id)

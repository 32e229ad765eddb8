"""One mail for many messages."""

from __future__ import annotations

from collections.abc import Sequence

from ....ports.errors import Refused, Unavailable
from ....ports.letters import Letters
from ....ports.mailbox import Mailbox
from ....ports.transactions import Transactions, UnitOfWork
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import AccountId, DeliveryId
from ..channel import Channel
from ..delivery import Delivery, State
from ..kinds import DIGEST
from ..message import Message, Said
from ..pages import Pages
from .delivering import Pause, StillTrue, at_once, found, mail_of, noted
from .inbox import in_words
from .saying import Say, preferences_of


@dataclass(frozen=True)
class SendDigest:
    """Sends what was gathered for an account, as one mail; what is true no more is left out."""

    transactions: Transactions
    say: Say
    letters: Letters
    mailbox: Mailbox
    still_true: StillTrue
    pages: Pages
    pause: Pause = at_once

    async def __call__(self, account_id: AccountId, channel: Channel) -> None:
        """Hand the mail over; none where nothing is left to say. Where nobody takes it over, each of the messages goes
        its own way from then on."""
        begun = await self._begun(account_id, channel)
        if begun is None:
            return
        to, messages, deliveries = begun
        items = [self._line(message) for message in messages]
        params: dict[str, Said] = {"items": items, "preferences_link": self.pages.preferences or ""}
        letter = self.letters.write(DIGEST, messages[0].language, params)
        try:
            provider_id = await self.mailbox.send(mail_of(f"{DIGEST}-{deliveries[0].id}", to, letter, ""))
        except (Unavailable, Refused):
            await self._each_by_itself([one.id for one in deliveries])
            return

        async def note(work: UnitOfWork) -> None:
            for one in deliveries:
                delivery = await found(work, one.id)
                if delivery is not None and delivery.state is State.SENDING:
                    delivery.provider_id = provider_id
                    delivery.end(State.GATHERED, work.now)
                    await work.outgoing.save_delivery(delivery)

        await noted(self.transactions, note, self.pause)

    async def _begun(self, account_id: AccountId, channel: Channel) -> tuple[str, list[Message], list[Delivery]] | None:
        async with self.transactions() as work:
            try:
                account = await work.accounts.get(account_id)
            except NotFound:
                return None
            preferences = (await preferences_of(work, [account_id], self.say.secrets))[account_id]
            messages, deliveries = list[Message](), list[Delivery]()
            for delivery in await work.outgoing.gathered_for(account_id, channel, work.now):
                message = await work.outgoing.get(delivery.message_id)
                if not message.is_open or not await self.still_true(work, message):
                    message.withdraw(work.now)
                    delivery.end(State.WITHDRAWN, work.now)
                    await work.outgoing.save(message)
                elif not preferences.takes(message.rules, channel):
                    delivery.end(State.SILENCED, work.now)
                else:
                    delivery.begin(work.now)
                    messages.append(message)
                    deliveries.append(delivery)
                await work.outgoing.save_delivery(delivery)
            return (account.email, messages, deliveries) if messages else None

    def _line(self, message: Message) -> dict[str, str | int]:
        subject, short = in_words(self.letters, message)
        link = message.params.get("plan_link") or message.params.get("link") or ""
        return {"title": subject, "line": short, "link": str(link)}

    async def _each_by_itself(self, ids: Sequence[DeliveryId]) -> None:
        async with self.transactions() as work:
            for delivery_id in ids:
                delivery = await found(work, delivery_id)
                if delivery is None:
                    continue
                delivery.put_back("digest", work.now)
                delivery.gathered, delivery.due_at = False, work.now
                await work.outgoing.save_delivery(delivery)
                await self.say.again(work, await work.outgoing.get(delivery.message_id), delivery)

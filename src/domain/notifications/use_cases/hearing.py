"""What providers say afterwards of messages that they took over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from ....ports.delivery_reports import DeliveryReport, DeliveryReports, Heard
from ....ports.transactions import Transactions, UnitOfWork
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import DeliveryId
from ..channel import Channel
from ..delivery import Delivery, State
from ..way import Because
from .closing import close_way
from .delivering import go_on
from .saying import Say

_ID = len(str(UUID(int=0)))
_STATES: Mapping[Heard, State] = {
    Heard.DELIVERED: State.DELIVERED,
    Heard.BLOCKED: State.BLOCKED,
    Heard.FAILED: State.FAILED,
    Heard.BOUNCED: State.BOUNCED,
    Heard.COMPLAINED: State.COMPLAINED,
    Heard.UNSUBSCRIBED: State.FAILED,
}
_CLOSES: Mapping[Heard, Because] = {
    Heard.BOUNCED: Because.BOUNCED,
    Heard.COMPLAINED: Because.COMPLAINED,
    Heard.UNSUBSCRIBED: Because.UNSUBSCRIBED,
}


@dataclass(frozen=True)
class HearReports:
    """Takes in what a provider reports: forged reports never come here, and one that comes again changes nothing."""

    transactions: Transactions
    say: Say

    async def __call__(self, provider: str, channels: Sequence[Channel], reports: Sequence[DeliveryReport]) -> int:
        """Return how many reports were news; each is taken in by itself, in any order.

        Those on messages that are not known are noted and otherwise passed over. A channel on which an address is dead,
        or on which its holder wants nothing, is closed, and she is told so on the others; what was on its way there
        goes on by the next.
        """
        news = 0
        for report in reports:
            async with self.transactions() as work:
                if await work.outgoing.heard(provider, report.event_id):
                    news += await self._hear(work, channels, report)
        return news

    async def _hear(self, work: UnitOfWork, channels: Sequence[Channel], report: DeliveryReport) -> bool:
        delivery = await _known(work, channels, report)
        if delivery is None or report.heard not in _STATES:
            return False
        if not delivery.hear(_STATES[report.heard], work.now, report.detail):
            return False
        delivery.provider_id = delivery.provider_id or report.provider_id
        await work.outgoing.save_delivery(delivery)
        message = await work.outgoing.get(delivery.message_id)
        account_id = message.recipient.account_id
        if account_id is not None and report.heard in _CLOSES:
            await close_way(work, self.say, account_id, delivery.channel, _CLOSES[report.heard], message.language)
        if delivery.has_failed and delivery.state is not State.COMPLAINED:  # what is complained about had come
            await go_on(work, self.say, message, delivery)
        return True


@dataclass(frozen=True)
class TakeReports:
    """Takes in a request by which one provider reports on what went out on its channels."""

    hear: HearReports
    provider: str
    channels: Sequence[Channel]
    reader: DeliveryReports | None

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Return how many of its reports were news.

        Raises NotFound where nobody has set up that the provider reports, NotSigned for what it has not signed, Invalid
        for what is signed and cannot be understood.
        """
        if self.reader is None:
            raise NotFound
        return await self.hear(self.provider, self.channels, self.reader.read(url, headers, body))


async def _known(work: UnitOfWork, channels: Sequence[Channel], report: DeliveryReport) -> Delivery | None:
    """Return the delivery that the report is on: by our id where the provider gives it back, else by its own."""
    try:
        return await work.outgoing.delivery(DeliveryId(UUID(report.message_id[-_ID:])))
    except (ValueError, NotFound):
        for channel in channels:
            if found := await work.outgoing.delivery_taken_as(channel, report.provider_id):
                return found
        return None

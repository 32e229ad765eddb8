"""Looking after messages that failed: for administrators, who see why, and nothing of what they say."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ....ports.transactions import Transactions, UnitOfWork
from ...audit.deed import Deed
from ...identity.account import Asker, Role
from ...identity.policies import demand_role
from ...shared.dataclass import dataclass
from ...shared.errors import Reason, RuleBroken
from ...shared.ids import DeliveryId
from ..delivery import Delivery, State
from ..message import Message
from .saying import Say, channels_of, preferences_of

_ADDRESS_IS_DEAD = frozenset({State.BOUNCED, State.COMPLAINED})


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A delivery that failed, its message, and the one that has brought that on another way since, or still may."""

    delivery: Delivery
    message: Message
    instead: Delivery | None


@dataclass(frozen=True)
class ListUndelivered:
    """See what failed for good, why, and since when."""

    transactions: Transactions

    async def __call__(self, asker: Asker, limit: int, after: DeliveryId | None = None) -> Sequence[Undelivered]:
        """Return the newest first, from behind ``after`` on; raise Forbidden to all but administrators."""
        demand_role(asker, Role.ADMIN)
        async with self.transactions(asker.origin) as work:
            failed = await work.outgoing.undelivered(after, limit)
            whole = await work.outgoing.whole({one.message_id for one in failed})
        return [
            Undelivered(one, whole[one.message_id].message, _instead(whole[one.message_id].deliveries))
            for one in failed
            if one.message_id in whole
        ]


@dataclass(frozen=True)
class TryDeliveryAgain:
    """Let a message that failed go out once more on the way on which it did, as after a provider's mistake."""

    transactions: Transactions
    say: Say

    async def __call__(self, asker: Asker, delivery_id: DeliveryId) -> Undelivered:
        """Return the delivery that failed, with the one that is under way now; whoever sleeps is let sleep.

        Raises Forbidden to all but administrators, NotFound where there is no such delivery, RuleBroken where it has
        not failed, the message is a code, was withdrawn or acknowledged, has come or may still come otherwise, or
        where its recipient is not reached there any more.
        """
        demand_role(asker, Role.ADMIN)
        async with self.transactions(asker.origin) as work:
            failed = await work.outgoing.delivery(delivery_id)
            message = await work.outgoing.get(failed.message_id)
            tried = await work.outgoing.deliveries(message.id)
            if reason := await self._against(work, failed, message, tried):
                raise RuleBroken(Reason(reason))
            await self.say.once_more(work, message, failed.channel)
            work.note(Deed("delivery.tried_again", "delivery", failed.id, message.student_id))
            return Undelivered(failed, message, _instead(await work.outgoing.deliveries(message.id)))

    async def _against(
        self, work: UnitOfWork, failed: Delivery, message: Message, tried: Collection[Delivery]
    ) -> str | None:
        """Return the code of what speaks against it."""
        if not failed.has_failed:
            return "delivery.not_failed"
        if message.rules.secret:  # she asks for another herself, which is good for longer
            return "delivery.is_a_code"
        if not message.is_open:
            return "delivery.said_no_more"
        if _instead(tried) is not None:
            return "delivery.comes_otherwise"
        account_id = message.recipient.account_id
        if account_id is None:
            return "delivery.no_way" if failed.state in _ADDRESS_IS_DEAD else None
        preferences = (await preferences_of(work, [account_id], self.say.secrets))[account_id]
        return None if failed.channel in await channels_of(work, preferences, message) else "delivery.no_way"


def may_be_tried(one: Undelivered) -> bool:
    """Whether trying it again is worth asking for, as far as that shows without its recipient's ways."""
    return not one.message.rules.secret and one.message.is_open and one.instead is None


def _instead(deliveries: Collection[Delivery]) -> Delivery | None:
    """Return the newest of them that has come, or may still come."""
    alive = [one for one in deliveries if not one.has_failed and one.state not in (State.SILENCED, State.WITHDRAWN)]
    return alive[-1] if alive else None

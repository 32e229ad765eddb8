"""Repeating what must be known until somebody says that she knows."""

from __future__ import annotations

from ....ports.ids import Ids
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.scopes import Doing
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.ids import MessageId
from ..message import Message, Recipient
from ..turns import TURNS
from .delivering import StillTrue
from .saying import Say, Saying, channels_of, escalation, preferences_of

_HELPERS_FROM = 3
"""From this turn on, half an hour and more after the first, those who help her are told too."""


@dataclass(frozen=True)
class Escalate:
    """Takes one turn: tells her again, by a way that was not tried yet if there is one, and then those who help her."""

    transactions: Transactions
    ids: Ids
    say: Say
    still_true: StillTrue

    async def __call__(self, message_id: MessageId, turn: int) -> None:
        """Do nothing once she has acknowledged it, it was withdrawn, or it is true no more."""
        async with self.transactions() as work:
            try:
                message = await work.outgoing.get(message_id)
            except NotFound:  # erased meanwhile
                return
            if not message.is_open:
                return
            if not await self.still_true(work, message):
                message.withdraw(work.now)
                await work.outgoing.save(message)
                return
            await self._again(work, message)
            if turn >= _HELPERS_FROM:
                await self._tell_helpers(work, message)
            if turn < len(TURNS):
                await work.jobs.add(escalation(message.id, turn + 1, work.now + TURNS[turn], self.ids))

    async def _again(self, work: UnitOfWork, message: Message) -> None:
        account_id = message.recipient.account_id
        if account_id is None:
            return
        preferences = (await preferences_of(work, [account_id], self.say.secrets))[account_id]
        usable = await channels_of(work, preferences, message)
        if not usable:
            return
        tried = [one.channel for one in await work.outgoing.deliveries(message.id)]
        least = min(usable, key=lambda channel: (tried.count(channel), usable.index(channel)))
        await self.say.further(work, message, least, "escalated")

    async def _tell_helpers(self, work: UnitOfWork, message: Message) -> None:
        """Tell everybody whom she has let see her plans, once each."""
        if message.student_id is None:
            return
        student = await work.students.get(message.student_id)
        closes_at = message.params.get("closes_at_own", "")
        params = {**message.params, "student_name": student.profile.name or "?", "closes_at": closes_at}
        helpers = {
            grant.account_id
            for grant in await work.grants.of_student(message.student_id)
            if grant.account_id is not None and grant.is_live(work.now) and grant.granted.lets(Doing.SEE_PLANS)
        }
        sayings = [
            Saying(
                "window_unacknowledged",
                str(message.id),
                Recipient(helper),
                params,
                language=message.language,
                student_id=message.student_id,
            )
            for helper in sorted(helpers)
        ]
        await self.say(work, sayings)

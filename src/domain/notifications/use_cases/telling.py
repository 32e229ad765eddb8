"""Telling people what follows from an event, and whether it is still so when it goes out."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from ....ports.transactions import Transactions, UnitOfWork
from ...shared.dataclass import dataclass
from ...shared.errors import NotFound
from ...shared.events import Event
from ...shared.ids import EventId, RecordOfferId
from ..message import Message
from .delivering import StillTrue
from .occasions import OCCASIONS, Words
from .saying import Say


@dataclass(frozen=True)
class Tell:
    """Says what follows from an event, once however often this is carried out."""

    transactions: Transactions
    say: Say
    words: Words

    async def __call__(self, event: Event, event_id: EventId) -> None:
        """Let the messages lie in inboxes and begin their ways; none to programs, which read no mail.

        Raises NotFound for what the event is about and is not there.
        """
        async with self.transactions() as work:
            sayings = await OCCASIONS[type(event)](work, event, self.words)
            told = [replace(one, about=f"event/{event_id}") for one in sayings]
            people = [one for one in told if not await self._is_program(work, one.recipient.account_id)]
            await self.say(work, people)

    @staticmethod
    async def _is_program(work: UnitOfWork, account_id: object) -> bool:
        return account_id is not None and (await work.accounts.get(account_id)).is_service  # type: ignore[arg-type]


@dataclass(frozen=True)
class IsStillSo:
    """Whether what a message says is still so when it is to go out; most things that happened stay so."""

    is_still_due: StillTrue

    async def __call__(self, work: UnitOfWork, message: Message) -> bool:
        """Return it; False where what it is about is gone."""
        try:
            match message.kind:
                case "reminder" | "window_open":
                    return await self.is_still_due(work, message)
                case "grant_offered":
                    grants = await work.grants.of_student(message.student_id) if message.student_id else ()
                    return any(one.is_open(work.now) and str(one.id) == message.params["grant"] for one in grants)
                case "record_offered":
                    offer = await work.record_offers.get(RecordOfferId(UUID(str(message.params["offer"]))))
                    return offer.is_open(work.now)
                case "erasure_asked" | "account_dormant":
                    erasures = await work.erasures.of_student(message.student_id) if message.student_id else ()
                    return any(one.is_open for one in erasures)
                case "code_confirm_phone":
                    account_id = message.recipient.account_id
                    ways = (await work.ways.of([account_id])).get(account_id, ()) if account_id else ()
                    return any(way.address == message.params["number"] for way in ways)
        except NotFound:
            return False
        return True

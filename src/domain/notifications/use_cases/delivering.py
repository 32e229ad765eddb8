"""Bringing one message to one person on one way, again and again until it is taken over or given up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta

from ....ports.errors import Refusal, Refused, RolledBack, Unavailable
from ....ports.letters import Letter, Letters
from ....ports.mailbox import Mail, Mailbox
from ....ports.text_messages import Text, TextMessages
from ....ports.transactions import Transactions, UnitOfWork
from ...identity.confirmation import Purpose
from ...identity.use_cases.confirming import MakeCode
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound
from ...shared.ids import AccountId, DeliveryId
from ..channel import Channel
from ..delivery import Delivery, State
from ..message import Message, Said
from ..pages import Pages
from ..parts import plain
from ..preferences import Preferences
from ..way import Because
from .closing import close_way
from .saying import Say, channels_of, preferences_of

StillTrue = Callable[[UnitOfWork, Message], Awaitable[bool]]
"""Whether what a message says is still so."""

Pause = Callable[[float], Awaitable[None]]
"""Waits so many seconds."""
_NOTED_AFTER = (0.1, 0.5, 2.0, 5.0, 10.0)
"""Where the database does not answer, for so many seconds we wait before we try again to note what has happened."""

_LATER = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 30, 60, 120, 240, 240, 240, 480))
_WAITS = (*(timedelta(seconds=seconds) for seconds in (5, 30)), *_LATER)
_URGENT_WAITS = (*(timedelta(seconds=seconds) for seconds in (2, 4, 8, 16, 30)), *_LATER)
"""How long a message waits after each attempt that nobody took over: a day altogether."""
_CLOSES = {Refusal.NO_SUCH_ADDRESS: Because.BOUNCED, Refusal.UNSUBSCRIBED: Because.UNSUBSCRIBED}
_PURPOSES = {
    "welcome": Purpose.CONFIRM_EMAIL,
    "code_confirm_email": Purpose.CONFIRM_EMAIL,
    "code_reset_password": Purpose.RESET_PASSWORD,
    "code_confirm_phone": Purpose.CONFIRM_PHONE,
}


async def at_once(_: float) -> None:
    """Wait no time."""


async def noted(transactions: Transactions, note: Callable[[UnitOfWork], Awaitable[None]], pause: Pause) -> None:
    """Note what has happened outside, several times where nobody answers; raise Unavailable where it is in vain."""
    for seconds in _NOTED_AFTER:
        try:
            async with transactions() as work:
                await note(work)
        except (Unavailable, Conflict):
            await pause(seconds)
        else:
            return
    async with transactions() as work:
        await note(work)


@dataclass(frozen=True, slots=True)
class _Ready:
    """Everything that one attempt needs."""

    delivery: Delivery
    message: Message
    to: str
    unsubscribe: str


@dataclass(frozen=True)
class Deliver:
    """Makes one attempt at a delivery: an attempt is noted before it begins and after it ended.

    A crash in between is known by the note that is missing; the next attempt goes out under the same id then, and is
    counted, since it may be the second. What somebody takes over is delivered once as far as his service tells the same
    id from a new one.
    """

    transactions: Transactions
    say: Say
    letters: Letters
    mailbox: Mailbox
    open_mailbox: Mailbox
    """For mail to addresses that need not have an account."""
    texts: Mapping[Channel, TextMessages]
    make_code: MakeCode
    still_true: StillTrue
    pages: Pages
    pause: Pause = at_once

    async def __call__(self, delivery_id: DeliveryId) -> None:
        """Hand the message over, unless it is over, true no more or not wanted any more; go on by another way where
        this one is none."""
        ready = await self._begun(delivery_id)
        if ready is None:
            return
        try:
            provider_id = await self._send(ready)
        except Refused as error:
            await self._end(ready, State.REFUSED, _said_by(error), _CLOSES.get(error.because))
        except Unavailable as error:
            await self._wait(ready, _said_by(error), getattr(error, "again_after", None))
        else:
            await self._note_taken(delivery_id, provider_id)

    async def _note_taken(self, delivery_id: DeliveryId, provider_id: str) -> None:
        """Note that it was taken over, if need be again and again: without the note it would go out twice."""

        async def note(work: UnitOfWork) -> None:
            if delivery := await found(work, delivery_id):
                delivery.taken(provider_id, work.now)
                await work.outgoing.save_delivery(delivery)

        await noted(self.transactions, note, self.pause)

    async def _begun(self, delivery_id: DeliveryId) -> _Ready | None:
        async with self.transactions() as work:
            delivery = await found(work, delivery_id)
            if delivery is None or delivery.state not in (State.WAITING, State.SENDING):
                return None
            message = await work.outgoing.get(delivery.message_id)
            if not message.is_open or not await self._is_true(work, message):
                message.withdraw(work.now)
                delivery.end(State.WITHDRAWN, work.now)
                await work.outgoing.save(message)
                await work.outgoing.save_delivery(delivery)
                return None
            to = await self._address(work, message, delivery.channel)
            if to is None:
                delivery.end(State.SILENCED, work.now)
                await work.outgoing.save_delivery(delivery)
                await go_on(work, self.say, message, delivery)
                return None
            delivery.begin(work.now)
            await work.outgoing.save_delivery(delivery)
            address, preferences = to
            return _Ready(delivery, message, address, self._unsubscribe(message, preferences))

    async def _is_true(self, work: UnitOfWork, message: Message) -> bool:
        about_erasure = message.kind.startswith("erasure_")
        if message.student_id and not about_erasure and await work.erasures.is_fenced(message.student_id):
            return False
        return await self.still_true(work, message)

    async def _address(
        self, work: UnitOfWork, message: Message, channel: Channel
    ) -> tuple[str, Preferences | None] | None:
        """Return where the message goes, and the preferences behind it; None where it may not go there any more."""
        account_id = message.recipient.account_id
        if account_id is None:
            return message.recipient.address, None
        account = await work.accounts.get(account_id)
        preferences = (await preferences_of(work, [account_id], self.say.secrets))[account_id]
        if message.rules.unconfirmed:
            return str(message.params["number"]), preferences
        if account.is_service or channel not in await channels_of(work, preferences, message):
            return None
        if channel is Channel.EMAIL:
            return account.email, preferences
        ways = (await work.ways.of([account_id])).get(account_id, ())
        return next(way.address for way in ways if way.channel is channel), preferences

    def _unsubscribe(self, message: Message, preferences: Preferences | None) -> str:
        if preferences is None or message.rules.needed or self.pages.unsubscribe is None:
            return ""
        return self.pages.unsubscribe.format(secret=preferences.secret, topic=message.rules.topic.value)

    async def _send(self, ready: _Ready) -> str:
        message, delivery = ready.message, ready.delivery
        params = dict(message.params)
        if message.rules.secret and message.recipient.account_id is not None:
            params |= await self._secrets(message, message.recipient.account_id)
        letter = self._letter(message, params, ready.unsubscribe)
        if delivery.channel is Channel.EMAIL and message.recipient.account_id is None:
            return await self._to_address(ready, letter)
        if delivery.channel is Channel.EMAIL:
            return await self.mailbox.send(mail_of(sent_as(message, delivery), ready.to, letter, ready.unsubscribe))
        texts = self.texts.get(delivery.channel)
        if texts is None:
            raise Refused(Refusal.NOT_TAKEN, "no_channel")
        short = plain(letter.short) if delivery.channel is Channel.SMS else letter.short
        return await texts.send(Text(sent_as(message, delivery), ready.to, short))

    async def _to_address(self, ready: _Ready, letter: Letter) -> str:
        """Hand the mail over to somebody who need not have an account; where the student of whom it speaks was erased
        meanwhile, nothing that names her stays behind."""
        provider_id = await self.open_mailbox.send(
            mail_of(sent_as(ready.message, ready.delivery), ready.to, letter, "")
        )
        named, student_id = ready.message.params.get("from"), ready.message.student_id
        if isinstance(named, str) and student_id is not None:
            with suppress(Unavailable, RolledBack):  # it was handed over: who asks again would hand it over twice
                async with self.transactions() as work:
                    is_fenced = await work.erasures.is_fenced(student_id)
                if is_fenced:
                    await self.open_mailbox.forget(named)
        return provider_id

    def _letter(self, message: Message, params: Mapping[str, Said], unsubscribe: str) -> Letter:
        told = {**params, "preferences_link": self.pages.preferences or ""}
        return self.letters.write(message.kind, message.language, told, unsubscribe=unsubscribe)

    async def _secrets(self, message: Message, account_id: AccountId) -> Mapping[str, str]:
        """Return a code that is good from now on, and the link to the page that takes it, as far as there is one."""
        if message.kind == "welcome" and message.params.get("confirmed"):
            return {"code": "", "link": ""}
        purpose = _PURPOSES[message.kind]
        code = await self.make_code(account_id, purpose, str(message.params.get("number", "")))
        link = f"{self.pages.codes}#purpose={purpose}&code={code}" if self.pages.codes else ""
        return {"code": code, "link": link}

    async def _end(self, ready: _Ready, state: State, detail: str, closes: Because | None = None) -> None:

        async def note(work: UnitOfWork) -> None:
            delivery = await found(work, ready.delivery.id)
            if delivery is None or delivery.state is not State.SENDING:
                return
            delivery.end(state, work.now, detail)
            await work.outgoing.save_delivery(delivery)
            message = await work.outgoing.get(delivery.message_id)
            account_id = message.recipient.account_id
            if closes is not None and account_id is not None:
                await close_way(work, self.say, account_id, delivery.channel, closes, message.language)
            await go_on(work, self.say, message, delivery)

        await noted(self.transactions, note, self.pause)

    async def _wait(self, ready: _Ready, detail: str, again_after: timedelta | None) -> None:
        """Let the message wait for another attempt; one that is urgent begins on the next way meanwhile."""
        waits = _URGENT_WAITS if ready.message.rules.urgent else _WAITS
        if ready.delivery.attempts > len(waits):
            await self._end(ready, State.GIVEN_UP, detail)
            return

        async def note(work: UnitOfWork) -> None:
            delivery = await found(work, ready.delivery.id)
            if delivery is None or delivery.state is not State.SENDING:
                return
            delivery.put_back(detail, work.now)
            wait = waits[delivery.attempts - 1]
            delivery.due_at = work.now + max(wait, again_after or wait)
            await work.outgoing.save_delivery(delivery)
            message = await work.outgoing.get(delivery.message_id)
            await self.say.again(work, message, delivery)
            if message.rules.urgent and delivery.attempts == 1:
                await go_on(work, self.say, message, delivery)

        await noted(self.transactions, note, self.pause)  # twice at it, two jobs would hand it over


async def go_on(work: UnitOfWork, say: Say, message: Message, failed: Delivery) -> None:
    """Begin on the next way that was not tried, if there is one, unless another one has brought it or still may."""
    account_id = message.recipient.account_id
    if account_id is None or not message.is_open:
        return
    tried = await work.outgoing.deliveries(message.id)
    if any(not one.has_failed and one.state is not State.SILENCED for one in tried if one.id != failed.id):
        return
    preferences = (await preferences_of(work, [account_id], say.secrets))[account_id]
    left = [
        channel
        for channel in await channels_of(work, preferences, message)
        if channel not in {one.channel for one in tried}
    ]
    if left:
        await say.further(work, message, left[0], f"after {failed.channel.value}")


def sent_as(message: Message, delivery: Delivery) -> str:
    """Return the id under which the delivery goes to a provider: it says of what kind it is, and ends in its own id."""
    return f"{message.kind}-{delivery.id}"


def mail_of(mail_id: str, to: str, letter: Letter, unsubscribe: str) -> Mail:
    """Return the letter as a mail."""
    return Mail(mail_id, to, letter.subject, letter.text, html=letter.html, unsubscribe=unsubscribe)


async def found(work: UnitOfWork, delivery_id: DeliveryId) -> Delivery | None:
    """Return the delivery, None where it was erased meanwhile."""
    try:
        return await work.outgoing.delivery(delivery_id)
    except NotFound:
        return None


def _said_by(error: Exception) -> str:
    """Return the codes of the error, which say what was wrong and no address."""
    if isinstance(error, Refused):
        return " ".join(f"{one.code} {one.params.get('detail', '')}".strip() for one in error.reasons)
    return str(getattr(error, "code", type(error).__name__))

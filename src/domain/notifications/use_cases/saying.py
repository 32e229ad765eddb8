"""Saying something: it lies in the inbox, and its way to the person begins."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import datetime, timedelta

from ....ports.ids import Ids
from ....ports.jobs import Job, Priority
from ....ports.secrets import Secrets
from ....ports.transactions import UnitOfWork
from ....ports.zones import Zones
from ...shared.dataclass import dataclass
from ...shared.ids import AccountId, DeliveryId, JobId, MessageId, StudentId
from ..channel import Channel
from ..delivery import Delivery
from ..kinds import KINDS
from ..message import Message, Recipient, Said
from ..preferences import Preferences
from ..turns import DELIVER, DIGEST, ESCALATE, FIRST_ESCALATION

FLOOD = 3
"""So many gathered messages within a day go out one by one; what comes then waits for the digest."""
_A_DAY = timedelta(days=1)
_FEW = 20
_GATHERED = [name for name, kind in KINDS.items() if kind.gathered]


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be said to whom; ``zone`` is where the person lives, as far as it is known."""

    kind: str
    about: str
    recipient: Recipient
    params: Mapping[str, Said] = field(default_factory=dict)
    language: str = ""
    zone: str = ""
    student_id: StudentId | None = None


@dataclass(frozen=True)
class Say:
    """Says things within an open unit of work, so that they are said if, and only if, the rest of it is kept."""

    ids: Ids
    secrets: Secrets
    zones: Zones

    async def __call__(self, work: UnitOfWork, sayings: Sequence[Saying]) -> Collection[MessageId]:
        """Return the ids of the messages that are new; nobody is told twice about one occasion.

        Each lies in its recipient's inbox from now on, and goes out on the first of the ways on which she is reached:
        at once, after her quiet hours, or with others in a digest.
        """
        known = await _Known.of(work, self, sayings)
        messages, deliveries, jobs = list[Message](), list[Delivery](), dict[MessageId, list[Job]]()
        for saying in sayings:
            message = Message(
                id=MessageId(self.ids.new()),
                kind=saying.kind,
                about=saying.about,
                recipient=saying.recipient,
                said_at=work.now,
                language=saying.language,
                params=saying.params,
                student_id=saying.student_id,
            )
            messages.append(message)
            jobs[message.id] = []
            if message.rules.until_seen:
                jobs[message.id].append(escalation(message.id, 1, work.now + FIRST_ESCALATION, self.ids))
            if first := known.first_channel(message):
                due_at, gathered = known.due(message, saying.zone, work.now, self.zones)
                if gathered and first is not Channel.EMAIL:
                    continue  # a flood is read in the inbox
                delivery = Delivery(DeliveryId(self.ids.new()), message.id, first, due_at, gathered=gathered)
                deliveries.append(delivery)
                jobs[message.id].append(
                    self._digest(message, delivery) if gathered else self._deliver(message, delivery)
                )
        new = await work.outgoing.add(messages, deliveries)
        await _add_jobs(work, [job for message_id in jobs if message_id in new for job in jobs[message_id]])
        return new

    async def further(self, work: UnitOfWork, message: Message, channel: Channel, detail: str = "") -> None:
        """Begin another delivery of the message, on another channel, at once."""
        delivery = Delivery(DeliveryId(self.ids.new()), message.id, channel, work.now, detail=detail)
        await work.outgoing.add_delivery(delivery)
        await work.jobs.add(self._deliver(message, delivery))

    async def once_more(self, work: UnitOfWork, message: Message, channel: Channel) -> None:
        """Begin another delivery on the channel, at once or after her quiet hours."""
        due_at, account_id = work.now, message.recipient.account_id
        if account_id is not None:
            preferences = (await preferences_of(work, [account_id], self.secrets))[account_id]
            due_at = preferences.soonest(message.rules, work.now, preferences.zone or "UTC", self.zones.named)
        delivery = Delivery(DeliveryId(self.ids.new()), message.id, channel, due_at, detail="again")
        await work.outgoing.add_delivery(delivery)
        await work.jobs.add(self._deliver(message, delivery))

    async def again(self, work: UnitOfWork, message: Message, delivery: Delivery) -> None:
        """Let the delivery be tried again when it is due."""
        await work.jobs.add(self._deliver(message, delivery))

    def _deliver(self, message: Message, delivery: Delivery) -> Job:
        return Job(
            id=JobId(self.ids.new()),
            name=DELIVER,
            due_at=delivery.due_at,
            arguments={"delivery": str(delivery.id)},
            key=f"{DELIVER}/{delivery.id}/{delivery.attempts}",
            priority=Priority.HIGH if message.rules.urgent else Priority.NORMAL,
        )

    def _digest(self, message: Message, delivery: Delivery) -> Job:
        arguments = {"account": message.recipient.name, "channel": delivery.channel.value}
        key = f"{DIGEST}/{message.recipient.name}/{delivery.channel.value}/{delivery.due_at.isoformat()}"
        return Job(JobId(self.ids.new()), DIGEST, delivery.due_at, arguments=arguments, key=key, priority=Priority.LOW)


def escalation(message_id: MessageId, turn: int, due_at: datetime, ids: Ids) -> Job:
    """Return the job that sees whether somebody knows by then."""
    arguments: dict[str, str | int] = {"message": str(message_id), "turn": turn}
    key = f"{ESCALATE}/{message_id}/{turn}"
    return Job(JobId(ids.new()), ESCALATE, due_at, arguments=arguments, key=key, priority=Priority.HIGH)


async def channels_of(work: UnitOfWork, preferences: Preferences, message: Message) -> list[Channel]:
    """Return the channels on which the account is reached with this message now, in the order in which they are
    tried."""
    closed = await _open_channels(work, [preferences.account_id])
    return preferences.channels(message.rules, closed[preferences.account_id])


async def preferences_of(
    work: UnitOfWork, account_ids: Collection[AccountId], secrets: Secrets
) -> Mapping[AccountId, Preferences]:
    """Return the preferences of each of the accounts; whoever has said nothing has those that are usual, kept now."""
    found = dict(await work.ways.preferences(account_ids))
    new = [Preferences(account_id, secrets.new()) for account_id in account_ids if account_id not in found]
    if new:
        await work.ways.add_preferences(new)
        found |= {one.account_id: one for one in new}
    return found


@dataclass(frozen=True)
class _Known:
    """What is known of the recipients; ``told`` counts the gathered messages of the last day, and counts on."""

    preferences: Mapping[AccountId, Preferences]
    channels: Mapping[AccountId, Collection[Channel]]
    told: dict[AccountId, int]

    @classmethod
    async def of(cls, work: UnitOfWork, say: Say, sayings: Sequence[Saying]) -> _Known:
        accounts = dict.fromkeys(one.recipient.account_id for one in sayings)
        ids = [account_id for account_id in accounts if account_id is not None]
        if not ids:
            return cls({}, {}, {})
        preferences = await preferences_of(work, ids, say.secrets)
        told = dict(await work.outgoing.said_since(ids, work.now - _A_DAY, _GATHERED))
        return cls(preferences, await _open_channels(work, ids), told)

    def first_channel(self, message: Message) -> Channel | None:
        """Return the channel that is tried first, None where nobody is reached but by the inbox."""
        account_id = message.recipient.account_id
        if account_id is None:  # an address without an account is one for mail
            return Channel.EMAIL
        if message.rules.unconfirmed:
            return message.rules.channels[0]
        found = self.preferences[account_id].channels(message.rules, self.channels[account_id])
        return found[0] if found else None

    def due(self, message: Message, zone: str, now: datetime, zones: Zones) -> tuple[datetime, bool]:
        """Return when the message goes out, and whether with others in a digest."""
        account_id = message.recipient.account_id
        if account_id is None:
            return now, False
        preferences = self.preferences[account_id]
        at_home = preferences.zone or zone or "UTC"
        if message.rules.gathered:
            before = self.told.get(account_id, 0)
            self.told[account_id] = before + 1
            if preferences.always_digest or before >= FLOOD:
                return preferences.next_digest(now, at_home, zones.named), True
        return preferences.soonest(message.rules, now, at_home, zones.named), False


async def _open_channels(
    work: UnitOfWork, account_ids: Collection[AccountId]
) -> Mapping[AccountId, Collection[Channel]]:
    """Return on which channels each account is reached: by mail unless its address turned out to be dead, elsewhere
    where a number was confirmed."""
    ways = await work.ways.of(account_ids)
    found = dict[AccountId, Collection[Channel]]()
    for account_id in account_ids:
        by_channel = {way.channel: way for way in ways.get(account_id, ())}
        usable: set[Channel] = {
            channel for channel, way in by_channel.items() if way.is_open and channel is not Channel.EMAIL
        }
        mail = by_channel.get(Channel.EMAIL)
        if mail is None or mail.is_open or mail.address != (await work.accounts.get(account_id)).email:
            usable.add(Channel.EMAIL)
        found[account_id] = usable
    return found


async def _add_jobs(work: UnitOfWork, jobs: Sequence[Job]) -> None:
    if len(jobs) > _FEW:  # who hands jobs out finds so many by itself
        await work.jobs.add_many(jobs)
        return
    for job in jobs:
        await work.jobs.add(job)

"""How somebody wants to be told: topics and hours, a number of her own, and one click that ends it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import time, timedelta

from ....ports.ids import Ids
from ....ports.secrets import Secrets
from ....ports.transactions import Transactions
from ....ports.zones import Zones
from ...identity.account import Asker
from ...identity.confirmation import MOST_AN_HOUR, Purpose, are_enough, digest_of, not_good
from ...identity.policies import demand_in_person
from ...identity.throttle import Pace, phone_key
from ...identity.use_cases.accounts import use_up
from ...identity.use_cases.attempts import claim
from ...shared.dataclass import dataclass
from ...shared.errors import Conflict, NotFound, Reason, RuleBroken
from ..channel import Channel, Topic
from ..message import Recipient
from ..numbers import normal_number
from ..preferences import Preferences
from ..way import Because, Way
from .saying import Say, Saying, preferences_of

PACE = Pace(free=5, first=Purpose.CONFIRM_PHONE.lasts, longest=timedelta(days=1))
"""How fast codes of a telephone may be tried: five, and then one in a time in which the last code is good no more."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Everything that somebody may say at once; None keeps what was said before."""

    quiet_from: time | None
    quiet_until: time
    digest_at: time
    always_digest: bool
    zone: str
    silenced: Collection[tuple[Topic, Channel]]
    loud: Collection[Topic]


@dataclass(frozen=True)
class SeePreferences:
    """Shows the asker's own preferences and ways."""

    transactions: Transactions
    secrets: Secrets

    async def __call__(self, asker: Asker) -> tuple[Preferences, Sequence[Way]]:
        """Return what she has said, or what is usual where she has said nothing, and how she is reached."""
        async with self.transactions(asker.origin) as work:
            account_id = asker.account_id
            found = await preferences_of(work, [account_id], self.secrets)
            return found[account_id], (await work.ways.of([account_id])).get(account_id, ())


@dataclass(frozen=True)
class ChangePreferences:
    """Takes what the asker wants from now on."""

    transactions: Transactions
    secrets: Secrets
    zones: Zones

    async def __call__(self, asker: Asker, wishes: Wishes, version: int | None = None) -> Preferences:
        """Return the preferences as they are now.

        Raises Invalid for a zone that there is not, RuleBroken for topics that are needed, Conflict where they are no
        more at that version.
        """
        if wishes.zone:
            self.zones.named(wishes.zone)
        async with self.transactions(asker.origin) as work:
            preferences = (await preferences_of(work, [asker.account_id], self.secrets))[asker.account_id]
            if version is not None and version != preferences.version:
                raise Conflict(Reason("version.stale", {"expected": version}))
            preferences.want(wishes.silenced, wishes.loud)
            preferences.quiet_from, preferences.quiet_until = wishes.quiet_from, wishes.quiet_until
            preferences.digest_at, preferences.always_digest = wishes.digest_at, wishes.always_digest
            preferences.zone = wishes.zone
            await work.ways.save_preferences(preferences)
            return preferences


@dataclass(frozen=True)
class Unsubscribe:
    """Ends mails about one topic, for whoever has one of them (RFC 8058): nobody signs in for that."""

    transactions: Transactions

    async def __call__(self, secret: str, topic: str) -> None:
        """Let no further mail about the topic go out; what is needed goes on. Raise NotFound for nobody's link."""
        if topic not in {one.value for one in Topic}:
            raise NotFound
        async with self.transactions() as work:
            preferences = await work.ways.find_by_secret(secret)
            if preferences is None:
                raise NotFound
            if (Topic(topic), Channel.EMAIL) not in preferences.silenced:
                preferences.silence(Topic(topic), Channel.EMAIL)
                await work.ways.save_preferences(preferences)


@dataclass(frozen=True)
class GiveNumber:
    """Takes a telephone number, and sends a code to it that shows whose it is."""

    transactions: Transactions
    ids: Ids
    say: Say

    async def __call__(self, asker: Asker, number: str) -> Way:
        """Return the way, which is closed until the code comes back.

        Raises Invalid for what is no number, RuleBroken for one code too many within the hour.
        """
        demand_in_person(asker)
        to = normal_number(number)
        async with self.transactions(asker.origin) as work:
            made = await work.confirmations.open_of(asker.account_id, Purpose.CONFIRM_PHONE, work.now)
            if are_enough(made, work.now):
                raise RuleBroken(Reason("confirmation.sent_often_enough", {"at_most": MOST_AN_HOUR}))
            way = Way(asker.account_id, Channel.SMS, to)
            await work.ways.keep(way)
            await work.ways.keep(Way(asker.account_id, Channel.WHATSAPP, to))
            told = Recipient(asker.account_id)
            about = f"{asker.account_id}/{self.ids.new()}"
            await self.say(work, [Saying("code_confirm_phone", about, told, {"number": to})])
            return way


@dataclass(frozen=True)
class ConfirmNumber:
    """Takes the code back that went to a number."""

    transactions: Transactions

    async def __call__(self, asker: Asker, code: str, *, whatsapp: bool = False) -> Way:
        """Return the way, open now; with ``whatsapp`` messages may come there too.

        Raises RuleBroken for a code that is not good, SlowedDown after a few of them: as long as a code is good, nobody
        tries more than those.
        """
        demand_in_person(asker)
        async with self.transactions(asker.origin) as work:
            await claim(work, phone_key(asker.account_id), PACE)
        async with self.transactions(asker.origin) as work:
            ways = {way.channel: way for way in (await work.ways.of([asker.account_id])).get(asker.account_id, ())}
            way = ways.get(Channel.SMS)
            if way is None:
                raise not_good()
            try:  # the code is good for the number alone to which it went
                confirmation = await work.confirmations.find(digest_of(f"{code}{way.address}"))
            except NotFound:
                raise not_good() from None
            if confirmation.account_id != asker.account_id:
                raise not_good()
            confirmation.demand_good(Purpose.CONFIRM_PHONE, work.now)
            await use_up(work, asker.account_id, Purpose.CONFIRM_PHONE)
            await work.throttles.remove(phone_key(asker.account_id))
            way.confirm(work.now)
            await work.ways.keep(way)
            if whatsapp:
                await work.ways.keep(Way(asker.account_id, Channel.WHATSAPP, way.address, work.now))
            return way


@dataclass(frozen=True)
class TakeNumberAway:
    """Lets nothing be sent to the asker's telephone any more."""

    transactions: Transactions

    async def __call__(self, asker: Asker) -> None:
        """Close the ways that lead there; having none changes nothing."""
        async with self.transactions(asker.origin) as work:
            account = await work.accounts.get(asker.account_id)
            for way in (await work.ways.of([asker.account_id])).get(asker.account_id, ()):
                if way.channel is not Channel.EMAIL and (event := way.close(Because.REMOVED, work.now)):
                    way.address = ""
                    await work.ways.keep(way)
                    work.record(event, account.version)

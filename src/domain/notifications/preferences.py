"""What a person has said about how she wants to be told."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from ..shared.dataclass import dataclass
from ..shared.errors import Reason, refuse_if_any
from ..shared.ids import AccountId
from ..shared.times import WallTime, ZoneLookup
from .channel import Channel, Topic
from .kinds import KINDS, Kind

QUIET_FROM, QUIET_UNTIL, DIGEST_AT = time(21, 30), time(8), time(18)
"""What holds for whoever has said nothing: people sleep, and read together what came in the course of a day."""
_A_DAY = timedelta(days=1)
_ON_PAPER = frozenset({Channel.EMAIL})


@dataclass(slots=True)
class Preferences:
    """One account's. ``silenced`` are topics that she does not want on a channel, ``loud`` topics that she wants on her
    phone too, where only what is urgent goes otherwise. ``zone`` is hers, blank for the one of her profile.

    ``secret`` opens the one page on which everybody who has a mail of hers can stop such mails (RFC 8058).
    """

    account_id: AccountId
    secret: str
    quiet_from: time | None = QUIET_FROM
    quiet_until: time = QUIET_UNTIL
    digest_at: time = DIGEST_AT
    always_digest: bool = False
    zone: str = ""
    silenced: frozenset[tuple[Topic, Channel]] = frozenset()
    loud: frozenset[Topic] = frozenset()
    version: int = 0

    def silence(self, topic: Topic, channel: Channel) -> None:
        """Want nothing about the topic on the channel; raise RuleBroken where all of it is needed."""
        refuse_if_any(_needed([topic]))
        self.silenced |= {(topic, channel)}

    def want(self, silenced: Collection[tuple[Topic, Channel]], loud: Collection[Topic]) -> None:
        """Take these in place of what was silenced and loud; raise RuleBroken for what is needed."""
        refuse_if_any(_needed([topic for topic, _ in silenced]))
        self.silenced, self.loud = frozenset(silenced), frozenset(loud)

    def channels(self, kind: Kind, open_ways: Collection[Channel]) -> list[Channel]:
        """Return the channels on which a message of the kind may reach her, in the order in which they are tried."""
        return [channel for channel in kind.channels if channel in open_ways and self.takes(kind, channel)]

    def takes(self, kind: Kind, channel: Channel) -> bool:
        """Whether a message of the kind may go out on the channel."""
        if kind.needed:
            return True
        if (kind.topic, channel) in self.silenced:
            return False
        return channel in _ON_PAPER or kind.urgent or kind.topic in self.loud

    def soonest(self, kind: Kind, now: datetime, zone: str, zones: ZoneLookup) -> datetime:
        """Return when a message of the kind may go out: now, or the end of the quiet hours in that zone."""
        if kind.urgent or self.quiet_from is None or self.quiet_from == self.quiet_until:
            return now
        local = now.astimezone(zones(zone)).replace(tzinfo=None)
        if not _is_between(local.time(), self.quiet_from, self.quiet_until):
            return now
        day = local.date() if local.time() < self.quiet_until else local.date() + _A_DAY
        return max(WallTime(datetime.combine(day, self.quiet_until), zone).instant(zones), now)

    def next_digest(self, now: datetime, zone: str, zones: ZoneLookup) -> datetime:
        """Return the next moment at which a digest goes out."""
        return next(at for at in self._digests(now.astimezone(zones(zone)).date(), zone, zones) if at > now)

    def _digests(self, first: date, zone: str, zones: ZoneLookup) -> Iterator[datetime]:
        while True:
            yield WallTime(datetime.combine(first, self.digest_at), zone).instant(zones)
            first += _A_DAY


def _is_between(moment: time, begin: time, end: time) -> bool:
    """Whether the moment lies in the hours, which may run over midnight."""
    return begin <= moment < end if begin < end else moment >= begin or moment < end


def _needed(topics: Collection[Topic]) -> list[Reason]:
    wanted = {kind.topic for kind in KINDS.values() if not kind.needed}
    return [Reason("preferences.needed", {"topic": topic.value}, "silenced") for topic in topics if topic not in wanted]

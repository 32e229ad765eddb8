"""How often somebody may do something, counted over all processes."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from ...ports.errors import Unavailable
from ...ports.limits import Hit, Limit, Verdict
from .connection import RedisConnection

_PARTS = 60
_MOST_HANDS = 10_000

# A window is cut into parts; a hit is forgotten when its whole part has left the window, so there are never more than
# the limit in any window, and a count takes the same little room however high the limit is. The clock is Redis's own:
# those of the processes may differ by minutes. What is taken ahead counts as if it came a part later. Where one of the
# limits is used up, nothing is counted for the others either. Returned are, for each, whether one may come, how many
# were counted, how many may still come, and the microseconds until the next may when none may now.
_COUNT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local parts = tonumber(ARGV[1])
local windows, all_may = {}, true
for k = 1, #KEYS do
  local at = 4 * k - 2
  local w = {times = tonumber(ARGV[at]), width = tonumber(ARGV[at + 1]), used = 0, counted = {}}
  w.current = math.floor(now / w.width)
  w.part = w.current + tonumber(ARGV[at + 3])
  local kept = redis.call('HGETALL', KEYS[k])
  for i = 1, #kept, 2 do
    local part, count = tonumber(kept[i]), tonumber(kept[i + 1])
    if part < w.current - parts then
      redis.call('HDEL', KEYS[k], kept[i])
    else
      w.counted[#w.counted + 1] = {part, count}
      w.used = w.used + count
    end
  end
  w.taken = math.max(0, math.min(tonumber(ARGV[at + 2]), w.times - w.used))
  w.may = w.taken > 0 and 1 or 0
  all_may = all_may and w.may == 1
  windows[k] = w
end
local told = {}
for k, w in ipairs(windows) do
  if all_may then
    redis.call('HINCRBY', KEYS[k], string.format('%.0f', w.part), w.taken)
    redis.call('PEXPIRE', KEYS[k], math.ceil((parts + 3) * w.width / 1000))
    w.counted[#w.counted + 1] = {w.part, w.taken}
    w.used = w.used + w.taken
  else
    w.taken = 0
  end
  local wait = 0
  if w.used >= w.times then
    table.sort(w.counted, function(one, other) return one[1] < other[1] end)
    local over = w.used - w.times + 1
    for _, each in ipairs(w.counted) do
      over = over - each[2]
      if over <= 0 then
        wait = math.min((each[1] + 1 + parts) * w.width - now, (parts + 2) * w.width)
        break
      end
    end
  end
  told[#told + 1] = w.may
  told[#told + 1] = w.taken
  told[#told + 1] = math.max(0, w.times - w.used)
  told[#told + 1] = string.format('%.0f', wait)
end
return told
"""


@dataclass(slots=True)
class _Hand:
    """Some hits that were counted ahead for somebody quick, and until when they may be used."""

    size: int = 1
    left: int = 0
    until: float = 0.0
    after: int = 0


@dataclass(frozen=True, slots=True)
class _Asked:
    """What Redis is asked for one limit: how many are wanted, and the hand that they go into, if any."""

    key: str
    limit: Limit
    wanted: int = 1
    hand: _Hand | None = None

    @property
    def arguments(self) -> tuple[int, int, int, int]:
        """The limit, the microseconds of a part, how many are wanted, and how many parts ahead they count."""
        width = max(1, int(self.limit.within.total_seconds() * 1_000_000) // _PARTS)
        return self.limit.times, width, self.wanted, int(self.wanted > 1)


class RedisLimits:
    """Counts in Redis, any number of limits in one round trip.

    Of a wide open limit, such as that on all requests, a process takes a handful ahead for whoever comes often, and
    gives out of it for a part of the window, a second at most. What is left in the hand then is lost, so that somebody
    may be refused a little early, and never late.
    """

    def __init__(self, connection: RedisConnection, *, prefix: str = "higherstudy:limits:") -> None:
        self._connection = connection
        self._prefix = prefix
        self._hands: OrderedDict[str, _Hand] = OrderedDict()
        self._sha = hashlib.sha1(_COUNT.encode(), usedforsecurity=False).hexdigest()

    async def hit(self, limit: Limit, who: str) -> Verdict:
        """Count one for ``who``; raise Unavailable when Redis is away and the limit is closed."""
        return (await self.hit_all([(limit, who)]))[0]

    async def hit_all(self, hits: Sequence[Hit]) -> list[Verdict]:
        """Count one for each, or none where one of them is refused, in one round trip at most."""
        now = time.monotonic()
        verdicts: dict[int, Verdict] = {}
        asked: dict[int, _Asked] = {}
        given: list[tuple[_Hand, float]] = []
        for number, (limit, who) in enumerate(hits):
            key = self._key(limit, who)
            if limit.closed or limit.times < 2 * _PARTS:
                asked[number] = _Asked(key, limit)
                continue
            hand = self._hand(key)
            if hand.left and now < hand.until:
                hand.left -= 1
                given.append((hand, hand.until))
                verdicts[number] = Verdict(allowed=True, left=hand.after + hand.left, wait=timedelta(0))
            else:
                # Used up in time: take twice as many. Else one at a time again, so that nothing is lost.
                hand.size = min(hand.size * 2, limit.times // _PARTS) if now < hand.until else 1
                asked[number] = _Asked(key, limit, hand.size, hand)
        if asked:
            verdicts |= await self._answered(asked, now)
        if not all(verdict.allowed for verdict in verdicts.values()):
            for hand, until in given:
                hand.left += hand.until == until  # one that came out of the hand goes back into the same
        return [verdicts[number] for number in range(len(hits))]

    async def _answered(self, asked: dict[int, _Asked], now: float) -> dict[int, Verdict]:
        try:
            told = await self._count(list(asked.values()))
        except Unavailable:
            if any(one.limit.closed for one in asked.values()):
                raise
            return {number: Verdict(True, one.limit.times, timedelta(0)) for number, one in asked.items()}
        return {number: _verdict(one, now, *said) for (number, one), said in zip(asked.items(), told, strict=True)}

    def _hand(self, key: str) -> _Hand:
        hand = self._hands.setdefault(key, _Hand())
        self._hands.move_to_end(key)
        if len(self._hands) > _MOST_HANDS:
            self._hands.popitem(last=False)
        return hand

    async def _count(self, asked: Sequence[_Asked]) -> list[tuple[bool, int, int, timedelta]]:
        """Return for each whether one may come, how many were counted, how many are left, and the time to wait."""
        keys = [one.key for one in asked]
        arguments = [_PARTS, *(argument for one in asked for argument in one.arguments)]

        async def ask(redis: Redis) -> list[Any]:
            try:
                answer = await redis.evalsha(self._sha, len(keys), *keys, *arguments)
            except NoScriptError:  # it was started anew, or emptied
                answer = await redis.eval(_COUNT, len(keys), *keys, *arguments)
            return cast("list[Any]", answer)

        told = await self._connection.ask(ask)
        return [
            (bool(told[at]), told[at + 1], told[at + 2], timedelta(microseconds=int(told[at + 3])))
            for at in range(0, len(told), 4)
        ]

    def _key(self, limit: Limit, who: str) -> str:
        """Return a key without what tells who it is: addresses of people stand in no other store than the rows."""
        digest = hashlib.sha256(who.encode()).hexdigest()[:32]
        return f"{self._prefix}{limit.name}:{limit.within.total_seconds():g}:{digest}"


def _verdict(one: _Asked, now: float, may: bool, taken: int, left: int, wait: timedelta) -> Verdict:
    """Return the verdict on one limit; what was taken ahead goes into the hand."""
    if one.hand is None or not taken:
        return Verdict(may, left, wait)
    one.hand.left, one.hand.after = taken - 1, left
    one.hand.until = now + min(1.0, one.limit.within.total_seconds() / _PARTS)
    return Verdict(may, left + one.hand.left, timedelta(0) if one.hand.left else wait)

"""How often somebody may do something, counted over all processes."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from ...ports.errors import Unavailable
from ...ports.limits import Limit, Verdict
from .connection import RedisConnection

_PARTS = 60
_MOST_HANDS = 10_000

# The window is cut into parts; a hit is forgotten when its whole part has left the window, so there are never more than
# the limit in any window, and a count takes the same little room however high the limit is. The clock is Redis's own:
# those of the processes may differ by minutes. What is taken ahead counts as if it came a part later. Returned are how
# many were counted, how many may still come, and the microseconds until the next may when none may now.
_COUNT = """
local times, width, parts = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local wanted, ahead = tonumber(ARGV[4]), tonumber(ARGV[5])
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local current = math.floor(now / width)
local counted, used = {}, 0
local kept = redis.call('HGETALL', KEYS[1])
for i = 1, #kept, 2 do
  local part, count = tonumber(kept[i]), tonumber(kept[i + 1])
  if part < current - parts then
    redis.call('HDEL', KEYS[1], kept[i])
  else
    counted[#counted + 1] = {part, count}
    used = used + count
  end
end
local taken = math.max(0, math.min(wanted, times - used))
if taken > 0 then
  redis.call('HINCRBY', KEYS[1], string.format('%.0f', current + ahead), taken)
  redis.call('PEXPIRE', KEYS[1], math.ceil((parts + 3) * width / 1000))
  counted[#counted + 1] = {current + ahead, taken}
  used = used + taken
end
local wait = 0
if used >= times then
  table.sort(counted, function(one, other) return one[1] < other[1] end)
  local over = used - times + 1
  for _, each in ipairs(counted) do
    over = over - each[2]
    if over <= 0 then
      wait = math.min((each[1] + 1 + parts) * width - now, (parts + 2) * width)
      break
    end
  end
end
return {taken, math.max(0, times - used), string.format('%.0f', wait)}
"""


@dataclass(slots=True)
class _Hand:
    """Some hits that were counted ahead for somebody quick, and until when they may be used."""

    size: int = 1
    left: int = 0
    until: float = 0.0
    after: int = 0


class RedisLimits:
    """Counts in Redis, in one round trip.

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
        key = self._key(limit, who)
        try:
            if limit.closed or limit.times < 2 * _PARTS:
                return (await self._count(limit, key, 1))[1]
            return await self._out_of_hand(limit, key)
        except Unavailable:
            if limit.closed:
                raise
            return Verdict(allowed=True, left=limit.times, wait=timedelta(0))

    async def _out_of_hand(self, limit: Limit, key: str) -> Verdict:
        hand, now = self._hand(key), time.monotonic()
        if hand.left and now < hand.until:
            hand.left -= 1
            return Verdict(allowed=True, left=hand.after + hand.left, wait=timedelta(0))
        # Used up in time: take twice as many. Else one at a time again, so that nothing is lost.
        hand.size = min(hand.size * 2, limit.times // _PARTS) if now < hand.until else 1
        taken, verdict = await self._count(limit, key, hand.size)
        hand.left, hand.after = max(0, taken - 1), verdict.left
        hand.until = now + min(1.0, limit.within.total_seconds() / _PARTS)
        if not hand.left:
            return verdict
        return Verdict(allowed=True, left=verdict.left + hand.left, wait=timedelta(0))

    def _hand(self, key: str) -> _Hand:
        hand = self._hands.setdefault(key, _Hand())
        self._hands.move_to_end(key)
        if len(self._hands) > _MOST_HANDS:
            self._hands.popitem(last=False)
        return hand

    async def _count(self, limit: Limit, key: str, wanted: int) -> tuple[int, Verdict]:
        width = max(1, int(limit.within.total_seconds() * 1_000_000) // _PARTS)
        arguments = (key, limit.times, width, _PARTS, wanted, int(wanted > 1))

        async def ask(redis: Redis) -> tuple[int, int, bytes]:
            try:
                answer = await redis.evalsha(self._sha, 1, *arguments)
            except NoScriptError:  # it was started anew, or emptied
                answer = await redis.eval(_COUNT, 1, *arguments)
            return cast("tuple[int, int, bytes]", answer)

        taken, left, wait = await self._connection.ask(ask)
        return taken, Verdict(allowed=taken > 0, left=left, wait=timedelta(microseconds=int(wait)))

    def _key(self, limit: Limit, who: str) -> str:
        """Return a key without what tells who it is: addresses of people stand in no other store than the rows."""
        digest = hashlib.sha256(who.encode()).hexdigest()[:32]
        return f"{self._prefix}{limit.name}:{limit.within.total_seconds():g}:{digest}"

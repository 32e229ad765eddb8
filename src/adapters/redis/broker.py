"""TaskIQ's messages over Redis streams: a doorbell, whose messages are gone once heard and of which none must be kept.

What stock streams would leave to us, and why none of it shows here: an entry is acknowledged and deleted in the step
that reads it, so nothing stays pending with a worker that died and no stream grows; what was lost on the way is sent
again by whoever keeps the truth. Groups are made from the first entry on, and made anew when Redis was emptied. Nobody
who waits ends because Redis went away.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from taskiq.message import BrokerMessage
from taskiq_redis import RedisStreamBroker

from ...ports.errors import Unavailable
from ...ports.jobs import Priority
from .queue import QUEUE, streams_of

log = logging.getLogger(__name__)

_GROUP, _WORKER = "workers", "worker"
_LONGEST_STREAM = 10_000
"""A last bound, in case that whoever sends asks for no room."""
_PAUSES = (0.1, 0.2, 0.5, 1.0)
"""How many seconds to leave Redis alone after it has failed once, twice and so on."""

# Takes what waits, the most urgent stream first, and deletes it in the same step.
_TAKE = """
local left, taken = tonumber(ARGV[1]), {}
for _, stream in ipairs(KEYS) do
    if left < 1 then break end
    local read = redis.call(
        'XREADGROUP', 'GROUP', ARGV[2], ARGV[3], 'COUNT', left, 'NOACK', 'STREAMS', stream, '>')
    if read then
        for _, entry in ipairs(read[1][2]) do
            redis.call('XDEL', stream, entry[1])
            taken[#taken + 1] = entry[2][2]
            left = left - 1
        end
    end
end
return taken
"""


class RedisBroker(RedisStreamBroker):
    """Carries messages from one process to one of the others that listen, the most urgent first."""

    def __init__(
        self,
        url: str,
        *,
        name: str = QUEUE,
        at_once: int = 16,
        wait: timedelta = timedelta(seconds=2),
        patience: timedelta = timedelta(seconds=5),
        stale_after: timedelta = timedelta(minutes=1),
    ) -> None:
        """``at_once`` is how many messages are taken in one step, ``wait`` how long one question for more may last.

        Redis counts as away when it has not answered within ``patience``, which must be more than ``wait``. A message
        that nobody took for ``stale_after`` is dropped.
        """
        self._streams = streams_of(name)
        keys = list(self._streams.values())
        super().__init__(
            url,
            queue_name=keys[0],
            additional_streams=dict.fromkeys(keys[1:], ">"),
            max_connection_pool_size=16,
            consumer_group_name=_GROUP,
            consumer_name=_WORKER,
            consumer_id="0",
            maxlen=_LONGEST_STREAM,
            xread_block=int(wait.total_seconds() * 1000),
            xread_count=1,
            socket_timeout=patience.total_seconds(),
            socket_connect_timeout=patience.total_seconds(),
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
        self._redis: Redis = Redis(connection_pool=self.connection_pool)
        self._take = self._redis.register_script(_TAKE)
        self._at_once = at_once
        self._stale_after = stale_after
        self._failures = 0
        self._tidied: float | None = None

    @property
    def answers(self) -> bool:
        """Whether Redis answered when it was last asked; false before that."""
        return self._failures == 0

    async def startup(self) -> None:
        """Make the groups where they are missing; where Redis does not answer, that is done once it does."""
        self._failures = 1
        try:
            await super().startup()
        except (RedisError, OSError) as error:
            self._failed(error)
        else:
            self._failures = 0

    async def shutdown(self) -> None:
        """Close the connections; nobody may be listening any more."""
        await self._redis.aclose()
        await super().shutdown()

    async def kick(self, message: BrokerMessage) -> None:
        """Send the message as one of ordinary priority; raise Unavailable when Redis does not take it."""
        await self.kick_many([(Priority.NORMAL, message)])

    async def kick_many(self, messages: Sequence[tuple[Priority, BrokerMessage]]) -> None:
        """Send the messages in one round trip; raise Unavailable when Redis does not take them."""
        pipe = self._redis.pipeline(transaction=False)
        for priority, message in messages:
            pipe.xadd(self._streams[priority], {b"data": message.message}, maxlen=self.maxlen, approximate=True)
        await self._asked(pipe.execute())

    async def waiting(self) -> Mapping[Priority, int]:
        """Return how many messages nobody has taken yet; raise Unavailable when Redis does not say."""
        pipe = self._redis.pipeline(transaction=False)
        pipe.time()
        for stream in self._streams.values():
            pipe.xlen(stream)
        (seconds, _), *lengths = await self._asked(pipe.execute())
        if any(lengths):
            await self._tidy_up(int(seconds))
        return dict(zip(self._streams, lengths, strict=True))

    async def listen(self) -> AsyncGenerator[bytes, None]:  # type: ignore[override]  # narrower: nothing to acknowledge
        """Yield messages for ever, whatever becomes of Redis meanwhile."""
        while True:
            _end_if_cancelled()
            try:
                messages = await self._take(keys=list(self._streams.values()), args=[self._at_once, _GROUP, _WORKER])
                messages = messages or await self._wait_for_one()
                self._answered()
            except ResponseError as error:
                await self._mend(error)
                continue
            except (RedisError, OSError) as error:
                self._failed(error)
                await asyncio.sleep(_PAUSES[min(self._failures, len(_PAUSES)) - 1])
                continue
            for number, message in enumerate(messages, start=1):
                try:
                    yield message
                except GeneratorExit:  # nobody listens here any more; the others do
                    await self._give_back(messages[number:])
                    raise

    async def _give_back(self, messages: Sequence[bytes]) -> None:
        """Send again what was taken and is not wanted here, before all others, since it has waited for its turn."""
        pipe = self._redis.pipeline(transaction=False)
        for message in messages:
            pipe.xadd(self._streams[Priority.HIGH], {b"data": message})
        with suppress(RedisError, OSError):
            await pipe.execute()

    async def _wait_for_one(self) -> Sequence[bytes]:
        """Return what came in while waiting: one message of each stream at most, as a rule none or one."""
        self._answered()
        streams: Mapping[Any, Any] = dict.fromkeys(self._streams.values(), ">")
        asked = self._redis.xreadgroup(_GROUP, _WORKER, dict(streams), block=self.block, count=1, noack=True)
        read: Sequence[tuple[bytes, Sequence[tuple[bytes, Mapping[bytes, bytes]]]]] = await asked  # type: ignore[assignment]
        if not read:
            return []
        pipe = self._redis.pipeline(transaction=False)
        for stream, entries in read:
            pipe.xdel(stream, *(entry_id for entry_id, _ in entries))
        await pipe.execute()
        return [fields[b"data"] for _, entries in read for _, fields in entries]

    async def _mend(self, error: ResponseError) -> None:
        """Redis was emptied, or has only just come back: make the groups anew, and leave it a moment."""
        if "NOGROUP" not in str(error) and "UNBLOCKED" not in str(error):
            self._failed(error)
            await asyncio.sleep(_PAUSES[min(self._failures, len(_PAUSES)) - 1])
        try:
            await self._declare_consumer_group()
        except (RedisError, OSError) as failure:
            self._failed(failure)

    async def _tidy_up(self, now: int) -> None:
        """Drop what nobody took for so long that it was sent again since; ``now`` is Redis's own clock, in seconds."""
        ticking = time.monotonic()
        if self._tidied is not None and ticking - self._tidied < self._stale_after.total_seconds() / 4:
            return
        self._tidied = ticking
        oldest = int((now - self._stale_after.total_seconds()) * 1000)
        pipe = self._redis.pipeline(transaction=False)
        for stream in self._streams.values():
            pipe.xtrim(stream, minid=oldest, approximate=False)
        await self._asked(pipe.execute())

    async def _asked(self, answer: Any) -> Any:
        try:
            said = await answer
        except (RedisError, OSError) as error:
            self._failed(error)
            raise Unavailable from error
        self._answered()
        return said

    def _answered(self) -> None:
        if self._failures:
            log.warning("Redis carries job ids again")
        self._failures = 0

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        if self._failures <= 2:
            log.warning("Redis carries no job ids: %s: %s", type(error).__name__, error)


def _end_if_cancelled() -> None:
    """Raise CancelledError where the task was cancelled and nobody has heard of it.

    The driver sends by ``asyncio.wait_for``, which before Python 3.12 loses a cancellation that comes just as it ends.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError

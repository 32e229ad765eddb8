"""A process for tests: hits a limit or asks a cache as often as it is told, and prints what it was answered."""

import asyncio
import sys
import time
from datetime import timedelta
from pathlib import Path

from higherstudy.adapters.memory.cache import MemoryCache
from higherstudy.adapters.redis.cache import RedisCache
from higherstudy.adapters.redis.connection import RedisConnection
from higherstudy.adapters.redis.limits import RedisLimits
from higherstudy.ports.limits import Limit

PATIENT = timedelta(seconds=10)


async def hit(url: str, name: str, times: int, window: float, seconds: float) -> None:
    """Hit the limit for so many seconds; print the moments around each hit that was allowed."""
    connection = RedisConnection(url, patience=PATIENT)
    limits, limit = RedisLimits(connection), Limit(name, times, timedelta(seconds=window))
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        before = time.monotonic()
        if (await limits.hit(limit, "somebody")).allowed:
            sys.stdout.write(f"{before} {time.monotonic()}\n")
        await asyncio.sleep(0.001)
    await connection.close()


async def ask(url: str, key: str, book: str, takes: float) -> None:
    """Ask the cache from twenty tasks at once; note in the book each time that it had to be made."""
    connection = RedisConnection(url, patience=PATIENT)
    cache = RedisCache(connection, MemoryCache(patience=PATIENT), patience=PATIENT)

    async def make() -> bytes:
        with Path(book).open("a", encoding="utf-8") as notes:
            notes.write("made\n")
        await asyncio.sleep(takes)
        return b"an answer"

    answers = await asyncio.gather(*(cache.remembered(key, timedelta(minutes=1), make) for _ in range(20)))
    sys.stdout.write(f"{set(answers) == {b'an answer'}}\n")
    await connection.close()


if __name__ == "__main__":
    what, url, name, *rest = sys.argv[1:]
    if what == "hit":
        asyncio.run(hit(url, name, int(rest[0]), float(rest[1]), float(rest[2])))
    else:
        asyncio.run(ask(url, name, rest[0], float(rest[1])))

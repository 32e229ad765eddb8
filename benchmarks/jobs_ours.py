"""Durable jobs as the processes of the system do them: rows first, ids over Redis, leases and ends noted."""

import asyncio
import sys
import time

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.listener import PostgresListener
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.redis.broker import RedisBroker
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.shared.ids import JobId
from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.process import relaying, working
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.entrypoints.jobs.watch import Outcome, Watch
from higherstudy.ports.jobs import Job

AT_ONCE = 100  # as taskiq itself has it
SENDERS = 16


async def note(job: Job, progress: Progress) -> None:
    """Do nothing: what is measured is what a job costs around its work."""


async def work(url: str, redis_url: str, count: int) -> None:
    """Say that it is ready, and when the last job was done."""
    engine = create_engine(url)
    done, over = 0, asyncio.Event()

    def ended(job: Job, outcome: Outcome, seconds: float) -> None:
        nonlocal done
        done += outcome == "done"
        if done == count:
            over.set()

    duties, broker = Duties(tasks={"note": note}), RedisBroker(redis_url, at_once=AT_ONCE)
    transactions = PostgresTransactions(engine, SystemIds())
    async with working(transactions, duties, broker=broker, watch=Watch(ended=ended), at_once=AT_ONCE):
        print("ready", flush=True)
        await over.wait()
        print(time.time(), flush=True)
    await engine.dispose()


async def relay(url: str, redis_url: str) -> None:
    """Relay until the end."""
    engine = create_engine(url)
    transactions = PostgresTransactions(engine, SystemIds())
    listen, broker = PostgresListener(url), RedisBroker(redis_url)
    async with relaying(transactions, SystemIds(), Duties(), broker=broker, listen=listen):
        print("ready", flush=True)
        await asyncio.sleep(3600)


async def send(url: str, count: int) -> None:
    """Say when it began, and ask for that many jobs, each in a transaction of its own."""
    engine, ids = create_engine(url, pool_size=SENDERS), SystemIds()
    transactions = PostgresTransactions(engine, ids)

    async def ask() -> None:
        async with transactions() as work:
            await work.jobs.add(Job(JobId(ids.new()), "note", work.now))

    async def some(words: range) -> None:
        for _ in words:
            await ask()

    await asyncio.gather(*(ask() for _ in range(SENDERS)))
    print(time.time(), flush=True)
    await asyncio.gather(*(some(range(start, count, SENDERS)) for start in range(SENDERS)))
    await engine.dispose()


if __name__ == "__main__":
    role, url, redis_url, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    if role == "work":
        asyncio.run(work(url, redis_url, count + SENDERS))
    else:
        asyncio.run(relay(url, redis_url) if role == "relay" else send(url, count))

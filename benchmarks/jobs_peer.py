"""Bare TaskIQ over a Redis stream: a task inserts, leases and completes one row of Postgres, in three commits."""

import asyncio
import sys
import time
from uuid import uuid4

import asyncpg
from taskiq.api import run_receiver_task
from taskiq_redis import RedisStreamBroker

AT_ONCE = 100  # as taskiq itself has it
SENDERS = 16
CONNECTIONS = 32
MAKE = """
CREATE TABLE IF NOT EXISTS peer_jobs (
    id uuid PRIMARY KEY, name text NOT NULL, status text NOT NULL, leased_until timestamptz, ended_at timestamptz)
"""
INSERT = "INSERT INTO peer_jobs (id, name, status) VALUES ($1, 'note', 'waiting')"
LEASE = (
    "UPDATE peer_jobs SET status = 'leased', leased_until = now() + interval '15 seconds'"
    " WHERE id = $1 AND status = 'waiting'"
)
COMPLETE = "UPDATE peer_jobs SET status = 'done', ended_at = now() WHERE id = $1 AND status = 'leased'"


async def work(url: str, redis_url: str, count: int) -> None:
    """Say that it is ready, and when the last task was done."""
    broker = RedisStreamBroker(redis_url, queue_name="peer", consumer_id="0")
    pool = await asyncpg.create_pool(url, min_size=CONNECTIONS, max_size=CONNECTIONS)
    await pool.execute(MAKE)
    done, over = 0, asyncio.Event()

    async def note(word: str) -> None:
        nonlocal done
        job_id = uuid4()
        async with pool.acquire() as connection:
            for statement in (INSERT, LEASE, COMPLETE):
                await connection.execute(statement, job_id)
        done += 1
        if done == count:
            over.set()

    broker.register_task(note, task_name="peer.note")
    await broker.startup()
    receiving = asyncio.create_task(run_receiver_task(broker, max_async_tasks=AT_ONCE, max_prefetch=AT_ONCE))
    print("ready", flush=True)
    await over.wait()
    print(time.time(), flush=True)
    receiving.cancel()
    await asyncio.gather(receiving, return_exceptions=True)


async def send(redis_url: str, count: int) -> None:
    """Say when it began, and send that many tasks."""
    broker = RedisStreamBroker(redis_url, queue_name="peer", consumer_id="0")

    async def note(word: str) -> None:
        raise NotImplementedError

    task = broker.register_task(note, task_name="peer.note")
    await broker.startup()
    await task.kiq("warm")
    print(time.time(), flush=True)

    async def some(words: range) -> None:
        for word in words:
            await task.kiq(str(word))

    await asyncio.gather(*(some(range(start, count, SENDERS)) for start in range(SENDERS)))
    await broker.shutdown()


if __name__ == "__main__":
    role, url, redis_url, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    asyncio.run(work(url, redis_url, count + 1) if role == "work" else send(redis_url, count))

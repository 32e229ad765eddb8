"""A worker or a relay of its own process whose jobs charge, mail and text by the providers of a test."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import asyncpg
import httpx2

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.listener import PostgresListener
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.redis.broker import RedisBroker
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.identity.events import AccountRegistered
from higherstudy.entrypoints.jobs.duties import Duties, Reaction
from higherstudy.entrypoints.jobs.process import relaying, working
from higherstudy.entrypoints.jobs.progress import Progress
from higherstudy.ports.jobs import Job

AT_ONCE = 8


class Effects:
    """What follows from each event: a payment, whose provider knows a repetition by its key, and two messages, whose
    providers do not.

    So messages go out one after the other, and that one was accepted is written down before the next begins: whenever
    this process is killed, one of them at most was accepted without a record.
    """

    def __init__(self, providers: httpx2.AsyncClient, records: asyncpg.Pool) -> None:
        self._providers = providers
        self._records = records
        self._one_at_a_time = asyncio.Lock()

    async def charge(self, job: Job, _: Progress) -> None:
        await self._asked("/charges", {"reference": _who(job), "amount": 5000}, {"Idempotency-Key": _who(job)})

    async def mail(self, job: Job, _: Progress) -> None:
        await self._once("/mail", job, {"headers": {"X-Message": _who(job)}})

    async def text(self, job: Job, _: Progress) -> None:
        await self._once("/texts", job, {"reference": _who(job)})

    def duties(self) -> Duties:
        """The table of a worker that does this."""
        tasks = {"charge": self.charge, "mail": self.mail, "text": self.text}
        return Duties({AccountRegistered.tag: {name: Reaction(task) for name, task in tasks.items()}})

    async def _once(self, path: str, job: Job, body: object) -> None:
        async with self._one_at_a_time:
            if job.token > 1 and await self._was_accepted(path, job):
                return
            await self._asked(path, body, {})
            await self._records.execute("INSERT INTO accepted (kind, id) VALUES ($1, $2)", path, _who(job))

    async def _was_accepted(self, path: str, job: Job) -> bool:
        asked = "SELECT count(*) FROM accepted WHERE kind = $1 AND id = $2"
        return bool(await self._records.fetchval(asked, path, _who(job)))

    async def _asked(self, path: str, body: object, headers: dict[str, str]) -> None:
        answer = await self._providers.post(path, json=body, headers=headers)
        answer.raise_for_status()


def _who(job: Job) -> str:
    """Return whom the job is for, which is also what its provider calls it."""
    assert job.envelope is not None
    return str(job.envelope.event.aggregate_id)


@asynccontextmanager
async def _answering_for_health() -> AsyncIterator[None]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = json.dumps({"status": "ok"}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", int(os.environ["HEALTH_PORT"])):
        yield


async def main(kind: str) -> None:
    url = os.environ["DATABASE_URL"]
    engine = create_engine(url)
    transactions = PostgresTransactions(engine, SystemIds())
    broker = RedisBroker(os.environ["REDIS_URL"], at_once=AT_ONCE)
    async with AsyncExitStack() as stack:
        providers = await stack.enter_async_context(httpx2.AsyncClient(base_url=os.environ["PROVIDERS"], timeout=10))
        records = await stack.enter_async_context(asyncpg.create_pool(url, min_size=1, max_size=2))
        table = Effects(providers, records).duties()
        if kind == "work":
            await stack.enter_async_context(
                working(transactions, table, broker=broker, at_once=AT_ONCE, grace=timedelta(seconds=1))
            )
        else:
            await stack.enter_async_context(
                relaying(transactions, SystemIds(), table, broker=broker, listen=PostgresListener(url))
            )
        await stack.enter_async_context(_answering_for_health())
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

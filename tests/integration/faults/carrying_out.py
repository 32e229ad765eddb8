"""A worker or a relay of its own process whose jobs charge, mail and text by the providers of a test."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

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
    providers do not. Nothing here keeps the messages apart: that is the worker's, which is told of it by the table.
    """

    def __init__(self, providers: httpx2.AsyncClient) -> None:
        self._providers = providers

    async def charge(self, job: Job, _: Progress) -> None:
        await self._asked("/charges", {"reference": _who(job), "amount": 5000}, {"Idempotency-Key": _who(job)})

    async def mail(self, job: Job, _: Progress) -> None:
        await self._asked("/mail", {"headers": {"X-Message": _who(job)}}, {})

    async def text(self, job: Job, _: Progress) -> None:
        await self._asked("/texts", {"reference": _who(job)}, {})

    def duties(self) -> Duties:
        """The table of a worker that does this."""
        following = {
            "charge": Reaction(self.charge),
            "mail": Reaction(self.mail, one_by_one=True),
            "text": Reaction(self.text, one_by_one=True),
        }
        return Duties({AccountRegistered.tag: following})

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
        table = Effects(providers).duties()
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

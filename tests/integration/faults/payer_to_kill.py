"""A process that orders, pays, settles and gives back as fast as it can, until somebody kills it; and the way to the
provider, which lives on in the process of the test."""

from __future__ import annotations

import asyncio
import pickle
import random
import struct
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from paying import ADMIN, STUDENT, STUDENT_ID, Desk

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.payments.quoting import Wanted
from higherstudy.domain.payments.refund import State
from higherstudy.domain.shared.errors import DomainError
from higherstudy.domain.shared.money import Money

_SIZE = struct.Struct(">I")
AT_ONCE = 4


async def received(reader: asyncio.StreamReader) -> Any:
    """Return what the other side has sent."""
    (size,) = _SIZE.unpack(await reader.readexactly(_SIZE.size))
    return pickle.loads(await reader.readexactly(size))


def packed(value: Any) -> bytes:
    """Return the value as it is sent."""
    content = pickle.dumps(value)
    return _SIZE.pack(len(content)) + content


class FarProvider:
    """A provider that is asked over a socket."""

    def __init__(self, socket: str) -> None:
        self._socket = socket

    def __getattr__(self, name: str) -> Any:
        async def call(*given: Any) -> Any:
            reader, writer = await asyncio.open_unix_connection(self._socket)
            try:
                writer.write(packed((name, given)))
                answer = await received(reader)
            finally:
                writer.close()
            if isinstance(answer, DomainError):
                raise answer
            return answer

        return call

    async def movements(self, *given: Any) -> AsyncIterator[Any]:
        for one in await self.__getattr__("every_movement")(*given):
            yield one


async def act(desk: Desk, chance: random.Random) -> None:
    """Do one thing that somebody may do."""
    orders = [one.order.id for one in await desk.list(STUDENT, STUDENT_ID, 30)]
    if not orders or chance.random() < 0.15:
        await desk.place(STUDENT, STUDENT_ID, currency="EUR", lines=[Wanted("courier", chance.choice((1, 2, 3)))])
        return
    seen = await desk.get(STUDENT, chance.choice(orders))
    match chance.randrange(8):
        case 0:
            await desk.cancel(STUDENT, seen.order.id)
        case 1:
            await desk.ask_for_refund(STUDENT, seen.order.id, reason="Not needed.", amount=Money(700, "EUR"))
        case 2 | 3:
            for case in seen.refunds:
                if case.state is State.ASKED:
                    await desk.decide(ADMIN, case.id, approve=True)
                await desk.send_refund(case.id)
        case 4 | 5:
            for attempt in seen.attempts:
                if attempt.collection:
                    await desk.settle(attempt.collection)
        case _:
            await desk.pay(STUDENT, seen.order.id)


async def _without_end(desk: Desk, chance: random.Random) -> None:
    while True:
        with suppress(DomainError):
            await act(desk, chance)


async def main(url: str, socket: str, seed: str) -> None:
    engine = create_engine(url, pool_wait=timedelta(seconds=2))
    desk = Desk(transactions=PostgresTransactions(engine, SystemIds()), ids=SystemIds(), provider=FarProvider(socket))
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    await asyncio.gather(*(_without_end(desk, random.Random(f"{seed} {one}")) for one in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))

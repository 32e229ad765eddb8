"""Processes at payments are killed at any moment, and the database with them: nothing is charged or given back twice,
and the books are the provider's at the end."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from paying import ADMIN, PRICES, STUDENT, STUDENT_ID, Desk, FaultyProvider, quiet

from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.migrate import upgrade
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.payments.attempt import HAS_MONEY
from higherstudy.domain.payments.attempt import State as AttemptState
from higherstudy.domain.payments.ledger import CLEARING
from higherstudy.domain.payments.order import SOLD
from higherstudy.domain.payments.refund import State as RefundState
from higherstudy.domain.payments.standing import sentences
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.profile.student import Student
from higherstudy.domain.shared.errors import DomainError
from higherstudy.ports.payments import RepaymentStage, Stage
from servers.own_postgres import OwnPostgres

from .payer_to_kill import packed, received

PROGRAM = Path(__file__).with_name("payer_to_kill.py")
KILLS, EACH_TIME_THE_DATABASE_TOO = 20, 5
AN_HOUR = timedelta(hours=1)


class Provider:
    """A provider behind a socket, whose payers pay while it is asked; it counts what it was asked."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.kept = FaultyProvider(MemoryClock(datetime.now(UTC)))
        self.calls = 0
        self.called = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            name, given = await received(reader)
            self.calls += 1
            self.called.set()
            try:
                answer: Any = await getattr(self.kept, name)(*given)
            except DomainError as error:
                answer = error
            self.payers()
            writer.write(packed(answer))
            await writer.drain()
        writer.close()

    def payers(self) -> None:
        """Let somebody pay, a bank say no or bring a repayment to its end."""
        for one in list(self.kept.there.values()):
            if self.chance.random() < 0.2:
                self.kept.pay(one.id, slowly=self.chance.random() < 0.2)
            elif self.chance.random() < 0.2:
                self.kept.finish(one.id, paid=self.chance.random() < 0.5)
            for place, _ in enumerate(one.repayments):
                if self.chance.random() < 0.2:
                    stage = self.chance.choice((RepaymentStage.DONE, RepaymentStage.DONE, RepaymentStage.FAILED))
                    self.kept.end_repayment(one.id, place, stage)

    async def until(self, calls: int) -> None:
        while self.calls < calls:
            self.called.clear()
            await self.called.wait()


@asynccontextmanager
async def a_desk(url: str, provider: FaultyProvider) -> AsyncIterator[Desk]:
    engine = create_engine(url)
    yield Desk(transactions=PostgresTransactions(engine, SystemIds()), ids=SystemIds(), provider=provider)
    await engine.dispose()


@pytest.mark.slow
async def test_whoever_is_killed_at_payments_nothing_happens_twice_and_all_of_it_heals(tmp_path: Path) -> None:
    chance, server = random.Random(7), OwnPostgres()
    try:
        database = await asyncio.to_thread(lambda: server.start().fresh("payments"))
        await upgrade(database.owner_url)
        provider, socket = Provider(chance), str(tmp_path / "provider")
        async with a_desk(database.app_url, provider.kept) as desk:
            async with desk.plain() as work:
                await work.students.add(Student(STUDENT_ID, STUDENT.account_id, Profile()))
            await desk.set_prices(ADMIN, currency="EUR", prices=PRICES)
        listening = await asyncio.start_unix_server(provider.serve, socket)
        for number in range(KILLS):
            too = number % EACH_TIME_THE_DATABASE_TOO == 1
            first = server.kill if too else None
            await _killed(database.app_url, socket, number, provider, chance.randint(5, 30), first)
            if too:
                database = (await asyncio.to_thread(server.start)).database(database.name)
        listening.close()
        async with a_desk(database.app_url, provider.kept) as desk:
            await _heal(desk)
            await _check(desk)
    finally:
        await asyncio.to_thread(server.close)


async def _killed(
    url: str, socket: str, seed: int, provider: Provider, after: int, first: Callable[[], None] | None
) -> None:
    """Let a process work until the provider was asked so often, and kill it (kill -9), after what is to go first."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), url, socket, str(seed), stdout=asyncio.subprocess.PIPE, env=environment
    )
    try:
        assert child.stdout is not None
        assert await asyncio.wait_for(child.stdout.readline(), 60) == b"begun\n"
        await asyncio.wait_for(provider.until(provider.calls + after), 60)
        if first is not None:
            await asyncio.to_thread(first)
    finally:
        child.kill()
        await child.wait()


async def _heal(desk: Desk) -> None:
    for one in list(desk.provider.there):
        desk.provider.finish(one, paid=True)
    for _ in range(3):
        await replace(desk.look_again, after=-AN_HOUR)(quiet)
        await replace(desk.reconcile, settled_by=-AN_HOUR)(quiet, timedelta(days=2))


async def _check(desk: Desk) -> None:
    async with desk.plain() as work:
        books = {name: minor for (name, _), minor in (await work.books.balances()).items()}
        assert await work.books.differences(10) == []
        orders = await work.orders.of_student(STUDENT_ID, 10_000)
    assert sum(books.values()) == 0
    assert (books[CLEARING], books["receivable"]) == (desk.provider.balance("EUR"), 0)
    places: defaultdict[str, list[int]] = defaultdict(list)
    paid = 0
    for order in orders:
        found = await desk.get(STUDENT, order.id)
        taken = [one for one in found.attempts if one.state is AttemptState.TAKEN]
        assert len(taken) == (found.order.state in SOLD)
        assert found.standing.code in sentences()
        paid += len(taken)
        for attempt in found.attempts:
            there = desk.provider.there[attempt.collection]
            assert (there.stage is Stage.TAKEN) == (attempt.state in HAS_MONEY)
        assert RefundState.APPROVED not in {one.state for one in found.refunds}
        for paper in found.papers:
            places[paper.series].append(paper.place)
    assert len({one.key for one in desk.provider.there.values()}) == len(desk.provider.there)
    assert paid > KILLS / 4
    for numbers in places.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))

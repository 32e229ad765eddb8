"""The loop of the simulation: time is only counted, the seed draws the order, processes die and freeze."""

import asyncio
import random
from contextvars import Context

import pytest
from simulation.loop import Loop, NothingLeft, play
from simulation.processes import WITHIN, Process, answered_by, watch_over

from higherstudy.adapters.memory.transactions import MemoryTransactions
from higherstudy.ports.answers import RequestKey

_KEY = RequestKey(None, "route", "key")


def test_waiting_takes_no_time_but_counts() -> None:
    async def main() -> float:
        await asyncio.gather(asyncio.sleep(3600), asyncio.sleep(86_400))
        return asyncio.get_running_loop().time()

    assert play(1, main()) == 86_400


def test_the_seed_alone_decides_the_order() -> None:
    async def main() -> list[int]:
        order: list[int] = []

        async def step(number: int) -> None:
            for _ in range(3):
                await asyncio.sleep(0)
                order.append(number)

        await asyncio.gather(*(step(number) for number in range(5)))
        return order

    orders = [tuple(play(seed, main())) for seed in (1, 1, 2, 3)]

    assert orders[0] == orders[1]
    assert len(set(orders)) == 3


def test_a_wait_that_nothing_can_end_is_told() -> None:
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(NothingLeft):
        play(1, main())


def test_a_killed_process_does_nothing_more_not_even_in_its_last_words() -> None:
    async def main() -> list[str]:
        process, said = _process(), []

        async def talk() -> None:
            try:
                await asyncio.sleep(10)
                said.append("alive")
            except asyncio.CancelledError:
                process.demand_alive()
                said.append("last words")

        task = process.run(talk())
        await asyncio.sleep(1)
        process.kill()
        await asyncio.wait([task])
        with pytest.raises(ConnectionError):
            await answered_by(process, process.step, within=5)
        return said

    assert play(1, main()) == []


def test_a_killed_process_keeps_nothing_of_its_open_unit() -> None:
    async def main() -> object:
        process, transactions = _process(), MemoryTransactions()

        async def write() -> None:
            async with transactions() as work:
                await work.answers.claim(_KEY, b"")
                await asyncio.sleep(10)

        process.run(write())
        await asyncio.sleep(1)
        process.kill()
        async with transactions() as work:
            return await work.answers.claim(_KEY, b"other")

    assert play(1, main()) is None


def test_a_frozen_process_goes_on_where_it_stood_while_time_passed_for_others() -> None:
    async def main() -> list[tuple[str, float]]:
        loop = asyncio.get_running_loop()
        process, seen = _process(), []

        async def tick(name: str) -> None:
            for _ in range(3):
                await asyncio.sleep(1)
                seen.append((name, loop.time()))

        process.run(tick("frozen"))
        await asyncio.sleep(1.5)
        process.freeze(60)
        await tick("other")
        await asyncio.sleep(100)
        return seen

    seen = play(1, main())

    assert [moment for name, moment in seen if name == "other"] == [2.5, 3.5, 4.5]
    assert [moment for name, moment in seen if name == "frozen"] == [1, 61.5, 62.5]


def test_a_task_with_a_context_of_its_own_dies_with_its_process() -> None:
    async def main() -> bool:
        process = _process()

        async def begin() -> None:
            task = asyncio.create_task(asyncio.sleep(10), context=Context())
            await task

        task = process.run(begin())
        await asyncio.sleep(1)
        process.kill()
        await asyncio.wait([task])
        return all(one is asyncio.current_task() for one in asyncio.all_tasks())

    assert play(1, main())


def _process() -> Process:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Loop)
    watch_over(loop)
    assert WITHIN.get() is None
    return Process("process", random.Random(1))

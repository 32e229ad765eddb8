"""Many who match the whole catalogue at the same time do not take the server from the others."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import httpx2
import pytest
from records import Server

from higherstudy.domain.imports.catalogue_import import Table
from higherstudy.entrypoints.http.errors import TooManyRequests
from higherstudy.entrypoints.http.turns import Turns
from higherstudy.ports.errors import Unavailable


async def test_some_are_let_in_some_wait_and_the_others_are_sent_away_at_once() -> None:
    turns = Turns(at_once=2, waiting=8, each=1)
    inside, most_inside = 0, 0

    async def come(who: int) -> None:
        nonlocal inside, most_inside
        async with turns.turn(who):
            inside += 1
            most_inside = max(most_inside, inside)
            await asyncio.sleep(0)
            inside -= 1

    ended = await asyncio.gather(*(come(who) for who in range(15)), return_exceptions=True)

    assert [type(one) for one in ended] == [type(None)] * 10 + [Unavailable] * 5
    assert most_inside == 2


async def test_somebody_who_gives_up_waiting_makes_room() -> None:
    turns = Turns(at_once=1, waiting=1, each=2)

    async with turns.turn("first"):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(turns.turn("second").__aenter__(), 0.01)
        waiting = asyncio.create_task(turns.turn("second").__aenter__())
        await asyncio.sleep(0)

    await asyncio.wait_for(waiting, 5)


async def test_nobody_takes_all_places_and_who_has_left_may_come_again() -> None:
    turns = Turns(at_once=2, waiting=8, each=3)
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await stack.enter_async_context(turns.turn("greedy"))
        waiting = asyncio.create_task(turns.turn("greedy").__aenter__())
        await asyncio.sleep(0)

        with pytest.raises(TooManyRequests):
            await turns.turn("greedy").__aenter__()
        modest = asyncio.create_task(turns.turn("modest").__aenter__())

    await asyncio.wait_for(asyncio.gather(waiting, modest), 5)


async def test_one_match_too_many_is_asked_to_come_back_and_a_search_answers(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    app: Any = server.app.app
    turns = Turns(at_once=1, waiting=0, each=1)
    app.state["match_turns"] = turns

    async with turns.turn("somebody else"):
        match = await owner.get("/v1/students/me/matches")
        search = await owner.get("/v1/programmes")
    later = await owner.get("/v1/students/me/matches")

    assert (match.status_code, match.json()["code"]) == (503, "unavailable")
    assert int(match.headers["retry-after"]) > 0
    assert (search.status_code, later.status_code) == (200, 200)


async def test_others_get_the_loop_again_and_again_while_a_catalogue_is_judged(
    server: Server, owner: httpx2.AsyncClient
) -> None:
    of_the_bundled = await _turns_of_others_during_a_match(owner)
    _fill(server, 2000)

    of_2000_more = await _turns_of_others_during_a_match(owner)

    assert of_2000_more - of_the_bundled >= 15


async def _turns_of_others_during_a_match(client: httpx2.AsyncClient) -> int:
    match = asyncio.create_task(client.get("/v1/students/me/matches"))
    turns = 0
    while not match.done():
        turns += 1
        await asyncio.sleep(0)
    assert match.result().status_code == 200
    return turns


def _fill(server: Server, number: int) -> None:
    transactions: Any = server.ports.transactions
    rows = transactions._store.catalogue.rows[Table.PROGRAMMES]
    (_, stored), *_ = rows.items()
    for count in range(number):
        rows._kept[UUID(int=count)] = stored

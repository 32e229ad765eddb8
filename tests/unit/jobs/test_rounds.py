"""The rounds of a relay end when they are told to, whatever comes in at that moment."""

import asyncio
from datetime import timedelta

import pytest
from waiting import until
from worlds import World

from higherstudy.entrypoints.jobs.duties import Duties
from higherstudy.entrypoints.jobs.relay import Relay
from higherstudy.entrypoints.jobs.rounds import Rhythm, Rounds
from higherstudy.entrypoints.jobs.schedules import Scheduler

LONGEST = 5.0


@pytest.fixture
def rounds() -> Rounds:
    world, duties = World(), Duties()
    relay = Relay(world.transactions, world.ids, duties.reactions)
    scheduler = Scheduler(world.transactions, world.ids, duties.schedules)
    rhythm = Rhythm(look_every=timedelta(minutes=1))
    return Rounds(relay, scheduler, None, rhythm, asyncio.Event(), timedelta())


async def test_rounds_that_are_ended_at_the_moment_they_are_called_do_end(rounds: Rounds) -> None:
    going_round = asyncio.create_task(rounds.run())
    await asyncio.sleep(0.1)  # it has looked, and waits to be called

    rounds.wake.set()
    going_round.cancel()
    ended, _ = await asyncio.wait([going_round], timeout=LONGEST)

    assert ended == {going_round}
    assert going_round.cancelled()


async def test_rounds_look_again_once_they_are_called(rounds: Rounds) -> None:
    going_round = asyncio.create_task(rounds.run())
    await asyncio.sleep(0.1)

    rounds.wake.set()
    await until(lambda: not rounds.wake.is_set(), LONGEST, what="a new round takes the call")

    going_round.cancel()
    await asyncio.wait([going_round], timeout=LONGEST)

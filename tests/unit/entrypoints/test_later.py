"""What takes long to make is made once, whoever asks, however many, and whoever leaves."""

import asyncio
from threading import Event

import pytest

from higherstudy.entrypoints.parts.later import Later


async def test_many_who_ask_at_once_get_the_same_thing_which_is_made_once() -> None:
    made: list[object] = []

    def make() -> object:
        made.append(object())
        return made[-1]

    later = Later(make)
    wanted_before = later.is_wanted
    got = await asyncio.gather(*(later.get() for _ in range(5)))

    assert got == made * 5
    assert (wanted_before, later.is_wanted, later.made) == (False, True, made[0])


async def test_the_loop_goes_on_while_it_is_made() -> None:
    begun, may_end = Event(), Event()

    def make() -> str:
        begun.set()
        assert may_end.wait(10)
        return "made"

    later = Later(make)
    asking = asyncio.create_task(later.get())
    await asyncio.to_thread(begun.wait, 10)
    before = later.made
    may_end.set()

    assert (before, await asking) == (None, "made")


async def test_who_leaves_does_not_take_it_from_those_who_wait() -> None:
    may_end = Event()
    later = Later(lambda: may_end.wait(10))
    leaving, staying = asyncio.create_task(later.get()), asyncio.create_task(later.get())
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    may_end.set()

    assert (leaving.cancelled(), await staying) == (True, True)


async def test_what_goes_wrong_is_told_to_all_who_ask() -> None:
    def make() -> str:
        raise RuntimeError("not to be had")

    later = Later(make)

    for _ in range(2):
        with pytest.raises(RuntimeError, match="not to be had"):
            await later.get()
    assert later.made is None

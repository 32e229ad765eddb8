"""Another key for second factors: what the one before has sealed is sealed anew, and every app goes on."""

from dataclasses import replace

import pytest
from worlds import World

from higherstudy.adapters.memory.secret_box import MemorySecretBox
from higherstudy.domain.identity.errors import SecondFactorRefused
from higherstudy.domain.identity.factor import Method, Shown
from higherstudy.domain.identity.use_cases.resealing import Resealed, SealFactorsAnew

from .test_second_factors import STEP, Holder, a_holder

NEW, BOTH = MemorySecretBox(b"new"), MemorySecretBox(b"new", b"memory")


async def nothing(_: int) -> None:
    """Nobody wants to know how far it is."""


def by(box: MemorySecretBox, holder: Holder) -> Holder:
    """The same person at a process with these keys."""
    return replace(holder, checks=replace(holder.checks, box=box))


async def an_app(world: World, email: str) -> Holder:
    holder = await a_holder(email, world)
    await holder.totp()
    return holder


async def used(holder: Holder) -> set[Method]:
    methods = await holder.finish(Shown(code=holder.code()))
    holder.world.clock.move(STEP)
    return methods


async def test_apps_give_codes_that_count_before_during_and_after_the_change() -> None:
    world = World()
    first, second = await an_app(world, "first@example.org"), await an_app(world, "second@example.org")
    before = await used(by(BOTH, first))

    done = await SealFactorsAnew(world.transactions, BOTH)(nothing)

    assert done == Resealed(anew=2)
    assert [before, await used(by(NEW, first)), await used(by(NEW, second))] == [{Method.PASSWORD, Method.TOTP}] * 3
    with pytest.raises(SecondFactorRefused):
        await used(first)  # the key before opens nothing any more


async def test_done_again_it_changes_nothing() -> None:
    world = World()
    holder = await an_app(world, "first@example.org")
    seal = SealFactorsAnew(world.transactions, BOTH)
    await seal(nothing)
    async with world.transactions() as work:
        kept = await work.factors.of_account(holder.account.id)

    done = await seal(nothing)

    assert done == Resealed()
    async with world.transactions() as work:
        assert await work.factors.of_account(holder.account.id) == kept


async def test_one_that_was_cut_short_goes_on_where_it_was() -> None:
    world = World()
    holders = [await an_app(world, f"student{number}@example.org") for number in range(201)]

    class Killed(Exception):
        pass

    async def killed(_: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        await SealFactorsAnew(world.transactions, BOTH)(killed)
    rest = await SealFactorsAnew(world.transactions, BOTH)(nothing)

    assert rest == Resealed(anew=1)
    assert [await used(by(NEW, one)) for one in (holders[0], holders[-1])] == [{Method.PASSWORD, Method.TOTP}] * 2


async def test_what_no_known_key_opens_is_counted_and_left_as_it_is() -> None:
    world = World()
    lost = by(MemorySecretBox(b"lost"), await a_holder("lost@example.org", world))
    await lost.totp()
    await an_app(world, "first@example.org")

    done = await SealFactorsAnew(world.transactions, BOTH)(nothing)

    assert done == Resealed(anew=1, not_opened=1)
    assert await used(lost) == {Method.PASSWORD, Method.TOTP}, "once its key is named, it opens"


async def test_the_trail_says_that_it_was_done() -> None:
    world = World()
    await an_app(world, "first@example.org")

    await SealFactorsAnew(world.transactions, BOTH)(nothing)

    noted = [one for one in world.store.audit.entries.rows() if one.entry.action == "factor.sealed_anew"]
    assert [dict(one.entry.details) for one in noted] == [{"anew": "1", "not_opened": "0", "by": "operator"}]

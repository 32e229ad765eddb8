"""Ending the sessions of all accounts, however often it is begun."""

from datetime import timedelta

import pytest
from worlds import World, staff

from higherstudy.domain.identity.session import Because, Lasting
from higherstudy.domain.identity.use_cases.sessions import BeginSession
from higherstudy.domain.identity.use_cases.signing_out import SignOutAccount, SignOutAll
from higherstudy.domain.shared.ids import AccountId


class Killed(Exception):
    """The worker is gone."""


async def signed_in(world: World, accounts: int) -> list[AccountId]:
    begin, found = BeginSession(world.transactions, world.ids, Lasting()), []
    for number in range(accounts):
        asker = await world.student(f"student{number}@example.org")
        async with world.transactions() as work:
            account = await work.accounts.get(asker.account_id)
        await begin(account)
        found.append(account.id)
    return found


async def why_ended(world: World, account_id: AccountId) -> list[Because | None]:
    async with world.transactions() as work:
        return [one.ended_because for one in await work.sessions.every_of(account_id)]


async def test_what_a_killed_worker_has_left_the_next_one_does_and_nothing_twice() -> None:
    world = World()
    accounts = await signed_in(world, 201)  # one more than a worker takes at a time
    sign_out = SignOutAll(world.transactions, SignOutAccount(world.transactions))
    before = world.clock.now()

    async def killed(_: int) -> None:
        raise Killed

    async def told(done: int) -> None:
        reports.append(done)

    reports: list[int] = []
    with pytest.raises(Killed):
        await sign_out(before, staff().origin, killed)
    rest = await sign_out(before, staff().origin, told)
    again = await sign_out(before, staff().origin, told)

    assert (rest, again) == (1, 0)
    assert [await why_ended(world, one) for one in accounts] == [[Because.BY_ADMINISTRATOR]] * 201
    entries = [one.entry for one in world.store.audit.entries.rows()]
    assert len([one for one in entries if one.action == "account.signed_out"]) == 201


async def test_who_signed_in_after_it_was_ordered_stays() -> None:
    world = World()
    before = world.clock.now()
    world.clock.move(timedelta(seconds=1))
    [account] = await signed_in(world, 1)

    async def told(_: int) -> None:
        """Nobody listens."""

    done = await SignOutAll(world.transactions, SignOutAccount(world.transactions))(before, staff().origin, told)

    assert done == 0
    assert await why_ended(world, account) == [None]

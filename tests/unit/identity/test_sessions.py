"""Sessions: begun by a sign-in, kept alive by refresh tokens that are good once, ended anywhere."""

from datetime import timedelta
from uuid import uuid4

import pytest
from worlds import World, staff

from higherstudy.domain.identity.account import Account, Asker, Role
from higherstudy.domain.identity.errors import RefreshRefused
from higherstudy.domain.identity.events import SessionEnded
from higherstudy.domain.identity.session import LONGEST_DEVICE, MOST_AT_ONCE, Because, Lasting, Session, device_of
from higherstudy.domain.identity.use_cases.accounts import GrantRole, Register, asker_of
from higherstudy.domain.identity.use_cases.sessions import (
    BeginSession,
    EndSession,
    EndSessions,
    ListSessions,
    RefreshSession,
)
from higherstudy.domain.shared.errors import NotFound
from higherstudy.domain.shared.ids import SessionId

LASTING = Lasting()
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def account_in(world: World, email: str = "student@example.org") -> Account:
    return await Register(world.transactions, world.ids, world.passwords, world.common)(email, "a long enough password")


async def begun(world: World, account: Account, device: str = "A browser") -> Session:
    return await BeginSession(world.transactions, world.ids, LASTING)(account, device)


async def refreshed(world: World, session: Session, turn: int) -> Session:
    _, found = await RefreshSession(world.transactions, LASTING)(session.id, turn)
    return found


async def live(world: World, account: Account) -> list[SessionId]:
    return [one.id for one in await ListSessions(world.transactions)(asker_of(account))]


async def kept(world: World, session: Session) -> Session:
    async with world.transactions() as work:
        return await work.sessions.get(session.id)


async def test_a_session_lasts_fourteen_days_unused_and_thirty_with_refreshes() -> None:
    world = World()
    session = await begun(world, await account_in(world))
    start = world.clock.now()

    assert session.until == start + 14 * DAY
    for turn, day in enumerate((13, 26), start=1):
        world.clock.set(start + day * DAY)
        session = await refreshed(world, session, turn)
    assert session.until == start + 30 * DAY

    world.clock.set(start + 30 * DAY)
    with pytest.raises(RefreshRefused):
        await refreshed(world, session, 3)


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.ADMIN, Role.AUDITOR])
async def test_a_session_of_staff_lasts_twelve_hours(role: Role) -> None:
    world = World()
    account = await account_in(world)

    session = await begun(world, await GrantRole(world.transactions)(staff(), account.id, role))

    assert session.until == world.clock.now() + timedelta(hours=12)


async def test_a_refresh_gives_the_account_as_it_is_now_and_the_next_turn() -> None:
    world = World()
    account = await account_in(world)
    session = await begun(world, account)
    async with world.transactions() as work:
        changed = await work.accounts.get(account.id)
        changed.grant(Role.COUNSELLOR)
        await work.accounts.save(changed)

    found, again = await RefreshSession(world.transactions, LASTING)(session.id, 1)

    assert (found.roles, again.turn) == (frozenset({Role.STUDENT, Role.COUNSELLOR}), 2)
    assert again.until == world.clock.now() + timedelta(hours=12), "staff by now"


async def test_who_lost_the_answer_gets_the_same_turn_again_for_a_moment() -> None:
    world = World()
    session = await begun(world, await account_in(world))
    first = await refreshed(world, session, 1)

    world.clock.set(world.clock.now() + LASTING.again - timedelta(seconds=1))

    assert await refreshed(world, session, 1) == first


async def test_a_token_that_is_used_again_later_ends_the_session_for_both() -> None:
    world = World()
    account = await account_in(world)
    session = await begun(world, account)
    await refreshed(world, session, 1)

    world.clock.set(world.clock.now() + LASTING.again)
    for turn in (1, 2):
        with pytest.raises(RefreshRefused):
            await refreshed(world, session, turn)

    assert await live(world, account) == []
    assert (await kept(world, session)).ended_because is Because.REUSED
    assert (await world.events())[-1] == SessionEnded(session.id, account.id, "reused")


async def test_a_token_two_turns_old_ends_the_session_at_once() -> None:
    world = World()
    session = await begun(world, await account_in(world))
    for turn in (1, 2):
        await refreshed(world, session, turn)

    with pytest.raises(RefreshRefused):
        await refreshed(world, session, 1)

    assert (await kept(world, session)).ended_because is Because.REUSED


async def test_what_is_no_session_cannot_be_refreshed() -> None:
    with pytest.raises(RefreshRefused):
        await RefreshSession(World().transactions, LASTING)(SessionId(uuid4()), 1)


async def test_one_session_is_ended_and_others_stay() -> None:
    world = World()
    account = await account_in(world)
    here, there = await begun(world, account), await begun(world, account)
    asker = asker_of(account, session_id=here.id)

    await EndSession(world.transactions)(asker, there.id)
    await EndSession(world.transactions)(asker, there.id)

    assert await live(world, account) == [here.id]
    assert (await kept(world, there)).ended_because is Because.ENDED
    assert [one for one in await world.events() if isinstance(one, SessionEnded)] == [
        SessionEnded(there.id, account.id, "ended")
    ], "once, however often it is asked for"


async def test_ending_the_session_that_asks_is_signing_out() -> None:
    world = World()
    account = await account_in(world)
    session = await begun(world, account)

    await EndSession(world.transactions)(asker_of(account, session_id=session.id), session.id)

    assert (await kept(world, session)).ended_because is Because.SIGNED_OUT


async def test_sessions_of_somebody_else_are_neither_listed_nor_ended() -> None:
    world = World()
    owner, other = await account_in(world), await account_in(world, "other@example.org")
    session = await begun(world, owner)

    with pytest.raises(NotFound):
        await EndSession(world.transactions)(asker_of(other), session.id)
    with pytest.raises(NotFound):
        await EndSession(world.transactions)(asker_of(other), SessionId(uuid4()))
    assert await EndSessions(world.transactions)(asker_of(other)) == 0

    assert await live(world, other) == []
    assert await live(world, owner) == [session.id]


@pytest.mark.parametrize("others_only", [True, False])
async def test_all_sessions_are_ended_with_or_without_the_one_that_asks(others_only: bool) -> None:
    world = World()
    account = await account_in(world)
    here, _, _ = [await begun(world, account) for _ in range(3)]
    asker: Asker = asker_of(account, session_id=here.id)

    ended = await EndSessions(world.transactions)(asker, others_only=others_only)

    assert (ended, await live(world, account)) == ((2, [here.id]) if others_only else (3, []))


async def test_one_session_too_many_ends_the_one_that_was_used_longest_ago() -> None:
    world = World()
    account = await account_in(world)
    sessions = []
    for _ in range(MOST_AT_ONCE):
        sessions.append(await begun(world, account))
        world.clock.set(world.clock.now() + MINUTE)
    await refreshed(world, sessions[0], 1)

    newest = await begun(world, account)

    found = await live(world, account)
    assert len(found) == MOST_AT_ONCE
    assert {newest.id, sessions[0].id} <= set(found)
    assert (await kept(world, sessions[1])).ended_because is Because.TOO_MANY


def test_what_a_client_calls_itself_is_one_line_that_can_be_shown() -> None:
    assert device_of("  Firefox\r\n\t 140 \x1b[31m ঢাকা ") == "Firefox 140 [31m ঢাকা"
    assert len(device_of("x" * 10_000)) == LONGEST_DEVICE

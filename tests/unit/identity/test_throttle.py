"""Waits grow with failures; whoever the account knows does not wait for others."""

from datetime import timedelta

import pytest
from worlds import World

from higherstudy.domain.identity.account import Account
from higherstudy.domain.identity.confirmation import Purpose
from higherstudy.domain.identity.errors import SignInRefused, SlowedDown
from higherstudy.domain.identity.throttle import Pace, Throttle
from higherstudy.domain.identity.ticket import Ticket, TicketFor, TicketLasting
from higherstudy.domain.identity.use_cases.accounts import ChangePassword, Register, SignIn, asker_of
from higherstudy.domain.identity.use_cases.confirming import MakeCode, ResetPassword
from higherstudy.domain.identity.use_cases.tickets import MakeTicket
from higherstudy.domain.shared.errors import RuleBroken

EMAIL, PASSWORD, NOBODY = "student@example.org", "a long enough password", "nobody@example.org"
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
PACE = Pace()


async def account_in(world: World) -> Account:
    return await Register(world.transactions, world.ids, world.passwords, world.common)(EMAIL, PASSWORD)


async def tried(world: World, password: str, email: str = EMAIL, device: Ticket | None = None) -> str:
    try:
        await SignIn(world.transactions, world.passwords)(email, password, device)
    except (SignInRefused, SlowedDown) as refused:
        return refused.code
    return "signed in"


def a_device(world: World, account: Account) -> Ticket:
    return MakeTicket(world.clock, world.secrets, TicketLasting())(TicketFor.DEVICE, account.id)


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (9, 0), (10, 1), (11, 2), (14, 16), (20, 1024), (26, 65536), (27, 86400), (99, 86400), (100, 30 * 86400)],
)
def test_the_wait_doubles_up_to_a_day_and_after_a_hundred_is_a_month(failures: int, seconds: int) -> None:
    assert PACE.after(failures) == timedelta(seconds=seconds)


def test_nobody_gets_a_hundred_guesses_in_two_months_nor_many_more_in_a_year() -> None:
    world, throttle, guesses = World(), Throttle("one"), []
    now = start = world.clock.now()
    while now < start + 365 * DAY:
        try:
            throttle.claim(now, PACE)
            guesses.append(now)
        except SlowedDown as slowed:
            now += timedelta(seconds=slowed.seconds)

    assert len([one for one in guesses if one < start + 60 * DAY]) < 100
    assert len(guesses) < 400


async def test_each_wait_has_to_be_over_before_the_next_try_even_with_the_right_password() -> None:
    world = World()
    await account_in(world)
    first = [await tried(world, "a guess") for _ in range(11)]

    early = await tried(world, PASSWORD)
    world.clock.move(SECOND)
    late = await tried(world, PASSWORD)
    after = [await tried(world, "a guess") for _ in range(10)]

    assert first == ["sign_in_refused"] * 10 + ["slowed_down"]
    assert (early, late) == ("slowed_down", "signed in")
    assert after == ["sign_in_refused"] * 10, "a success begins anew"


async def test_an_address_without_an_account_is_slowed_in_the_same_way() -> None:
    world = World()
    await account_in(world)

    known = [await tried(world, "a guess") for _ in range(12)]
    unknown = [await tried(world, "a guess", NOBODY) for _ in range(12)]
    none = [await tried(world, "a guess", "no address") for _ in range(12)]

    assert known == unknown
    assert none == ["sign_in_refused"] * 12


async def test_the_owner_signs_in_on_a_device_that_is_known_whatever_others_fail_at() -> None:
    world = World()
    account = await account_in(world)
    device = a_device(world, account)
    for _ in range(40):
        await tried(world, "a guess")
        world.clock.move(60 * SECOND)

    assert await tried(world, PASSWORD) == "slowed_down"
    assert await tried(world, PASSWORD, device=device) == "signed in"
    assert await tried(world, PASSWORD) == "slowed_down", "strangers wait all the same"


async def test_a_device_that_was_stolen_guesses_no_faster() -> None:
    world = World()
    device = a_device(world, await account_in(world))

    guesses = [await tried(world, "a guess", device=device) for _ in range(11)]

    assert guesses == ["sign_in_refused"] * 10 + ["slowed_down"]
    assert await tried(world, PASSWORD) == "signed in", "and makes nobody else wait"


async def test_the_device_of_one_account_is_a_stranger_to_another() -> None:
    world = World()
    await account_in(world)
    register = Register(world.transactions, world.ids, world.passwords, world.common)
    theirs = a_device(world, await register("another@example.org", PASSWORD))
    for _ in range(10):
        await tried(world, "a guess")

    assert await tried(world, PASSWORD, device=theirs) == "slowed_down"


async def test_whoever_reads_the_accounts_mail_need_not_wait_for_strangers() -> None:
    world = World()
    account = await account_in(world)
    for _ in range(10):
        await tried(world, "a guess")
    code = await MakeCode(world.transactions, world.ids, world.secrets)(account.id, Purpose.RESET_PASSWORD)

    await ResetPassword(world.transactions, world.passwords, world.common)(code, "another long password")

    assert await tried(world, "another long password") == "signed in"


async def test_whoever_has_a_session_alone_does_not_find_out_the_password_by_changing_it() -> None:
    world = World()
    asker = await world.signed_in(asker_of(await account_in(world)))
    change = ChangePassword(world.transactions, world.passwords, world.common)

    for number in range(10):
        with pytest.raises(RuleBroken):
            await change(asker, f"a guess, number {number}", "another long password")
    with pytest.raises(SlowedDown):
        await change(asker, PASSWORD, "another long password")
    world.clock.move(SECOND)
    await change(asker, PASSWORD, "another long password")

    assert await tried(world, "another long password") == "signed in"

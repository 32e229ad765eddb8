"""A forgotten password, and an address that is confirmed: codes that are good once, for a while, for one thing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from worlds import World, staff

from higherstudy.domain.identity.account import Account
from higherstudy.domain.identity.confirmation import MOST_AN_HOUR, Purpose, digest_of
from higherstudy.domain.identity.errors import SignInRefused
from higherstudy.domain.identity.events import CodeAsked, EmailConfirmed, PasswordChanged, SessionEnded
from higherstudy.domain.identity.session import Lasting
from higherstudy.domain.identity.use_cases.accounts import ChangePassword, Register, SignIn, asker_of
from higherstudy.domain.identity.use_cases.confirming import (
    AskForReset,
    AskToConfirm,
    ConfirmEmail,
    MakeCode,
    ResetPassword,
)
from higherstudy.domain.identity.use_cases.sessions import BeginSession
from higherstudy.domain.shared.errors import Invalid, RuleBroken
from higherstudy.domain.shared.ids import AccountId

EMAIL, OLD, NEW = "student@example.org", "a long enough password", "another long password"


async def account_in(world: World, email: str = EMAIL) -> Account:
    return await Register(world.transactions, world.ids, world.passwords, world.common)(email, OLD)


MAILED = [Purpose.RESET_PASSWORD, Purpose.CONFIRM_EMAIL]
"""What goes to addresses; the code that goes to a number is tried with messages."""


async def a_code(world: World, account: Account, purpose: Purpose) -> str:
    return await MakeCode(world.transactions, world.ids, world.secrets)(account.id, purpose)


async def reset(world: World, code: str, password: str = NEW) -> None:
    await ResetPassword(world.transactions, world.passwords, world.common)(code, password)


async def kept(world: World, account: Account) -> Account:
    async with world.transactions() as work:
        return await work.accounts.get(account.id)


async def may_sign_in(world: World, password: str) -> bool:
    try:
        await SignIn(world.transactions, world.passwords)(EMAIL, password)
    except SignInRefused:
        return False
    return True


async def test_asking_for_a_reset_writes_as_much_for_an_address_that_nobody_has() -> None:
    world = World()
    account = await account_in(world)
    ask = AskForReset(world.transactions, world.ids)

    await ask(f" {EMAIL.upper()} ")
    await ask("nobody@example.org")

    real, other = (await world.events())[-2:]
    assert real == CodeAsked(account.id, "reset_password")
    assert isinstance(other, CodeAsked)
    assert (other.purpose, other.account_id != account.id) == ("reset_password", True)


async def test_what_is_no_address_is_refused() -> None:
    world = World()

    with pytest.raises(Invalid):
        await AskForReset(world.transactions, world.ids)("student")


async def test_a_code_sets_a_new_password_confirms_the_address_and_ends_every_session() -> None:
    world = World()
    account = await account_in(world)
    session = await BeginSession(world.transactions, world.ids, Lasting())(account)
    code = await a_code(world, account, Purpose.RESET_PASSWORD)

    await reset(world, f" {code}\n")

    assert [await may_sign_in(world, one) for one in (OLD, NEW)] == [False, True]
    assert (await kept(world, account)).email_confirmed_at == world.clock.now()
    assert (await world.events())[-2:] == [
        PasswordChanged(account.id),
        SessionEnded(session.id, account.id, "password_changed"),
    ]


async def test_a_code_is_good_once_and_takes_the_others_with_it() -> None:
    world = World()
    account = await account_in(world)
    first, second = [await a_code(world, account, Purpose.RESET_PASSWORD) for _ in range(2)]
    await reset(world, second)

    for used in (first, second):
        with pytest.raises(RuleBroken) as refused:
            await reset(world, used, "a third long password")
        assert [(one.code, one.where) for one in refused.value.reasons] == [("confirmation.not_good", "code")]

    assert await may_sign_in(world, NEW)


@pytest.mark.parametrize("purpose", MAILED)
async def test_a_code_is_good_until_its_time_is_over(purpose: Purpose) -> None:
    world = World()
    account = await account_in(world)
    code = await a_code(world, account, purpose)

    async def use() -> None:
        await (
            reset(world, code)
            if purpose is Purpose.RESET_PASSWORD
            else ConfirmEmail(world.transactions)(asker_of(account), code)
        )

    world.clock.move(purpose.lasts)
    with pytest.raises(RuleBroken):
        await use()

    world.clock.move(-timedelta(seconds=1))
    await use()
    assert (await kept(world, account)).email_confirmed_at == world.clock.now()


async def test_a_code_for_one_thing_is_not_good_for_the_other() -> None:
    world = World()
    account = await account_in(world)
    to_reset, to_confirm = [await a_code(world, account, one) for one in MAILED]

    with pytest.raises(RuleBroken):
        await reset(world, to_confirm)
    with pytest.raises(RuleBroken):
        await ConfirmEmail(world.transactions)(asker_of(account), to_reset)

    assert await may_sign_in(world, OLD)
    assert (await kept(world, account)).email_confirmed_at is None


async def test_a_weak_password_leaves_the_code_good() -> None:
    world = World()
    account = await account_in(world)
    code = await a_code(world, account, Purpose.RESET_PASSWORD)

    for weak in ("short", "student student"):
        with pytest.raises(RuleBroken):
            await reset(world, code, weak)
    await reset(world, code)

    assert await may_sign_in(world, NEW)


@pytest.mark.parametrize("invented", ["", "x", "\ud800", "0" * 10_000])
async def test_an_invented_code_is_refused(invented: str) -> None:
    world = World()
    await account_in(world)

    with pytest.raises(RuleBroken):
        await reset(world, invented)


async def test_a_code_of_an_account_that_is_not_there_is_refused() -> None:
    world = World()
    gone = replace(await account_in(world), id=AccountId(world.ids.new()))

    code = await a_code(world, gone, Purpose.RESET_PASSWORD)

    with pytest.raises(RuleBroken):
        await reset(world, code)


async def test_an_address_is_confirmed_once_and_asked_for_only_before() -> None:
    world = World()
    account = await account_in(world)
    asker, ask = asker_of(account), AskToConfirm(world.transactions)
    await ask(asker)
    code = await a_code(world, account, Purpose.CONFIRM_EMAIL)

    await ConfirmEmail(world.transactions)(asker, code)
    await ask(asker)

    assert (await kept(world, account)).email_confirmed_at == world.clock.now()
    assert (await world.events())[-2:] == [CodeAsked(account.id, "confirm_email"), EmailConfirmed(account.id)]


async def test_nothing_by_which_a_code_could_be_used_is_kept() -> None:
    world = World()
    account = await account_in(world)
    code = await a_code(world, account, Purpose.RESET_PASSWORD)

    async with world.transactions() as work:
        found = await work.confirmations.find(digest_of(code))

    assert code not in repr(found)
    assert not any(code in repr(event) for event in await world.events())


async def test_a_changed_password_takes_the_codes_along_that_would_reset_it() -> None:
    world = World()
    account = await account_in(world)
    code = await a_code(world, account, Purpose.RESET_PASSWORD)

    await ChangePassword(world.transactions, world.passwords, world.common)(asker_of(account), OLD, NEW)

    with pytest.raises(RuleBroken):
        await reset(world, code, "a third long password")
    assert await may_sign_in(world, NEW)


async def test_an_address_is_confirmed_by_nobody_but_who_is_signed_in_to_its_account() -> None:
    """Somebody opened it with the address of another, who follows the link of the mail: that makes it nobody's."""
    world = World()
    account = await account_in(world)
    code = await a_code(world, account, Purpose.CONFIRM_EMAIL)

    with pytest.raises(RuleBroken) as refused:
        await ConfirmEmail(world.transactions)(staff(), code)

    assert [one.code for one in refused.value.reasons] == ["confirmation.not_good"]
    assert (await kept(world, account)).email_confirmed_at is None


async def test_nobodys_mailbox_is_filled_with_codes() -> None:
    world = World()
    account = await account_in(world)
    ask, confirm = AskForReset(world.transactions, world.ids), AskToConfirm(world.transactions)

    for purpose in MAILED:
        for _ in range(MOST_AN_HOUR):
            await a_code(world, account, purpose)
    await ask(EMAIL)
    with pytest.raises(RuleBroken) as refused:
        await confirm(asker_of(account))
    (too_many,) = (await world.events())[-1:]
    world.clock.move(timedelta(hours=1))
    await ask(EMAIL)
    await confirm(asker_of(account))

    assert isinstance(too_many, CodeAsked)
    assert too_many.account_id != account.id  # it looks like any other, and no mail goes out
    assert [one.code for one in refused.value.reasons] == ["confirmation.sent_often_enough"]
    assert (await world.events())[-2:] == [CodeAsked(account.id, one.value) for one in MAILED]

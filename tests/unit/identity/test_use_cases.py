"""Registering, signing in and roles."""

import pytest
from worlds import World, owned, staff

from higherstudy.adapters.memory.passwords import MemoryPasswords
from higherstudy.domain.identity.account import Role
from higherstudy.domain.identity.errors import EmailTaken, SignInRefused
from higherstudy.domain.identity.events import AccountRegistered, PasswordChanged, RoleGranted, SessionEnded
from higherstudy.domain.identity.session import Lasting
from higherstudy.domain.identity.use_cases.accounts import (
    ChangePassword,
    GetAccount,
    GrantRole,
    Register,
    SignIn,
    asker_of,
)
from higherstudy.domain.identity.use_cases.sessions import BeginSession, ListSessions
from higherstudy.domain.profile.use_cases import GetProfile
from higherstudy.domain.shared.errors import Forbidden, Invalid, NotFound, RuleBroken

PASSWORD = "a long enough password"


def register(world: World) -> Register:
    return Register(world.transactions, world.ids, world.passwords, world.common)


async def test_registering_opens_an_account_and_a_record_that_belongs_to_it() -> None:
    world = World()

    account = await register(world)(" Student@Example.org ", PASSWORD, "SAMPLE STUDENT")

    asker = asker_of(account)
    student = await GetProfile(world.transactions, world.vault)(asker, owned(asker))
    assert (account.email, account.roles, account.registered_at) == (
        "student@example.org",
        frozenset({Role.STUDENT}),
        world.clock.now(),
    )
    assert (student.account_id, student.profile.name) == (account.id, "SAMPLE STUDENT")
    assert await world.events() == [AccountRegistered(account.id)]


async def test_an_address_can_register_once_however_it_is_written() -> None:
    world = World()
    await register(world)("student@example.org", PASSWORD)

    with pytest.raises(EmailTaken):
        await register(world)("STUDENT@EXAMPLE.ORG", "another long password")

    assert len(await world.events()) == 1


async def test_everything_wrong_with_a_registration_comes_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        await register(World())("student", "short")

    assert [reason.where for reason in refused.value.reasons] == ["email", "password"]


async def test_a_weak_password_is_refused_by_a_rule() -> None:
    with pytest.raises(RuleBroken) as refused:
        await register(World())("student@example.org", "studentstudent!")

    assert [reason.code for reason in refused.value.reasons] == ["password.holds_email"]


async def test_the_right_password_signs_in_whatever_the_case_of_the_address() -> None:
    world = World()
    account = await register(world)("student@example.org", PASSWORD)

    assert await SignIn(world.transactions, world.passwords)("Student@example.org", PASSWORD) == account


async def test_letters_composed_in_two_ways_are_the_same_password() -> None:
    world = World()
    await register(world)("student@example.org", "m\u1eadt kh\u1ea9u r\u1ea5t d\u00e0i")

    account = await SignIn(world.transactions, world.passwords)(
        "student@example.org", "ma\u0323\u0302t kha\u0302\u0309u ra\u0302\u0301t da\u0300i"
    )

    assert account.email == "student@example.org"


class CountingPasswords(MemoryPasswords):
    """Counts how often it was asked to compare."""

    compared = 0

    async def matches(self, password: str, hashed: str) -> bool:
        self.compared += 1
        return await super().matches(password, hashed)


@pytest.mark.parametrize(
    ("email", "password"),
    [("student@example.org", "a wrong password"), ("nobody@example.org", PASSWORD), ("no address", PASSWORD), ("", "")],
)
async def test_a_refusal_says_nothing_and_costs_one_comparison(email: str, password: str) -> None:
    passwords = CountingPasswords()
    world = World(passwords=passwords)
    await register(world)("student@example.org", PASSWORD)

    with pytest.raises(SignInRefused) as refused:
        await SignIn(world.transactions, passwords)(email, password)

    assert refused.value.reasons == ()
    assert passwords.compared == 1


async def test_an_account_is_shown_to_its_holder_and_to_staff_alone() -> None:
    world = World()
    owner, stranger = await world.student(), await world.student("another@example.org")
    show = GetAccount(world.transactions)

    assert (await show(owner, owner.account_id)).id == owner.account_id
    assert (await show(staff(), owner.account_id)).id == owner.account_id
    with pytest.raises(NotFound):
        await show(stranger, owner.account_id)


async def test_only_staff_grant_roles() -> None:
    world = World()
    owner = await world.student()
    grant = GrantRole(world.transactions)

    with pytest.raises(Forbidden):
        await grant(owner, owner.account_id, Role.ADMIN)
    account = await grant(staff(), owner.account_id, Role.COUNSELLOR)
    again = await grant(staff(), owner.account_id, Role.COUNSELLOR)

    assert account.roles == {Role.STUDENT, Role.COUNSELLOR}
    assert again == account
    assert (await world.events())[-1] == RoleGranted(owner.account_id, "counsellor")


async def test_signing_in_hashes_a_password_anew_that_was_hashed_more_cheaply() -> None:
    world = World()
    account = await register(world)("student@example.org", PASSWORD)
    dearer = MemoryPasswords(made="2")

    await SignIn(world.transactions, dearer)("student@example.org", PASSWORD)

    async with world.transactions() as work:
        kept = await work.accounts.get(account.id)
    assert kept.password_hash != account.password_hash
    assert not dearer.is_outdated(kept.password_hash)
    assert (await SignIn(world.transactions, dearer)("student@example.org", PASSWORD)).version == kept.version


async def test_changing_the_password_ends_the_other_sessions_and_is_told() -> None:
    world = World()
    account = await register(world)("student@example.org", PASSWORD)
    begin = BeginSession(world.transactions, world.ids, Lasting())
    here, there = await begin(account), await begin(account)
    asker = asker_of(account, session_id=here.id)

    await ChangePassword(world.transactions, world.passwords, world.common)(asker, PASSWORD, "another long password")

    sign_in = SignIn(world.transactions, world.passwords)
    assert (await sign_in("student@example.org", "another long password")).id == account.id
    with pytest.raises(SignInRefused):
        await sign_in("student@example.org", PASSWORD)
    live = await ListSessions(world.transactions)(asker)
    assert [one.id for one in live] == [here.id]
    assert (await world.events())[-2:] == [
        PasswordChanged(account.id),
        SessionEnded(there.id, account.id, "password_changed"),
    ]


@pytest.mark.parametrize(
    ("current", "new", "wrong"),
    [
        ("not the password", "another long password", [("password.not_the_current", "current")]),
        ("", "short", [("password.not_the_current", "current")]),
        (PASSWORD, "short", [("password.too_short", "new")]),
        (PASSWORD, "student student", [("password.holds_email", "new")]),
    ],
)
async def test_a_wrong_or_a_weak_password_changes_nothing(current: str, new: str, wrong: list[tuple[str, str]]) -> None:
    world = World()
    account = await register(world)("student@example.org", PASSWORD)

    with pytest.raises(RuleBroken) as refused:
        await ChangePassword(world.transactions, world.passwords, world.common)(asker_of(account), current, new)

    assert [(one.code, one.where) for one in refused.value.reasons] == wrong
    assert (await SignIn(world.transactions, world.passwords)("student@example.org", PASSWORD)).id == account.id

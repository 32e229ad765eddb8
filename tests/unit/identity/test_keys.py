"""API keys by themselves: their form, what they are asked for, who makes them, and from where they may be used."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from worlds import World, owned, staff

from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.identity.errors import ProofNeeded, SignInRefused
from higherstudy.domain.identity.events import (
    AccountRegistered,
    KeyMade,
    KeyRevoked,
    RoleRevoked,
    ServiceAccountClosed,
    ServiceAccountMade,
)
from higherstudy.domain.identity.key import (
    MOST_AT_ONCE,
    KeyScope,
    asked_for,
    comes_from,
    digest_of_key,
    key_text,
    presented,
)
from higherstudy.domain.identity.scopes import Scope
from higherstudy.domain.identity.ticket import TicketLasting
from higherstudy.domain.identity.use_cases.accounts import GrantRole, RevokeRole, SignIn
from higherstudy.domain.identity.use_cases.confirming import AskForReset
from higherstudy.domain.identity.use_cases.grants import AcceptGrant, OfferGrant, TakeAccess
from higherstudy.domain.identity.use_cases.keys import ListKeys, MakeKey, RevokeKey
from higherstudy.domain.identity.use_cases.services import (
    CloseServiceAccount,
    ListServiceAccounts,
    MakeServiceAccount,
)
from higherstudy.domain.shared.errors import Forbidden, Invalid, NotFound, RuleBroken
from higherstudy.domain.shared.ids import AccountId, GrantId, KeyId

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
SECRET = "s" * 43


def test_a_key_that_was_shown_is_known_by_its_id_and_its_hash_alone() -> None:
    key_id = KeyId(uuid4())
    text = key_text(key_id, SECRET)

    found = presented(text)

    assert found is not None
    assert found == (key_id, digest_of_key(text))
    assert text.startswith(f"hs_{key_id.hex}_")
    assert SECRET not in found.digest


def test_a_text_with_one_other_letter_is_no_key_and_nobody_is_asked_for_it() -> None:
    text = key_text(KeyId(uuid4()), SECRET)

    for place in range(len(text)):
        other = text[:place] + ("1" if text[place] != "1" else "2") + text[place + 1 :]
        assert presented(other) is None, place


@pytest.mark.parametrize("text", ["", "hs_", "hs__", "hs_" + "0" * 32 + "_", "hs_\u0661" * 20, "eyJ.a.b", "\ud800"])
def test_what_has_another_form_is_no_key(text: str) -> None:
    assert presented(text) is None


def test_everything_that_is_wrong_with_a_key_is_named_at_once() -> None:
    networks = ["192.0.2.1/24", "nowhere", "2001:db8::/96"]

    with pytest.raises(Invalid) as refused:
        asked_for(" ", ["plans:read", "everything"], networks, NOW, NOW)

    assert [(one.code, one.where) for one in refused.value.reasons] == [
        ("data.missing", "name"),
        ("key.unknown_scope", "scopes"),
        ("key.no_network", "networks[0]"),
        ("key.no_network", "networks[1]"),
        ("key.network_too_small", "networks[2]"),
        ("key.ends_before_it_begins", "until"),
    ]


def test_a_key_needs_a_scope_and_has_at_most_twenty_ranges() -> None:
    with pytest.raises(Invalid) as refused:
        asked_for("A copy", [], [f"192.0.{at}.0/24" for at in range(21)], None, NOW)

    assert [one.code for one in refused.value.reasons] == ["key.no_scope", "key.too_many_networks"]


@pytest.mark.parametrize(
    ("networks", "address", "may"),
    [
        ((), "198.51.100.7", True),
        (("192.0.2.0/24",), "192.0.2.200", True),
        (("192.0.2.0/24",), "192.0.3.1", False),
        (("192.0.2.0/24", "2001:db8::/48"), "2001:db8:0:7::/64", True),
        (("2001:db8::/48",), "2001:db9::/64", False),
        (("2001:db8::/48",), "192.0.2.1", False),
        (("192.0.2.0/24",), "", False),
        (("192.0.2.0/24",), "testclient", False),
    ],
)
def test_a_key_is_taken_from_its_ranges_alone(networks: tuple[str, ...], address: str, may: bool) -> None:
    assert comes_from(networks, address) is may


WHOLE = ["plans:read", "documents:write"]
LASTING = TicketLasting()


def maker(world: World) -> MakeKey:
    return MakeKey(world.transactions, world.ids, world.secrets, LASTING)


async def made(world: World, asker: Asker, account_id: AccountId, name: str = "A copy") -> KeyId:
    key, _ = await maker(world)(await world.signed_in(asker), account_id, name, WHOLE)
    return key.id


async def test_a_key_is_kept_as_a_hash_and_shown_once() -> None:
    world = World()
    owner = await world.signed_in(await world.student())

    key, text = await maker(world)(owner, owner.account_id, " A copy ", WHOLE, until=NOW + timedelta(days=900))

    found, _ = await ListKeys(world.transactions)(owner, owner.account_id)
    assert list(found) == [key]
    assert (key.name, key.scopes) == ("A copy", frozenset({KeyScope.PLANS_READ, KeyScope.DOCUMENTS_WRITE}))
    assert key.digest == digest_of_key(text)
    assert text.split("_", 2)[2] not in repr(found)
    assert (await world.events())[-1] == KeyMade(key.id, owner.account_id)


async def test_a_key_is_made_only_after_a_proof_of_the_last_minutes() -> None:
    """It goes on when the session is over and the password is another: a session alone is too little to make one."""
    world = World()
    owner = await world.student()
    signed_in = await world.signed_in(owner)
    world.clock.move(LASTING.step)

    for asker in (owner, signed_in):
        with pytest.raises(ProofNeeded):
            await maker(world)(asker, owner.account_id, "A copy", WHOLE)

    assert (await ListKeys(world.transactions)(owner, owner.account_id))[0] == []


async def test_a_key_is_revoked_once_and_stays_so() -> None:
    world = World()
    owner = await world.student()
    key_id = await made(world, owner, owner.account_id)

    for _ in range(2):
        await RevokeKey(world.transactions)(owner, owner.account_id, key_id)

    (key,), now = await ListKeys(world.transactions)(owner, owner.account_id)
    assert not key.is_live(now)
    assert [one for one in await world.events() if isinstance(one, KeyRevoked)] == [
        KeyRevoked(key_id, owner.account_id)
    ]


async def test_nobody_sees_or_changes_the_keys_of_another_person_an_administrator_neither() -> None:
    world = World()
    owner, stranger = await world.student(), await world.student("another@example.org")
    key_id = await made(world, owner, owner.account_id)

    for other, refusal in ((stranger, Forbidden), (staff(), NotFound)):
        with pytest.raises(refusal):
            await made(world, other, owner.account_id)
        with pytest.raises(refusal):
            await ListKeys(world.transactions)(other, owner.account_id)
        with pytest.raises(refusal):
            await RevokeKey(world.transactions)(other, owner.account_id, key_id)
    with pytest.raises(NotFound):  # by way of her own account
        await RevokeKey(world.transactions)(stranger, stranger.account_id, key_id)


async def test_whoever_asks_by_a_key_makes_no_other_and_no_account() -> None:
    world = World()
    owner = await world.student()
    by_key = replace(owner, key_id=await made(world, owner, owner.account_id))

    with pytest.raises(Forbidden):
        await made(world, by_key, owner.account_id)
    with pytest.raises(Forbidden):
        await MakeServiceAccount(world.transactions, world.ids)(replace(staff(), key_id=KeyId(uuid4())), "A copy")


async def test_whoever_asks_by_a_key_lets_nobody_in() -> None:
    world = World()
    owner = replace(await world.student(), key_id=KeyId(uuid4()))
    keeper = replace(staff(), key_id=KeyId(uuid4()))
    until, scopes = NOW + timedelta(days=60), frozenset(Scope)

    for letting in (
        OfferGrant(world.transactions, world.ids)(owner, owned(owner), "another@example.org", scopes, until),
        TakeAccess(world.transactions, world.ids)(keeper, owned(owner), scopes, timedelta(hours=1), "A reason"),
        AcceptGrant(world.transactions)(owner, GrantId(uuid4())),
        GrantRole(world.transactions)(keeper, owner.account_id, Role.AUDITOR),
        RevokeRole(world.transactions)(keeper, owner.account_id, Role.AUDITOR),
    ):
        with pytest.raises(Forbidden) as refused:
            await letting
        assert [one.code for one in refused.value.reasons] == ["key.not_by_key"]


async def test_an_account_has_at_most_fifty_live_keys() -> None:
    world = World()
    owner = await world.student()
    first, *_ = [await made(world, owner, owner.account_id) for _ in range(MOST_AT_ONCE)]

    with pytest.raises(RuleBroken) as refused:
        await made(world, owner, owner.account_id)
    await RevokeKey(world.transactions)(owner, owner.account_id, first)
    await made(world, owner, owner.account_id)

    assert [one.code for one in refused.value.reasons] == ["key.too_many"]


async def test_an_administrator_makes_and_closes_an_account_that_nobody_can_sign_in_to() -> None:
    world = World()
    service = await MakeServiceAccount(world.transactions, world.ids)(staff(), " Admissions desk ")
    key_id = await made(world, staff(), service.id)

    for password in ("", "a long enough password"):
        with pytest.raises(SignInRefused):
            await SignIn(world.transactions, world.passwords)(service.email, password)
    with pytest.raises(Invalid):
        await AskForReset(world.transactions, world.ids)(service.email)
    for _ in range(2):
        await CloseServiceAccount(world.transactions)(staff(), service.id)

    assert (service.name, service.roles) == ("Admissions desk", frozenset({Role.SERVICE}))
    with pytest.raises(NotFound):
        await made(world, staff(), service.id)
    assert [one for one in await world.events() if not isinstance(one, AccountRegistered)] == [
        ServiceAccountMade(service.id),
        KeyMade(key_id, service.id),
        ServiceAccountClosed(service.id),
        KeyRevoked(key_id, service.id),
    ]
    (listed,) = await ListServiceAccounts(world.transactions)(staff())
    assert listed.closed_at == world.clock.now()


async def test_only_an_administrator_has_a_say_over_accounts_of_programs_and_only_over_those() -> None:
    world = World()
    owner = await world.student()

    with pytest.raises(Forbidden):
        await MakeServiceAccount(world.transactions, world.ids)(owner, "A copy")
    with pytest.raises(Forbidden):
        await ListServiceAccounts(world.transactions)(owner)
    with pytest.raises(Forbidden):
        await CloseServiceAccount(world.transactions)(owner, owner.account_id)
    with pytest.raises(NotFound):
        await CloseServiceAccount(world.transactions)(staff(), owner.account_id)
    with pytest.raises(Invalid):
        await MakeServiceAccount(world.transactions, world.ids)(staff(), "  ")


async def test_what_an_account_is_can_neither_be_given_nor_taken() -> None:
    world = World()
    owner = await world.student()
    service = await MakeServiceAccount(world.transactions, world.ids)(staff(), "A copy")
    grant, revoke = GrantRole(world.transactions), RevokeRole(world.transactions)

    for account_id, role in ((owner.account_id, Role.SERVICE), (service.id, Role.STUDENT)):
        with pytest.raises(RuleBroken):
            await grant(staff(), account_id, role)
    for account_id, role in ((owner.account_id, Role.STUDENT), (service.id, Role.SERVICE)):
        with pytest.raises(RuleBroken):
            await revoke(staff(), account_id, role)
    assert (await grant(staff(), service.id, Role.AUDITOR)).roles == {Role.SERVICE, Role.AUDITOR}


async def test_a_role_is_taken_by_another_administrator_and_told_once() -> None:
    world = World()
    owner, other = await world.student(), await world.student("other@example.org")
    for one in (owner, other):
        await GrantRole(world.transactions)(staff(), one.account_id, Role.ADMIN)
    now_admin, other = (replace(one, roles=frozenset({Role.STUDENT, Role.ADMIN})) for one in (owner, other))
    revoke = RevokeRole(world.transactions)

    with pytest.raises(RuleBroken) as refused:
        await revoke(now_admin, owner.account_id, Role.ADMIN)
    with pytest.raises(Forbidden):
        await revoke(owner, owner.account_id, Role.ADMIN)
    roles = [(await revoke(other, owner.account_id, Role.ADMIN)).roles for _ in range(2)]
    with pytest.raises(Forbidden):  # meant to be quicker
        await revoke(now_admin, other.account_id, Role.ADMIN)

    assert [one.code for one in refused.value.reasons] == ["role.own_admin"]
    assert roles == [{Role.STUDENT}] * 2
    assert [one for one in await world.events() if isinstance(one, RoleRevoked)] == [
        RoleRevoked(owner.account_id, "admin")
    ]


def test_an_event_says_by_which_key_it_was_asked() -> None:
    key_id = KeyId(uuid4())

    assert replace(staff(), key_id=key_id).origin.key_id == key_id

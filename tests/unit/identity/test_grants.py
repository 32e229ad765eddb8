"""Letting others help: offered, accepted, used before the student's eyes, and ended."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from worlds import World, letting, owned, staff

from higherstudy.adapters.memory.reading import MemoryStandings
from higherstudy.domain.audit.deed import Deed
from higherstudy.domain.audit.query import Query
from higherstudy.domain.documents.use_cases.papers import ListDocuments
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.identity.grant import MOST_AT_ONCE, Grant
from higherstudy.domain.identity.grant_events import AccessTaken, GrantAccepted, GrantEnded, GrantOffered
from higherstudy.domain.identity.scopes import Doing, Kind, Scope
from higherstudy.domain.identity.use_cases.accounts import asker_of
from higherstudy.domain.identity.use_cases.admitting import admit
from higherstudy.domain.identity.use_cases.grants import (
    AcceptGrant,
    EndGrant,
    ListGrants,
    ListReceived,
    OfferGrant,
    TakeAccess,
    scopes_named,
)
from higherstudy.domain.profile.use_cases import ChangeProfile, GetProfile
from higherstudy.domain.shared.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, RuleBroken
from higherstudy.domain.shared.ids import GrantId, StudentId
from higherstudy.ports.standings import Standing

READ = frozenset({Scope.READ_PLAN})
A_DAY = timedelta(days=1)


async def offered(world: World, owner: Asker, email: str = "helper@example.org", **changes: Any) -> Grant:
    given = {"scopes": READ, "until": world.clock.now() + A_DAY, "note": " My aunt. ", **changes}
    offer = OfferGrant(world.transactions, world.ids)
    return await offer(owner, owned(owner), email, given["scopes"], given["until"], given["note"])


async def helper(world: World, email: str = "helper@example.org", *, confirmed: bool = True) -> Asker:
    asker = await world.student(email)
    if confirmed:
        async with world.transactions() as work:
            account = await work.accounts.get(asker.account_id)
            account.confirm_email(work.now)
            await work.accounts.save(account)
    return asker


async def as_now(world: World, asker: Asker) -> Asker:
    """The asker as the gate makes her now."""
    standing = await MemoryStandings(world.transactions).of(asker.account_id)
    return replace(asker, roles=standing.roles, grants=standing.grants)


async def test_a_grant_begins_when_it_is_accepted_and_is_gone_when_it_is_ended() -> None:
    world = World()
    owner, aunt = await world.student(), await helper(world)
    show = GetProfile(world.transactions, world.vault)

    grant = await offered(world, owner)
    with pytest.raises(NotFound):
        await show(await as_now(world, aunt), owned(owner))
    await AcceptGrant(world.transactions)(aunt, grant.id)
    seen = await show(await as_now(world, aunt), owned(owner))
    await EndGrant(world.transactions)(owner, grant.id)

    assert seen.id == owner.student_id
    assert (grant.reason, grant.email) == ("My aunt.", "helper@example.org")
    with pytest.raises(NotFound):
        await show(await as_now(world, aunt), owned(owner))
    assert (await world.events())[-3:] == [
        event(grant.id, owned(owner), owner.account_id) for event in (GrantOffered, GrantAccepted, GrantEnded)
    ]


async def test_a_grant_ends_by_itself() -> None:
    world = World()
    owner, aunt = await world.student(), await helper(world)
    grant = await offered(world, owner)
    await AcceptGrant(world.transactions)(aunt, grant.id)

    world.clock.move(A_DAY)

    assert (await as_now(world, aunt)).grants == {}
    assert await ListReceived(world.transactions)(aunt) == []
    await EndGrant(world.transactions)(owner, grant.id)
    assert (await world.events())[-1] == GrantAccepted(grant.id, owned(owner), owner.account_id), "it was over already"


async def test_only_who_reads_the_mail_of_the_address_accepts_and_once() -> None:
    world = World()
    owner, stranger = await world.student(), await helper(world, "other@example.org")
    unknown = await helper(world, confirmed=False)
    grant = await offered(world, owner)
    accept = AcceptGrant(world.transactions)

    for who, error in ((stranger, NotFound), (owner, NotFound), (unknown, RuleBroken)):
        with pytest.raises(error):
            await accept(who, grant.id)
    assert await ListReceived(world.transactions)(unknown) == [], "an address that is not confirmed receives nothing"
    async with world.transactions() as work:
        account = await work.accounts.get(unknown.account_id)
        account.confirm_email(work.now)
        await work.accounts.save(account)
    (waiting,) = await ListReceived(world.transactions)(unknown)
    accepted = await accept(unknown, grant.id)
    with pytest.raises(Conflict):
        await accept(unknown, grant.id)

    assert (waiting.grant.id, waiting.student_name) == (grant.id, "SAMPLE STUDENT")
    assert accepted.account_id == unknown.account_id


@pytest.mark.parametrize("ended_by", ["student", "helper"])
async def test_an_offer_that_was_ended_or_handed_back_cannot_be_accepted(ended_by: str) -> None:
    world = World()
    owner, aunt = await world.student(), await helper(world)
    grant = await offered(world, owner)

    await EndGrant(world.transactions)(owner if ended_by == "student" else aunt, grant.id)

    with pytest.raises(NotFound):
        await AcceptGrant(world.transactions)(aunt, grant.id)
    (listed,) = await ListGrants(world.transactions)(owner, owned(owner))
    assert listed.ended_by == (owner if ended_by == "student" else aunt).account_id


async def test_nobody_else_ends_or_lists_a_grant() -> None:
    world = World()
    owner, stranger, aunt = await world.student(), await helper(world, "other@example.org"), await helper(world)
    grant = await offered(world, owner, scopes=frozenset(Scope))
    await AcceptGrant(world.transactions)(aunt, grant.id)

    until = world.clock.now() + A_DAY
    with pytest.raises(NotFound):
        await EndGrant(world.transactions)(stranger, grant.id)
    for who in (stranger, staff(), await as_now(world, aunt)):
        with pytest.raises(NotFound):
            await ListGrants(world.transactions)(who, owned(owner))
        with pytest.raises(NotFound):
            await OfferGrant(world.transactions, world.ids)(who, owned(owner), "third@example.org", READ, until)
    assert (await as_now(world, aunt)).grants != {}


@pytest.mark.parametrize(
    ("changes", "error", "codes"),
    [
        ({"scopes": frozenset()}, Invalid, ["data.missing"]),
        ({"until": timedelta(0)}, Invalid, ["grant.ends_before_it_begins"]),
        ({"until": timedelta(days=366, seconds=1)}, Invalid, ["grant.too_long"]),
        ({"note": "x" * 1001, "until": timedelta(-1)}, Invalid, ["grant.ends_before_it_begins", "data.too_long"]),
        ({"email": "student@example.org"}, RuleBroken, ["grant.to_oneself"]),
        ({"email": "no address"}, Invalid, ["email.malformed"]),
    ],
)
async def test_what_is_wrong_with_an_offer_is_said_at_once(
    changes: dict[str, Any], error: type[DomainError], codes: list[str]
) -> None:
    world = World()
    owner = await world.student("student@example.org")
    if "until" in changes:
        changes = {**changes, "until": world.clock.now() + changes["until"]}

    with pytest.raises(error) as refused:
        await offered(world, owner, changes.pop("email", "helper@example.org"), **changes)

    assert [one.code for one in refused.value.reasons] == codes
    assert list(world.store.grants.rows()) == []


async def test_a_record_has_so_many_grants_at_once() -> None:
    world = World()
    owner = await world.student()
    grants = [await offered(world, owner, f"helper{number}@example.org") for number in range(MOST_AT_ONCE)]

    with pytest.raises(RuleBroken):
        await offered(world, owner, "one-more@example.org")
    await EndGrant(world.transactions)(owner, grants[0].id)
    await offered(world, owner, "one-more@example.org")

    assert len(await ListGrants(world.transactions)(owner, owned(owner))) == MOST_AT_ONCE + 1


async def an_admin(world: World) -> Asker:
    asker = await world.student("admin@example.org")
    async with world.transactions() as work:
        account = await work.accounts.get(asker.account_id)
        account.grant(Role.ADMIN)
        await work.accounts.save(account)
    return asker_of(account)


async def test_an_administrator_takes_access_for_a_while_and_the_student_sees_why_and_ends_it() -> None:
    world = World()
    owner, admin = await world.student(), await an_admin(world)
    take, show = TakeAccess(world.transactions, world.ids), GetProfile(world.transactions, world.vault)
    with pytest.raises(NotFound):
        await show(admin, owned(owner))

    taken = await take(admin, owned(owner), READ, timedelta(minutes=30), " Ticket 7 ")
    await show(await as_now(world, admin), owned(owner))
    (listed,) = await ListGrants(world.transactions)(owner, owned(owner))
    await EndGrant(world.transactions)(owner, taken.id)

    assert (listed.kind, listed.reason, listed.email) == (Kind.TAKEN, "Ticket 7", "admin@example.org")
    with pytest.raises(NotFound):
        await show(await as_now(world, admin), owned(owner))
    async with world.transactions() as work:
        (stated,) = await work.audit_trail.search(Query(student_id=owned(owner), action="grant.taken"), 9)
    assert stated.entry.reason is not None
    assert (stated.entry.reason.words, stated.entry.actor) == ("Ticket 7", admin.account_id)
    envelope = next(one for one in world.store.events.rows() if isinstance(one.event, AccessTaken))
    assert (envelope.origin.actor, envelope.origin.on_behalf_of) == (admin.account_id, owner.account_id)


@pytest.mark.parametrize(
    ("scopes", "minutes", "reason", "code"),
    [
        (READ, 61, "Ticket 7", "grant.access_too_long"),
        (READ, 0, "Ticket 7", "grant.ends_before_it_begins"),
        (READ, 5, " ", "grant.reason_needed"),
        (frozenset({Scope.PAY}), 5, "Ticket 7", "grant.not_to_be_taken"),
    ],
)
async def test_what_cannot_be_taken_is_refused(scopes: frozenset[Scope], minutes: int, reason: str, code: str) -> None:
    world = World()
    owner, admin = await world.student(), await an_admin(world)

    with pytest.raises(Invalid) as refused:
        await TakeAccess(world.transactions, world.ids)(admin, owned(owner), scopes, timedelta(minutes=minutes), reason)

    assert [one.code for one in refused.value.reasons] == [code]


async def test_whoever_is_no_administrator_any_more_is_not_shown_what_she_took() -> None:
    world = World()
    owner, admin = await world.student(), await an_admin(world)
    await TakeAccess(world.transactions, world.ids)(admin, owned(owner), READ, timedelta(minutes=30), "Ticket 7")

    (held,) = await ListReceived(world.transactions)(admin)
    after = await ListReceived(world.transactions)(replace(admin, roles=frozenset({Role.STUDENT})))

    assert (held.student_name, after) == ("SAMPLE STUDENT", [])


async def test_nobody_but_an_administrator_takes_access_and_not_to_her_own_record() -> None:
    world = World()
    owner, admin, stranger = await world.student(), await an_admin(world), await helper(world)
    take = TakeAccess(world.transactions, world.ids)

    with pytest.raises(Forbidden):
        await take(stranger, owned(owner), READ, A_DAY / 48, "Curious.")
    with pytest.raises(RuleBroken):
        await take(admin, owned(admin), READ, A_DAY / 48, "Mine.")
    with pytest.raises(NotFound):
        await take(admin, StudentId(GrantId(world.ids.new())), READ, A_DAY / 48, "Nobody.")


async def test_each_use_is_noted_with_the_grant_and_changes_are_made_on_behalf_of_the_student() -> None:
    world = World()
    owner = await world.student()
    aunt = letting(await helper(world), owner, Scope.CHANGE_PROFILE, Scope.READ_PLAN)
    noted: list[Deed] = []
    change = ChangeProfile(world.transactions, world.rule_packs, world.zones, world.vault)

    async with world.transactions(aunt.origin) as work:
        work.note = noted.append  # type: ignore[assignment]
        admit(work, aunt, owned(owner), Doing.SEE_PROFILE)
    await change(aunt, owned(owner), {"name": "ANOTHER NAME"})
    await ListDocuments(world.transactions)(owner, owned(owner))

    (granted,) = aunt.grants[owned(owner)]
    assert noted == [
        Deed("profile.seen", "grant", granted.grant_id, owned(owner), owner.account_id, "", {"by": "given"})
    ]
    envelope = [*world.store.events.rows()][-1]
    assert (envelope.origin.actor, envelope.origin.on_behalf_of) == (aunt.account_id, owner.account_id)


def test_scopes_are_named_as_they_are_and_each_wrong_one_is_told() -> None:
    assert scopes_named(["act", "pay"]) == {Scope.ACT, Scope.PAY}
    with pytest.raises(Invalid) as refused:
        scopes_named(["act", "all", "root"])
    assert [one.where for one in refused.value.reasons] == ["scopes[1]", "scopes[2]"]


def test_a_standing_without_grants_holds_none() -> None:
    assert Standing(frozenset(), None).grants == {}

"""The way back for somebody who has lost her second factors and the recovery codes: by another, who states why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from higherstudy.domain.audit.query import Query
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.identity.errors import ProofNeeded
from higherstudy.domain.identity.session import Lasting
from higherstudy.domain.identity.use_cases.lost_factors import RemoveLostFactors
from higherstudy.domain.identity.use_cases.sessions import BeginSession
from higherstudy.domain.shared.errors import Forbidden, Invalid, NotFound, RuleBroken

from .test_second_factors import BY_PASSWORD, LASTING, SHORT, Holder, a_holder

REASON = "She came by with her passport."


async def an_admin(holder: Holder) -> Asker:
    """Return an administrator of the holder's world who has just signed in."""
    return replace((await a_holder("admin@example.org", holder.world)).asker, roles=frozenset({Role.ADMIN}))


def remove(holder: Holder) -> RemoveLostFactors:
    return RemoveLostFactors(holder.world.transactions, LASTING)


async def test_who_has_lost_everything_is_let_in_by_her_password_again() -> None:
    holder = await a_holder()
    await holder.totp()
    await holder.passkey()
    admin = await an_admin(holder)

    await remove(holder)(admin, " Student@Example.org", REASON)

    assert await holder.factors() == []
    assert not (await holder.session()).is_live(holder.world.clock.now())
    assert (await holder.told())[-1] == ("lost", "")
    async with holder.world.transactions() as work:
        assert await work.factors.recovery_codes(holder.account.id) is None
        [noted] = await work.audit_trail.search(Query(action="account.factors_removed"), 10)
    entry = noted.entry
    assert (entry.actor, entry.on_behalf_of, entry.student_id) == (
        admin.account_id,
        holder.account.id,
        holder.account.student_id,
    )
    assert entry.reason is not None
    assert entry.reason.words == REASON
    world = holder.world
    session = await BeginSession(world.transactions, world.ids, Lasting())(holder.account, methods=BY_PASSWORD)
    assert session.is_live(world.clock.now())


async def test_nobody_but_an_administrator_who_has_just_shown_who_she_is_removes_them() -> None:
    holder = await a_holder()
    await holder.totp()
    admin = await an_admin(holder)

    with pytest.raises(Forbidden):
        await remove(holder)(holder.asker, "student@example.org", REASON)
    with pytest.raises(ProofNeeded):
        await remove(holder)(replace(admin, session_id=None), "student@example.org", REASON)
    holder.world.clock.move(timedelta(minutes=6))
    with pytest.raises(ProofNeeded):
        await remove(holder)(admin, "student@example.org", REASON)

    assert await holder.factors() == ["totp"]


async def test_nobody_removes_her_own_so() -> None:
    holder = await a_holder()
    await holder.totp()
    admin = replace(holder.asker, roles=frozenset({Role.ADMIN}))

    with pytest.raises(RuleBroken) as refused:
        await remove(holder)(admin, "student@example.org", REASON)

    assert [one.code for one in refused.value.reasons] == ["factor.by_another"]
    assert await holder.factors() == ["totp"]


@pytest.mark.parametrize(
    ("email", "reason", "code"),
    [
        ("student@example.org", " ", "factor.reason_needed"),
        ("student@example.org", "x" * 1001, "data.too_long"),
        ("no address", REASON, "email.malformed"),
    ],
)
async def test_an_address_and_a_reason_are_needed(email: str, reason: str, code: str) -> None:
    holder = await a_holder()

    with pytest.raises(Invalid) as refused:
        await remove(holder)(await an_admin(holder), email, reason)

    assert [one.code for one in refused.value.reasons] == [code]


async def test_an_account_that_is_not_there_or_has_none_is_told_of() -> None:
    holder = await a_holder()
    admin = await an_admin(holder)

    with pytest.raises(NotFound):
        await remove(holder)(admin, "nobody@example.org", REASON)
    with pytest.raises(RuleBroken) as refused:
        await remove(holder)(admin, "student@example.org", REASON)

    assert [one.code for one in refused.value.reasons] == ["factor.none_to_remove"]


async def test_a_password_that_is_too_short_to_stand_alone_is_set_anew_first() -> None:
    holder = await a_holder()
    await holder.totp()
    await holder.change_password(SHORT)

    with pytest.raises(RuleBroken) as refused:
        await remove(holder)(await an_admin(holder), "student@example.org", REASON)

    assert [one.code for one in refused.value.reasons] == ["factor.holders_password_too_short"]
    assert await holder.factors() == ["totp"]

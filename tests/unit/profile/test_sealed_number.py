"""The number of a passport is kept sealed, and shown to nobody but whom the profile is shown to."""

from dataclasses import replace

import pytest
from uploading import nobody
from worlds import World, owned

from higherstudy.domain.identity.account import Asker
from higherstudy.domain.profile.profile import Passport
from higherstudy.domain.profile.use_cases import ChangeProfile, GetProfile, SealPassports
from higherstudy.domain.shared.errors import Invalid, NotFound
from higherstudy.ports.errors import Unreadable

NUMBER = "A01234567"


async def kept_number(world: World, owner: Asker) -> str | None:
    """Return the number as the store has it."""
    async with world.transactions() as work:
        passport = (await work.students.get(owned(owner))).profile.passport
    return passport.number if passport else None


async def shown_number(world: World, owner: Asker) -> str | None:
    passport = (await GetProfile(world.transactions, world.vault)(owner, owned(owner))).profile.passport
    return passport.number if passport else None


async def say(world: World, owner: Asker, **patch: object) -> str | None:
    change = ChangeProfile(world.transactions, world.rule_packs, world.zones, world.vault)
    passport = (await change(owner, owned(owner), patch)).profile.passport
    return passport.number if passport else None


async def keep_plain(world: World, owner: Asker, number: str = NUMBER) -> None:
    """Let the number lie in the store as an earlier release kept it."""
    async with world.transactions() as work:
        student = await work.students.get(owned(owner))
        student.change_profile(replace(student.profile, passport=Passport(number)))
        await work.students.save(student)


@pytest.mark.parametrize("number", [NUMBER, "ক ০১২৩", "sealed:AAAA", "x" * 100])
async def test_a_number_is_kept_sealed_and_shown_as_it_was_given(number: str) -> None:
    world = World()
    owner = await world.student()

    answered = await say(world, owner, passport={"number": number})

    kept = await kept_number(world, owner) or ""
    assert answered == await shown_number(world, owner) == number
    assert (kept.startswith("sealed:"), number in kept) == (True, False)


async def test_a_number_outlives_changes_of_other_parts_and_goes_when_it_is_taken_back() -> None:
    world = World()
    owner = await world.student()
    await say(world, owner, passport={"number": NUMBER})

    after_name = await say(world, owner, name="Another Name")
    kept = await kept_number(world, owner) or ""
    after_day = await say(world, owner, passport={"expires_on": "2032-05-31"})
    after_all = await say(world, owner, passport={"number": None})

    assert (after_name, after_day, after_all) == (NUMBER, NUMBER, None)
    assert kept.startswith("sealed:")
    assert await kept_number(world, owner) is None


async def test_a_number_that_is_longer_than_any_is_refused() -> None:
    world = World()
    owner = await world.student()

    with pytest.raises(Invalid) as refused:
        await say(world, owner, passport={"number": "x" * 101})

    assert [(reason.code, reason.where) for reason in refused.value.reasons] == [("data.too_long", "passport.number")]


async def test_somebody_elses_sealed_number_opens_for_nobody() -> None:
    world = World()
    owner, stranger = await world.student(), await world.student("another@example.org")
    await say(world, owner, passport={"number": NUMBER})
    await keep_plain(world, stranger, await kept_number(world, owner) or "")

    with pytest.raises(Unreadable):
        await shown_number(world, stranger)


async def test_what_an_earlier_release_kept_is_shown_and_sealed_once() -> None:
    world = World()
    owner, erased = await world.student(), await world.student("erased@example.org")
    for one in (owner, erased):
        await keep_plain(world, one)
    await world.vault.destroy(owned(erased))
    seal = SealPassports(world.transactions, world.vault)

    before = await shown_number(world, owner)
    done = [await seal(nobody), await seal(nobody)]

    assert (before, await shown_number(world, owner), done) == (NUMBER, NUMBER, [1, 0])
    assert (await kept_number(world, owner) or "").startswith("sealed:")


async def test_with_her_keys_gone_the_number_is_gone() -> None:
    world = World()
    owner = await world.student()
    await say(world, owner, passport={"number": NUMBER})

    await world.vault.destroy(owned(owner))

    with pytest.raises(NotFound):
        await shown_number(world, owner)

"""What a student says about herself."""

from datetime import date, timedelta

import pytest
from worlds import World, owned

from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.domain.profile.events import ProfileChanged
from higherstudy.domain.profile.use_cases import ChangeProfile, GetProfile
from higherstudy.domain.shared.errors import Conflict, Invalid, NotFound


def change(world: World) -> ChangeProfile:
    return ChangeProfile(world.transactions, world.rule_packs, world.zones, world.vault)


async def test_a_patch_changes_what_it_names_and_leaves_the_rest() -> None:
    world = World()
    owner = await world.student()
    before = await GetProfile(world.transactions, world.vault)(owner, owned(owner))

    after = await change(world)(
        owner,
        owned(owner),
        {"passport": {"number": "A0123456", "expires_on": "2032-05-31"}, "residence": None},
        before.version,
    )

    assert after.profile.passport is not None
    assert after.profile.passport.expires_on == date(2032, 5, 31)
    assert after.profile.residence is None
    assert after.profile.name == before.profile.name
    assert after.version == before.version + 1
    assert (await world.events())[-1] == ProfileChanged(owned(owner))


async def test_every_wrong_field_is_named_and_nothing_changes() -> None:
    world = World()
    owner = await world.student()
    before = await GetProfile(world.transactions, world.vault)(owner, owned(owner))

    with pytest.raises(Invalid) as refused:
        await change(world)(
            owner,
            owned(owner),
            {
                "birth_date": "yesterday",
                "residence": {"zone": "Asia/Dacca "},
                "budget_a_year": {"amount": 11904.5, "currency": "EUR"},
                "shoe_size": 38,
            },
        )

    assert {reason.where for reason in refused.value.reasons} >= {
        "birth_date",
        "residence.zone",
        "budget_a_year.amount",
        "shoe_size",
    }
    assert await GetProfile(world.transactions, world.vault)(owner, owned(owner)) == before


async def test_a_change_over_a_stale_version_is_a_conflict() -> None:
    world = World()
    owner = await world.student()
    seen = (await GetProfile(world.transactions, world.vault)(owner, owned(owner))).version
    await change(world)(owner, owned(owner), {"name": "SAMPLE STUDENT"}, seen)

    with pytest.raises(Conflict):
        await change(world)(owner, owned(owner), {"name": "SAMPLE STUDENT RENAMED"}, seen)


async def test_nobody_reads_or_changes_somebody_elses_profile() -> None:
    world = World()
    owner, stranger = await world.student(), await world.student("another@example.org")

    with pytest.raises(NotFound):
        await GetProfile(world.transactions, world.vault)(stranger, owned(owner))
    with pytest.raises(NotFound):
        await change(world)(stranger, owned(owner), {"name": "Somebody"})


async def test_a_grade_on_a_scale_that_the_packs_no_longer_know_hinders_no_other_change() -> None:
    world = World()  # its rulebook knows no grade scale at all
    owner = await world.student()

    renamed = await change(world)(owner, owned(owner), {"name": "SAMPLE STUDENT RENAMED"})
    with pytest.raises(Invalid) as refused:
        await change(world)(owner, owned(owner), {"qualifications": [{"level": "bachelor", "grade": {"scale": "X"}}]})

    assert renamed.profile.name == "SAMPLE STUDENT RENAMED"
    assert renamed.profile.qualifications is not None
    assert "qualifications[0].grade.scale" in {reason.where for reason in refused.value.reasons}


async def test_a_test_that_is_still_to_come_is_no_result_and_nothing_changes() -> None:
    world = World(rule_packs=BundledRulePacks())  # type: ignore[arg-type]
    owner = await world.student()
    before = await GetProfile(world.transactions, world.vault)(owner, owned(owner))
    to_come = world.clock.now().date() + timedelta(days=2)  # no zone is two days ahead of another

    with pytest.raises(Invalid) as refused:
        await change(world)(
            owner, owned(owner), {"tests": [{"code": "IELTS_AC", "taken_on": to_come.isoformat(), "total": "6.5"}]}
        )

    assert [(reason.code, reason.where) for reason in refused.value.reasons] == [("test.to_come", "tests[0].taken_on")]
    assert await GetProfile(world.transactions, world.vault)(owner, owned(owner)) == before

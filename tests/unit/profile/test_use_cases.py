"""What a student says about herself."""

from datetime import date

import pytest
from worlds import World, owned

from higherstudy.domain.profile.events import ProfileChanged
from higherstudy.domain.profile.use_cases import ChangeProfile, GetProfile
from higherstudy.domain.shared.errors import Conflict, Invalid, NotFound


def change(world: World) -> ChangeProfile:
    return ChangeProfile(world.transactions, world.rule_packs, world.zones)


async def test_a_patch_changes_what_it_names_and_leaves_the_rest() -> None:
    world = World()
    nadia = await world.student()
    before = await GetProfile(world.transactions)(nadia, owned(nadia))

    after = await change(world)(
        nadia,
        owned(nadia),
        {"passport": {"number": "A0123456", "expires_on": "2032-05-31"}, "residence": None},
        before.version,
    )

    assert after.profile.passport is not None
    assert after.profile.passport.expires_on == date(2032, 5, 31)
    assert after.profile.residence is None
    assert after.profile.name == before.profile.name
    assert after.version == before.version + 1
    assert (await world.events())[-1] == ProfileChanged(owned(nadia))


async def test_every_wrong_field_is_named_and_nothing_changes() -> None:
    world = World()
    nadia = await world.student()
    before = await GetProfile(world.transactions)(nadia, owned(nadia))

    with pytest.raises(Invalid) as refused:
        await change(world)(
            nadia,
            owned(nadia),
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
    assert await GetProfile(world.transactions)(nadia, owned(nadia)) == before


async def test_a_change_over_a_stale_version_is_a_conflict() -> None:
    world = World()
    nadia = await world.student()
    seen = (await GetProfile(world.transactions)(nadia, owned(nadia))).version
    await change(world)(nadia, owned(nadia), {"name": "Nadia Islam"}, seen)

    with pytest.raises(Conflict):
        await change(world)(nadia, owned(nadia), {"name": "Nadia Rahman"}, seen)


async def test_nobody_reads_or_changes_somebody_elses_profile() -> None:
    world = World()
    nadia, karim = await world.student(), await world.student("karim@example.org")

    with pytest.raises(NotFound):
        await GetProfile(world.transactions)(karim, owned(nadia))
    with pytest.raises(NotFound):
        await change(world)(karim, owned(nadia), {"name": "Karim"})


async def test_a_grade_on_a_scale_that_the_packs_no_longer_know_hinders_no_other_change() -> None:
    world = World()  # its rulebook knows no grade scale at all
    nadia = await world.student()

    renamed = await change(world)(nadia, owned(nadia), {"name": "Nadia Rahman"})
    with pytest.raises(Invalid) as refused:
        await change(world)(nadia, owned(nadia), {"qualifications": [{"level": "bachelor", "grade": {"scale": "X"}}]})

    assert renamed.profile.name == "Nadia Rahman"
    assert renamed.profile.qualifications is not None
    assert "qualifications[0].grade.scale" in {reason.where for reason in refused.value.reasons}

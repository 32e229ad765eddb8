"""What a student allows her data to be used for."""

from datetime import timedelta

import pytest
from worlds import World, owned

from higherstudy.adapters.bundled.purposes import bundled_purposes
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.rights.consent import Said, Standing
from higherstudy.domain.rights.reading import read_purposes
from higherstudy.domain.rights.use_cases.consents import ListConsents, SayConsent, allows
from higherstudy.domain.shared.errors import Invalid, NotFound, RuleBroken

PURPOSE = "further_messages"


class Consents(World):
    """A world in which students say what they allow."""

    async def say(self, asker: Asker, said: Said, wording: str = "1", purpose: str = PURPOSE) -> Standing:
        case = SayConsent(self.transactions, self.ids, bundled_purposes())
        return await case(asker, owned(asker), purpose, said, wording)

    async def allows(self, asker: Asker, purpose: str = PURPOSE) -> bool:
        async with self.transactions() as work:
            return await allows(work, bundled_purposes(), owned(asker), purpose)


async def test_nothing_is_allowed_that_was_not_said_but_what_the_service_needs() -> None:
    world = Consents()
    asker = await world.student()

    found, said = await ListConsents(world.transactions, bundled_purposes())(asker, owned(asker))

    assert {one.purpose.id for one in found if one.holds} == {"service", "needed_messages"}
    assert list(said) == []


async def test_a_yes_and_its_withdrawal_count_at_once_and_both_stay_on_record() -> None:
    world = Consents()
    asker = await world.student()
    holds = []

    for word in (Said.GIVEN, Said.GIVEN, Said.WITHDRAWN, Said.WITHDRAWN):
        world.clock.move(timedelta(minutes=1))
        await world.say(asker, word)
        holds.append(await world.allows(asker))

    _, said = await ListConsents(world.transactions, bundled_purposes())(asker, owned(asker))
    assert holds == [True, True, False, False]
    assert [(one.said, one.wording, one.by) for one in said] == [
        (Said.GIVEN, "1", asker.account_id),
        (Said.WITHDRAWN, "1", asker.account_id),
    ]


async def test_what_was_not_read_is_not_agreed_to() -> None:
    world = Consents()
    asker = await world.student()

    for wording in ("", "0", "2"):
        with pytest.raises(RuleBroken, match=r"consent\.other_wording"):
            await world.say(asker, Said.GIVEN, wording)

    assert not await world.allows(asker)


async def test_there_is_no_choice_about_what_the_service_needs_and_none_about_unknown_purposes() -> None:
    world = Consents()
    asker, stranger = await world.student(), await world.student("stranger@example.org")

    with pytest.raises(RuleBroken, match=r"consent\.needed"):
        await world.say(asker, Said.WITHDRAWN, purpose="service")
    with pytest.raises(NotFound):
        await world.say(asker, Said.GIVEN, purpose="world_domination")
    case = SayConsent(world.transactions, world.ids, bundled_purposes())
    with pytest.raises(NotFound):
        await case(stranger, owned(asker), PURPOSE, Said.GIVEN, "1")


def test_who_agreed_to_an_earlier_text_may_be_asked_again_and_it_holds_meanwhile() -> None:
    text = """
[[purposes]]
id = "p"
needed = false
title = "T"
wordings = [
    { version = "1", since = 2026-01-01, text = "First" },
    { version = "2", since = 2027-01-01, text = "Second" },
]
"""
    purpose = read_purposes(text)["p"]

    assert purpose.wording.text == "Second"
    with pytest.raises(RuleBroken):
        purpose.demand_current("1")


def test_every_purpose_that_ships_has_its_text_in_both_languages() -> None:
    assert [
        one.id
        for one in bundled_purposes().values()
        if not one.title_bn or not all(wording.text_bn for wording in one.wordings)
    ] == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("x = 1", "x"),
        ("purposes = 3", "purposes"),
        ("[[purposes]]\nid = 'a'", "purposes[0].needed"),
        ("[[purposes]]\nid = 'a'\nneeded = 1\ntitle = ''\nwordings = []", "purposes[0].needed"),
        ("[[purposes]]\nid = 'a'\nneeded = true\ntitle = ''\nwordings = []", "purposes[0]"),
        ("[[purposes]]\nid = 'a'\nneeded = true\ntitle = ''\nwordings = [3]", "purposes[0].wordings[0]"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(text: str, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_purposes(text)

    assert where in [reason.where for reason in refused.value.reasons]


def test_who_sees_a_record_is_said_by_a_grant_and_by_no_purpose() -> None:
    optional = {one.id for one in bundled_purposes().values() if not one.needed}

    assert optional == {"further_messages", "product_metrics"}

"""Asking how one stands: one programme, a shortlist, the whole catalogue."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from worlds import World, owned

from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.domain.catalogue.programme import Programme
from higherstudy.domain.catalogue.requirement import DocumentNeeded, Requirement, TestNeeded
from higherstudy.domain.catalogue.search import ProgrammeQuery
from higherstudy.domain.documents.document import Stated
from higherstudy.domain.identity.account import Asker
from higherstudy.domain.matching.use_cases import JudgeProgrammes, MatchCatalogue
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.shared.errors import NotFound
from higherstudy.domain.shared.ids import ProgrammeId
from study_builders import STATED, profile, programme

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)


@pytest.fixture
async def world() -> World:
    return World(clock=MemoryClock(NOW), rule_packs=BundledRulePacks())  # type: ignore[arg-type]


async def offered(world: World, number: int, name: str, requirement: Requirement | None) -> Programme:
    one = replace(programme(requirement), id=ProgrammeId(UUID(int=100 + number)), key=f"p{number}", name=name)
    return await world.programme(one)


def ielts(total: str) -> TestNeeded:
    return TestNeeded(STATED, "IELTS_AC", Decimal(total))


async def four(world: World) -> list[Programme]:
    return [
        await offered(world, 1, "Out of reach", ielts("9.0")),
        await offered(world, 2, "Open", ielts("6.0")),
        await offered(world, 3, "Unknown", None),
        await offered(world, 4, "Nearly", ielts("7.0")),
    ]


def judge(world: World) -> JudgeProgrammes:
    return JudgeProgrammes(world.transactions, world.rule_packs, world.zones)


def match(world: World) -> MatchCatalogue:
    return MatchCatalogue(world.transactions, world.rule_packs, world.zones)


async def test_a_shortlist_comes_back_in_the_order_it_was_asked_for(world: World) -> None:
    asker = await world.student(profile=profile())
    programmes = await four(world)
    wanted = [programmes[3].id, programmes[0].id, programmes[1].id]

    found = await judge(world)(asker, owned(asker), wanted)

    assert [one.programme.id for one in found] == wanted
    assert found[2].verdict.standing is Standing.MET


async def test_every_programme_that_there_is_not_is_named(world: World) -> None:
    asker = await world.student(profile=profile())
    (known, *_) = await four(world)
    ghosts = [ProgrammeId(UUID(int=900)), ProgrammeId(UUID(int=901))]

    with pytest.raises(NotFound) as caught:
        await judge(world)(asker, owned(asker), [known.id, *ghosts])

    assert [reason.params["id"] for reason in caught.value.reasons] == [str(ghost) for ghost in ghosts]


async def test_the_whole_catalogue_is_counted_and_the_best_comes_first(world: World) -> None:
    asker = await world.student(profile=profile())
    await four(world)

    found = await match(world)(asker, owned(asker), ProgrammeQuery())

    assert (found.total, found.counts) == (
        4,
        {Standing.MET: 1, Standing.PROBABLY_MET: 0, Standing.UNKNOWN: 1, Standing.NOT_MET: 2},
    )
    assert [one.programme.name for one in found.page] == ["Open", "Unknown", "Nearly", "Out of reach"]


async def test_pages_together_are_the_whole_list_once(world: World) -> None:
    asker = await world.student(profile=profile())
    await four(world)

    pages = [await match(world)(asker, owned(asker), ProgrammeQuery(), start=n, size=1) for n in range(5)]

    names = [one.programme.name for page in pages for one in page.page]
    assert names == ["Open", "Unknown", "Nearly", "Out of reach"]


async def test_progress_is_told(world: World) -> None:
    asker = await world.student(profile=profile())
    await four(world)
    told: list[int] = []

    await match(world)(asker, owned(asker), ProgrammeQuery(), progress=told.append)

    assert told[-1] == 4


async def test_an_uploaded_paper_counts_and_one_that_has_run_out_does_not(world: World) -> None:
    asker = await world.student(profile=profile())
    one = await offered(world, 5, "Wants a passport", DocumentNeeded(STATED, "passport"))
    await world.paper(asker, "passport", Stated(date(2020, 1, 1), date(2027, 6, 1)))

    now = await judge(world)(asker, owned(asker), [one.id])
    later = await judge(world)(asker, owned(asker), [one.id], on=date(2027, 6, 2))

    assert (now[0].verdict.standing, later[0].verdict.standing) == (Standing.MET, Standing.NOT_MET)


async def test_the_day_of_a_verdict_is_the_students_own(world: World) -> None:
    asker = await world.student(profile=profile())
    one = await offered(world, 6, "Open", ielts("6.0"))

    (found,) = await judge(world)(asker, owned(asker), [one.id])

    assert found.verdict.on == date(2026, 11, 24)  # 20:00 in UTC is two in the morning in Dhaka


async def test_nobody_sees_how_somebody_else_stands(world: World) -> None:
    asker: Asker = await world.student(profile=profile())
    stranger = await world.student("other@example.org")

    with pytest.raises(NotFound):
        await match(world)(stranger, owned(asker), ProgrammeQuery())


async def test_others_come_to_their_turn_after_every_few_programmes(world: World) -> None:
    asker = await world.student(profile=profile())
    for number in range(250):
        await offered(world, number, f"Programme {number}", ielts("6.0"))
    breaths = 0

    async def breathe() -> None:
        nonlocal breaths
        breaths += 1

    found = await match(world)(asker, owned(asker), ProgrammeQuery(), breathe=breathe)

    assert (found.total, breaths) == (250, 2)

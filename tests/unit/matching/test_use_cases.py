"""Asking how one stands: one programme, a shortlist, the whole catalogue."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from worlds import World, letting, owned

from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.memory.clock import MemoryClock
from higherstudy.adapters.memory.editions import MemoryEditions
from higherstudy.adapters.memory.snapshots import MemoryEntries, MemorySnapshots
from higherstudy.domain.catalogue.intake import Day
from higherstudy.domain.catalogue.programme import Fee, FeePer, Programme
from higherstudy.domain.catalogue.requirement import AllOf, DocumentNeeded, Requirement, StatedOnly, TestNeeded
from higherstudy.domain.documents.document import Stated
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.matching.events import FindingOverridden, OverrideTakenBack
from higherstudy.domain.matching.evidence import Days
from higherstudy.domain.matching.fit import Fits
from higherstudy.domain.matching.override import Override, State
from higherstudy.domain.matching.trees import Lack
from higherstudy.domain.matching.use_cases.asking import JudgeProgrammes, MatchCatalogue, UnlockCatalogue
from higherstudy.domain.matching.use_cases.overrides import ListOverrides, OverrideFinding, TakeBackOverride
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.matching.wanted import Wanted
from higherstudy.domain.profile.profile import Target, TestResult
from higherstudy.domain.profile.use_cases import ChangeProfile
from higherstudy.domain.shared.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from higherstudy.domain.shared.ids import AccountId, ProgrammeId
from higherstudy.domain.shared.money import Money
from study_builders import STATED, profile, programme, winter

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
    return MatchCatalogue(world.transactions, world.rule_packs, world.zones, snapshots(world))


def unlock(world: World) -> UnlockCatalogue:
    return UnlockCatalogue(world.transactions, world.rule_packs, world.zones, snapshots(world))


def snapshots(world: World) -> MemorySnapshots:
    return MemorySnapshots(MemoryEditions(world.store.imports), MemoryEntries(world.transactions))


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

    found = await match(world)(asker, owned(asker), Wanted())

    assert (found.total, found.counts) == (
        4,
        {Standing.MET: 1, Standing.PROBABLY_MET: 0, Standing.UNKNOWN: 1, Standing.NOT_MET: 2},
    )
    assert [one.programme.name for one in found.page] == ["Open", "Unknown", "Nearly", "Out of reach"]


async def test_pages_together_are_the_whole_list_once(world: World) -> None:
    asker = await world.student(profile=profile())
    await four(world)

    pages = [await match(world)(asker, owned(asker), Wanted(), start=n, size=1) for n in range(5)]

    names = [one.programme.name for page in pages for one in page.page]
    assert names == ["Open", "Unknown", "Nearly", "Out of reach"]


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
        await match(world)(stranger, owned(asker), Wanted())


async def test_what_stands_alike_is_ordered_by_how_it_fits(world: World) -> None:
    budget = Money.of(10_000, "EUR")
    asker = await world.student(profile=profile(budget_a_year=budget, target=Target(fields=("061",))))
    dear = Fee(Money.of(12_000, "EUR"), FeePer.YEAR, STATED.source, STATED.confidence)
    kinds: dict[str, dict[str, Any]] = {
        "A: another field": {"fields": ("0912",)},
        "B: too dear": {"tuition": dear},
        "C: as wanted": {"tuition": replace(dear, money=budget)},
        "D: too late": {"intakes": (winter(starts=Day(on=date(2026, 10, 1))),)},
    }
    for number, (name, changes) in enumerate(kinds.items()):
        await world.programme(
            replace(programme(ielts("6.0")), id=ProgrammeId(UUID(int=100 + number)), key=name, name=name, **changes)
        )

    found = await match(world)(asker, owned(asker), Wanted())

    assert [one.programme.name[0] for one in found.page] == ["C", "D", "B", "A"]
    assert found.page[0].fit == (Fits.YES, Fits.YES, Fits.YES)


async def test_only_some_standings_are_listed_and_all_are_counted(world: World) -> None:
    asker = await world.student(profile=profile())
    await four(world)

    found = await match(world)(asker, owned(asker), Wanted(), only=[Standing.NOT_MET])

    assert (found.total, sum(found.counts.values())) == (2, 4)
    assert [one.programme.name for one in found.page] == ["Nearly", "Out of reach"]


async def test_programmes_are_found_by_what_alone_is_missing(world: World) -> None:
    asker = await world.student(profile=profile())
    await four(world)
    await offered(world, 5, "Wants a paper too", AllOf((ielts("7.0"), DocumentNeeded(STATED, "cv"))))

    tests = await match(world)(asker, owned(asker), Wanted(), missing=Lack.TEST)
    both = await match(world)(asker, owned(asker), Wanted(), missing=Lack.TEST | Lack.DOCUMENT)
    unknown = await match(world)(asker, owned(asker), Wanted(), missing=Lack.REQUIREMENT)

    assert [one.programme.name for one in tests.page] == ["Nearly", "Out of reach"]
    assert [one.programme.name for one in both.page] == ["Nearly", "Out of reach", "Wants a paper too"]
    assert [one.programme.name for one in unknown.page] == ["Unknown"]


async def test_a_change_is_told_with_what_it_opens_most_for_the_effort_first(world: World) -> None:
    asker = await world.student(profile=profile())
    await four(world)
    for number in range(3):
        await offered(world, 10 + number, f"Wants a letter {number}", DocumentNeeded(STATED, "motivation_letter"))

    found, known = await unlock(world)(asker, owned(asker), Wanted())

    first, *others = found.items
    assert (found.total, found.open) == (7, 1)
    assert (first.key, first.opened) == ("add_document/motivation_letter", 3)
    assert [known[id_].name for id_ in first.programmes] == [f"Wants a letter {number}" for number in range(3)]
    raised = next(one for one in others if one.key == "raise_score/IELTS_AC/2025-09-13/total+0.5")
    assert [known[id_].name for id_ in raised.programmes] == ["Nearly"]
    assert all(one.opened > 0 for one in found.items)


async def test_what_one_change_opens_can_be_paged_by_its_key(world: World) -> None:
    asker = await world.student(profile=profile())
    for number in range(3):
        await offered(world, 10 + number, f"Wants a letter {number}", DocumentNeeded(STATED, "motivation_letter"))
    key = "add_document/motivation_letter"

    found, known = await unlock(world)(asker, owned(asker), Wanted(), key=key, start=1, programmes=1)

    assert [known[id_].name for id_ in found.items[0].programmes] == ["Wants a letter 1"]
    with pytest.raises(NotFound) as caught:
        await unlock(world)(asker, owned(asker), Wanted(), key="raise_luck")
    assert [reason.code for reason in caught.value.reasons] == ["unlock.unknown"]


async def test_a_section_alone_opens_nothing_unless_it_binds(world: World) -> None:
    sections = dict.fromkeys(("listening", "reading", "writing", "speaking"), Decimal("6.5"))
    result = TestResult("IELTS_AC", date(2025, 9, 13), Decimal("6.5"), {**sections, "writing": Decimal("5.5")})
    asker = await world.student(profile=profile(tests=(result,)))
    await offered(world, 1, "Writing binds", TestNeeded(STATED, "IELTS_AC", Decimal("6.5"), {"writing": Decimal(6)}))
    await offered(world, 2, "The total binds", TestNeeded(STATED, "IELTS_AC", Decimal(7), {"writing": Decimal("5.5")}))

    found, known = await unlock(world)(asker, owned(asker), Wanted(), size=50)

    opened = {one.key.rpartition("/")[2]: [known[id_].name for id_ in one.programmes] for one in found.items}
    assert opened["writing+0.5"] == ["Writing binds"]
    assert opened["total+0.5"] == ["The total binds"]
    assert "reading+0.5" not in opened


async def test_what_only_words_keep_from_being_met_is_counted_by_itself_and_comes_last(world: World) -> None:
    asker = await world.student(profile=profile())
    words = StatedOnly(STATED, "An interview decides.")
    await offered(world, 1, "A: with words", AllOf((DocumentNeeded(STATED, "cv"), words)))
    await offered(world, 2, "B: a paper alone", DocumentNeeded(STATED, "cv"))

    found, known = await unlock(world)(asker, owned(asker), Wanted())

    (one,) = found.items
    assert (one.opened, one.words_left) == (1, 1)
    assert [known[id_].name[0] for id_ in one.programmes] == ["B", "A"]


COUNSELLOR = Asker(AccountId(UUID(int=0xC0)), frozenset({Role.COUNSELLOR}))


def override(world: World) -> OverrideFinding:
    return OverrideFinding(world.transactions, world.rule_packs, world.zones, world.ids)


async def overridden(world: World, asker: Asker, one: Programme, standing: Standing = Standing.MET) -> Override:
    return await override(world)(
        letting(COUNSELLOR, asker), owned(asker), one.id, place="/", standing=standing, reason=" Confirmed by mail. "
    )


async def test_a_counsellor_s_word_shows_to_the_student_with_the_reason_and_who(world: World) -> None:
    asker = await world.student(profile=profile())
    (far, *_) = await four(world)

    given = await overridden(world, asker, far)
    for who in (asker, letting(COUNSELLOR, asker)):
        (found,) = await judge(world)(who, owned(asker), [far.id])

        assert (found.verdict.standing, found.verdict.ruled) == (Standing.MET, Standing.NOT_MET)
        assert found.verdict.finding.override == given
    assert (given.reason, given.by, given.at) == ("Confirmed by mail.", COUNSELLOR.account_id, NOW)
    assert (await world.events())[-1] == FindingOverridden(given.id, owned(asker), far.id)


async def test_over_the_catalogue_an_override_shows_on_the_page_and_leaves_counts_and_order(world: World) -> None:
    asker = await world.student(profile=profile())
    (far, *_) = await four(world)
    before = await match(world)(asker, owned(asker), Wanted())

    await overridden(world, asker, far)
    after = await match(world)(asker, owned(asker), Wanted())

    assert after.counts == before.counts
    assert [one.programme.id for one in after.page] == [one.programme.id for one in before.page]
    assert after.page[-1].verdict.standing is Standing.MET


async def test_an_override_that_is_taken_back_stays_on_record_and_counts_no_longer(world: World) -> None:
    asker = await world.student(profile=profile())
    (far, *_) = await four(world)
    given = await overridden(world, asker, far)
    take_back = TakeBackOverride(world.transactions)

    back = await take_back(letting(COUNSELLOR, asker), owned(asker), far.id, given.id, "A mistake.")
    (found,) = await judge(world)(asker, owned(asker), [far.id])
    with pytest.raises(Conflict):
        await take_back(letting(COUNSELLOR, asker), owned(asker), far.id, given.id, "Once more.")

    assert back.taken_back is not None
    assert found.verdict.standing is Standing.NOT_MET
    assert found.verdict.overrides == ((back, State.TAKEN_BACK),)
    assert (await world.events())[-1] == OverrideTakenBack(given.id, owned(asker), far.id)


async def test_a_new_test_result_lets_the_rules_speak_again(world: World) -> None:
    asker = await world.student(profile=profile())
    (far, *_) = await four(world)
    given = await overridden(world, asker, far)

    patch = {"tests": [{"code": "IELTS_AC", "taken_on": "2026-10-01", "total": "7.5"}]}
    await ChangeProfile(world.transactions, world.rule_packs, world.zones, world.vault)(asker, owned(asker), patch)
    listed = await ListOverrides(world.transactions, world.rule_packs, world.zones)(asker, owned(asker), far.id)

    assert listed == ((given, State.OUTDATED),)


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"reason": "  "}, Invalid, "override.reason_needed"),
        ({"reason": "x" * 2001}, Invalid, "data.too_long"),
        ({"place": "/3"}, Invalid, "override.no_such_requirement"),
        ({"until": date(2026, 11, 23)}, Invalid, "override.ends_before_it_begins"),
    ],
)
async def test_an_override_needs_a_reason_a_requirement_and_days_to_come(
    world: World, changes: dict[str, object], error: type[DomainError], code: str
) -> None:
    asker = await world.student(profile=profile())
    (far, *_) = await four(world)
    usual = {"place": "/", "standing": Standing.MET, "reason": "Confirmed."}

    with pytest.raises(error) as refused:
        await override(world)(letting(COUNSELLOR, asker), owned(asker), far.id, **{**usual, **changes})  # type: ignore[arg-type]

    assert [reason.code for reason in refused.value.reasons] == [code]
    assert list(world.store.overrides.rows()) == []


async def test_only_staff_overrides_and_nobody_her_own_record(world: World) -> None:
    asker = await world.student(profile=profile())
    stranger = await world.student("other@example.org")
    both = replace(asker, roles=asker.roles | {Role.COUNSELLOR})
    (far, *_) = await four(world)
    given = await overridden(world, asker, far)
    refused: list[tuple[Asker, type[DomainError]]] = [(asker, Forbidden), (both, Forbidden), (stranger, NotFound)]

    for who, error in refused:
        with pytest.raises(error):
            await override(world)(who, owned(asker), far.id, place="/", standing=Standing.MET, reason="Mine.")
        with pytest.raises(error):
            await TakeBackOverride(world.transactions)(who, owned(asker), far.id, given.id, "Mine.")
    with pytest.raises(NotFound):
        await ListOverrides(world.transactions, world.rule_packs, world.zones)(stranger, owned(asker), far.id)


async def test_an_override_is_taken_back_only_where_it_was_given(world: World) -> None:
    asker = await world.student(profile=profile())
    far, other, *_ = await four(world)
    given = await overridden(world, asker, far)

    with pytest.raises(NotFound):
        await TakeBackOverride(world.transactions)(
            letting(COUNSELLOR, asker), owned(asker), other.id, given.id, "A mistake."
        )


async def test_a_verdict_may_be_asked_for_with_the_days_of_a_case(world: World) -> None:
    asker = await world.student(profile=profile())
    one = await offered(world, 7, "Open", ielts("6.0"))
    days = Days(date(2027, 5, 1), date(2027, 10, 1), date(2027, 11, 20))

    (found,) = await judge(world)(asker, owned(asker), [one.id], days=days)

    assert found.verdict.finding.code == "test.run_out_for_mission"

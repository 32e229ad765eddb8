"""Verdicts by editions and days, deep pages, and overrides with all that is kept of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from rule_worlds import RuleWorld, bundled_text
from worlds import World, letting, owned

from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.memory.editions import MemoryEditions
from higherstudy.adapters.memory.rule_packs import MemoryStoredRulePacks
from higherstudy.adapters.memory.snapshots import MemoryEntries, MemorySnapshots
from higherstudy.domain.catalogue.programme import Programme
from higherstudy.domain.catalogue.requirement import AllOf, DocumentNeeded, ExperienceNeeded, Requirement, TestNeeded
from higherstudy.domain.catalogue.search import ProgrammeQuery
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.override import Override, State, TakenBack
from higherstudy.domain.matching.overriding import basis_of
from higherstudy.domain.matching.use_cases import asking
from higherstudy.domain.matching.use_cases.asking import JudgeProgrammes, MatchCatalogue, UnlockCatalogue
from higherstudy.domain.matching.use_cases.overrides import ListOverrides, OverrideFinding, TakeBackOverride
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.matching.wanted import Wanted
from higherstudy.domain.profile.profile import Target
from higherstudy.domain.shared.errors import Conflict, Invalid, NotFound, Reason
from higherstudy.domain.shared.events import Origin
from higherstudy.domain.shared.ids import AccountId, OverrideId, ProgrammeId
from study_builders import STATED, profile, programme

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)  # 20:00 in UTC is two in the morning in Dhaka
IELTS = TestNeeded(STATED, "IELTS_AC", Decimal("6.0"))
LETTER = DocumentNeeded(STATED, "motivation_letter")
ANY = Wanted()


@pytest.fixture
async def rules() -> RuleWorld:
    return RuleWorld()


async def offered(world: World, number: int, name: str, requirement: Requirement | None = IELTS) -> Programme:
    one = replace(programme(requirement), id=ProgrammeId(UUID(int=100 + number)), key=f"p{number}", name=name)
    return await world.programme(one)


async def two_editions(rules: RuleWorld) -> tuple[str, str]:
    """Return the name of an edition, and that of the one in force, by which an IELTS counts for a year, not two."""
    before = rules.packs.rulebook().edition_id
    head, name, rest = bundled_text("tests.toml").partition('code = "IELTS_AC"')
    text = (head + name + rest.replace("valid_months = 24", "valid_months = 12", 1)).replace(
        'version = "', 'version = "9', 1
    )
    await rules.activate(await rules.propose(text), reason="The owner says so.")
    after = rules.packs.rulebook().edition_id
    assert after != before
    return before, after


def judge(rules: RuleWorld) -> JudgeProgrammes:
    return JudgeProgrammes(rules.world.transactions, rules.packs, rules.world.zones)


def match(world: World, packs: MemoryStoredRulePacks | BundledRulePacks) -> MatchCatalogue:
    return MatchCatalogue(world.transactions, packs, world.zones, snapshots(world))


def unlock(world: World, packs: MemoryStoredRulePacks | BundledRulePacks) -> UnlockCatalogue:
    return UnlockCatalogue(world.transactions, packs, world.zones, snapshots(world))


def snapshots(world: World) -> MemorySnapshots:
    return MemorySnapshots(MemoryEditions(world.store.imports), MemoryEntries(world.transactions))


async def test_the_rules_of_an_earlier_edition_give_its_answer_again(rules: RuleWorld) -> None:
    world = rules.world
    asker = await world.student(profile=profile())  # IELTS of September 2025
    one = await offered(world, 1, "Open")
    before, after = await two_editions(rules)
    matching, unlocking = match(world, rules.packs), unlock(world, rules.packs)
    now = {None: Standing.NOT_MET, after: Standing.NOT_MET, before: Standing.MET}

    for edition, standing in now.items():
        (judged,) = await judge(rules)(asker, owned(asker), [one.id], edition=edition)
        matched = await matching(asker, owned(asker), ANY, edition=edition)
        unlocked, _ = await unlocking(asker, owned(asker), ANY, edition=edition)

        assert judged.verdict.standing is matched.page[0].verdict.standing is standing
        assert matched.counts[standing] == matched.total == unlocked.total == 1
        assert unlocked.open == int(standing is Standing.MET)
        assert unlocked.rulebook == rules.packs.edition(edition or after).edition
    for ask in (
        judge(rules)(asker, owned(asker), [one.id], edition="no such"),
        matching(asker, owned(asker), ANY, edition="no such"),
        unlocking(asker, owned(asker), ANY, edition="no such"),
    ):
        with pytest.raises(NotFound):
            await ask


async def test_on_another_day_the_whole_catalogue_stands_as_it_does_then(rules: RuleWorld) -> None:
    world = rules.world
    asker = await world.student(profile=profile())
    await offered(world, 1, "Open")
    last, later = date(2027, 9, 13), date(2027, 9, 14)  # two years after the test, and a day more
    days = {None: TODAY, last: last, later: later}

    for on, day in days.items():
        matched = await match(world, rules.packs)(asker, owned(asker), ANY, on=on)
        unlocked, _ = await unlock(world, rules.packs)(asker, owned(asker), ANY, on=on)

        assert matched.page[0].verdict.on == unlocked.on == day
        assert (matched.counts[Standing.MET], unlocked.open) == ((0, 0) if day == later else (1, 1))


async def test_of_somebody_who_says_nothing_of_where_she_lives_the_day_is_that_of_utc(rules: RuleWorld) -> None:
    asker = await rules.world.student(profile=profile(residence=None))
    one = await offered(rules.world, 1, "Open")

    (found,) = await judge(rules)(asker, owned(asker), [one.id])

    assert found.verdict.on == NOW.date()


async def test_programmes_that_there_are_not_are_named_each_by_itself(rules: RuleWorld) -> None:
    asker = await rules.world.student(profile=profile())
    ghosts = [ProgrammeId(UUID(int=number)) for number in (901, 900)]

    with pytest.raises(NotFound) as refused:
        await judge(rules)(asker, owned(asker), ghosts)

    assert refused.value.reasons == tuple(Reason("programme.unknown", {"id": str(one)}) for one in sorted(ghosts))


async def test_only_what_is_asked_for_is_matched_and_unlocked(rules: RuleWorld) -> None:
    world = rules.world
    asker = await world.student(profile=profile(target=Target(start_from=date(2027, 9, 1))))
    for number, name in enumerate(("Law", "Law and music", "Music"), start=1):
        await offered(world, number, name, AllOf((IELTS, LETTER)))
    wanted = Wanted(ProgrammeQuery(text="law"), still_open=True)

    matched = await match(world, rules.packs)(asker, owned(asker), wanted)
    later = await match(world, rules.packs)(asker, owned(asker), wanted, on=date(2027, 7, 16))
    unlocked, known = await unlock(world, rules.packs)(asker, owned(asker), wanted)

    assert [one.programme.name for one in matched.page] == ["Law", "Law and music"]
    assert later.total == 0  # the day after the deadline of October 2027, in which she would begin
    assert (unlocked.total, unlocked.items[0].opened) == (2, 2)
    assert sorted(one.name for one in known.values()) == ["Law", "Law and music"]


async def test_only_what_the_wanted_programmes_ask_for_is_tried(rules: RuleWorld) -> None:
    world = rules.world
    asker = await world.student(profile=profile())
    for number, name in ((12, "Short"), (24, "Long")):
        await offered(world, number, name, ExperienceNeeded(STATED, number))

    found, _ = await unlock(world, rules.packs)(asker, owned(asker), Wanted(ProgrammeQuery(text="short")))

    assert [one.key for one in found.items] == ["work_longer/12"]  # and not the two years that would do as well


async def test_a_usual_page_has_20_matches_or_10_changes_with_5_programmes_each(rules: RuleWorld) -> None:
    world = rules.world
    asker = await world.student(profile=profile())
    kinds = [f"paper_{letter}" for letter in "abcdefghijkl"]
    for number in range(22):
        await offered(world, number, f"{number:02}", DocumentNeeded(STATED, kinds[number] if number < 12 else "cv"))

    matched = await match(world, rules.packs)(asker, owned(asker), ANY)
    unlocked, known = await unlock(world, rules.packs)(asker, owned(asker), ANY)
    first, _ = await unlock(world, rules.packs)(asker, owned(asker), ANY, size=1, start=8)

    assert (matched.start, [one.programme.name for one in matched.page]) == (0, [f"{n:02}" for n in range(20)])
    assert [one.key for one in unlocked.items[:2]] == ["add_document/cv", "add_documents"]  # 10 for 2, then 22 for 26
    assert (len(unlocked.items), [len(one.programmes) for one in unlocked.items[:2]]) == (10, [5, 5])
    assert [known[id_].name for id_ in unlocked.items[0].programmes] == ["12", "13", "14", "15", "16"]
    assert [id_.int for id_ in first.items[0].programmes] == [120, 121]


async def test_no_page_reaches_deeper_than_the_deepest_place(rules: RuleWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world = rules.world
    asker = await world.student(profile=profile())
    for number in range(5):
        await offered(world, number, f"{number}")
    monkeypatch.setattr(asking, "DEEPEST", 3)  # a thousand programmes would take long

    pages = [await match(world, rules.packs)(asker, owned(asker), ANY, start=start, size=2) for start in (0, 2)]

    assert [[one.programme.name for one in page.page] for page in pages] == [["0", "1"], ["2"]]
    assert [(page.total, page.start) for page in pages] == [(5, 0), (5, 2)]


async def test_a_change_asked_for_by_its_key_is_found_however_little_it_opens(rules: RuleWorld) -> None:
    world = rules.world
    asker = await world.student(profile=profile())
    await offered(world, 1, "Letter", LETTER)
    await offered(world, 2, "Higher", TestNeeded(STATED, "IELTS_AC", Decimal("7.5")))
    key = "raise_score/IELTS_AC/2025-09-13/total+1.0"

    found, known = await unlock(world, rules.packs)(asker, owned(asker), ANY, key=key, size=1)

    assert ([one.key for one in found.items], [one.name for one in known.values()]) == ([key], ["Higher"])
    with pytest.raises(NotFound) as refused:
        await unlock(world, rules.packs)(asker, owned(asker), ANY, key="luck")
    assert refused.value.reasons == (Reason("unlock.unknown", {"key": "luck"}),)


async def test_nobody_unlocks_for_somebody_else(rules: RuleWorld) -> None:
    world = rules.world
    asker, stranger = await world.student(profile=profile()), await world.student("other@example.org")

    with pytest.raises(NotFound):
        await unlock(world, rules.packs)(stranger, owned(asker), ANY)
    with pytest.raises(NotFound):
        await judge(rules)(stranger, owned(asker), [])


COUNSELLOR = Asker(AccountId(UUID(int=0xC0)), frozenset({Role.COUNSELLOR}), request_id="r-1", trace="t-1")


def by_counsellor(student: Asker) -> Origin:
    return Origin(COUNSELLOR.account_id, student.account_id, request_id="r-1", trace="t-1")


async def overridden(rules: RuleWorld, asker: Asker, one: Programme, **changes: object) -> Override:
    usual = {"place": "/1", "standing": Standing.MET, "reason": " Seen. "}
    world = rules.world
    give = OverrideFinding(world.transactions, rules.packs, world.zones, world.ids)
    return await give(letting(COUNSELLOR, asker), owned(asker), one.id, **{**usual, **changes})  # type: ignore[arg-type]


async def test_an_override_is_kept_with_all_that_was_said_and_what_it_was_judged_by(rules: RuleWorld) -> None:
    world = rules.world
    asker = await world.student(profile=profile())
    one, other = [await offered(world, n, f"{n}", AllOf((IELTS, LETTER))) for n in (1, 2)]

    given = await overridden(rules, asker, one, until=TODAY)  # its last day is today

    expected = Override(
        id=given.id, student_id=owned(asker), programme_id=one.id, place="/1", standing=Standing.MET, reason="Seen.",
        by=COUNSELLOR.account_id, at=NOW, basis=basis_of(LETTER, Evidence(profile(), TODAY, {})), until=TODAY,
    )  # fmt: skip
    show = ListOverrides(world.transactions, rules.packs, world.zones)
    envelope = [*world.store.events.rows()][-1]
    assert given == expected
    assert await show(asker, owned(asker), one.id) == ((expected, State.IN_FORCE),)
    assert await show(asker, owned(asker), other.id) == ()
    assert (envelope.event, envelope.origin, envelope.aggregate_version) == (given.given(), by_counsellor(asker), 1)

    back = await TakeBackOverride(world.transactions)(
        letting(COUNSELLOR, asker), owned(asker), one.id, given.id, " Not hers. "
    )

    expected = replace(expected, taken_back=TakenBack(COUNSELLOR.account_id, NOW, "Not hers."))
    envelope = [*world.store.events.rows()][-1]
    assert back == expected
    assert await show(asker, owned(asker), one.id) == ((expected, State.TAKEN_BACK),)
    assert (envelope.event, envelope.origin, envelope.aggregate_version) == (back.withdrawn(), by_counsellor(asker), 2)
    with pytest.raises(Conflict) as refused:
        await TakeBackOverride(world.transactions)(letting(COUNSELLOR, asker), owned(asker), one.id, given.id, "Again.")
    assert refused.value.reasons == (Reason("override.taken_back_already"),)


NEEDED = Reason("override.reason_needed", {}, "reason")
LONG = Reason("data.too_long", {"at_most": 2000}, "reason")
NOT_TEXT = Reason("data.not_text", {}, "reason")
PLACE = Reason("override.no_such_requirement", {"given": "/" + "9" * 39, "known": "/0, /1"}, "place")
PAST = Reason("override.ends_before_it_begins", {"given": "2026-11-23"}, "until")


async def test_everything_that_is_wrong_with_an_override_is_said_at_once_and_nothing_is_kept(rules: RuleWorld) -> None:
    asker = await rules.world.student(profile=profile())
    one = await offered(rules.world, 1, "One", AllOf((IELTS, LETTER)))

    with pytest.raises(Invalid) as refused:
        await overridden(rules, asker, one, reason=" ", place="/" + "9" * 50, until=date(2026, 11, 23))

    assert refused.value.reasons == (NEEDED, PLACE, PAST)
    assert list(rules.world.store.overrides.rows()) == []


@pytest.mark.parametrize(
    ("reason", "problems"),
    [("x" * 2000, ()), ("x" * 2001, (LONG,)), ("\n\t", (NEEDED,)), ("a\x00b", (NOT_TEXT,)), ("", (NEEDED,))],
    ids=["longest", "too long", "blank", "no text", "none"],
)
async def test_giving_and_taking_back_need_a_reason_that_can_be_read(
    rules: RuleWorld, reason: str, problems: Sequence[Reason]
) -> None:
    world = rules.world
    asker = await world.student(profile=profile())
    one = await offered(world, 1, "One", AllOf((IELTS, LETTER)))
    given = await overridden(rules, asker, one)
    said: list[Sequence[Reason]] = []

    for act in (
        overridden(rules, asker, one, reason=reason),
        TakeBackOverride(world.transactions)(letting(COUNSELLOR, asker), owned(asker), one.id, given.id, reason),
    ):
        try:
            await act
            said.append(())
        except Invalid as refused:
            said.append(refused.reasons)

    assert said == [problems, problems]


async def test_what_there_is_not_can_be_neither_overridden_nor_taken_back(rules: RuleWorld) -> None:
    world = rules.world
    asker, other = await world.student(profile=profile()), await world.student("other@example.org", profile())
    one = await offered(world, 1, "One", AllOf((IELTS, LETTER)))
    given = await overridden(rules, asker, one)
    take_back = TakeBackOverride(world.transactions)

    for act in (
        take_back(letting(COUNSELLOR, other), owned(other), one.id, given.id, "Another's."),
        take_back(letting(COUNSELLOR, asker), owned(asker), one.id, OverrideId(UUID(int=9)), "None."),
        overridden(rules, asker, replace(one, id=ProgrammeId(UUID(int=9)))),
    ):
        with pytest.raises(NotFound):
            await act
    assert [each.taken_back for each in world.store.overrides.rows()] == [None]


async def test_the_overrides_of_one_programme_show_on_it_alone_and_all_of_them(rules: RuleWorld) -> None:
    world = rules.world
    asker = await world.student(profile=profile())
    one, other = [await offered(world, n, f"{n}", AllOf((IELTS, LETTER))) for n in (1, 2)]
    givens = [await overridden(rules, asker, one, place=place, standing=Standing.UNKNOWN) for place in ("/0", "/1")]

    judged = await judge(rules)(asker, owned(asker), [other.id, one.id])
    matched = await match(world, rules.packs)(asker, owned(asker), ANY)

    for found in (judged, sorted(matched.page, key=lambda each: each.programme.name, reverse=True)):
        plain, told = found
        assert (plain.programme.id, plain.verdict.overrides, plain.verdict.standing) == (
            other.id, (), Standing.NOT_MET,
        )  # fmt: skip
        assert {each.id for each, _ in told.verdict.overrides} == {each.id for each in givens}
        assert (told.verdict.standing, told.verdict.ruled) == (Standing.UNKNOWN, Standing.NOT_MET)

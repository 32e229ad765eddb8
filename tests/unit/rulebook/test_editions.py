"""Other packs come into force knowingly, whole or not at all, and what was in force can be had again."""

import pytest
from rule_worlds import RuleWorld, bundled_names, bundled_text, germany
from worlds import owned

from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.memory.rule_packs import MemoryRulePacks, MemoryStoredRulePacks
from higherstudy.domain.matching.use_cases.asking import JudgeProgrammes
from higherstudy.domain.rulebook.editions import edition_of
from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.events import EditionActivated
from higherstudy.domain.rulebook.use_cases.editions import (
    ActivateEdition,
    GetEditionInForce,
    ListEditions,
    ListStoredPacks,
    NoteShippedPacks,
    ProposePack,
)
from higherstudy.domain.rulebook.use_cases.proposing import Proposal
from higherstudy.domain.shared.errors import Conflict, Forbidden, NotFound, RuleBroken
from study_builders import programme

EXTRA = """
[pack]
id = "extra"
title = "One pack more"
version = "1"
review_by = 2028-01-01
"""

OTHERS = {name: bundled_text(name) for name in bundled_names() if name != "germany.toml"}


def codes(error: pytest.ExceptionInfo[RuleBroken]) -> list[str]:
    return [reason.code for reason in error.value.reasons]


def test_an_edition_is_named_by_its_packs_in_their_order_however_they_are_written() -> None:
    names = BundledRulePacks().rulebook().edition

    assert edition_of(names) == edition_of(name.rpartition(":")[2] for name in names)
    assert edition_of(names) != edition_of(reversed(names))


async def test_a_pack_takes_the_place_of_the_shipped_one_with_its_id_at_once() -> None:
    rules = RuleWorld()
    asker, plan_id = await rules.student_with_a_plan()

    edition = await rules.activate(await rules.propose(germany()), reason="the amount of the new year")

    plan = await rules.plan(asker, plan_id)
    assert f"{plan.money[0].amount.amount}" == "12624.00"
    assert edition_of(plan.schedule.rulebook) == edition.sha256
    assert len(edition.packs) == len(BundledRulePacks().rulebook().packs)


async def test_the_edition_of_a_decision_gives_the_same_decision_again() -> None:
    rules = RuleWorld()
    asker, plan_id = await rules.student_with_a_plan()
    then = await rules.plan(asker, plan_id)
    judge = JudgeProgrammes(rules.world.transactions, rules.packs, rules.world.zones)
    [verdict] = await judge(asker, owned(asker), [programme().id])
    await rules.activate(await rules.propose(germany()), reason="the amount of the new year")

    edition = edition_of(then.schedule.rulebook)
    again = await rules.plan(asker, plan_id, edition)
    [judged] = await judge(asker, owned(asker), [programme().id], edition=edition)

    assert again == then
    assert again.money[0].rests_on == then.money[0].rests_on
    assert judged == verdict


async def test_an_edition_that_never_was_is_not_found() -> None:
    rules = RuleWorld()
    asker, plan_id = await rules.student_with_a_plan()

    with pytest.raises(NotFound) as unknown:
        await rules.plan(asker, plan_id, "0" * 64)

    assert [reason.code for reason in unknown.value.reasons] == ["edition.unknown"]


async def test_nothing_comes_into_force_without_its_impact_report_or_a_reason() -> None:
    rules = RuleWorld()
    proposal = await rules.propose(germany())

    with pytest.raises(RuleBroken) as neither:
        await rules.activate(proposal, reason="   ")

    assert codes(neither) == ["edition.impact_or_reason"]
    assert (await rules.current()).number == 1


async def test_the_report_of_exactly_this_step_is_enough() -> None:
    rules = RuleWorld()
    proposal = await rules.propose(germany())
    impact = await rules.impact(proposal)

    edition = await rules.activate(proposal, impact=impact.id)

    assert (edition.number, edition.by, edition.impact) == (2, rules.keeper.account_id, impact.id)


async def test_the_report_of_other_packs_or_of_another_edition_in_force_is_not() -> None:
    rules = RuleWorld()
    proposal, other = await rules.propose(germany()), await rules.propose(germany(monthly="1100"))
    impact = await rules.impact(proposal)

    with pytest.raises(RuleBroken) as of_other:
        await rules.activate(other, impact=impact.id)
    await rules.activate(await rules.propose(EXTRA), reason="one more")
    with pytest.raises(RuleBroken) as too_old:
        await rules.activate(proposal, impact=impact.id)

    assert codes(of_other) == ["impact.of_other_packs"]
    assert "impact.of_other_packs" in codes(too_old) or "impact.of_other_edition" in codes(too_old)


async def test_who_has_seen_another_edition_in_force_gets_a_conflict() -> None:
    rules = RuleWorld()
    proposal = await rules.propose(germany())
    await rules.current()

    with pytest.raises(Conflict):
        await ActivateEdition(*rules.parts)(rules.keeper, proposal, 7, reason="a reason")


async def test_going_back_brings_the_earlier_packs_into_force_again() -> None:
    rules = RuleWorld()
    before = await rules.current()
    await rules.activate(await rules.propose(germany()), reason="the amount of the new year")

    back = await rules.activate(Proposal(back_to=before.sha256), reason="the ministry took it back")

    assert (back.number, back.sha256, back.chosen) == (3, before.sha256, ())
    assert rules.packs.rulebook().edition == BundledRulePacks().rulebook().edition


async def test_packs_are_laid_one_over_another_until_they_are_taken_off() -> None:
    rules = RuleWorld()
    await rules.activate(await rules.propose(germany()), reason="one")
    both = await rules.activate(await rules.propose(EXTRA), reason="two")

    one = await rules.activate(Proposal(drop=("germany",)), reason="three")

    assert (len(both.chosen), len(one.chosen)) == (2, 1)
    assert {pack.id for pack in rules.packs.rulebook().packs} >= {"extra", "germany"}
    with pytest.raises(NotFound):
        await rules.activate(Proposal(drop=("germany",)), reason="four")


async def test_a_broken_pack_is_refused_with_its_line_and_nothing_of_it_is_kept() -> None:
    rules = RuleWorld()

    with pytest.raises(BrokenPack) as broken:
        await ProposePack(*rules.parts)(rules.keeper, EXTRA + 'surprise = "a key"\n', "mine.toml")

    assert [reason.where for reason in broken.value.reasons] == ["mine.toml:7"]
    stored = await ListStoredPacks(rules.world.transactions)(rules.keeper, None, 100)
    assert "extra" not in {pack.pack_id for pack in stored}


async def test_a_pack_that_does_not_fit_with_those_in_force_is_refused() -> None:
    rules = RuleWorld()
    renamed = bundled_text("germany.toml").replace('id = "germany"', 'id = "germany-again"')

    with pytest.raises(BrokenPack) as broken:
        await ProposePack(*rules.parts)(rules.keeper, renamed, "mine.toml")

    assert {reason.code for reason in broken.value.reasons} == {"pack.id_twice"}


async def test_an_edition_in_force_is_told_to_others_once_with_the_one_before() -> None:
    rules = RuleWorld()
    before = await rules.current()

    edition = await rules.activate(await rules.propose(germany()), reason="the amount of the new year")

    told = [event for event in await rules.world.events() if isinstance(event, EditionActivated)]
    assert told == [EditionActivated(edition.id, 2, before.sha256, edition.sha256)]


async def test_each_edition_has_an_id_of_its_own_and_is_told_with_its_number_as_the_version() -> None:
    rules = RuleWorld()
    first = await rules.current()
    second = await rules.activate(await rules.propose(germany()), reason="the amount of the new year")

    rules.packs = MemoryStoredRulePacks(
        MemoryRulePacks({"extra.toml": EXTRA, "germany.toml": bundled_text("germany.toml"), **OTHERS}),
        rules.world.store.rules,
    )
    third = await GetEditionInForce(rules.world.transactions, rules.packs, rules.world.ids)(rules.keeper)

    told = [one for one in rules.world.store.events.rows() if isinstance(one.event, EditionActivated)]
    assert [(one.event.aggregate_id, one.aggregate_version) for one in told] == [(second.id, 2), (third.id, 3)]
    assert None not in {first.id, second.id, third.id}
    assert len({first.id, second.id, third.id}) == 3


async def test_the_shipped_packs_are_noted_once_with_all_their_texts() -> None:
    rules = RuleWorld()

    noted = await NoteShippedPacks(*rules.parts)()
    again = await NoteShippedPacks(*rules.parts)()

    assert noted is not None
    assert (noted.by, again) == (None, None)
    async with rules.world.transactions() as work:
        assert len(await work.rule_editions.texts(noted.packs)) == len(noted.packs)


async def test_a_release_with_other_packs_is_another_edition_and_the_earlier_one_stays_at_hand() -> None:
    rules = RuleWorld()
    asker, plan_id = await rules.student_with_a_plan()
    await NoteShippedPacks(*rules.parts)()
    then = await rules.plan(asker, plan_id)

    released = MemoryRulePacks({"germany.toml": germany(), **OTHERS})
    rules.packs = MemoryStoredRulePacks(released, rules.world.store.rules)
    noted = await NoteShippedPacks(rules.world.transactions, rules.packs, rules.world.ids)()
    now = await rules.plan(asker, plan_id)
    again = await rules.plan(asker, plan_id, edition_of(then.schedule.rulebook))

    told = [event for event in await rules.world.events() if isinstance(event, EditionActivated)]
    assert noted is not None
    assert (noted.number, noted.by) == (2, None)
    assert [(event.before, event.after) for event in told] == [(edition_of(then.schedule.rulebook), noted.sha256)]
    assert now.money[0].amount != then.money[0].amount
    assert again == then


async def test_while_a_release_is_brought_in_nothing_is_noted_to_and_fro() -> None:
    rules = RuleWorld()
    old = rules.parts
    new = (
        old[0],
        MemoryStoredRulePacks(MemoryRulePacks({"germany.toml": germany(), **OTHERS}), rules.world.store.rules),
        old[2],
    )
    await NoteShippedPacks(*old)()
    await NoteShippedPacks(*new)()

    seen = [await GetEditionInForce(*parts)(rules.keeper) for parts in (old, new, old)]

    assert [edition.number for edition in seen] == [2, 2, 2]
    assert seen[0].sha256 == seen[2].sha256 != seen[1].sha256
    assert len(await ListEditions(rules.world.transactions)(rules.keeper, None, 10)) == 2


async def test_all_editions_say_by_whose_word_and_why() -> None:
    rules = RuleWorld()
    await rules.activate(await rules.propose(germany()), reason="  the amount of the new year ")

    listed = await ListEditions(rules.world.transactions)(rules.keeper, None, 10)

    assert [(one.number, one.by, one.reason) for one in listed] == [
        (2, rules.keeper.account_id, "the amount of the new year"),
        (1, None, ""),
    ]


async def test_students_may_change_nothing_of_the_rules_and_see_none_of_their_history() -> None:
    rules = RuleWorld()
    student, _ = await rules.student_with_a_plan()
    proposal = await rules.propose(germany())

    with pytest.raises(Forbidden):
        await ProposePack(*rules.parts)(student, EXTRA, "mine.toml")
    with pytest.raises(Forbidden):
        await ActivateEdition(*rules.parts)(student, proposal, 1, reason="a reason")
    with pytest.raises(Forbidden):
        await ListEditions(rules.world.transactions)(student, None, 10)
    with pytest.raises(Forbidden):
        await ListStoredPacks(rules.world.transactions)(student, None, 10)

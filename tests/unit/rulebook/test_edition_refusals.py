"""What is refused of a proposal, with the whole reason; and what is kept of one that is taken."""

from dataclasses import replace
from uuid import UUID

import pytest
from rule_worlds import NOW, RuleWorld, bundled_names, bundled_text, germany

from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.adapters.memory.rule_packs import MemoryRulePacks, MemoryStoredRulePacks
from higherstudy.domain.rulebook.editions import Edition, StoredPack
from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.events import EditionActivated
from higherstudy.domain.rulebook.use_cases.editions import ListEditions, ListStoredPacks, NoteShippedPacks, ProposePack
from higherstudy.domain.rulebook.use_cases.proposing import Proposal, packs_of
from higherstudy.domain.shared.canonical import sha256_of
from higherstudy.domain.shared.errors import DomainError, NotFound, Reason, RuleBroken
from higherstudy.domain.shared.ids import AccountId

from .pack_texts import head

ONE, OTHER, TWO = head("one"), head("one") + "# another\n", head("two")
SHIPPED = tuple(pack.sha256 for pack in BundledRulePacks().rulebook().packs)


def hashed(text: str) -> str:
    return sha256_of(text.encode())


async def refusal(rules: RuleWorld, proposal: Proposal, kind: type[DomainError], reason: str = "why") -> list[Reason]:
    """Return the reasons for which the proposal is refused."""
    with pytest.raises(kind) as caught:
        await rules.activate(proposal, reason=reason)
    return list(caught.value.reasons)


async def test_a_proposal_that_cannot_be_is_refused_with_what_is_wrong_with_it() -> None:
    rules = RuleWorld()
    one, other = await rules.propose(ONE), await rules.propose(OTHER)
    before = await rules.current()
    unknown, dropped = Proposal(back_to="x" * 81), Proposal(drop=("germany", "y" * 81))

    assert await refusal(rules, Proposal(), RuleBroken) == [Reason("edition.changes_nothing")]
    assert await refusal(rules, Proposal(one.packs + other.packs), RuleBroken) == [
        Reason("pack.id_twice", {"kind": "pack", "id": "one"}, "packs")
    ]
    assert await refusal(rules, unknown, NotFound) == [Reason("edition.unknown", {"given": "x" * 80}, "back_to")]
    assert await refusal(rules, dropped, NotFound) == [
        Reason("edition.not_chosen", {"id": "germany"}, "drop"),
        Reason("edition.not_chosen", {"id": "y" * 80}, "drop"),
    ]
    for both in (Proposal(one.packs, (), before.sha256), Proposal((), ("germany",), before.sha256)):
        assert await refusal(rules, both, RuleBroken) == [Reason("edition.back_or_on", {}, "back_to")]
    assert await refusal(rules, Proposal(("0" * 64,)), NotFound) != []


async def test_a_reason_is_asked_for_and_has_an_end() -> None:
    rules = RuleWorld()
    proposal = await rules.propose(ONE)

    assert await refusal(rules, proposal, RuleBroken, " ") == [Reason("edition.impact_or_reason", {}, "impact")]
    assert await refusal(rules, proposal, RuleBroken, "r" * 1001) == [
        Reason("edition.reason_too_long", {"at_most": 1000}, "reason")
    ]
    assert (await rules.activate(proposal, reason="r" * 1000)).reason == "r" * 1000


async def test_an_edition_that_comes_into_force_is_kept_and_told_whole() -> None:
    rules = RuleWorld()
    first = await rules.current()
    proposal = await rules.propose(TWO)

    second = await rules.activate(Proposal(proposal.packs * 2), reason=" the new year ")

    assert first == Edition(first.id, 1, SHIPPED, (), NOW, None, "", None)
    packs = rules.packs.rulebook().packs
    assert second == Edition(
        second.id, 2, tuple(pack.sha256 for pack in packs), (hashed(TWO),), NOW, rules.keeper.account_id, "the new year"
    )
    assert {pack.id for pack in packs} == {"two", *(pack.id for pack in BundledRulePacks().rulebook().packs)}
    assert await rules.current() == second
    events = await rules.world.events()
    assert [event for event in events if isinstance(event, EditionActivated)] == [
        EditionActivated(second.id, 2, first.sha256, second.sha256)
    ]
    assert list(await ListEditions(rules.world.transactions)(rules.keeper, None, 10)) == [second, first]
    assert list(await ListEditions(rules.world.transactions)(rules.keeper, 2, 10)) == [first]
    assert list(await ListEditions(rules.world.transactions)(rules.keeper, None, 1)) == [second]


async def test_a_pack_stays_with_whoever_brought_it_first() -> None:
    rules = RuleWorld()
    propose = ProposePack(*rules.parts)

    stored = await propose(rules.keeper, ONE, "one.toml")
    again = await propose(replace(rules.keeper, account_id=AccountId(UUID(int=1))), ONE, "again.toml")

    expected = StoredPack(hashed(ONE), "one", "1", "Sample", len(ONE), NOW, rules.keeper.account_id)
    assert stored == again == expected
    listed = await ListStoredPacks(rules.world.transactions)(rules.keeper, None, 100)
    assert {pack.sha256 for pack in listed} == {hashed(ONE), *SHIPPED}
    assert {pack.by for pack in listed} == {rules.keeper.account_id, None}
    some = await ListStoredPacks(rules.world.transactions)(rules.keeper, listed[0].sha256, 2)
    assert list(some) == list(listed[1:3])


async def test_a_chosen_pack_gives_way_to_a_newer_one_of_its_id_and_stays_beside_others() -> None:
    rules = RuleWorld()
    await rules.activate(await rules.propose(ONE), reason="one")
    await rules.activate(await rules.propose(TWO), reason="two")

    third = await rules.activate(await rules.propose(OTHER), reason="three")
    fourth = await rules.activate(Proposal(drop=("one",)), reason="four")

    assert (third.number, third.chosen) == (4, (hashed(OTHER), hashed(TWO)))
    assert (fourth.number, fourth.chosen) == (5, (hashed(TWO),))


async def test_going_back_leaves_what_ships_to_the_release() -> None:
    rules = RuleWorld()
    with_one = await rules.activate(await rules.propose(ONE), reason="one")
    await rules.activate(Proposal((await rules.propose(germany())).packs, ("one",)), reason="germany")

    back = await rules.activate(Proposal(back_to=with_one.sha256), reason="back")

    assert (back.number, back.packs, back.chosen) == (4, with_one.packs, (hashed(ONE),))


async def test_kept_packs_that_cannot_be_read_any_more_are_told_all_at_once() -> None:
    rules = RuleWorld()
    texts = [f"{ONE}{key} = 1\n" for key in ("surprise", "wonder")]
    async with rules.world.transactions() as work:
        for text in texts:
            await work.rule_editions.add_pack(StoredPack(hashed(text), "one", "1", "One", 1, NOW, None), text)

    async with rules.world.transactions() as work:
        with pytest.raises(BrokenPack) as caught:
            await packs_of(work, [hashed(text) for text in texts])

    assert [reason.where for reason in caught.value.reasons] == [f"{hashed(text)}:11" for text in texts]
    assert [reason.params["place"] for reason in caught.value.reasons] == ["sources[0].surprise", "sources[0].wonder"]


async def test_a_release_that_comes_back_beneath_a_chosen_pack_is_another_edition() -> None:
    rules = RuleWorld()
    old, texts = rules.packs, {name: bundled_text(name) for name in bundled_names()}
    new = MemoryStoredRulePacks(MemoryRulePacks({**texts, "germany.toml": germany()}), rules.world.store.rules)
    for packs in (old, new, old):
        await NoteShippedPacks(rules.world.transactions, packs, rules.world.ids)()
    with_two = await rules.activate(await rules.propose(TWO), reason="two")

    noted = await NoteShippedPacks(rules.world.transactions, new, rules.world.ids)()
    again = await NoteShippedPacks(rules.world.transactions, new, rules.world.ids)()

    assert noted is not None
    assert (noted.number, noted.chosen) == (with_two.number + 1, (hashed(TWO),))
    assert again is None

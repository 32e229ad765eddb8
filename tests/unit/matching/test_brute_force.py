"""The whole made catalogue, matched at once, against judging each programme and sorting them all."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from benchmarks.matching import FOCUSED, STUDENT
from benchmarks.scaled import scaled
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.numpy.building import Building
from higherstudy.adapters.numpy.selecting import ArraySnapshot
from higherstudy.domain.catalogue.programme import Programme
from higherstudy.domain.imports.programmes import fits
from higherstudy.domain.matching.asking import Apart
from higherstudy.domain.matching.embedded import match_all, unlock
from higherstudy.domain.matching.entry import entry_of
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import judge_programme
from higherstudy.domain.matching.listing import Listing
from higherstudy.domain.matching.ranking import matched, rank
from higherstudy.domain.matching.step import Step
from higherstudy.domain.matching.steps import steps_of
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.matching.wanted import Wanted, Wishes
from higherstudy.domain.matching.whole import Whole
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.shared.ids import ProgrammeId
from higherstudy.domain.shared.money import Money

ON = date(2026, 11, 23)
STUDENTS = {
    "with most that is asked for": Evidence(STUDENT, ON, {"cv": True, "transcript": True}),
    "with a test that has run out": Evidence(STUDENT, date(2028, 1, 1), {}),
    "of whom nothing is known": Evidence(Profile(), ON),
    "who has nothing": Evidence(replace(STUDENT, qualifications=(), tests=(), budget_a_year=None), ON, {}),
}


@cache
def catalogue() -> tuple[Programme, ...]:
    return tuple(scaled(2_500, seed=11))


@pytest.mark.parametrize("student", STUDENTS)
@pytest.mark.parametrize("wanted", [Wanted(), FOCUSED], ids=["broad", "focused"])
async def test_counts_and_the_first_300_are_those_of_judging_each(student: str, wanted: Wanted) -> None:
    evidence, rulebook = STUDENTS[student], bundled_rulebook()
    each = [matched(one, evidence, rulebook) for one in catalogue() if fits(one, wanted.query)]
    best = [one.programme.id for one in sorted(each, key=rank)[:300]]
    counts = Counter(one.verdict.standing for one in each)

    found = match_all(catalogue(), evidence, rulebook, 300, wanted=wanted)
    counted, paged = await _by_arrays(evidence, wanted)

    assert {standing: n for standing, n in found.counts.items() if n} == counts
    assert {standing: n for standing, n in counted.items() if n} == counts
    assert [one.programme.id for one in found.page] == best == paged


async def _by_arrays(evidence: Evidence, wanted: Wanted) -> tuple[dict[Standing, int], list[ProgrammeId]]:
    building = Building(Apart.of(bundled_rulebook()))
    building.take(map(entry_of, catalogue()))
    snapshot = ArraySnapshot(building.done())
    whole, chosen = Whole(snapshot.trees, evidence, bundled_rulebook()), await snapshot.select(wanted)
    order = whole.order(chosen.counts, await chosen.standings(whole.leaves), 300)
    (page,) = await chosen.pages([order.ranks], Wishes.of(evidence, bundled_rulebook()), 0, 300)
    return order.counts, list(page)


@pytest.mark.parametrize("wanted", [Wanted(), FOCUSED, Wanted(most_tuition=Money.of(9_000, "EUR"))], ids=str)
@pytest.mark.parametrize("every", [1, 2, 40, 1_000])
async def test_pages_of_few_and_of_many_trees_are_those_of_looking_at_every_row(wanted: Wanted, every: int) -> None:
    building, listing = Building(Apart()), Listing(map(entry_of, catalogue()), Apart())
    building.take(map(entry_of, catalogue()))
    snapshot = ArraySnapshot(building.done())
    chosen, selected = await snapshot.select(wanted), listing.select(wanted)
    wishes = Wishes.of(STUDENTS["with most that is asked for"], bundled_rulebook())
    trees = range(0, len(listing.trees.roots), every)
    ranked = [{tree: tree % 3 for tree in trees}, {tree: 5 - tree % 2 for tree in trees[:7]}, {}]

    pages = [await chosen.pages(ranked, wishes, start, size) for start, size in ((0, 5), (3, 400), (0, 9_999))]

    assert snapshot.trees.parts == listing.trees.parts
    by_row = [[selected.page(one, wishes, *asked) for one in ranked] for asked in ((0, 5), (3, 400), (0, 9_999))]
    assert pages == by_row


def test_a_change_opens_as_many_as_are_open_once_it_is_made() -> None:
    evidence, rulebook = STUDENTS["with most that is asked for"], bundled_rulebook()
    programmes = catalogue()[:800]
    found = unlock(programmes, evidence, rulebook, 8)

    def opened(by: Evidence) -> int:
        return sum(judge_programme(one, by, rulebook).standing >= Standing.PROBABLY_MET for one in programmes)

    steps = {step.key: step for step in _steps(programmes, evidence)}
    assert found.open == opened(evidence)
    for one in found.items:
        step = steps[one.key]
        made = step.evidence
        if step.result is not None:
            results = (*(evidence.profile.tests or ()), step.result)
            made = replace(evidence, profile=replace(evidence.profile, tests=results))
        assert one.opened == opened(made) - found.open, one.key


def _steps(programmes: tuple[Programme, ...], evidence: Evidence) -> Iterator[Step]:
    building = Building(Apart.of(bundled_rulebook()))
    building.take(map(entry_of, programmes))
    return steps_of(Whole(building.done().trees, evidence, bundled_rulebook()))

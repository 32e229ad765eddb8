"""What comes first: of programmes that are judged, and of changes by what they open."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from whole_findings import GERMAN, LEAF, NOT_MET, ON, PROBABLY, UNKNOWN, rules

from higherstudy.domain.catalogue.requirement import (
    AllOf,
    AnyOf,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    Requirement,
    StatedOnly,
)
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.fit import Fit, Fits
from higherstudy.domain.matching.ranking import NO_WAY, Match, matched, rank
from higherstudy.domain.matching.step import Step
from higherstudy.domain.matching.unlocking import (
    Gain,
    Opening,
    Tried,
    Unlock,
    gains,
    opening_of,
    unlock_of,
)
from higherstudy.domain.matching.verdict import Change, Standing
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.shared.ids import ProgrammeId
from study_builders import STATED, profile, programme

CV = DocumentNeeded(STATED, "cv")


def match(requirement: Requirement | None, student: Profile | None = None, **changes: object) -> Match:
    offered = programme(requirement, **changes)
    return matched(offered, Evidence(student or profile(), ON, {"cv": False}), rules(grade_scales=(GERMAN,)))


def test_programmes_are_ordered_by_standing_then_effort_then_fit_then_name_and_key() -> None:
    met = match(AllOf(()), name="Zoology")
    paper = match(CV, name="Zoology")  # a paper has an effort of 2
    taken = match(LEAF, profile(tests=()), name="Astronomy")  # and a test to be taken one of 20
    never = match(GradeNeeded(STATED, "master", "G", Decimal(2)), name="Astronomy")
    words = match(StatedOnly(STATED, "An interview."), name="Zoology")

    assert [rank(one)[:2] for one in (met, words, paper, taken, never)] == [
        (-Standing.MET, 0),
        (-Standing.UNKNOWN, 25),
        (-Standing.NOT_MET, 2),
        (-Standing.NOT_MET, 20),
        (-Standing.NOT_MET, NO_WAY),
    ]
    better_fit = replace(paper, fit=Fit(Fits.YES, Fits.NO, Fits.NO))
    worse_fit = replace(paper, fit=Fit(Fits.UNKNOWN, Fits.YES, Fits.YES))
    assert rank(better_fit) == (-Standing.NOT_MET, 2, 8, "Zoology", "sample-msc")
    assert rank(worse_fit) == (-Standing.NOT_MET, 2, 9, "Zoology", "sample-msc")
    first, second = (match(CV, name="Zoology", key=key) for key in ("a", "b"))
    in_order = [met, words, better_fit, worse_fit, taken, never]
    assert sorted([taken, worse_fit, never, better_fit, met, words], key=rank) == in_order
    botany = match(CV, name="Botany", key="c")
    assert sorted([second, first, botany], key=rank) == [
        botany, first, second
    ]  # fmt: skip


def test_an_opening_counts_the_programmes_of_the_trees_that_are_at_least_probably_met() -> None:
    standings = [Standing.MET, PROBABLY, Standing.MET, UNKNOWN, NOT_MET]

    # Nobody states the third tree; the bits are those of the first, second, fourth and fifth.
    assert opening_of(standings, [3, 5, 0, 7, 11]) == Opening(8, 0b0011, [0, 1, 3, 4])
    assert opening_of([UNKNOWN, PROBABLY], [2, 4]) == Opening(4, 0b10, [0, 1])
    assert opening_of([UNKNOWN], [2]) == Opening(0, 0, [0])
    assert opening_of([], []) == Opening(0, 0, [])


def step(key: str, effort: int, *, at_best: bool = False) -> Step:
    return Step(key, Change(key, {}, effort), Evidence(profile(), ON), (), at_best=at_best)


COUNTS = [4, 8, 16, 32]
"""How many programmes state each of four trees."""


def opened(*trees: int) -> Opening:
    return Opening(sum(COUNTS[tree] for tree in trees), sum(1 << tree for tree in trees), range(4))


def gained(steps: Sequence[Step], now: Sequence[Opening], but_for_words: Sequence[Opening]) -> list[Gain]:
    return gains([Tried(one, b"") for one in steps], [*now, *but_for_words], COUNTS)


def test_a_change_gains_what_it_opens_and_what_but_for_words_it_would() -> None:
    both, only_words, nothing = step("both", 10), step("only-words", 10), step("nothing", 1)

    found = gained(
        [both, only_words, nothing],
        [opened(0), opened(0, 1), opened(0), opened(0)],
        # Words alone keep the third tree shut before and after; the fourth opens but for words with two of the changes.
        [opened(0, 2), opened(0, 1, 2, 3), opened(0, 2, 3), opened(0, 2)],
    )

    assert found == [
        Gain(both, 8, 32, 0b0010, 0b1000, range(4)),
        Gain(only_words, 0, 32, 0, 0b1000, range(4)),
    ]
    assert dict(found[0].ranks) == {1: 0, 3: 1}
    assert dict(found[1].ranks) == {3: 1}


def test_a_change_that_opens_what_stood_open_but_for_words_gains_it_once() -> None:
    found = gained([step("interview", 10)], [opened(), opened(2)], [opened(2), opened(2)])

    assert found == [Gain(step("interview", 10), 16, 0, 0b0100, 0, range(4))]


def test_most_for_the_effort_comes_first_then_what_costs_least_then_the_key() -> None:
    def order(*changes: tuple[str, int, tuple[int, ...], tuple[int, ...]]) -> list[str]:
        """Return the keys in order of changes: their effort, the trees that open, those that do but for words."""
        now = [opened(), *(opened(*trees) for _, _, trees, _ in changes)]
        aside = [opened(), *(opened(*trees, *words) for _, _, trees, words in changes)]
        return [gain.step.key for gain in gained([step(key, effort) for key, effort, *_ in changes], now, aside)]

    # 32 for 16 is 2 each, 8 for 2 is 4 each, 4 and 8 but for words for 4 is 3 each.
    assert order(("two", 16, (3,), ()), ("four", 2, (1,), ()), ("three", 4, (0,), (1,))) == ["four", "three", "two"]
    assert order(("dear", 8, (2,), ()), ("cheap", 4, (1,), ()), ("b", 2, (0,), ()), ("a", 2, (0,), ())) == [
        "a", "b", "cheap", "dear"
    ]  # fmt: skip


def test_an_unlock_tells_the_change_the_numbers_whether_an_answer_is_assumed_and_its_page() -> None:
    gain = Gain(step("ask", 1, at_best=True), 8, 32, 0b0010, 0b1000, range(4))
    page = [ProgrammeId(UUID(int=number)) for number in (1, 2)]

    assert unlock_of(gain, page) == Unlock("ask", Change("ask", {}, 1), 8, 32, True, tuple(page))
    assert unlock_of(replace(gain, step=step("do", 1)), ()) == Unlock("do", Change("do", {}, 1), 8, 32, False)


def test_an_alternative_that_is_met_needs_no_change_though_others_are_cheap() -> None:
    found = match(AnyOf((CV, DegreeNeeded(STATED, "bachelor"), ExperienceNeeded(STATED, 12)))).verdict

    assert (found.standing, found.finding.flip, found.effort) == (Standing.MET, (), 0)

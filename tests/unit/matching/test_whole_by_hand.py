"""One student before a whole catalogue whose every leaf was looked up by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from whole_findings import (
    FORMULA,
    GERMAN,
    HOME,
    MET,
    NOT_MET,
    ON,
    PROBABLY,
    UNKNOWN,
    by_table,
    rules,
)

from higherstudy.domain.catalogue.requirement import (
    AllOf,
    AnyOf,
    CitizenshipNeeded,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    MoneyNeeded,
    Requirement,
    StatedOnly,
)
from higherstudy.domain.matching.asking import ANYBODY, Apart, Asking
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.quick import Prepared
from higherstudy.domain.matching.ranking import NO_WAY
from higherstudy.domain.matching.trees import Lack, Trees, standings_of
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.matching.whole import Order, Whole
from higherstudy.domain.profile.profile import Grade, Profile, WorkPeriod
from higherstudy.domain.rulebook.grades import GradeConversion, Method
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.sources import Confidence
from higherstudy.domain.shared.times import add_months
from study_builders import PAGE, STATED, bachelor, profile

OWN_TABLE = by_table(("2.5", "2.5"), to_scale="H2", institution="School A")
KNOWN = rules(grade_scales=(GERMAN, HOME, replace(HOME, id="H2")), grade_conversions=(FORMULA, OWN_TABLE))


def grade(limit: str, scale: str = "G", of: str = "bachelor") -> GradeNeeded:
    return GradeNeeded(STATED, of, scale, Decimal(limit))


def money(amount: int, currency: str = "EUR") -> MoneyNeeded:
    return MoneyNeeded(STATED, Money.of(amount, currency))


def months(number: int) -> ExperienceNeeded:
    return ExperienceNeeded(STATED, number)


def paper(kind: str) -> DocumentNeeded:
    return DocumentNeeded(STATED, kind)


def worked(number: int) -> Profile:
    """Return a student who has worked for so many months up to today."""
    return profile(work=(WorkPeriod("A company", add_months(ON, -number)),))


def catalogue(*requirements: Requirement | None, asking: Asking = ANYBODY) -> Trees:
    trees = Trees(Apart.of(KNOWN))
    for requirement in requirements:
        trees.tree(requirement, asking)
    return trees


STUDENT = replace(
    worked(12),
    # 2.545 on the German scale by the formula: 1 + 3 (4 - 2.97) / (4 - 2)
    qualifications=(replace(bachelor(), grade=Grade("H", Decimal("2.97"), Decimal("2.00"))),),
    budget_a_year=Money.of(9000, "EUR"),
)
SHOWN = Evidence(STUDENT, ON, {"cv": True, "letter": False, "passport": None})
BY_HAND: list[tuple[Requirement | None, Standing, int]] = [
    (None, UNKNOWN, 1),  # somebody is to be asked
    (grade("4.0"), PROBABLY, 3),  # an estimate, which is to be confirmed
    (grade("3.0"), PROBABLY, 3),
    (grade("2.6"), PROBABLY, 3),
    (grade("2.5"), UNKNOWN, 4),  # enough where the receiver cuts to one decimal
    (grade("2.0"), NOT_MET, NO_WAY),
    (grade("1.0"), NOT_MET, NO_WAY),
    (grade("2.5", of="master"), NOT_MET, NO_WAY),
    (grade("2.97", "H"), MET, 0),
    (grade("2.98", "H"), NOT_MET, NO_WAY),
    (grade("2.5", "H2"), UNKNOWN, 5),  # only School A has a table, which is not this one's
    (grade("2.5", "Z"), UNKNOWN, NO_WAY),  # no rule knows that scale
    (grade("3.5", "Z"), UNKNOWN, NO_WAY),
    (money(5000), MET, 0),
    (money(9000), MET, 0),
    (money(9001), NOT_MET, 30),
    (money(20_000), NOT_MET, 30),
    (money(1, "USD"), UNKNOWN, 1),
    (months(11), MET, 0),
    (months(12), MET, 0),
    (months(13), NOT_MET, 11),  # ten, and one for each month
    (months(36), NOT_MET, 34),
    (paper("cv"), MET, 0),
    (paper("letter"), NOT_MET, 2),
    (paper("passport"), UNKNOWN, 2),
    (paper("photo"), NOT_MET, 2),
    (DegreeNeeded(STATED, "bachelor", ("06",)), MET, 0),
    (DegreeNeeded(STATED, "bachelor", ("07",)), NOT_MET, NO_WAY),
    (DegreeNeeded(STATED, "master"), NOT_MET, NO_WAY),
    (CitizenshipNeeded(STATED, any_of=("BD",)), MET, 0),
    (CitizenshipNeeded(STATED, none_of=("BD",)), NOT_MET, NO_WAY),
    (StatedOnly(STATED, "An interview."), UNKNOWN, 25),
    (AllOf((paper("letter"), months(13))), NOT_MET, 13),
    (AnyOf((paper("letter"), months(13))), NOT_MET, 2),
    (AnyOf((grade("2.0"), grade("1.0"))), NOT_MET, NO_WAY),
    (AllOf((paper("cv"), grade("1.0"))), NOT_MET, NO_WAY),
    (AnyOf((paper("letter"), paper("cv"))), MET, 0),
    (AllOf((grade("2.5"), StatedOnly(STATED, "A portfolio."))), UNKNOWN, 29),
]  # fmt: skip


def test_each_requirement_stands_as_by_hand_and_costs_its_cheapest_change() -> None:
    trees = catalogue(*(requirement for requirement, _, _ in BY_HAND))
    whole = Whole(trees, SHOWN, KNOWN)
    items = standings_of(trees, whole.leaves)

    found = [(Standing(items[trees.roots[tree]]), whole.effort(tree)) for tree in range(len(BY_HAND))]

    assert found == [(standing, effort) for _, standing, effort in BY_HAND]


def test_what_was_left_out_is_unknown_and_nothing_of_a_kind_is_not_met() -> None:
    asked: list[Requirement] = [months(1), paper("cv"), money(1), grade("4.0"), DegreeNeeded(STATED, "bachelor")]
    trees = catalogue(*asked)

    assert list(Whole(trees, Evidence(Profile(), ON), KNOWN).leaves) == [UNKNOWN] * 6
    nothing = profile(qualifications=(), work=(), budget_a_year=Money.of(0, "EUR"))
    assert list(Whole(trees, Evidence(nothing, ON, {}), KNOWN).leaves) == [UNKNOWN, *[NOT_MET] * 5]
    ungraded = profile(qualifications=(replace(bachelor(), grade=None),))
    assert Whole(catalogue(grade("4.0")), Evidence(ungraded, ON), KNOWN).leaves[1] == UNKNOWN


def test_a_table_counts_for_the_programmes_of_the_school_that_made_it() -> None:
    trees = Trees(Apart.of(KNOWN))
    asked = [trees.tree(grade("2.5", "H2"), Asking(institution=name)) for name in ("School A", "School B")]
    whole = Whole(trees, SHOWN, KNOWN)

    # From 2.5 at home on, the table of School A says 2.5.
    assert [whole.leaves[trees.parts[trees.roots[tree]][0]] for tree in asked] == [PROBABLY, UNKNOWN]


def test_a_line_counts_for_degrees_of_the_school_that_made_it() -> None:
    line = GradeConversion(
        "line", "Line", Method.LINEAR, "H", "H2", PAGE, Confidence.HIGH, institution="College B", factor=Decimal(1)
    )
    known = rules(grade_scales=(HOME, replace(HOME, id="H2")), grade_conversions=(line,))
    trees = catalogue(grade("2.5", "H2"))

    for name, standing in (("College B", PROBABLY), ("College C", UNKNOWN)):
        degree = replace(bachelor(), grade=Grade("H", Decimal("2.97")), institution=name)
        assert Whole(trees, Evidence(profile(qualifications=(degree,)), ON), known).leaves[1] == standing


def test_of_several_degrees_the_best_one_counts() -> None:
    fair, good = (replace(bachelor(), grade=Grade("H", Decimal(value))) for value in ("2.50", "3.00"))
    unfinished = replace(good, finished_on=date(2027, 1, 1), grade=None)
    trees = catalogue(grade("2.8", "H"), DegreeNeeded(STATED, "bachelor"))

    for held in ((fair, good, unfinished), (unfinished, good, fair)):
        assert list(Whole(trees, Evidence(profile(qualifications=held), ON), KNOWN).leaves) == [UNKNOWN, MET, MET]
    two = Evidence(profile(qualifications=(fair, unfinished)), ON)
    assert list(Whole(trees, two, KNOWN).leaves) == [UNKNOWN, UNKNOWN, MET]
    last = Evidence(profile(qualifications=(unfinished,)), ON)
    assert list(Whole(trees, last, KNOWN).leaves) == [UNKNOWN, UNKNOWN, PROBABLY]


def test_leaves_that_differ_in_a_limit_alone_are_of_one_family_easiest_first() -> None:
    trees = catalogue(
        grade("2.0"), grade("3.0"), grade("2.5"), grade("3.0", "H"), grade("2.0", "H"), grade("3.0", of="master"),
        grade("2.5", "Z"), grade("1.5", "Z"), money(9000), money(5000), money(7, "USD"), months(24), months(6),
        months(12), paper("cv"),
    )  # fmt: skip
    prepared = Prepared.of(trees, KNOWN)

    # Places count from 1, for the first leaf is the one that nobody knows; on the German scale 1 is best.
    assert prepared.families == [(2, 3, 1), (5, 4), (6,), (8, 7), (10, 9), (11,), (13, 14, 12)]
    assert prepared.single == [0, 15]
    assert Prepared.of(trees, KNOWN) is prepared
    assert Prepared.of(trees, rules()) is not prepared
    assert prepared.among(None) == (prepared.single, prepared.families)
    assert prepared.among({0, 1, 2, 9, 14}) == ([0], [(2, 1), (9,), (14,)])


LADDER = [months(number) for number in range(1, 9)]


@pytest.mark.parametrize("has", range(10))
def test_wherever_a_family_stops_being_met_each_of_it_is_told(has: int) -> None:
    trees = catalogue(*LADDER)

    found = Whole(trees, Evidence(worked(has), ON), KNOWN).leaves

    assert list(found) == [UNKNOWN, *(MET if number <= has else NOT_MET for number in range(1, 9))]


@pytest.mark.parametrize("has", [0, 2])
@pytest.mark.parametrize("then", range(10))
def test_more_of_something_opens_a_family_up_to_there(has: int, then: int) -> None:
    trees = catalogue(*LADDER, money(5000), money(9000))
    whole = Whole(trees, Evidence(worked(has), ON), KNOWN)
    better = Evidence(replace(worked(then), budget_a_year=Money.of(5000, "EUR")), ON)
    opened = tuple(range(has + 1, min(then, 8) + 1))

    found, reached = whole.opened_of(better, whole.families)

    assert found == [(place, PROBABLY) for place in (*opened, 9)]
    assert reached == ([opened] if opened else []) + [(9,)]
    assert list(whole.improved(found)) == [
        PROBABLY if place in (*opened, 9) else standing for place, standing in enumerate(whole.leaves)
    ]


def test_a_better_grade_opens_the_limits_that_it_is_estimated_to_reach() -> None:
    trees = catalogue(grade("3.5"), grade("3.0"), grade("2.5"), grade("2.0"))
    low, better = (
        Evidence(profile(qualifications=(replace(bachelor(), grade=Grade("H", Decimal(value), Decimal(2))),)), ON)
        for value in ("2.20", "3.00")  # 3.7 and 2.5 on the German scale
    )
    whole = Whole(trees, low, KNOWN)

    assert list(whole.leaves) == [UNKNOWN, *[NOT_MET] * 4]
    opened = [(place, PROBABLY) for place in (1, 2, 3)]
    assert whole.opened_of(better, whole.families) == (opened, [(1, 2, 3)])


def test_what_is_open_already_is_not_opened_again() -> None:
    trees = catalogue(paper("cv"), paper("letter"), paper("photo"), grade("4.0"), StatedOnly(STATED, "An interview."))
    whole = Whole(trees, SHOWN, KNOWN)
    better = replace(SHOWN, papers={"cv": True, "letter": True, "photo": False})

    assert list(whole.leaves) == [UNKNOWN, MET, NOT_MET, NOT_MET, PROBABLY, UNKNOWN]
    assert whole.not_open(range(6)) == [0, 2, 3, 5]
    assert whole.opened(better, range(6)) == [(2, MET)]
    assert whole.opened(better, (1, 3)) == []
    assert list(whole.words_aside(whole.leaves)) == [UNKNOWN, MET, NOT_MET, NOT_MET, PROBABLY, MET]


def test_only_the_leaves_that_are_asked_for_are_judged() -> None:
    trees = catalogue(paper("cv"), CitizenshipNeeded(STATED, any_of=("BD",)), months(6), months(12), money(5000))

    whole = Whole(trees, SHOWN, KNOWN, [1, 4])

    assert list(whole.leaves) == [0, MET, 0, 0, MET, 0]
    assert (whole.places, whole.families) == ([1, 4], [(4,)])
    assert (Whole(trees, SHOWN, KNOWN).places, Whole(trees, SHOWN, KNOWN).families) == (range(6), [(3, 4), (5,)])


ORDERED = catalogue(
    paper("cv"), grade("4.0"), None, StatedOnly(STATED, "An interview."), paper("letter"), months(13), paper("photo"),
    grade("1.0"), money(1),
)  # fmt: skip
COUNTS = [2, 3, 4, 5, 6, 7, 8, 9, 0]
"""How many programmes state each; nobody states the last."""
STANDINGS = [MET, PROBABLY, UNKNOWN, UNKNOWN, NOT_MET, NOT_MET, NOT_MET, NOT_MET, MET]
SAID = {MET: 2, PROBABLY: 3, UNKNOWN: 9, NOT_MET: 30}


def listed(order: Order) -> list[list[int]]:
    """Return the trees by their ranks, best first, those of one rank together."""
    return [[tree for tree, one in order.ranks.items() if one == rank] for rank in sorted(set(order.ranks.values()))]


@pytest.mark.parametrize(
    ("depth", "best"),
    [
        (0, []),
        (1, [[0]]),
        (2, [[0]]),
        (3, [[0], [1]]),
        (5, [[0], [1]]),
        (6, [[0], [1], [2]]),  # what an answer would settle goes before what she must judge herself
        (9, [[0], [1], [2]]),
        (10, [[0], [1], [2], [3]]),
        (14, [[0], [1], [2], [3]]),
        (15, [[0], [1], [2], [3], [4, 6]]),  # two papers cost the same
        (28, [[0], [1], [2], [3], [4, 6]]),
        (29, [[0], [1], [2], [3], [4, 6], [5]]),
        (99, [[0], [1], [2], [3], [4, 6], [5], [7]]),
    ],
)
def test_as_many_trees_are_ranked_as_the_pages_can_show(depth: int, best: list[list[int]]) -> None:
    found = Whole(ORDERED, SHOWN, KNOWN).order(COUNTS, STANDINGS, depth)

    assert (found.counts, found.total) == (SAID, 44)
    assert listed(found) == best


def test_only_some_standings_or_what_alone_is_missing_are_listed() -> None:
    whole = Whole(ORDERED, SHOWN, KNOWN)

    some = whole.order(COUNTS, STANDINGS, 99, only=(UNKNOWN, MET))
    assert (some.counts, some.total, listed(some)) == (SAID, 11, [[0], [2], [3]])
    papers = whole.order(COUNTS, STANDINGS, 99, missing=Lack.DOCUMENT)
    assert (papers.counts, papers.total) == ({MET: 0, PROBABLY: 0, UNKNOWN: 0, NOT_MET: 14}, 14)
    assert listed(papers) == [[4, 6]]
    either = whole.order(COUNTS, STANDINGS, 99, missing=Lack.DOCUMENT | Lack.STATED)
    assert listed(either) == [[3], [4, 6]]


def test_a_better_standing_goes_first_though_nothing_would_help_there() -> None:
    whole = Whole(ORDERED, SHOWN, KNOWN)
    never, asked = 7, 2  # one is out of reach, the other one question away

    found = whole.order(
        [int(tree in (never, asked)) for tree in range(9)],
        [PROBABLY if tree == never else UNKNOWN for tree in range(9)],
        9,
    )

    assert listed(found) == [[never], [asked]]

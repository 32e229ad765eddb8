"""Which changes are tried beside tests, with all that is said of each, worked out by hand.

Each example compares every step whole: key, change, effort, the evidence with it, and what it opens.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tried_steps import MET, ON, PROBABLY, RULES, evidence, tried, with_profile

from higherstudy.domain.catalogue.requirement import (
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    MoneyNeeded,
    Requirement,
    StatedOnly,
    TestNeeded,
)
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.step import Step, spread
from higherstudy.domain.matching.verdict import Change, Standing
from higherstudy.domain.profile.profile import Grade, Qualification, WorkPeriod
from higherstudy.domain.rulebook.grades import GradeScale
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.sources import Confidence
from higherstudy.domain.shared.times import add_months
from study_builders import PAGE, STATED, bachelor

SCHOOL = Qualification("school", fields=("0011",), finished_on=date(2020, 6, 1))


def grade(limit: str, scale: str = "BD_UGC_4", of: str = "bachelor") -> GradeNeeded:
    return GradeNeeded(STATED, of, scale, Decimal(limit))


def money(amount: int, currency: str = "EUR") -> MoneyNeeded:
    return MoneyNeeded(STATED, Money.of(amount, currency))


def opens(places: list[int], standing: Standing) -> list[tuple[int, Standing]]:
    return [(place, standing) for place in places]


def test_better_grades_are_tried_a_tenth_of_a_point_each_the_best_first() -> None:
    unread = bachelor(grade=Grade("SOME_SCALE", Decimal(3)))
    student = evidence(qualifications=(SCHOOL, bachelor(grade=None), unread, bachelor("3.50")))
    asked = grade("3.55"), grade("3.85"), grade("3.4", of="master"), grade("3.95"), grade("3.50"), money(9_000)

    def step(value: str, effort: int, places: list[int]) -> Step:
        params = {"of": "bachelor", "own": "3.50", "grade": value, "scale": "BD_UGC_4"}
        better = with_profile(student, qualifications=(SCHOOL, bachelor(grade=None), unread, bachelor(value)))
        return Step(f"raise_grade/3/{value}", Change("raise_grade", params, effort), better, opens(places, PROBABLY))

    found = [one for one in tried(student, *asked) if one.change.code == "raise_grade"]

    # A fortieth of 4 points is 0.1. What a finished degree's grade costs is 50, and 5 for each tenth; 3.50 is reached
    # already, 3.95 by none of four, and the Master's grade is not of this degree.
    assert found == [step("3.90", 70, [1, 2]), step("3.80", 65, [1]), step("3.70", 60, [1]), step("3.60", 55, [1])]


@pytest.mark.parametrize(
    ("finished_on", "effort"),
    [(ON - timedelta(days=1), 55), (ON, 55), (ON + timedelta(days=1), 20), (None, 20)],
    ids=["finished", "today", "tomorrow", "never said"],
)
def test_a_grade_is_easier_to_better_while_one_still_studies(finished_on: date | None, effort: int) -> None:
    student = evidence(qualifications=(bachelor("3.90", finished_on=finished_on),))

    (found,) = [one for one in tried(student, grade("4.00")) if one.change.code == "raise_grade"]

    assert (found.key, found.change.effort, found.opened) == ("raise_grade/0/4.00", effort, [(1, PROBABLY)])


SIX = GradeScale("SIX", "Six whole marks", "DE", Decimal(1), Decimal(6), Decimal(4), PAGE, Confidence.HIGH, decimals=0)


@pytest.mark.parametrize(
    ("scale", "own", "limit", "values"),
    [
        ("DE_5", "2.1", "1.0", ["1.7", "1.8", "1.9", "2.0"]),  # 4 points, the least best: 0.1
        ("DE_5", "1.2", "1.0", ["1.0", "1.1"]),  # nothing is better than 1.0
        ("UK_HONS", "61", "70", ["69", "67", "65", "63"]),  # 2.5 of 100, in whole marks
        ("NG_NUC_5", "4.50", "5", ["4.98", "4.86", "4.74", "4.62"]),  # 0.125 of 5, by hundredths: 0.12
        ("SIX", "3", "1", ["1", "2"]),  # an eighth of a mark is less than there is: whole marks
        ("DE_5", "1.0", "1.0", []),  # as good as can be
    ],
)
def test_grades_rise_in_their_scales_own_direction_and_steps_to_its_end(
    scale: str, own: str, limit: str, values: list[str]
) -> None:
    first, *others = RULES.packs
    rulebook = Rulebook((replace(first, grade_scales=(*first.grade_scales, SIX)), *others))
    student = evidence(qualifications=(bachelor(grade=Grade(scale, Decimal(own))),))

    found = tried(student, grade(limit, scale), rulebook=rulebook)

    assert [one.key for one in found] == [f"raise_grade/0/{value}" for value in values]
    assert [one.change.params["own"] for one in found] == [own] * len(values)
    assert [[place for place, _ in one.opened] for one in found if one.key.endswith(f"/{limit}")] == (
        [[1]] if limit in values else []
    )


def degree(*fields: str, level: str = "bachelor") -> DegreeNeeded:
    return DegreeNeeded(STATED, level, fields)


FIELDS, FINISHED = "qualifications.fields", "qualifications.finished_on"


def test_what_a_degree_leaves_unsaid_is_answered_as_is_most_welcome_each_alone_and_together() -> None:
    bare = bachelor(fields=(), finished_on=None)
    student = evidence(qualifications=(SCHOOL, bare))
    asked = degree("0613"), degree("07", "061"), degree(), degree("02", level="master")
    welcome = ("061", "0613", "07")  # all that are asked of a Bachelor

    def step(field: str, effort: int, places: list[int], said: Qualification) -> Step:
        change = Change("complete_profile", {"field": field}, effort)
        with_it = with_profile(student, qualifications=(SCHOOL, said))
        return Step(f"complete_profile/1/{field}", change, with_it, opens(places, MET), at_best=True)

    assert tried(student, *asked) == [
        step(FIELDS, 1, [], replace(bare, fields=welcome)),  # nobody knows then whether it is finished
        step(FINISHED, 1, [3], replace(bare, finished_on=ON)),  # the fields are still unknown
        step(f"{FIELDS}, {FINISHED}", 2, [1, 2, 3], replace(bare, fields=welcome, finished_on=ON)),
    ]


def test_a_degree_whose_grade_is_unsaid_too_is_answered_whole_on_each_scale_and_others_stay() -> None:
    bare = bachelor(fields=(), grade=None)
    student = evidence(qualifications=(bare, SCHOOL))
    graded = "qualifications.grade"

    def step(field: str, effort: int, places: list[int], *said: Qualification) -> Step:
        change = Change("complete_profile", {"field": field}, effort)
        with_it = with_profile(student, qualifications=(*said, SCHOOL))
        return Step(f"complete_profile/0/{field}", change, with_it, opens(places, MET), at_best=True)

    best = Grade("DE_5", Decimal("1.0")), Grade("UK_HONS", Decimal(100))
    told = replace(bare, fields=("0613",))
    assert tried(student, degree("0613"), grade("1.5", "DE_5"), grade("60", "UK_HONS")) == [
        step(FIELDS, 1, [1], told),
        step(graded, 1, [2, 3], *(replace(bare, grade=one) for one in best)),
        step(f"{FIELDS}, {graded}", 2, [1, 2, 3], *(replace(told, grade=one) for one in best)),
    ]


@pytest.mark.parametrize(
    ("held", "asked", "answered"),
    [
        (bachelor(fields=()), degree("0613"), {FIELDS: [(1, MET)]}),
        (bachelor(finished_on=None), degree("0613"), {FINISHED: [(1, MET)]}),
        (bachelor(fields=(), finished_on=None), degree(), {FINISHED: [(1, MET)]}),
        (bachelor(fields=(), finished_on=ON + timedelta(days=1)), degree("0613"), {FIELDS: [(1, PROBABLY)]}),
        (bachelor(), degree("07"), {}),
    ],
    ids=["no field", "no end", "no field is asked for", "to be finished", "all said"],
)
def test_only_what_is_unsaid_of_a_degree_is_asked_for(
    held: Qualification, asked: DegreeNeeded, answered: dict[str, list[tuple[int, Standing]]]
) -> None:
    found = tried(evidence(qualifications=(held,)), asked)

    assert {one.key: one.opened for one in found} == {
        f"complete_profile/0/{field}": opened for field, opened in answered.items()
    }


def papers(*kinds: str) -> list[DocumentNeeded]:
    return [DocumentNeeded(STATED, kind) for kind in kinds]


def test_each_paper_that_is_not_at_hand_is_tried_and_then_all_of_them() -> None:
    has = {"cv": True, "transcript": False, "passport": None}
    student = replace(evidence(), papers=has)

    def step(key: str, change: Change, places: list[int], *added: str) -> Step:
        with_it = replace(student, papers=has | dict.fromkeys(added, True))
        return Step(key, change, with_it, opens(places, MET))

    def one(kind: str, place: int) -> Step:
        return step(f"add_document/{kind}", Change("add_document", {"document": kind}, 2), [place], kind)

    missing = "transcript", "passport", "motivation_letter"
    every = Change("add_documents", {"documents": "transcript, passport, motivation_letter"}, 6)
    assert tried(student, *papers("cv", *missing)) == [
        one("transcript", 2),
        one("passport", 3),
        one("motivation_letter", 4),
        step("add_documents", every, [2, 3, 4], *missing),
    ]


def test_two_papers_are_enough_to_be_tried_together() -> None:
    *_, both = tried(replace(evidence(), papers={}), *papers("cv", "transcript"))

    assert (both.change.params, both.change.effort) == ({"documents": "cv, transcript"}, 4)
    assert both.opened == [(1, MET), (2, MET)]


def test_of_a_student_whose_papers_nobody_knows_each_that_is_asked_for_is_tried() -> None:
    (found,) = tried(replace(evidence(), papers=None), *papers("cv"))

    assert (found.key, found.evidence.papers, found.opened) == ("add_document/cv", {"cv": True}, [(1, MET)])


def work(months: int) -> ExperienceNeeded:
    return ExperienceNeeded(STATED, months)


def worked(months: int, since: date | None = None) -> WorkPeriod:
    return WorkPeriod("", since or add_months(ON, -months - 1), ON)


def test_longer_work_is_tried_up_to_some_of_the_months_that_are_asked_for_the_longest_first() -> None:
    year = WorkPeriod("A company", date(2025, 11, 1), date(2026, 10, 31))
    student = evidence(work=(year,))

    def step(months: int, places: list[int]) -> Step:
        change = Change("work_longer", {"months": months - 12}, 10 + months - 12)
        longer = with_profile(student, work=(year, worked(months)))
        return Step(f"work_longer/{months}", change, longer, opens(places, PROBABLY))

    # Twelve months are there; of the five greater demands four are tried, evenly and the greatest among them.
    found = tried(student, *map(work, (6, 12, 24, 36, 48, 60, 72)))

    assert found == [step(72, [3, 4, 5, 6, 7]), step(48, [3, 4, 5]), step(36, [3, 4]), step(24, [3])]


def test_a_budget_that_is_not_stated_is_tried_once_a_currency_at_the_most_that_is_asked_for() -> None:
    student = evidence()

    def step(currency: str, most: int, places: list[int]) -> Step:
        with_it = with_profile(student, budget_a_year=Money.of(most, currency))
        change = Change("state_budget_in", {"currency": currency}, 1)
        return Step(f"state_budget_in/{currency}", change, with_it, opens(places, PROBABLY), at_best=True)

    found = tried(student, money(20_000, "USD"), money(5_000), money(12_000), money(9_000))

    assert found == [step("EUR", 12_000, [2, 4, 3]), step("USD", 20_000, [1])]


def test_a_budget_is_raised_by_round_amounts_the_most_first() -> None:
    student = evidence(budget_a_year=Money.of(9_400, "EUR"))

    def step(more: int, effort: int, places: list[int]) -> Step:
        with_it = with_profile(student, budget_a_year=Money.of(9_400 + more, "EUR"))
        change = Change("raise_budget", {"amount": f"EUR {more:,}.00"}, effort)
        return Step(f"raise_budget/EUR {more:,}.00", change, with_it, opens(places, PROBABLY))

    # A tenth is 940, of which the round amount below is 500.
    found = tried(student, money(9_500), money(10_000), money(12_000), money(9_400), money(5_000, "USD"))

    assert found == [step(2_000, 45, [1, 2]), step(1_500, 40, [1, 2]), step(1_000, 35, [1, 2]), step(500, 30, [1])]


@pytest.mark.parametrize(
    ("budget", "step"),
    [
        ("0", "0.01"), ("0.25", "0.02"), ("0.59", "0.05"), ("0.49", "0.02"), ("19.90", "1.00"), ("20", "2.00"),
        ("49.99", "2.00"), ("50", "5.00"), ("99.90", "5.00"), ("100", "10.00"), ("12345.67", "1,000.00"),
    ],
)  # fmt: skip
def test_a_budget_rises_by_1_2_or_5_of_a_power_of_ten_about_a_tenth_of_it(budget: str, step: str) -> None:
    *_, least = tried(evidence(budget_a_year=Money.of(budget, "EUR")), money(1_000_000))

    assert least.key == f"raise_budget/EUR {step}"


@pytest.mark.parametrize("asked", [money(9_000), money(8_000), money(20_000, "USD")], ids=["as much", "less", "other"])
def test_a_budget_is_left_alone_where_no_more_of_its_currency_is_asked_for(asked: MoneyNeeded) -> None:
    assert tried(evidence(budget_a_year=Money.of(9_000, "EUR")), asked) == []


def test_tests_come_first_then_grades_degrees_papers_work_and_money() -> None:
    student = replace(
        evidence(qualifications=(bachelor("3.90", finished_on=None),), budget_a_year=Money.of(1_000, "EUR")), papers={}
    )
    asked: tuple[Requirement, ...] = (
        money(1_100), work(3), DocumentNeeded(STATED, "cv"), degree("0613"), grade("4.00"),
        StatedOnly(STATED, "An interview."), TestNeeded(STATED, "IELTS_AC", Decimal("6.5")),
    )  # fmt: skip

    found = tried(student, *asked)

    assert [(one.key, [place for place, _ in one.opened]) for one in found] == [
        ("take_test/IELTS_AC/6.5", [7]),
        ("raise_grade/0/4.00", [5]),
        (f"complete_profile/0/{FINISHED}", [4]),
        ("add_document/cv", [3]),
        ("work_longer/3", [2]),
        *((f"raise_budget/EUR {more}.00", [1]) for more in (400, 300, 200, 100)),
        ("complete_profile", [3, 4]),  # what is not said of the degree and of papers
    ]


def test_nothing_is_tried_where_nothing_more_is_asked_for() -> None:
    student: Evidence = evidence(budget_a_year=Money.of(9_000, "EUR"))

    assert tried(student, grade("3.50"), degree("0613"), *papers("cv"), work(0), money(9_000)) == []


@pytest.mark.parametrize(
    ("many", "most", "some"),
    [(0, 4, []), (3, 4, [1, 2, 3]), (4, 4, [1, 2, 3, 4]), (5, 4, [1, 2, 3, 5]), (8, 4, [2, 4, 6, 8]), (9, 2, [4, 9])],
)
def test_of_many_levels_some_are_taken_evenly_and_the_last(many: int, most: int, some: list[int]) -> None:
    assert spread(list(range(1, many + 1)), most) == some

"""What a profile leaves open, each answered as is most welcome, alone and together, worked out by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tried_steps import MET, ON, PROBABLY, RULES, asking, evidence, tried, with_profile

from higherstudy.domain.catalogue.requirement import (
    CitizenshipNeeded,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    MoneyNeeded,
    Requirement,
    StatedOnly,
    TestNeeded,
)
from higherstudy.domain.matching.answers import unanswered
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.step import Step
from higherstudy.domain.matching.verdict import Change, Standing
from higherstudy.domain.matching.whole import Whole
from higherstudy.domain.profile.profile import Grade, Profile, Qualification, TestResult, WorkPeriod
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.result_validity import INSTITUTION_MONTHS
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.sources import Confidence
from higherstudy.domain.shared.times import add_months
from study_builders import PAGE, STATED, bachelor, ielts

HSC = Qualification("hsc")
GRADED, PASSED, FIELDS = "qualifications.grade", "qualifications.grade.lowest_pass", "qualifications.fields"


def degree(field: str, level: str = "bachelor") -> DegreeNeeded:
    return DegreeNeeded(STATED, level, (field,))


def grade(limit: str, scale: str = "BD_UGC_4", of: str = "bachelor") -> GradeNeeded:
    return GradeNeeded(STATED, of, scale, Decimal(limit))


def money(amount: int, currency: str = "EUR") -> MoneyNeeded:
    return MoneyNeeded(STATED, Money.of(amount, currency))


def work(months: int) -> ExperienceNeeded:
    return ExperienceNeeded(STATED, months)


CV = DocumentNeeded(STATED, "cv")


def said_at_best(key: str, field: str, with_it: Evidence, opened: list[tuple[int, Standing]]) -> Step:
    """Return the step of answering what a profile leaves open, as is most welcome."""
    change = Change("complete_profile", {"field": field}, 1 + field.count(","))
    return Step(key, change, with_it, opened, at_best=True)


def test_somebody_whose_work_nobody_knows_is_asked_for_it_and_not_told_to_work() -> None:
    student = evidence(work=None)

    found = tried(student, work(1), work(24))

    best = with_profile(student, work=(WorkPeriod("", add_months(ON, -25), ON),))
    assert found == [said_at_best("complete_profile/work", "work", best, [(1, MET), (2, MET)])]


def test_results_that_nobody_has_stated_are_the_best_of_all_that_can_be_sat() -> None:
    student = evidence(tests=None)
    asked = (
        TestNeeded(STATED, "IELTS_AC", Decimal("8.5"), {"writing": Decimal(8)}),
        TestNeeded(STATED, "TOEFL_IBT_2005", Decimal(110)),
        TestNeeded(STATED, "DSH", "DSH-3"),
        TestNeeded(STATED, "NO_TEST", Decimal(1)),
    )

    (found,) = [one for one in tried(student, *asked) if one.change.code == "complete_profile"]

    # TOEFL is sat in its present edition, by whose table 6 is 114.
    nine, six = Decimal(9), Decimal(6)
    bands = ("listening", "reading", "writing", "speaking")
    sat = {one.code: one for one in found.evidence.profile.tests or ()}
    assert (found.key, found.change.effort, found.at_best) == ("complete_profile/tests", 1, True)
    assert found.opened == [(1, MET), (2, PROBABLY), (3, MET)]
    assert sat["IELTS_AC"] == TestResult("IELTS_AC", ON, nine, dict.fromkeys(bands, nine))
    assert sat["TOEFL_IBT_2026"] == TestResult("TOEFL_IBT_2026", ON, six, dict.fromkeys(bands, six))
    assert sat["DSH"] == TestResult("DSH", ON, "DSH-3")
    assert sat.keys() == {"IELTS_AC", "TOEFL_IBT_2026", "DSH"}


def test_parts_of_a_result_that_nobody_has_stated_are_the_best_that_they_can_be() -> None:
    total_alone = TestResult("IELTS_AC", ON, Decimal("6.5"))
    student = evidence(tests=(total_alone,), work=None)
    writing, reading = ({part: Decimal("6.0")} for part in ("writing", "reading"))
    asked = (
        TestNeeded(STATED, "IELTS_AC", Decimal("6.5"), writing),
        TestNeeded(STATED, "IELTS_AC", Decimal("7.0"), reading),
        TestNeeded(STATED, "IELTS_AC", Decimal("6.0")),
        work(1),
    )

    steps = {one.key: one for one in tried(student, *asked) if one.at_best}
    stated, together = steps[f"state_score/IELTS_AC/{ON}/writing+reading"], steps["complete_profile"]

    best = replace(total_alone, sections={"writing": Decimal(9), "reading": Decimal(9)})
    assert (stated.result, stated.opened) == (best, [(1, MET)])
    assert stated.change.params == {"test": "IELTS_AC", "parts": "writing, reading"}
    assert together.change.params == {"field": "tests.sections, work"}
    assert (together.opened, together.evidence.profile.tests) == ([(1, MET), (4, MET)], (total_alone, best))
    assert unanswered(Whole(asking(*asked), student, RULES)) == ("tests.sections", "work")
    assert unanswered(Whole(asking(asked[2]), student, RULES)) == ()


def test_degrees_that_nobody_has_stated_are_finished_in_all_fields_with_the_best_of_grades() -> None:
    student = evidence(qualifications=None)
    asked = degree("0613"), degree("07", level="master"), grade("1.0", "DE_5"), grade("70", "UK_HONS"), grade("1", "X")

    found = tried(student, *asked)

    german, british = (Grade(scale, Decimal(best)) for scale, best in (("DE_5", "1.0"), ("UK_HONS", "100")))
    bachelors = [Qualification("bachelor", fields=("0613",), grade=one, finished_on=ON) for one in (german, british)]
    best = (*bachelors, Qualification("master", fields=("07",), finished_on=ON))
    with_it = with_profile(student, qualifications=best)
    opened = [(1, MET), (2, MET), (3, MET), (4, MET)]
    assert found == [said_at_best("complete_profile/qualifications", "qualifications", with_it, opened)]


@pytest.mark.parametrize(
    ("asked", "best"),
    [
        (degree("0613"), Qualification("bachelor", fields=("0613",), finished_on=ON)),
        (grade("1.5", "DE_5"), Qualification("bachelor", grade=Grade("DE_5", Decimal("1.0")), finished_on=ON)),
    ],
    ids=["a degree alone", "a grade alone"],
)
def test_a_degree_that_nobody_has_stated_says_as_much_as_is_asked_for(asked: Requirement, best: Qualification) -> None:
    student = evidence(qualifications=None)

    found = tried(student, asked)

    with_it = with_profile(student, qualifications=(best,))
    assert found == [said_at_best("complete_profile/qualifications", "qualifications", with_it, [(1, MET)])]


def test_a_grade_that_nobody_has_stated_is_the_best_on_each_scale_that_is_asked_for() -> None:
    bare = bachelor(grade=None)
    student = evidence(qualifications=(HSC, bare))

    found = tried(student, grade("1.5", "DE_5"), grade("60", "UK_HONS"), grade("1.0", "DE_5", of="master"))

    best = [replace(bare, grade=Grade(scale, Decimal(one))) for scale, one in (("DE_5", "1.0"), ("UK_HONS", "100"))]
    with_it = with_profile(student, qualifications=(HSC, *best))
    assert found == [said_at_best(f"complete_profile/1/{GRADED}", GRADED, with_it, [(1, MET), (2, MET)])]


@pytest.mark.parametrize(
    ("held", "opened"),
    [
        (Grade("IN_10", Decimal("8.0")), [(1, PROBABLY)]),  # 1 + 3 (10 - 8) / (10 - 0) is 1.6
        (Grade("IN_10", Decimal("8.0"), Decimal(4)), None),
        (Grade("BD_UGC_4", Decimal("3.00")), None),  # whose scale has one of its own
        (Grade("NO_SCALE", Decimal("3.00")), None),
    ],
)
def test_a_lowest_pass_that_nobody_has_stated_is_the_lowest_that_there_is(
    held: Grade, opened: list[tuple[int, Standing]] | None
) -> None:
    steps = tried(evidence(qualifications=(bachelor(grade=held),)), grade("1.7", "DE_5"))

    found = {one.key: one.opened for one in steps if one.change.code == "complete_profile"}

    assert found == ({} if opened is None else {f"complete_profile/0/{PASSED}": opened})


@pytest.mark.parametrize(
    ("asked", "held", "opened"),
    [
        ((CitizenshipNeeded(STATED, none_of=("BD", "PK")),), "ZZ", [1]),
        ((CitizenshipNeeded(STATED, any_of=("NL", "DE")), CitizenshipNeeded(STATED, any_of=("DE",))), "DE", [1, 2]),
        ((CitizenshipNeeded(STATED, any_of=("NL",)), CitizenshipNeeded(STATED, none_of=("NL",))), "ZZ", [2]),
        ((CitizenshipNeeded(STATED, any_of=("NL",), none_of=("NL",)),), None, []),
        ((work(0),), None, []),
    ],
    ids=["not some", "one for most", "one or the other", "nobody", "not asked for"],
)
def test_a_citizenship_that_nobody_has_stated_is_the_one_that_opens_most(
    asked: tuple[Requirement, ...], held: str | None, opened: list[int]
) -> None:
    student = evidence(citizenships=None)
    step = said_at_best(
        "complete_profile/citizenships", "citizenships", with_profile(student, citizenships=(held or "",)),
        [(place, MET) for place in opened],
    )  # fmt: skip

    assert tried(student, *asked) == ([step] if held else [])


def test_a_citizenship_that_takes_away_what_is_open_is_not_welcome_however_much_it_opens() -> None:
    first, *others = RULES.packs
    half_a_year = Fact(
        "half-a-year", INSTITUTION_MONTHS, Decimal(6), PAGE, Confidence.HIGH, scope=Scope(nationality=("NL",))
    )
    rulebook = Rulebook((replace(first, facts=(*first.facts, half_a_year)), *others))
    student = evidence(citizenships=None, tests=(ielts("6.5"),))  # of 14 months ago
    asked = (
        TestNeeded(STATED, "IELTS_AC", Decimal("6.5")),
        CitizenshipNeeded(STATED, any_of=("NL",)),
        CitizenshipNeeded(STATED, any_of=("NL", "US")),
        CitizenshipNeeded(STATED, any_of=("DE",)),
    )

    found = tried(student, *asked, rulebook=rulebook)

    german = with_profile(student, citizenships=("DE",))
    assert found == [said_at_best("complete_profile/citizenships", "citizenships", german, [(4, MET)])]


def test_details_of_degrees_are_answered_once_and_whatever_else_is_open_with_them() -> None:
    bare = bachelor(fields=(), grade=None)
    student = evidence(qualifications=(bare,), work=None)

    *_, alone, together = tried(student, degree("0613"), grade("1.5", "DE_5"), work(3))

    answered = replace(bare, fields=("0613",), grade=Grade("DE_5", Decimal("1.0")))
    worked = (WorkPeriod("", add_months(ON, -4), ON),)
    assert alone == said_at_best("complete_profile/work", "work", with_profile(student, work=worked), [(3, MET)])
    both = with_profile(student, qualifications=(answered,), work=worked)
    opened = [(1, MET), (2, MET), (3, MET)]
    assert together == said_at_best("complete_profile", f"{FIELDS}, {GRADED}, work", both, opened)


def test_all_that_a_profile_leaves_open_is_answered_together_too() -> None:
    student = Evidence(Profile(), ON)
    asked = (
        money(9_000), money(1_000), money(5_000, "USD"), work(3), CV, degree("0613"),
        grade("1.5", "DE_5"), StatedOnly(STATED, "An interview."), TestNeeded(STATED, "IELTS_AC", Decimal("6.5")),
        CitizenshipNeeded(STATED, none_of=("PK",)),
    )  # fmt: skip

    steps = {one.key: one for one in tried(student, *asked) if one.at_best}
    together = steps.pop("complete_profile")

    alone = "tests", "qualifications", "citizenships", "work"
    assert list(steps) == ["state_budget_in/EUR", "state_budget_in/USD", *(f"complete_profile/{one}" for one in alone)]
    assert together.change.params == {"field": ", ".join((*alone, "budget_a_year", "papers"))}
    assert together.change.effort == 6
    assert together.opened == [
        (place, MET) for place in (1, 2, 4, 5, 6, 7, 9, 10)
    ]  # not in dollars, and no machine judges words
    assert (together.evidence.papers, together.evidence.profile.budget_a_year) == ({"cv": True}, Money.of(9_000, "EUR"))


def test_what_is_open_already_and_what_nobody_asks_for_is_not_called_unanswered() -> None:
    def open_fields(one: Evidence, *asked: Requirement) -> tuple[str, ...]:
        return unanswered(Whole(asking(*asked), one, RULES))

    several = Evidence(
        Profile(qualifications=(bachelor(grade=None, fields=()), bachelor(grade=None))), ON, {"cv": True}
    )

    assert open_fields(Evidence(Profile(), ON)) == ()
    assert open_fields(Evidence(Profile(), ON), work(1), CV) == ("work", "papers")
    assert open_fields(several, degree("0613"), grade("1.5", "DE_5"), CV) == (GRADED,)
    assert open_fields(several, degree("0222"), grade("1.5", "DE_5")) == (FIELDS, GRADED)
    assert open_fields(evidence(), degree("0222"), grade("3.50"), work(3), TestNeeded(STATED, "DSH", "DSH-1")) == ()


BANDS = dict.fromkeys(("listening", "reading", "writing", "speaking"), Decimal("6.5"))
MARKS = dict.fromkeys(BANDS, Decimal(60))
SAYS_ALL = evidence(tests=(ielts("6.5", sections=BANDS),), budget_a_year=Money.of(1, "EUR"))
"""Somebody who has said whatever one could ask."""
BEYOND = (
    TestNeeded(STATED, "IELTS_AC", Decimal(9), {"writing": Decimal(9)}),
    TestNeeded(STATED, "PTE_ACADEMIC", Decimal(90)),
    degree("0222"), grade("1.0", "DE_5"), CitizenshipNeeded(STATED, any_of=("NL",)), work(99), money(99_000),
    DocumentNeeded(STATED, "motivation_letter"),
)  # fmt: skip
"""Nothing of it is open to her."""


@pytest.mark.parametrize(
    ("student", "left_open"),
    [
        (SAYS_ALL, ()),
        (with_profile(SAYS_ALL, tests=(TestResult("NO_TEST", ON, Decimal(1)),)), ()),
        (with_profile(SAYS_ALL, tests=None), ("tests",)),
        (with_profile(SAYS_ALL, tests=(ielts("6.5"),)), ("tests.sections",)),
        (with_profile(SAYS_ALL, tests=(TestResult("PTE_ACADEMIC", ON, None, MARKS),)), ("tests.sections",)),
        (with_profile(SAYS_ALL, qualifications=None), ("qualifications",)),
        (with_profile(SAYS_ALL, qualifications=(bachelor(fields=()),)), (FIELDS,)),
        (with_profile(SAYS_ALL, qualifications=(bachelor(finished_on=None),)), ("qualifications.finished_on",)),
        (with_profile(SAYS_ALL, qualifications=(bachelor(grade=None),)), (GRADED,)),
        (with_profile(SAYS_ALL, qualifications=(bachelor(grade=Grade("IN_10", Decimal("8.0"))),)), (PASSED,)),
        (with_profile(SAYS_ALL, citizenships=None), ("citizenships",)),
        (with_profile(SAYS_ALL, work=None), ("work",)),
        (with_profile(SAYS_ALL, budget_a_year=None), ("budget_a_year",)),
        (replace(SAYS_ALL, papers={}), ("papers",)),
        (replace(SAYS_ALL, profile=Profile()), ("tests", "qualifications", "citizenships", "work", "budget_a_year")),
    ],
)
def test_the_one_thing_that_nobody_has_said_is_told_beside_all_that_is_known(
    student: Evidence, left_open: tuple[str, ...]
) -> None:
    assert unanswered(Whole(asking(*BEYOND), student, RULES)) == left_open

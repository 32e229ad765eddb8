"""What must hold for any requirement and any evidence."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.programme import Programme
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
    TestNeeded,
    ValidAt,
)
from higherstudy.domain.matching.evidence import Days, Evidence
from higherstudy.domain.matching.judging import judge, judge_programme
from higherstudy.domain.matching.override import Override
from higherstudy.domain.matching.overriding import basis_of, places, with_overrides
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.profile.profile import Grade, Profile, WorkPeriod
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.shared.ids import AccountId, OverrideId, StudentId
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.times import add_months
from laws import cases
from study_builders import STATED, bachelor, ielts, profile, programme

ON = date(2026, 11, 23)
RECEIVING, AWARDING = "Loughborough University", "AKTU"
SECTIONS = ("listening", "reading", "writing", "speaking")
JLPT = ("language_knowledge", "reading", "listening")
LEVELS = ("below_TDN3", "TDN3", "TDN4", "TDN5")
BANDS = st.integers(8, 18).map(lambda halves: Decimal(halves) / 2)
PAPERS = st.dictionaries(st.sampled_from(["cv", "motivation_letter"]), st.sampled_from([True, False, None]))
SCALES = {"BD_UGC_4": 4, "PK_4": 4, "NG_NUC_5": 5, "NG_4": 4, "IN_10": 10, "PERCENT": 100}

LEAVES: st.SearchStrategy[Requirement] = st.one_of(
    BANDS.map(lambda total: TestNeeded(STATED, "IELTS_AC", total)),
    st.builds(lambda total, part: TestNeeded(STATED, "IELTS_AC", total, {"writing": part}), BANDS, BANDS),
    st.builds(lambda part, band: TestNeeded(STATED, "IELTS_AC", None, {part: band}), st.sampled_from(SECTIONS), BANDS),
    st.builds(
        lambda total, valid_at, months: TestNeeded(STATED, "IELTS_AC", total, valid_at=valid_at, valid_months=months),
        BANDS,
        st.sampled_from([None, *ValidAt]),
        st.sampled_from([None, 6, 12, 36]),
    ),
    st.just(TestNeeded(STATED, "JLPT_N2", passed=True)),
    st.integers(60, 120).map(lambda total: TestNeeded(STATED, "TOEFL_IBT_2005", Decimal(total))),
    st.sampled_from(["A1", "B1", "B2", "C1", "C2"]).map(lambda level: TestNeeded(STATED, "CEFR", level)),
    st.sampled_from(LEVELS).map(lambda level: TestNeeded(STATED, "TESTDAF", None, {"lesen": level})),
    st.integers(10, 40).map(lambda tenths: GradeNeeded(STATED, "bachelor", "DE_5", Decimal(tenths) / 10)),
    st.integers(8, 18).map(lambda fives: GradeNeeded(STATED, "bachelor", "UK_HONS", Decimal(fives) * 5)),
    st.integers(40, 90).map(lambda limit: GradeNeeded(STATED, "bachelor", "IN_PERCENT", Decimal(limit))),
    st.sampled_from(["cv", "motivation_letter"]).map(lambda kind: DocumentNeeded(STATED, kind)),
    st.sampled_from([(), ("0613",), ("07",)]).map(lambda fields: DegreeNeeded(STATED, "bachelor", fields)),
    st.integers(0, 36).map(lambda months: ExperienceNeeded(STATED, months)),
    st.sampled_from(["BD", "PK"]).map(lambda country: CitizenshipNeeded(STATED, any_of=(country,))),
    st.integers(1, 20).map(lambda thousands: MoneyNeeded(STATED, Money.of(thousands * 1000, "EUR"))),
    st.just(StatedOnly(STATED, "An interview decides.")),
)
TREES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=4).map(lambda found: AllOf(tuple(found))),
        st.lists(parts, min_size=1, max_size=4).map(lambda found: AnyOf(tuple(found))),
    ),
    max_leaves=8,
)
CASES = st.fixed_dictionaries(
    {
        "scale": st.sampled_from(sorted(SCALES)),
        "lowest_pass": st.sampled_from([None, 30, 40, 50]),
        "ielts_total": st.booleans(),
        "toefl_total": st.booleans(),
        "currency": st.sampled_from(["EUR", "USD"]),
        "taken": st.integers(0, 900),
    }
)
SCORES = st.fixed_dictionaries(
    {
        "ielts": st.integers(8, 18),
        **{part: st.integers(8, 18) for part in SECTIONS},
        "toefl": st.integers(10, 30),
        "toefl_2026": st.integers(2, 12),
        "testdaf": st.integers(0, 3),
        "pte": st.integers(30, 90),
        "jlpt": st.integers(15, 40),
        "grade": st.integers(20, 100),
        "budget": st.integers(1, 20),
        "months": st.integers(0, 40),
    }
)


def student(case: dict[str, Any], scores: dict[str, int]) -> Profile:
    """Return a student with several tests, some of them without a total; a greater number is always better."""
    best = SCALES[case["scale"]]
    lowest = None if case["lowest_pass"] is None else Decimal(case["lowest_pass"]) * best / 100
    toefl = Decimal(scores["toefl"])
    tests = (
        ielts(
            str(Decimal(scores["ielts"]) / 2) if case["ielts_total"] else None,
            sections={part: Decimal(scores[part]) / 2 for part in SECTIONS},
            taken_on=ON - timedelta(days=case["taken"]),
        ),
        Result("TOEFL_IBT_2005", ON, toefl * 4 if case["toefl_total"] else None, dict.fromkeys(SECTIONS, toefl)),
        Result("TOEFL_IBT_2026", ON, Decimal(scores["toefl_2026"]) / 2),
        Result("TESTDAF", ON, None, {"lesen": LEVELS[scores["testdaf"]]}),
        Result("PTE_ACADEMIC", ON, Decimal(scores["pte"])),
        Result("JLPT_N2", ON, None, dict.fromkeys(JLPT, Decimal(scores["jlpt"]))),
    )
    grade = Grade(case["scale"], Decimal(scores["grade"]) * best / 100, lowest)
    return profile(
        tests=tests,
        qualifications=(bachelor(grade=grade, institution=AWARDING),),
        work=(WorkPeriod("A company", add_months(ON, -scores["months"])),),
        budget_a_year=Money.of(scores["budget"] * 1000, case["currency"]),
    )


STUDENTS = st.builds(student, CASES, SCORES)
EVIDENCE = ["tests", "sections", "qualifications", "work", "citizenships", "budget_a_year"]


def standing(
    tree: Requirement,
    student: Profile,
    papers: dict[str, bool | None] | None = None,
    days: Days | None = None,
    mission: Scope | None = None,
) -> Standing:
    return judge(tree, Evidence(student, ON, papers, days), bundled_rulebook(), RECEIVING, mission).standing


def without(student: Profile, part: str) -> Profile:
    """Return the student with a part of the evidence unknown; "sections" are those of every test."""
    if part == "sections":
        return replace(student, tests=tuple(replace(result, sections={}) for result in student.tests or ()))
    return replace(student, **{part: None})  # type: ignore[arg-type]


@cases(600)
@given(TREES, STUDENTS, PAPERS, st.sampled_from(EVIDENCE))
def test_taking_evidence_away_never_turns_unknown_into_met(
    tree: Requirement, student: Profile, papers: dict[str, bool | None], part: str
) -> None:
    if standing(tree, student, papers) <= Standing.UNKNOWN:
        assert standing(tree, without(student, part), papers) <= Standing.UNKNOWN
        assert standing(tree, student, None) <= Standing.UNKNOWN


AHEAD = st.one_of(st.none(), st.integers(0, 900).map(lambda days: ON + timedelta(days=days)))
DAYS = st.one_of(st.none(), st.builds(Days, AHEAD, AHEAD, AHEAD))
MISSIONS = st.sampled_from([Scope(country="NL"), Scope("DE", "DE/DHAKA", ("BD",), "master")])


@cases(300)
@given(TREES, STUDENTS, DAYS, MISSIONS, st.sampled_from(EVIDENCE))
def test_taking_evidence_away_never_helps_on_the_days_of_a_case_either(
    tree: Requirement, student: Profile, days: Days | None, mission: Scope, part: str
) -> None:
    if standing(tree, student, None, days, mission) <= Standing.UNKNOWN:
        assert standing(tree, without(student, part), None, days, mission) <= Standing.UNKNOWN


@cases(300)
@given(TREES, CASES, SCORES, DAYS, MISSIONS, st.integers(0, 900))
def test_a_younger_result_never_makes_a_verdict_worse(
    tree: Requirement, case: dict[str, Any], scores: dict[str, int], days: Days | None, mission: Scope, taken: int
) -> None:
    younger = {**case, "taken": min(taken, case["taken"])}

    found = [standing(tree, student(one, scores), None, days, mission) for one in (younger, case)]

    assert found[0] >= found[1]


@cases(250)
@given(TREES, STUDENTS, st.data())
def test_an_override_moves_a_verdict_the_way_it_goes_and_never_hides_the_rule(
    tree: Requirement, student: Profile, data: st.DataObject
) -> None:
    offer, evidence = programme(tree), Evidence(student, ON)
    ruled = judge_programme(offer, evidence, bundled_rulebook())
    place, leaf = data.draw(st.sampled_from(list(places(tree))))
    says = data.draw(st.sampled_from(list(Standing)))
    one = override(offer, place, says, basis_of(leaf, evidence))

    verdict = with_overrides(ruled, offer, evidence, [one])
    (before,) = [found for found, at in zip(ruled.finding.leaves(), places(tree), strict=True) if at[0] == place]
    (after,) = [found for found in verdict.finding.leaves() if found.override is not None]

    assert (after.standing, after.ruled, verdict.ruled) == (says, before.standing, ruled.standing)
    assert (after.code, after.params, after.rests_on) == (before.code, before.params, before.rests_on)
    assert (verdict.standing >= ruled.standing) if says >= before.standing else (verdict.standing <= ruled.standing)


def override(offer: Programme, place: str, says: Standing, basis: str) -> Override:
    some = UUID(int=1)
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Override(
        OverrideId(some), StudentId(some), offer.id, place, says, "Confirmed by mail.", AccountId(some), at, basis
    )


@cases(600)
@given(TREES, CASES, SCORES, SCORES)
def test_a_better_score_or_grade_never_makes_a_verdict_worse(
    tree: Requirement, case: dict[str, Any], scores: dict[str, int], others: dict[str, int]
) -> None:
    better = {name: max(score, others[name]) for name, score in scores.items()}

    assert standing(tree, student(case, better)) >= standing(tree, student(case, scores))


@cases(300)
@given(TREES, STUDENTS, PAPERS)
def test_equal_evidence_gives_an_equal_finding(
    tree: Requirement, student: Profile, papers: dict[str, bool | None]
) -> None:
    evidence = Evidence(student, ON, papers)
    found = [judge(tree, evidence, bundled_rulebook(), RECEIVING) for _ in range(2)]

    assert found[0] == found[1]


@cases(300)
@given(TREES, STUDENTS, PAPERS)
def test_a_finding_is_met_exactly_when_nothing_needs_to_change(
    tree: Requirement, student: Profile, papers: dict[str, bool | None]
) -> None:
    finding = judge(tree, Evidence(student, ON, papers), bundled_rulebook(), RECEIVING)

    assert (finding.standing is Standing.MET) == (finding.flip == ())

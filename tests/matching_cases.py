"""Random requirements, students and days for what must hold of matching."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

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
from higherstudy.domain.matching.evidence import Days
from higherstudy.domain.profile.profile import Grade, Profile, WorkPeriod
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.times import add_months
from study_builders import STATED, bachelor, ielts, profile

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
    st.sampled_from(["JLPT_N2", "IELTS_AC", "PTE_ACADEMIC"]).map(lambda test: TestNeeded(STATED, test, passed=True)),
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
        "sat": st.sampled_from([None, None, "IELTS_AC", "PTE_ACADEMIC", "JLPT_N2"]),
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
    tests: tuple[Result, ...] = (
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
    if case["sat"]:
        tests = tuple(one for one in tests if one.code == case["sat"])
    grade = Grade(case["scale"], Decimal(scores["grade"]) * best / 100, lowest)
    return profile(
        tests=tests,
        qualifications=(bachelor(grade=grade, institution=AWARDING),),
        work=(WorkPeriod("A company", add_months(ON, -scores["months"])),),
        budget_a_year=Money.of(scores["budget"] * 1000, case["currency"]),
    )


STUDENTS = st.builds(student, CASES, SCORES)
EVIDENCE = ["tests", "sections", "qualifications", "work", "citizenships", "budget_a_year"]


def without(student: Profile, part: str) -> Profile:
    """Return the student with a part of the evidence unknown; "sections" are those of every test."""
    if part == "sections":
        return replace(student, tests=tuple(replace(result, sections={}) for result in student.tests or ()))
    return replace(student, **{part: None})  # type: ignore[arg-type]


AHEAD = st.one_of(st.none(), st.integers(0, 900).map(lambda days: ON + timedelta(days=days)))
DAYS = st.one_of(st.none(), st.builds(Days, AHEAD, AHEAD, AHEAD))
MISSIONS = st.sampled_from([Scope(country="NL"), Scope("DE", "DE/DHAKA", ("BD",), "master")])

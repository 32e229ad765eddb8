"""What must hold for any requirement and any evidence."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.requirement import (
    AllOf,
    AnyOf,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    Requirement,
    TestNeeded,
)
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import judge
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.profile.profile import Profile
from study_builders import STATED, bachelor, ielts, profile

ON = date(2026, 11, 23)
BANDS = st.integers(8, 18).map(lambda halves: Decimal(halves) / 2)
CGPA = st.integers(200, 400).map(lambda hundredths: Decimal(hundredths) / 100)
PAPERS = st.dictionaries(st.sampled_from(["cv", "motivation_letter"]), st.sampled_from([True, False, None]))

LEAVES: st.SearchStrategy[Requirement] = st.one_of(
    BANDS.map(lambda total: TestNeeded(STATED, "IELTS_AC", total)),
    st.builds(lambda total, part: TestNeeded(STATED, "IELTS_AC", total, {"writing": part}), BANDS, BANDS),
    st.integers(60, 120).map(lambda total: TestNeeded(STATED, "TOEFL_IBT_2005", Decimal(total))),
    st.integers(10, 40).map(lambda tenths: GradeNeeded(STATED, "bachelor", "DE_5", Decimal(tenths) / 10)),
    st.sampled_from(["cv", "motivation_letter"]).map(lambda kind: DocumentNeeded(STATED, kind)),
    st.sampled_from([(), ("0613",), ("07",)]).map(lambda fields: DegreeNeeded(STATED, "bachelor", fields)),
    st.integers(0, 36).map(lambda months: ExperienceNeeded(STATED, months)),
)
TREES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=4).map(lambda found: AllOf(tuple(found))),
        st.lists(parts, min_size=1, max_size=4).map(lambda found: AnyOf(tuple(found))),
    ),
    max_leaves=8,
)
STUDENTS = st.builds(
    lambda total, writing, cgpa: profile(
        tests=(ielts(str(total), sections={"writing": writing}),), qualifications=(bachelor(str(cgpa)),)
    ),
    BANDS,
    BANDS,
    CGPA,
)


def standing(tree: Requirement, student: Profile, papers: dict[str, bool | None] | None = None) -> Standing:
    return judge(tree, Evidence(student, ON, papers), bundled_rulebook()).standing


@settings(max_examples=2000, deadline=None)
@given(TREES, STUDENTS, PAPERS, st.sampled_from(["tests", "qualifications", "work"]))
def test_taking_evidence_away_never_turns_unknown_into_met(
    tree: Requirement, student: Profile, papers: dict[str, bool | None], part: str
) -> None:
    if standing(tree, student, papers) <= Standing.UNKNOWN:
        assert standing(tree, replace(student, **{part: None}), papers) <= Standing.UNKNOWN  # type: ignore[arg-type]
        assert standing(tree, student, None) <= Standing.UNKNOWN


@settings(max_examples=2000, deadline=None)
@given(TREES, STUDENTS, BANDS, BANDS, CGPA)
def test_a_better_score_or_grade_never_makes_a_verdict_worse(
    tree: Requirement, student: Profile, total: Decimal, writing: Decimal, cgpa: Decimal
) -> None:
    assert student.tests
    assert student.qualifications
    assert student.qualifications[0].grade
    own, grade = student.tests[0], student.qualifications[0].grade
    assert isinstance(own.total, Decimal)
    assert isinstance(own.sections["writing"], Decimal)
    better = profile(
        tests=(ielts(str(max(total, own.total)), sections={"writing": max(writing, own.sections["writing"])}),),
        qualifications=(bachelor(str(max(cgpa, grade.value))),),
    )

    assert standing(tree, better) >= standing(tree, student)


@settings(max_examples=1000, deadline=None)
@given(TREES, STUDENTS, PAPERS)
def test_equal_evidence_gives_an_equal_finding(
    tree: Requirement, student: Profile, papers: dict[str, bool | None]
) -> None:
    evidence = Evidence(student, ON, papers)

    assert judge(tree, evidence, bundled_rulebook()) == judge(tree, evidence, bundled_rulebook())


@settings(max_examples=1000, deadline=None)
@given(TREES, STUDENTS, PAPERS)
def test_a_finding_is_met_exactly_when_nothing_needs_to_change(
    tree: Requirement, student: Profile, papers: dict[str, bool | None]
) -> None:
    finding = judge(tree, Evidence(student, ON, papers), bundled_rulebook())

    assert (finding.standing is Standing.MET) == (finding.flip == ())

"""What every kind of finding carries: the evidence, how far off it is, and the cheapest change."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.requirement import (
    CitizenshipNeeded,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    Leaf,
    MoneyNeeded,
    StatedOnly,
    TestNeeded,
)
from higherstudy.domain.documents.document import Document, Stated, Version
from higherstudy.domain.matching.evidence import Evidence, evidence_with
from higherstudy.domain.matching.judging import judge
from higherstudy.domain.matching.verdict import Finding, Standing, Used
from higherstudy.domain.profile.profile import Grade, Profile, WorkPeriod
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.shared.ids import AccountId, DocumentId, StudentId
from higherstudy.domain.shared.money import Money
from study_builders import STATED, bachelor, ielts, profile

ON = date(2026, 11, 23)
RULES = bundled_rulebook()
DEGREE = Used("qualifications", 0, "B.Sc. in Computer Science", date(2025, 2, 20))
IELTS = Used("tests", 0, "IELTS_AC", date(2025, 9, 13))
STUDENT = profile(
    budget_a_year=Money.of(10_000, "EUR"), work=(WorkPeriod("A bank", date(2025, 11, 1)),), citizenships=("BD", "VN")
)
MONEY = Used("budget_a_year", None, "EUR 10,000.00")


def found(leaf: Leaf, student: Profile = STUDENT, institution: str = "") -> Finding:
    return judge(leaf, Evidence(student, ON), RULES, institution)


@pytest.mark.parametrize(
    ("leaf", "standing", "used", "distance", "changes"),
    [
        (TestNeeded(STATED, "IELTS_AC", Decimal(6)), "met", (IELTS,), "", []),
        (TestNeeded(STATED, "IELTS_AC", Decimal(7)), "not_met", (IELTS,), "total +0.5", ["raise_score"]),
        (
            TestNeeded(STATED, "IELTS_AC", None, {"writing": Decimal(6)}),
            "unknown",
            (IELTS,),
            "",
            ["state_score"],
        ),
        (TestNeeded(STATED, "TOEFL_IBT_2005", Decimal(90)), "not_met", (IELTS,), "total +11", ["take_test"]),
        (TestNeeded(STATED, "GRE_SUBJECT", Decimal(700)), "not_met", (), "", ["take_test"]),
        (GradeNeeded(STATED, "bachelor", "BD_UGC_4", Decimal("3.25")), "met", (DEGREE,), "", []),
        (GradeNeeded(STATED, "bachelor", "BD_UGC_4", Decimal("3.75")), "not_met", (DEGREE,), "0.25", None),
        (
            GradeNeeded(STATED, "bachelor", "DE_5", Decimal("2.5")),
            "probably_met",
            (DEGREE,),
            "",
            ["have_grade_converted"],
        ),
        (GradeNeeded(STATED, "bachelor", "DE_5", Decimal("1.5")), "not_met", (DEGREE,), "0.25", None),
        (GradeNeeded(STATED, "master", "DE_5", Decimal("2.5")), "not_met", (), "", None),
        (DegreeNeeded(STATED, "bachelor", ("06",)), "met", (DEGREE,), "", []),
        (DegreeNeeded(STATED, "master"), "not_met", (DEGREE,), "1 level", None),
        (DegreeNeeded(STATED, "bachelor", ("07",)), "not_met", (DEGREE,), "", None),
        (ExperienceNeeded(STATED, 12), "met", (Used("work", 0, "A bank", date(2025, 11, 1)),), "", []),
        (
            ExperienceNeeded(STATED, 13),
            "not_met",
            (Used("work", 0, "A bank", date(2025, 11, 1)),),
            "1 month",
            ["work_longer"],
        ),
        (
            CitizenshipNeeded(STATED, none_of=("VN",)),
            "not_met",
            (Used("citizenships", 0, "BD"), Used("citizenships", 1, "VN")),
            "",
            None,
        ),
        (MoneyNeeded(STATED, Money.of(9_000, "EUR")), "met", (MONEY,), "", []),
        (MoneyNeeded(STATED, Money.of(11_000, "EUR")), "not_met", (MONEY,), "EUR 1,000.00", ["raise_budget"]),
        (MoneyNeeded(STATED, Money.of(11_000, "USD")), "unknown", (MONEY,), "", ["state_budget_in"]),
        (DocumentNeeded(STATED, "cv"), "unknown", (), "", ["add_document"]),
        (StatedOnly(STATED, "An interview decides."), "unknown", (), "", ["judge_yourself"]),
    ],
)
def test_a_finding_names_the_evidence_the_distance_and_the_cheapest_change(
    leaf: Leaf, standing: str, used: tuple[Used, ...], distance: str, changes: list[str] | None
) -> None:
    finding = found(leaf)

    assert (finding.standing.word, finding.used, finding.distance) == (standing, used, distance)
    assert (None if finding.flip is None else [change.code for change in finding.flip]) == changes
    assert finding.source_id == "page"


def test_of_several_results_and_degrees_the_one_that_decided_is_named() -> None:
    results = (ielts("5.5"), Result("TESTDAF", ON, None, {"lesen": "TDN4"}), ielts("7.0", taken_on=date(2026, 3, 1)))
    degrees = (bachelor("3.00"), bachelor("3.80", title="Another", finished_on=date(2026, 1, 31)))
    student = profile(tests=results, qualifications=degrees)

    test = found(TestNeeded(STATED, "IELTS_AC", Decimal("6.5")), student)
    grade = found(GradeNeeded(STATED, "bachelor", "BD_UGC_4", Decimal("3.5")), student)

    assert test.used == (Used("tests", 2, "IELTS_AC", date(2026, 3, 1)),)
    assert grade.used == (Used("qualifications", 1, "Another", date(2026, 1, 31)),)


def test_a_degree_that_is_expected_says_for_how_long_still() -> None:
    student = profile(qualifications=(bachelor(finished_on=date(2026, 12, 3)),))

    finding = found(DegreeNeeded(STATED, "bachelor"), student)

    assert (finding.standing, finding.distance) == (Standing.PROBABLY_MET, "10 days")


def test_a_class_that_is_missed_says_which_grade_would_reach_it() -> None:
    student = profile(qualifications=(bachelor(grade=Grade("PK_4", Decimal("2.8"))),))

    finding = found(GradeNeeded(STATED, "bachelor", "UK_HONS", Decimal(60)), student, "Loughborough University")

    assert (finding.standing, finding.distance) == (Standing.NOT_MET, "0.2 (PK_4)")


def paper(number: int, kind: str, stated: Stated) -> Document:
    version = Version(
        1, "0" * 64, 1, "application/pdf", "a.pdf", datetime(2026, 1, 1, tzinfo=UTC), AccountId(UUID(int=1)), stated
    )
    return Document(DocumentId(UUID(int=number)), StudentId(UUID(int=1)), kind, versions=(version,))


def test_of_several_papers_of_a_kind_the_one_that_serves_best_is_named() -> None:
    papers = (
        paper(1, "cv", Stated(date(2026, 5, 1))),
        paper(2, "passport", Stated(date(2016, 1, 1), date(2026, 1, 1))),
        paper(3, "passport", Stated(date(2026, 2, 1), date(2036, 1, 31))),
    )
    evidence = evidence_with(STUDENT, papers, RULES.document_kinds, ON)

    finding = judge(DocumentNeeded(STATED, "passport"), evidence, RULES)

    assert (finding.standing, finding.used) == (Standing.MET, (Used("papers", 2, "passport", date(2026, 2, 1)),))

"""A small rulebook made by hand, and findings by it, whole: what examples of findings are written with."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from higherstudy.domain.catalogue.requirement import (
    GradeNeeded,
    Requirement,
    TestNeeded,
)
from higherstudy.domain.matching.asking import ANYBODY, Apart, Asking
from higherstudy.domain.matching.evidence import Days, Evidence
from higherstudy.domain.matching.judging import judge, judge_programme
from higherstudy.domain.matching.ranking import NO_WAY
from higherstudy.domain.matching.trees import Trees, standings_of
from higherstudy.domain.matching.verdict import Change, Finding, Part, Standing, Used
from higherstudy.domain.matching.whole import Whole
from higherstudy.domain.profile.profile import Grade, Profile
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.grades import Band, GradeConversion, GradeScale, Method, TableRow
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.papers import DocumentKind
from higherstudy.domain.rulebook.scores import Concordance, ConcordanceRow, Scale, Section, TestScale, TotalRule
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE, STATED, bachelor, profile, programme

ON, TAKEN, UNTIL = date(2026, 11, 23), date(2025, 9, 13), date(2027, 9, 13)
MET, PROBABLY, UNKNOWN, NOT_MET = Standing.MET, Standing.PROBABLY_MET, Standing.UNKNOWN, Standing.NOT_MET
SCHOOL = "Sample University"
HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
BANDS = Scale(Decimal(0), Decimal(9), Decimal("0.5"))
POINTS = Scale(Decimal(0), Decimal(120), Decimal(1))
OWN = TestScale(
    "TT", "Test", BANDS, (Section("reading", BANDS), Section("writing", BANDS)),
    TotalRule.MEAN_HALF_UP, PAGE, MEDIUM, 24,
)  # fmt: skip
OTHER = TestScale("OO", "Other", POINTS, (Section("writing", POINTS),), TotalRule.NONE, PAGE, HIGH, 24)


def table(name: str, part: str, *rows: tuple[int, str], confidence: Confidence = HIGH) -> Concordance:
    made = tuple(ConcordanceRow(Decimal(score), Decimal(to)) for score, to in rows)
    return Concordance(name, "owner", "OO", "TT", part, made, PAGE, confidence)


TOTALS = table("totals", "total", (95, "6.5"), (80, "6.0"), confidence=LOW)
OLD_TOTALS = table("old", "total", (90, "6.5"), (70, "6.0"))
WRITING = table("writing", "writing", (24, "6.5"), (20, "6.0"))


def rules(**changes: Any) -> Rulebook:
    statement = DocumentKind("statement", "Statement", PAGE, HIGH)
    usual = {"tests": (OWN, OTHER), "concordances": (TOTALS, WRITING), "document_kinds": (statement,)}
    parts: dict[str, Any] = {**usual, **changes}
    return Rulebook((RulePack("pack", "Pack", "1", date(2099, 1, 1), "0" * 64, **parts),))


def standing_and_effort(
    requirement: Requirement | None, evidence: Evidence, rulebook: Rulebook, asking: Asking = ANYBODY
) -> tuple[Standing, int]:
    """Return how the requirement stands in a whole catalogue, and the effort of the cheapest change that meets it."""
    trees = Trees(Apart.of(rulebook, evidence.days))
    tree = trees.tree(requirement, asking)
    whole = Whole(trees, evidence, rulebook)
    return Standing(standings_of(trees, whole.leaves)[trees.roots[tree]]), whole.effort(tree)


def judged(
    leaf: Requirement, student: Profile, rulebook: Rulebook | None = None, on: date = ON, **evidence: Any
) -> Finding:
    """Return the finding, after seeing that all leaves of a catalogue are held against the student as it says."""
    shown, known = Evidence(student, on, **evidence), rulebook or rules()
    found = judge(leaf, shown, known, SCHOOL)
    effort = NO_WAY if found.flip is None else sum(change.effort for change in found.flip)
    assert standing_and_effort(leaf, shown, known, Asking(institution=SCHOOL)) == (found.standing, effort)
    return found


def said(standing: Standing, code: str, params: dict[str, Any], confidence: Confidence = HIGH, **more: Any) -> Finding:
    """Return a finding on a leaf of the programme's page."""
    return Finding(standing, code, params, confidence, "page", "https://www.example.org/msc", **more)


LEAF = TestNeeded(STATED, "TT", Decimal("6.5"), {"writing": Decimal("6.0")})
TOLD = {"test": "TT", "needed": "6.5, writing 6.0"}
NEEDED = (Part("total", Decimal("6.5"), "6.5"), Part("writing", Decimal("6.0"), "writing 6.0"))


def own(total: str | None, taken_on: date = TAKEN, **sections: str) -> Result:
    parts = {name: Decimal(score) for name, score in sections.items()}
    return Result("TT", taken_on, None if total is None else Decimal(total), parts)


def other(total: str | None, **sections: str) -> Result:
    return replace(own(total, TAKEN, **sections), code="OO")


def sat(*results: Result, leaf: TestNeeded = LEAF, **more: Any) -> Finding:
    return judged(leaf, profile(tests=results), **more)


PAST = replace(OWN, taken_until=date(2026, 1, 20))


def leads(part: str, rows: tuple[tuple[int, str], ...]) -> Concordance:
    return replace(table(f"new-{part}", part, *rows), from_test="T2")


GERMAN = GradeScale("G", "German", "DE", Decimal(1), Decimal(5), Decimal(4), PAGE, MEDIUM)
HOME = GradeScale(
    "H",
    "Home",
    "BD",
    Decimal(4),
    Decimal(0),
    Decimal(2),
    PAGE,
    LOW,
    bands=(Band("First", Decimal(3)), Band("Second", Decimal(2))),
)
FORMULA = GradeConversion("formula", "Formula", Method.MODIFIED_BAVARIAN, "*", "G", PAGE, HIGH)
GRADE = GradeNeeded(STATED, "bachelor", "G", Decimal("2.5"))
FINISHED = date(2025, 2, 20)
DEGREE = (Used("qualifications", 0, "B.Sc. in Computer Science", FINISHED),)


def graded(
    value: str, *conversions: GradeConversion, scale: str = "H", lowest: str | None = "2.00", **more: Any
) -> Finding:
    grade = Grade(scale, Decimal(value), None if lowest is None else Decimal(lowest))
    known = rules(grade_scales=more.pop("scales", (GERMAN, HOME)), grade_conversions=conversions)
    return judged(more.pop("leaf", GRADE), profile(qualifications=(replace(bachelor(), grade=grade),)), known)


def state(name: str) -> tuple[Change, ...]:
    return (Change("complete_profile", {"field": name}, 1),)


def by_table(*rows: tuple[str, str], **changes: Any) -> GradeConversion:
    made = tuple(TableRow(Decimal(at_least), counts_as) for at_least, counts_as in rows)
    return replace(GradeConversion("table", "T", Method.TABLE, "H", "G", PAGE, HIGH, rows=made), **changes)


def part(standing: Standing, *efforts: int, confidence: Confidence = HIGH, impossible: bool = False) -> Finding:
    flip = None if impossible else tuple(Change(f"c{effort}", {}, effort) for effort in efforts)
    return Finding(standing, "x", {}, confidence, flip=flip)


APPOINTMENT = date(2027, 10, 1)  # after the result has run out
MISSION_RULE = Fact("rule", "visa.test.held_against", "appointment", PAGE, LOW, scope=Scope(country="DE"))


def at_mission(enrolment: date | None, *facts: Fact, appointment: date = APPOINTMENT) -> Finding:
    days = Days(date(2027, 3, 1), enrolment, appointment)
    result = own("6.5", writing="6.0")
    offered = programme(LEAF)
    return judge_programme(offered, Evidence(profile(tests=(result,)), ON, days=days), rules(facts=facts)).finding

"""Every finding whole, by a small rulebook that is made by hand: what is said, on what it rests, what would flip it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

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
from higherstudy.domain.matching.asking import ANYBODY, Apart, Asking
from higherstudy.domain.matching.changes import joined
from higherstudy.domain.matching.evidence import Days, Evidence, Serving
from higherstudy.domain.matching.judging import fold_all, fold_any, judge, judge_programme
from higherstudy.domain.matching.ranking import NO_WAY
from higherstudy.domain.matching.trees import Trees, standings_of
from higherstudy.domain.matching.verdict import Change, Finding, Layer, Part, Standing, Used, Validity, Verdict
from higherstudy.domain.matching.whole import Whole
from higherstudy.domain.profile.profile import Grade, Profile, WorkPeriod
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.rulebook.closures import Closing, Closure
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.grades import Band, GradeConversion, GradeScale, Method, Rounding, TableRow
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.rulebook.papers import DocumentKind
from higherstudy.domain.rulebook.scores import Concordance, ConcordanceRow, Scale, Section, TestScale, TotalRule
from higherstudy.domain.shared.errors import Reason
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE, STATED, bachelor, institution, profile, programme

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
TAKE = (Change("take_test", dict(TOLD), 20, NEEDED),)


def own(total: str | None, taken_on: date = TAKEN, **sections: str) -> Result:
    parts = {name: Decimal(score) for name, score in sections.items()}
    return Result("TT", taken_on, None if total is None else Decimal(total), parts)


def other(total: str | None, **sections: str) -> Result:
    return replace(own(total, TAKEN, **sections), code="OO")


def sat(*results: Result, leaf: TestNeeded = LEAF, **more: Any) -> Finding:
    return judged(leaf, profile(tests=results), **more)


def test_a_test_that_was_not_taken_or_is_not_known() -> None:
    unknown = TestNeeded(STATED, "XX", Decimal(5), {"writing": Decimal(6)})
    params = {"test": "XX", "needed": "5, writing 6"}

    assert judged(unknown, profile()) == said(UNKNOWN, "test.not_in_rulebook", params, flip=None)
    assert judged(LEAF, Profile()) == said(UNKNOWN, "test.not_stated", TOLD, flip=TAKE)
    assert sat() == said(NOT_MET, "test.missing", TOLD, flip=TAKE)
    assert sat(Result("ZZ", TAKEN, Decimal(9))) == said(NOT_MET, "test.missing", TOLD, flip=TAKE)


BY_OWNER = Validity(Layer.OWNER, ON, UNTIL)


def of_test(standing: Standing, code: str, has: str, **more: Any) -> Finding:
    params = {**TOLD, "has": has, "taken_on": "2025-09-13", **more.pop("said", {})}
    usual: dict[str, Any] = {
        "rests_on": ("test:TT",), "used": (Used("tests", 0, "TT", TAKEN),), "validity": BY_OWNER
    }  # fmt: skip
    return said(standing, code, params, MEDIUM, **{**usual, **more})


def test_a_result_of_the_test_itself() -> None:
    state = (Change("state_score", {"test": "TT", "parts": "writing"}, 1, (Part("writing", Decimal(0), "writing"),)),)
    gaps = (Part("total", Decimal("1.0"), "total +1.0"), Part("writing", Decimal("0.5"), "writing +0.5"))
    raise_both = (Change("raise_score", {"test": "TT", "by": "total +1.0, writing +0.5"}, 12, gaps),)

    assert sat(own("6.5", writing="6.0")) == of_test(MET, "test.good_enough", "6.5, writing 6.0")
    by_sections = sat(own(None, reading="7.0", writing="6.0"))
    assert by_sections == of_test(MET, "test.good_enough", "reading 7.0, writing 6.0")
    unstated = of_test(UNKNOWN, "test.part_not_stated", "7.0", said={"parts": "writing"}, flip=state)
    assert sat(own("7.0")) == unstated
    by = {"by": "total +1.0, writing +0.5"}
    low = of_test(NOT_MET, "test.too_low", "5.5, writing 5.5", said=by, flip=raise_both, distance=by["by"])
    assert sat(own("5.5", writing="5.5")) == low
    half = sat(own("5.5"))
    assert (half.code, half.distance, half.standing) == ("test.too_low", "total +1.0", NOT_MET)


@pytest.mark.parametrize(
    ("on", "code", "distance"),
    [
        (UNTIL, "test.good_enough", ""),
        (date(2027, 9, 14), "test.run_out", "1 day"),
        (date(2027, 9, 15), "test.run_out", "2 days"),
    ],
)
def test_a_result_counts_until_its_last_day(on: date, code: str, distance: str) -> None:
    found = sat(own("6.5", writing="6.0"), on=on)

    assert (found.code, found.distance) == (code, distance)
    if distance:
        days = {"taken_on": "2025-09-13", "until": "2027-09-13", "held_on": on.isoformat()}
        assert found == said(
            NOT_MET, "test.run_out", {**TOLD, **days}, MEDIUM, rests_on=("test:TT",), distance=distance,
            flip=(Change("retake_test", TOLD, 15, NEEDED),), used=(Used("tests", 0, "TT", TAKEN),),
            validity=Validity(Layer.OWNER, on, UNTIL),
        )  # fmt: skip


def test_the_best_result_counts_and_of_equal_ones_that_which_needs_least() -> None:
    low, better = own("5.0", writing="5.0"), own("6.0", writing="6.0")

    assert sat(low, better).used == (Used("tests", 1, "TT", TAKEN),)
    assert sat(better, low).used == (Used("tests", 0, "TT", TAKEN),)
    assert sat(other("110", writing="30"), own("6.5", writing="6.0")).standing is MET


COUNTS_FOR = {"totals": LOW, "writing": HIGH}


def of_other(standing: Standing, code: str, has: str, **more: Any) -> Finding:
    params = {**TOLD, "other_test": "OO", "has": has, "tables": "totals, writing", "parts": "", "by_table": ""}
    usual: dict[str, Any] = {
        "flip": TAKE, "rests_on": ("totals", "writing"), "used": (Used("tests", 0, "OO", TAKEN),), "validity": BY_OWNER
    }  # fmt: skip
    return said(standing, code, {**params, **more.pop("said", {})}, LOW, **{**usual, **more})


def test_a_result_of_another_test_by_its_tables() -> None:
    state = (Change("state_score", {"test": "OO", "parts": "writing"}, 1, (Part("writing", Decimal(0), "writing"),)),)

    assert sat(other("95", writing="20")) == of_other(PROBABLY, "test.concordance_enough", "95, writing 20")
    low = of_other(NOT_MET, "test.concordance_too_low", "94, writing 20", distance="total +0.5")
    assert sat(other("94", writing="20")) == low
    below = of_other(NOT_MET, "test.concordance_too_low", "79, writing 19")
    assert sat(other("79", writing="19")) == below
    part = of_other(UNKNOWN, "test.other_part_not_stated", "95", said={"parts": "writing"}, flip=state)
    assert sat(other("95")) == part
    assert sat(other("94")).code == "test.concordance_too_low"
    assert sat(other("95", writing="20"), rulebook=rules(concordances=(TOTALS,))).code == "test.missing"


def test_tables_that_contradict_each_other_are_asked_about() -> None:
    both = rules(concordances=(TOTALS, OLD_TOTALS, WRITING))
    ask = (Change("ask_which_table", {"tables": "totals, old"}, 4),)

    found = sat(other("90", writing="20"), rulebook=both)

    tables = {"tables": "totals, old, writing", "by_table": "6.0 by totals, 6.5 by old"}
    assert found == of_other(
        UNKNOWN,
        "test.concordances_disagree",
        "90, writing 20",
        said=tables,
        flip=ask,
        rests_on=("totals", "old", "writing"),
    )
    assert sat(other("95", writing="20"), rulebook=both).standing is PROBABLY
    none = sat(other("70", writing="20"), rulebook=both)
    assert (none.standing, none.distance) == (NOT_MET, "total +0.5")
    less = sat(other("79", writing="20"), leaf=replace(LEAF, total=Decimal("6.0")), rulebook=both)
    assert less.params["by_table"] == "less by totals, 6.0 by old"
    two = rules(
        concordances=(TOTALS, WRITING, replace(WRITING, id="w2", rows=(ConcordanceRow(Decimal(20), Decimal("5.0")),)))
    )
    of_part = sat(other("95", writing="20"), rulebook=two)
    assert of_part.params["by_table"] == "writing 6.0 by writing, 5.0 by w2"


PRESENT = replace(OWN, code="T2", title="New", edition_of="TT", taken_from=date(2026, 1, 21), total_rule=TotalRule.NONE)
PAST = replace(OWN, taken_until=date(2026, 1, 20))


def leads(part: str, rows: tuple[tuple[int, str], ...]) -> Concordance:
    return replace(table(f"new-{part}", part, *rows), from_test="T2")


def test_an_edition_that_is_held_no_longer_is_not_asked_for() -> None:
    tables = leads("total", ((5, "6.5"), (4, "6.0"))), leads("writing", ((3, "6.5"), (2, "6.0")))
    old = replace(PAST, edition_of="TT")
    with_tables = rules(tests=(old, PRESENT), concordances=tables)

    needed = (Part("total", Decimal(5), "5"), Part("writing", Decimal(2), "writing 2"))
    take = (Change("take_test", {"test": "T2", "needed": "5, writing 2"}, 20, needed),)
    assert sat(rulebook=with_tables) == said(NOT_MET, "test.missing", TOLD, flip=take)
    assert sat(rulebook=rules(tests=(old, PRESENT), concordances=tables[:1])).flip is None
    assert sat(rulebook=rules(tests=(old,), concordances=())).flip is None
    assert sat(rulebook=with_tables, on=date(2026, 1, 20)).flip == TAKE
    assert sat(rulebook=with_tables, on=date(2026, 1, 21)).flip == take
    low = sat(own("6.0", writing="6.0"), rulebook=with_tables)
    assert low.flip == (replace(take[0], effort=11),)


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
LIMIT = {"of": "bachelor", "limit": "2.5", "scale": "G"}
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


def convert(effort: int) -> tuple[Change, ...]:
    return (Change("have_grade_converted", {"scale": "G"}, effort),)


def test_a_grade_that_cannot_be_compared_says_what_is_missing() -> None:
    known = rules(grade_scales=(GERMAN, HOME))

    assert judged(GRADE, profile()) == said(UNKNOWN, "grade.scale_not_known", LIMIT, flip=None)
    assert judged(GRADE, Profile(), known) == said(UNKNOWN, "grade.not_stated", LIMIT, flip=state("qualifications"))
    assert judged(GRADE, profile(qualifications=()), known) == said(NOT_MET, "grade.no_such_degree", LIMIT, flip=None)
    without = profile(qualifications=(replace(bachelor(), grade=None),))
    unstated = said(UNKNOWN, "grade.not_stated", LIMIT, flip=state("qualifications.grade"), used=DEGREE)
    assert judged(GRADE, without, known) == unstated
    params = {**LIMIT, "own": "3.00", "own_scale": "H", "lowest_pass": "2.00"}
    assert graded("3.00") == said(UNKNOWN, "grade.no_conversion", params, flip=convert(5), used=DEGREE)
    open_ended = replace(HOME, lowest_pass=None)
    assert graded("3.00", FORMULA, lowest=None, scales=(GERMAN, open_ended)) == said(
        UNKNOWN, "grade.lowest_pass_unknown", {**params, "lowest_pass": None},
        flip=state("qualifications.grade.lowest_pass"), used=DEGREE,
    )  # fmt: skip
    assert graded("4.01", FORMULA) == said(
        UNKNOWN, "grade.not_usable", {**params, "own": "4.01"}, flip=state("qualifications.grade"), used=DEGREE
    )
    assert graded("3.00", FORMULA, scale="Z").code == "grade.no_conversion"


@pytest.mark.parametrize(
    ("value", "standing", "distance"), [("2.4", MET, ""), ("2.5", MET, ""), ("2.6", NOT_MET, "0.1")]
)
def test_a_grade_on_the_scale_itself_is_compared(value: str, standing: Standing, distance: str) -> None:
    good = standing is MET

    assert graded(value, scale="G", lowest=None) == said(
        standing, "grade.good_enough" if good else "grade.too_low", {**LIMIT, "own": value}, MEDIUM,
        rests_on=("G",), distance=distance, flip=() if good else None, used=DEGREE,
    )  # fmt: skip


def estimated(standing: Standing, code: str, own_grade: str, **more: Any) -> Finding:
    params = {**LIMIT, "own": own_grade, "own_scale": "H", **more.pop("said")}
    usual: dict[str, Any] = {"rests_on": ("formula", "H", "G"), "used": DEGREE}
    return said(standing, code, params, more.pop("confidence", MEDIUM), **{**usual, **more})


def test_a_grade_on_another_scale_is_estimated_by_the_formula() -> None:
    by = {"lowest_pass": "2.00", "conversion": "formula"}
    good = estimated(PROBABLY, "grade.estimate_good_enough", "3.00", said={"estimate": "2.50", **by}, flip=convert(3))
    low = estimated(
        NOT_MET, "grade.estimate_too_low", "2.80", said={"estimate": "2.80", **by}, flip=None, distance="0.30"
    )

    assert graded("3.00", FORMULA) == good  # 1 + 3 (4 - 3) / (4 - 2)
    assert graded("2.80", FORMULA) == low
    assumed = graded("3.00", FORMULA, lowest=None)
    assert assumed == replace(good, confidence=LOW, params={**good.params, "lowest_pass": "2"})
    near = {"estimate": "2.54", "conversion": "formula"}  # it is 2.545: cut to one decimal it would be enough
    undecided = estimated(UNKNOWN, "grade.estimate_undecided", "2.97", said=near, flip=convert(4))
    assert graded("2.97", FORMULA) == undecided
    cut = replace(FORMULA, rounding=Rounding.TRUNCATE_1)
    assert graded("2.97", cut).standing is PROBABLY
    up = replace(FORMULA, rounding=Rounding.HALF_UP_1)
    assert (graded("2.95", up).standing, graded("2.95", up).distance) == (NOT_MET, "0.10")  # 2.575


def test_a_formula_needs_a_scale_on_which_more_is_better_and_a_pass_below_the_best() -> None:
    falling = replace(HOME, best=Decimal(0), worst=Decimal(4))

    assert graded("3.00", FORMULA, scales=(GERMAN, falling)).code == "grade.no_conversion"
    assert graded("3.00", FORMULA, lowest="4.00").code == "grade.not_usable"
    three = (GERMAN, HOME, replace(HOME, id="Z"))
    assert graded("3.00", replace(FORMULA, from_scale="Z"), scales=three).code == "grade.no_conversion"
    assert graded("3.00", replace(FORMULA, institution=" sample UNIVERSITY".strip())).standing is PROBABLY
    assert graded("3.00", replace(FORMULA, institution="Another")).code == "grade.no_conversion"


def by_table(*rows: tuple[str, str], **changes: Any) -> GradeConversion:
    made = tuple(TableRow(Decimal(at_least), counts_as) for at_least, counts_as in rows)
    return replace(GradeConversion("table", "T", Method.TABLE, "H", "G", PAGE, HIGH, rows=made), **changes)


@pytest.mark.parametrize(
    ("value", "standing", "code", "estimate", "distance"),
    [
        ("3.50", PROBABLY, "grade.counts_as_enough", "2.0", ""),
        ("3.00", UNKNOWN, "grade.estimate_undecided", "3.0", ""),
        ("2.99", UNKNOWN, "grade.estimate_undecided", "3.0", ""),
        ("2.49", NOT_MET, "grade.counts_as_less", "4.0", "1.01 (H)"),
        ("1.99", NOT_MET, "grade.counts_as_less", "less than 4.0", "1.51 (H)"),
    ],
)
def test_a_table_gives_a_class_which_settles_the_limit_or_does_not(
    value: str, standing: Standing, code: str, estimate: str, distance: str
) -> None:
    found = graded(value, by_table(("2.5", "3.0"), ("3.5", "2.0"), ("2.0", "4.0")))

    assert (found.standing, found.code, found.params["estimate"], found.distance) == (
        standing,
        code,
        estimate,
        distance,
    )
    assert found.rests_on == ("table", "H", "G")
    if standing is not UNKNOWN:
        assert found.params["lowest_pass"] is None


def test_a_table_whose_classes_are_not_of_the_scale_or_that_is_empty_says_nothing() -> None:
    named = replace(GERMAN, bands=(Band("Good", Decimal("2.5")), Band("Fair", Decimal("3.5"))))

    assert graded("3.50", by_table(("3.0", "Good"))).code == "grade.no_conversion"
    assert graded("3.50", by_table(("3.0", "Good")), scales=(named, HOME)).standing is PROBABLY
    assert graded("3.50", by_table()).code == "grade.no_conversion"
    assert graded("3.50", by_table(("3.0", "NaN"))).code == "grade.no_conversion"


def test_a_line_converts_where_better_grades_stay_better() -> None:
    percent = GradeScale("P", "Percent", "IN", Decimal(100), Decimal(0), Decimal(40), PAGE, HIGH)
    leaf = GradeNeeded(STATED, "bachelor", "P", Decimal(60))

    def line(factor: str | None, offset: str | None = None, **changes: Any) -> Finding:
        one = GradeConversion(
            "line", "L", Method.LINEAR, "H", "P", PAGE, HIGH, factor=None if factor is None else Decimal(factor),
            offset=None if offset is None else Decimal(offset),
        )  # fmt: skip
        return graded("3.00", replace(one, **changes), scales=(percent, HOME), leaf=leaf)

    assert (line("20").standing, line("20").params["estimate"]) == (PROBABLY, "60.00")
    assert (line("18", "5").standing, line("18", "5").distance) == (NOT_MET, "1.00")
    assert line("20").code == "grade.counts_as_enough"
    for none in (line("-20", "200"), line("0"), line(None)):
        assert none.code == "grade.no_conversion"
    assert line("20", institution="Sample University").code == "grade.no_conversion"  # it is the awarding one's


def test_ways_that_contradict_each_other_settle_nothing() -> None:
    enough, less = by_table(("3.0", "2.0")), by_table(("3.5", "3.0"), ("3.0", "4.0"), id="less")

    found = graded("3.00", FORMULA, less)

    assert found == estimated(
        UNKNOWN, "grade.estimate_undecided", "3.00", said={"estimate": "2.50 or 4.0", "conversion": "formula, less"},
        flip=convert(4), rests_on=("formula", "less", "H", "G"),
    )  # fmt: skip
    assert graded("3.00", FORMULA, enough).standing is PROBABLY
    assert graded("2.00", FORMULA, by_table(("3.0", "2.0"))).standing is UNKNOWN  # less than 2.0 may be enough
    assert graded("2.00", FORMULA, by_table(("3.0", "3.0"))).standing is NOT_MET


def test_of_several_degrees_the_one_that_stands_best_counts() -> None:
    known = rules(grade_scales=(GERMAN,))
    grades = [replace(bachelor(), title=str(value), grade=Grade("G", Decimal(value))) for value in (4, 2, 3)]
    hsc = replace(bachelor(), level="hsc", grade=Grade("G", Decimal(1)))

    found = judged(GRADE, profile(qualifications=(hsc, *grades)), known)

    assert (found.standing, found.used) == (MET, (Used("qualifications", 2, "2", FINISHED),))
    untitled = profile(qualifications=(replace(grades[0], title=""),))
    assert judged(GRADE, untitled, known).used[0].name == "bachelor"


WANTED = DegreeNeeded(STATED, "bachelor", ("061",))


def degree(leaf: DegreeNeeded = WANTED, **changes: Any) -> Finding:
    return judged(leaf, profile(qualifications=(replace(bachelor(), **changes),)))


def test_a_degree() -> None:
    wanted = {"level": "bachelor", "fields": "061"}
    params = {**wanted, "title": "B.Sc. in Computer Science"}
    tomorrow = date(2026, 11, 24)

    assert judged(WANTED, Profile()) == said(UNKNOWN, "degree.not_stated", wanted, flip=state("qualifications"))
    assert judged(WANTED, profile(qualifications=())) == said(NOT_MET, "degree.missing", wanted, flip=None)
    assert degree() == said(MET, "degree.held", params, used=DEGREE)
    assert degree(finished_on=ON).standing is MET
    assert degree(finished_on=tomorrow) == said(
        PROBABLY, "degree.expected", {**params, "finished_on": "2026-11-24"}, distance="1 days",
        flip=(Change("finish_degree", {"on": "2026-11-24"}, 5),),
        used=(replace(DEGREE[0], on=tomorrow),),
    )  # fmt: skip
    master = replace(WANTED, level="master")
    low = said(
        NOT_MET, "degree.level_too_low", {**params, "level": "master"}, distance="1 level", flip=None, used=DEGREE
    )
    assert degree(master) == low
    assert degree(replace(WANTED, level="doctorate")).distance == "2 levels"
    assert degree(level="doctorate").standing is MET
    assert degree(level="diploma-of-nothing").distance == ""
    assert degree(fields=("0511",)) == said(NOT_MET, "degree.other_field", params, flip=None, used=DEGREE)
    unsure = said(UNKNOWN, "degree.details_unknown", params, flip=state("qualifications.fields"), used=DEGREE)
    assert degree(fields=()) == degree(fields=("06",)) == unsure
    assert degree(fields=("0511", "0613")).standing is MET
    assert degree(replace(WANTED, fields=()), fields=()).standing is MET
    undated = degree(finished_on=None)
    assert undated == replace(unsure, flip=state("qualifications.finished_on"), used=(replace(DEGREE[0], on=None),))
    untitled = degree(title="")
    assert (untitled.params["title"], untitled.used[0].name) == ("bachelor", "bachelor")


def test_a_paper() -> None:
    leaf, params = DocumentNeeded(STATED, "passport"), {"document": "passport"}
    flip, rule = (Change("add_document", params, 2),), ("document:passport",)
    serving = {"passport": Serving(3, TAKEN)}
    used = (Used("papers", 3, "passport", TAKEN),)

    assert judged(leaf, profile()) == said(UNKNOWN, "paper.not_stated", params, flip=flip)
    assert judged(leaf, profile(), papers={"passport": None}).standing is UNKNOWN
    assert judged(leaf, profile(), papers={}) == said(NOT_MET, "paper.missing", params, flip=flip, rests_on=rule)
    here = judged(leaf, profile(), papers={"passport": True}, serving=serving)
    assert here == said(MET, "paper.usable", params, rests_on=rule, used=used)
    unnamed = judged(leaf, profile(), papers={"passport": True})
    assert unnamed.used == (Used("papers", None, "passport"),)
    old = judged(leaf, profile(), papers={"passport": False}, serving=serving)
    assert old == said(NOT_MET, "paper.missing", params, flip=flip, rests_on=rule, used=used)


def test_work() -> None:
    leaf = ExperienceNeeded(STATED, 12)
    assert judged(leaf, Profile()) == said(UNKNOWN, "experience.not_stated", {"months": 12}, flip=state("work"))

    def worked(until: date) -> Finding:
        return judged(leaf, profile(work=(WorkPeriod("developer", date(2025, 1, 1), until),)))

    enough, short, none = worked(date(2025, 12, 31)), worked(date(2025, 11, 30)), judged(leaf, profile(work=()))
    assert (enough.standing, enough.code, enough.params) == (MET, "experience.enough", {"months": 12, "has": 12})
    assert (short.standing, short.code, short.distance) == (NOT_MET, "experience.too_short", "1 month")
    assert short.flip == (Change("work_longer", {"months": 1}, 11),)
    assert none == said(
        NOT_MET, "experience.too_short", {"months": 12, "has": 0}, distance="12 months",
        flip=(Change("work_longer", {"months": 12}, 22),),
    )  # fmt: skip


def test_citizenship() -> None:
    leaf = CitizenshipNeeded(STATED, ("BD", "IN"), ("SY",))
    params = {"any_of": "BD, IN", "none_of": "SY"}

    def held(*people: str) -> Finding:
        return judged(leaf, profile(citizenships=people))

    def used(*people: str) -> tuple[Used, ...]:
        return tuple(Used("citizenships", at, one) for at, one in enumerate(people))

    unstated = said(UNKNOWN, "citizenship.not_stated", params, flip=state("citizenships"))
    assert judged(leaf, Profile()) == unstated
    fits = said(MET, "citizenship.fits", {**params, "held": "NP, IN"}, used=used("NP", "IN"))
    assert held("NP", "IN") == fits
    out = said(NOT_MET, "citizenship.excluded", {**params, "held": "BD, SY"}, flip=None, used=used("BD", "SY"))
    assert held("BD", "SY") == out
    not_among = said(NOT_MET, "citizenship.not_among", {**params, "held": "NP"}, flip=None, used=used("NP"))
    assert held("NP") == not_among
    assert judged(replace(leaf, any_of=()), profile(citizenships=("NP",))).standing is MET


def test_money() -> None:
    leaf = MoneyNeeded(STATED, Money(1_200_000, "EUR"))
    params = {"amount": str(leaf.a_year), "currency": "EUR"}

    def has(amount: int, currency: str = "EUR") -> Finding:
        return judged(leaf, profile(budget_a_year=Money(amount, currency)))

    def used(amount: int, currency: str = "EUR") -> tuple[Used, ...]:
        return (Used("budget_a_year", None, str(Money(amount, currency))),)

    assert judged(leaf, profile()) == said(UNKNOWN, "money.not_stated", params, flip=state("budget_a_year"))
    assert has(1_200_000) == said(MET, "money.enough", params, used=used(1_200_000))
    gap = Money(1, "EUR")
    raised = Change("raise_budget", {"amount": str(gap)}, 30, (Part("budget", gap.amount, str(gap)),))
    assert has(1_199_999) == said(
        NOT_MET, "money.too_little", params, flip=(raised,), distance=str(gap), used=used(1_199_999)
    )
    other_currency = {**params, "budget": str(Money(5, "BDT"))}
    flip = (Change("state_budget_in", {"currency": "EUR"}, 1),)
    assert has(5, "BDT") == said(UNKNOWN, "money.not_comparable", other_currency, flip=flip, used=used(5, "BDT"))


def test_what_no_machine_can_judge_stays_unknown() -> None:
    flip = (Change("judge_yourself", {}, 25),)

    assert judged(StatedOnly(STATED, "Good luck"), profile()) == said(
        UNKNOWN, "stated.not_judged", {"text": "Good luck"}, flip=flip
    )


def part(standing: Standing, *efforts: int, confidence: Confidence = HIGH, impossible: bool = False) -> Finding:
    flip = None if impossible else tuple(Change(f"c{effort}", {}, effort) for effort in efforts)
    return Finding(standing, "x", {}, confidence, flip=flip)


def test_all_of_several_stand_as_the_least_and_need_what_each_needs() -> None:
    met, low = part(MET, confidence=MEDIUM), part(NOT_MET, 3, 4)

    both = fold_all([met, low])
    assert both == Finding(NOT_MET, "all_of", {}, MEDIUM, flip=low.flip, parts=(met, low))
    assert fold_all([low, part(UNKNOWN, impossible=True)]).flip is None
    assert fold_all([]).standing is MET


def test_one_of_several_stands_as_the_greatest_and_needs_the_cheapest() -> None:
    dear, cheap, none = part(NOT_MET, 5, 5), part(UNKNOWN, 9, confidence=LOW), part(NOT_MET, impossible=True)

    found = fold_any([dear, cheap, none])
    assert found == Finding(UNKNOWN, "any_of", {}, LOW, flip=cheap.flip, parts=(dear, cheap, none))
    assert fold_any([none, none]).flip is None
    assert fold_any([cheap, part(MET, confidence=MEDIUM)]).flip == ()
    assert fold_any([cheap, part(MET, confidence=MEDIUM)]).confidence is MEDIUM
    assert fold_any([]).standing is NOT_MET


def test_changes_of_one_thing_become_one_that_asks_for_the_most_of_each_part() -> None:
    def raise_by(test: str, *gaps: tuple[str, str]) -> Change:
        parts = tuple(Part(name, Decimal(size), f"{name} +{size}") for name, size in gaps)
        return Change("raise_score", {"test": test, "by": "-"}, 10 + len(parts), parts)

    one = raise_by("TT", ("writing", "0.5"), ("total", "1"))
    two = raise_by("TT", ("writing", "1.5"), ("reading", "2"))
    paper, again = Change("add_document", {"document": "a"}, 2), Change("add_document", {"document": "a"}, 4)
    foreign = raise_by("UU", ("total", "1"))

    found = joined([(one, paper), (two, again, foreign)])

    parts = Part("writing", Decimal("1.5"), "writing +1.5"), one.parts[1], two.parts[1]
    merged = Change("raise_score", {"test": "TT", "by": "total +1, writing +1.5, reading +2"}, 13, parts)
    assert found == (merged, again, foreign)
    assert joined([(again, paper)]) == (again,)
    budgets = [Change("raise_budget", {"amount": str(n)}, 30, (Part("budget", Decimal(n), str(n)),)) for n in (5, 9, 7)]
    assert joined([(one_,) for one_ in budgets]) == (budgets[1],)
    take = [
        Change("take_test", {"test": "TT", "needed": "-"}, 20, (Part("total", Decimal(n), str(n)),)) for n in (6, 7)
    ]
    assert joined([(take[1],), (take[0],)])[0].params == {"test": "TT", "needed": "7"}


MISSION = Scope(country="DE", nationality=("BD",))
APPOINTMENT = date(2027, 10, 1)  # after the result has run out
MISSION_RULE = Fact("rule", "visa.test.held_against", "appointment", PAGE, LOW, scope=Scope(country="DE"))


def at_mission(enrolment: date | None, *facts: Fact, appointment: date = APPOINTMENT) -> Finding:
    days = Days(date(2027, 3, 1), enrolment, appointment)
    result = own("6.5", writing="6.0")
    offered = programme(LEAF)
    return judge_programme(offered, Evidence(profile(tests=(result,)), ON, days=days), rules(facts=facts)).finding


def test_without_a_rule_of_the_mission_a_result_that_runs_out_before_the_appointment_is_only_noticed() -> None:
    found = at_mission(None)

    told = {"test": "TT", "until": "2027-09-13", "appointment": "2027-10-01"}
    assert (found.standing, found.validity) == (MET, Validity(Layer.OWNER, date(2027, 3, 1), UNTIL))
    assert found.notices == (Reason("test.runs_out_before_appointment", told),)
    assert at_mission(None, appointment=UNTIL).notices == ()


STOP = Closure("stop", "DE", ("SD", "AF"), Closing.SUSPENDED, PAGE, MEDIUM, valid_from=ON, not_nationality=("BD",))


def test_a_stop_of_visas_stands_beside_what_the_programme_requires() -> None:
    leaf = DocumentNeeded(STATED, "passport")

    def found(people: tuple[str, ...] | None, stop: Closure = STOP) -> Verdict:
        evidence = Evidence(profile(citizenships=people), ON, {"passport": True})
        return judge_programme(programme(leaf), evidence, rules(closures=(stop,)))

    params = {"country": "DE", "nationality": "SD, AF", "since": "2026-11-23", "held": "SD"}
    shut = said(NOT_MET, "closure.suspended", params, MEDIUM, rests_on=("stop",), flip=None)
    assert found(("SD",)).finding.parts[1:] == (shut,)
    assert found(("SD",)).standing is NOT_MET
    assert found(("SD",), replace(STOP, level="master")) == found(("SD",))
    assert found(("SD",), replace(STOP, level="bachelor")).finding.parts == ()
    unstated = replace(
        shut,
        standing=UNKNOWN,
        code="closure.citizenship_not_stated",
        params={**params, "held": ""},
        flip=state("citizenships"),
    )
    assert found(None).finding.parts[1:] == (unstated,)
    perhaps = found(("SD", "BD")).finding.parts[1]
    assert perhaps == replace(
        shut,
        standing=UNKNOWN,
        code="closure.perhaps",
        params={**params, "held": "SD, BD"},
        flip=(Change("ask_mission", {}, 1),),
    )
    assert found(("BD",)).finding.parts == ()
    undated = found(("SD",), replace(STOP, valid_from=None, what=Closing.CLOSED)).finding.parts[1]
    assert (undated.code, undated.params["since"]) == ("closure.closed", "")


def test_a_stop_of_visas_does_not_meet_whoever_needs_none() -> None:
    scope = Scope(country="DE", nationality=("FR",))
    free = Fact("free", "study.visa_needed", False, PAGE, MEDIUM, scope=scope, valid_from=ON)
    known = rules(facts=(free,), closures=(replace(STOP, nationality=("SD", "DE", "FR")),))

    def parts(*people: str) -> int:
        evidence = Evidence(profile(citizenships=people), ON, {"passport": True})
        found = judge_programme(programme(DocumentNeeded(STATED, "passport")), evidence, known)
        return len([one for one in found.finding.parts if one.code.startswith("closure.")])

    assert [parts("SD"), parts("DE"), parts("FR"), parts("SD", "FR")] == [1, 0, 0, 0]


def test_a_programme_that_has_ended_or_of_which_nothing_is_known() -> None:
    evidence, known = Evidence(profile(), ON), rules()

    ended = judge_programme(programme(expired=True), evidence, known)
    nothing = judge_programme(programme(institution=institution(name="Old School")), evidence, known)

    assert ended.finding == Finding(NOT_MET, "programme.expired", {}, HIGH, "page", flip=None)
    ask = (Change("ask_institution", {"institution": "Old School"}, 1),)
    assert nothing.finding == said(UNKNOWN, "requirement.not_known", {}, flip=ask)
    assert nothing == Verdict(programme().id, ON, nothing.finding, known.edition, ())
    assert (nothing.effort, ended.effort, nothing.standing) == (1, None, UNKNOWN)


def test_a_verdict_warns_of_what_it_leans_on() -> None:
    unverified = Confidence.UNVERIFIED
    evidence = Evidence(profile(), ON)
    leaf = StatedOnly(replace(STATED, confidence=unverified), "x")

    assert judge_programme(programme(leaf, synthetic=True), evidence, rules()).warnings == (
        "programme.synthetic", "requirement.unverified"
    )  # fmt: skip
    assert judge_programme(programme(leaf, confidence=unverified), evidence, rules()).warnings == (
        "programme.unverified",
    )


def test_a_tree_names_its_leaves_and_all_that_they_rest_on_once() -> None:
    leaf = DocumentNeeded(STATED, "passport")
    tree = AllOf((leaf, AnyOf((LEAF, leaf))))

    found = judged(tree, profile(tests=(own("6.5", writing="6.0"),)), papers={"passport": True})

    assert [one.code for one in found.leaves()] == ["paper.usable", "test.good_enough", "paper.usable"]
    assert found.all_it_rests_on() == ("document:passport", "test:TT")
    assert (found.standing, found.code, found.parts[1].code) == (MET, "all_of", "any_of")
    assert ValidAt.ENROLMENT.value == "enrolment"

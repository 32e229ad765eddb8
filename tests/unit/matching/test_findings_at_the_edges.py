"""What findings say where several parts, several tables, a pass mark, a dated rule or a long number are at stake."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from unit.matching.test_conversions_and_overrides_in_full import converted, fact
from unit.matching.test_parts_of_tests import HUNDRED
from whole_findings import (
    APPOINTMENT,
    FORMULA,
    GERMAN,
    GRADE,
    HOME,
    LEAF,
    MET,
    MISSION_RULE,
    NOT_MET,
    ON,
    OTHER,
    OWN,
    PAST,
    PROBABLY,
    SCHOOL,
    TAKEN,
    TOTALS,
    UNKNOWN,
    UNTIL,
    WRITING,
    at_mission,
    by_table,
    graded,
    judged,
    leads,
    other,
    own,
    rules,
    sat,
    state,
    table,
)

from builders import a_document
from higherstudy.domain.catalogue.requirement import AllOf, AnyOf, DegreeNeeded, TestNeeded
from higherstudy.domain.matching.correspondence import check_result
from higherstudy.domain.matching.entry import Entry, entry_of
from higherstudy.domain.matching.evidence import Days, Evidence, evidence_with
from higherstudy.domain.matching.judging import judge, judge_programme
from higherstudy.domain.matching.verdict import Change, Finding, Part, Used
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.grades import Band, GradeConversion, Method
from higherstudy.domain.rulebook.scores import TestScale, TotalRule
from higherstudy.domain.shared.errors import Invalid
from study_builders import PAGE, STATED, bachelor, institution, profile, programme

PASSABLE = TestScale("PP", "Passable", HUNDRED, (), TotalRule.NONE, PAGE, GERMAN.confidence, 24)  # passed from 90 on
PASSED = TestNeeded(STATED, "PP", passed=True)
TO_PASSABLE = replace(table("to-pp", "total", (100, "100"), (95, "90"), (80, "70")), to_test="PP")
WITH_PASS = rules(tests=(OWN, OTHER, PASSABLE), concordances=(TO_PASSABLE,))
TAKE_PASSABLE = (Change("take_test", {"test": "PP", "needed": "90"}, 20, (Part("total", Decimal(90), "90"),)),)


def passing(*results: Result, leaf: TestNeeded = PASSED, **more: Any) -> Finding:
    return sat(*results, leaf=leaf, **{"rulebook": WITH_PASS, **more})


def passable(total: int, taken_on: date = TAKEN) -> Result:
    return Result("PP", taken_on, Decimal(total))


def test_what_is_needed_to_pass_is_told_wherever_a_finding_tells_what_is_needed() -> None:
    missing = passing()
    low = passing(passable(80))
    run_out = passing(passable(95), on=UNTIL + timedelta(1))
    enough, less = passing(other("95")), passing(other("80"))

    assert (missing.code, missing.params["needed"], missing.flip) == ("test.missing", "90", TAKE_PASSABLE)
    assert (low.code, low.params["needed"], low.distance) == ("test.too_low", "90", "total +10")
    assert (run_out.code, run_out.params["needed"]) == ("test.run_out", "90")
    assert run_out.flip == (replace(TAKE_PASSABLE[0], code="retake_test", effort=15),)
    assert (enough.code, enough.params["needed"], enough.standing) == ("test.concordance_enough", "90", PROBABLY)
    assert (less.code, less.distance, less.flip) == ("test.concordance_too_low", "total +20", TAKE_PASSABLE)
    assert passing(leaf=replace(PASSED, total=Decimal("90.0"))).params["needed"] == "90.0"


def test_the_present_edition_is_asked_for_with_what_passes_the_old_one() -> None:
    past = replace(PASSABLE, taken_until=date(2026, 1, 20), edition_of="PP")
    present = replace(PASSABLE, code="P2", edition_of="PP", taken_from=date(2026, 1, 21))
    leads_back = replace(TO_PASSABLE, from_test="P2")

    found = passing(rulebook=rules(tests=(past, present), concordances=(leads_back,)))

    needed = (Part("total", Decimal(95), "95"),)
    assert found.flip == (Change("take_test", {"test": "P2", "needed": "95"}, 20, needed),)


def test_nobody_is_sent_to_a_new_edition_for_a_score_that_the_old_one_could_not_give() -> None:
    new = replace(OWN, code="T2", edition_of="TT", taken_from=date(2026, 1, 21), total_rule=TotalRule.NONE)
    known = rules(tests=(replace(PAST, edition_of="TT"), new), concordances=(leads("total", ((5, "6.5"),)),))

    assert sat(leaf=TestNeeded(STATED, "TT", Decimal("6.5")), rulebook=known).flip is not None
    assert sat(leaf=TestNeeded(STATED, "TT", "B1"), rulebook=known).flip is None


def test_every_part_that_another_test_leaves_short_is_told() -> None:
    found = sat(other("94", writing="20"), leaf=replace(LEAF, sections={"writing": Decimal("6.5")}))

    assert (found.code, found.distance) == ("test.concordance_too_low", "total +0.5, writing +0.5")


def test_a_level_in_the_place_of_a_number_of_another_test_corresponds_to_nothing() -> None:
    assert sat(Result("OO", TAKEN, Decimal(95), {"writing": "B2"})).code == "test.missing"


def test_all_parts_that_tables_dispute_are_told_with_what_each_says() -> None:
    old = (replace(TOTALS, id="t2", rows=TOTALS.rows[1:]), replace(WRITING, id="w2", rows=WRITING.rows[:1]))
    disputed = sat(other("95", writing="20"), rulebook=rules(concordances=(TOTALS, WRITING, *old)))

    assert disputed.code == "test.concordances_disagree"
    assert disputed.params["by_table"] == "6.5 by totals, 6.0 by t2; writing 6.0 by writing, less by w2"


def at_dhaka(result: Result, *facts: Fact, leaf: TestNeeded = LEAF) -> Finding:
    """Return the finding for an appointment after the result has run out."""
    evidence = Evidence(profile(tests=(result,)), ON, days=Days(date(2027, 3, 1), None, APPOINTMENT))
    return judge_programme(programme(leaf), evidence, rules(facts=facts)).finding


def test_what_will_run_out_is_noticed_only_of_a_result_that_is_good_enough_so_far() -> None:
    def noticed(result: Result) -> tuple[str, list[str]]:
        found = at_dhaka(result)
        return found.code, [notice.code for notice in found.notices]

    soon = ["test.runs_out_before_appointment"]
    assert noticed(own("6.5", writing="6.0")) == ("test.good_enough", soon)
    assert noticed(own("6.0", writing="6.0")) == ("test.too_low", [])
    assert noticed(own("6.5")) == ("test.part_not_stated", soon)
    assert noticed(other("95", writing="20")) == ("test.concordance_enough", soon)
    assert noticed(other("94", writing="20")) == ("test.concordance_too_low", [])
    assert noticed(other("95")) == ("test.other_part_not_stated", soon)


def test_what_is_not_stated_is_asked_for_before_the_day_that_would_decide() -> None:
    waiver = fact("waiver", "visa.test.expired_after_enrolment.tt", "statement", scope=Scope(country="DE"))

    assert at_dhaka(own("6.5", writing="6.0"), MISSION_RULE, waiver).code == "test.enrolment_day_decides"
    assert at_dhaka(own("6.5"), MISSION_RULE, waiver).code == "test.part_not_stated"


def test_a_mission_s_rule_and_its_waiver_are_those_of_the_day_of_the_appointment() -> None:
    begins, day_after = APPOINTMENT, APPOINTMENT + timedelta(1)
    waiver = fact("waiver", "visa.test.expired_after_enrolment.tt", "statement", scope=Scope(country="DE"))

    def code(rule_from: date, waiver_from: date) -> str:
        facts = replace(MISSION_RULE, valid_from=rule_from), replace(waiver, valid_from=waiver_from)
        return at_mission(UNTIL, *facts).code

    assert code(begins, begins) == "test.good_enough"
    assert code(begins, day_after) == "test.run_out_for_mission"
    assert code(day_after, begins) == "test.good_enough"  # no rule of the mission is known for that day


def test_an_institution_s_own_term_and_day_are_those_of_the_day_of_the_verdict() -> None:
    months = fact("months", "institution.test.valid_months", Decimal(6), unit="months")
    at_enrolment = fact("day", "institution.test.valid_at", "enrolment")
    days = Days(application=ON, enrolment=UNTIL + timedelta(1))

    def code(one: Fact, valid_from: date) -> str:
        known = rules(facts=(replace(one, valid_from=valid_from),))
        return sat(own("6.5", writing="6.0"), rulebook=known, days=days).code

    for one in (months, at_enrolment):
        assert code(one, ON) == "test.run_out_for_institution"
        assert code(one, ON + timedelta(1)) == "test.good_enough"


def test_rules_of_the_institution_that_asks_count_for_every_part_of_its_requirement() -> None:
    months = fact("months", "institution.test.valid_months", Decimal(6), unit="months", scope=Scope(institution=SCHOOL))
    known = rules(
        facts=(months,), grade_scales=(GERMAN, HOME),
        grade_conversions=(replace(FORMULA, institution=SCHOOL),),
    )  # fmt: skip
    good = profile(
        tests=(own("6.5", writing="6.0"),),
        qualifications=(replace(bachelor(), grade=replace(bachelor().grade, scale="H")),),  # type: ignore[type-var]
    )

    both = judged(AllOf((LEAF, AnyOf((GRADE,)))), good, known)

    assert [one.code for one in both.leaves()] == ["test.run_out_for_institution", "grade.estimate_good_enough"]
    elsewhere = judge(AllOf((LEAF, GRADE)), Evidence(good, ON), known, "Another", Scope(institution=SCHOOL))
    assert [one.code for one in elsewhere.leaves()] == ["test.run_out_for_institution", "grade.no_conversion"]


def test_a_grade_that_a_table_takes_for_too_little_names_the_class_and_the_grade_that_would_do() -> None:
    named = replace(GERMAN, bands=(Band("Good", Decimal("2.5")), Band("Fair", Decimal("3.5"))))

    less = graded("2.00", by_table(("3.0", "Good")), scales=(named, HOME))
    never = graded("2.00", by_table(("3.0", "3.0")))

    assert (less.standing, less.params["estimate"], less.distance) == (NOT_MET, "less than Good", "1.00 (H)")
    assert (never.standing, never.params["estimate"], never.distance) == (NOT_MET, "less than 3.0", "")


def test_in_whatever_order_ways_stand_those_that_contradict_each_other_settle_nothing() -> None:
    less = by_table(("3.5", "3.0"), ("3.0", "4.0"), id="less")

    assert [graded("3.00", *ways).standing for ways in ((FORMULA, less), (less, FORMULA))] == [UNKNOWN, UNKNOWN]


def test_an_estimate_that_is_next_to_the_limit_is_shown_with_all_its_digits() -> None:
    near = replace(GRADE, at_least=Decimal("2.3333333333333333"))  # every shorter figure would seem to reach it

    found = graded("3.20", FORMULA, lowest="2.2", leaf=near)  # 1 + 3 (4 - 3.2) / (4 - 2.2)

    assert (found.standing, found.params["estimate"]) == (UNKNOWN, "2.333333333333333333333333333")


def test_a_grade_that_cannot_be_is_asked_for_and_not_its_pass_where_one_is_known() -> None:
    without = replace(HOME, lowest_pass=None)

    for found in (graded("4.01", FORMULA, scales=(GERMAN, without)), graded("4.01", FORMULA, lowest=None)):
        assert (found.code, found.flip) == ("grade.not_usable", state("qualifications.grade"))


def test_a_degree_is_told_with_all_its_fields_and_is_held_from_its_very_day() -> None:
    leaf = DegreeNeeded(STATED, "bachelor", ("0613", "07"))
    params = {"level": "bachelor", "fields": "0613, 07"}
    other_field, right = replace(bachelor(), fields=("02",)), replace(bachelor(), title="", finished_on=ON)

    assert judged(leaf, profile(qualifications=())).params == params
    found = judged(leaf, profile(qualifications=(other_field, right, other_field)))
    assert (found.standing, found.code, found.params) == (MET, "degree.held", {**params, "title": "bachelor"})
    assert found.used == (Used("qualifications", 1, "bachelor", ON),)


def test_ways_of_which_nobody_knows_whether_they_hold_come_before_those_that_do_not() -> None:
    ours = replace(FORMULA, id="ours", institution="School A")
    line = GradeConversion("line", "L", Method.LINEAR, "H", "G", PAGE, FORMULA.confidence, "College B", Decimal(1))

    found = converted("3", ours, line, FORMULA, receiving="x").found

    assert [(one.conversion.id, one.holds) for one in found] == [("formula", True), ("line", None), ("ours", False)]


def test_a_result_without_its_day_of_a_test_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Invalid) as caught:
        check_result({"code": "ZZ", "total": "9"}, rules(), ON)

    assert [reason.where for reason in caught.value.reasons] == ["code"]


def test_a_paper_of_which_nothing_was_uploaded_yet_serves_by_no_day() -> None:
    found = evidence_with(profile(), [a_document("letter")], {}, ON)

    assert found.papers == {"letter": False}
    assert [one.issued_on for one in found.serving.values()] == [None]


def test_of_a_programme_is_kept_what_matching_looks_at_its_names_folded_to_be_found() -> None:
    offered = programme(LEAF, name="Économie II", languages=("en", "de"), institution=institution(name="Universität X"))

    assert entry_of(offered) == Entry(
        id=offered.id,
        key="sample-msc",
        name="Économie II",
        search="economie ii",
        institution="Universität X",
        institution_search="universitat x",
        country="DE",
        level="master",
        fields=("0613",),
        languages=("en", "de"),
        tuition_a_year=None,
        requirement=LEAF,
        intakes=offered.intakes,
    )

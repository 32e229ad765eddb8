"""Tests that can be failed, tests with levels, and results of which several parts are not stated."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from whole_findings import HIGH, LEAF, OWN, TOLD, other, own, rules, sat

from higherstudy.domain.catalogue.requirement import ExperienceNeeded, TestNeeded
from higherstudy.domain.matching.asking import Asking
from higherstudy.domain.matching.changes import joined
from higherstudy.domain.matching.correspondence import check_result
from higherstudy.domain.matching.evidence import Days, Evidence
from higherstudy.domain.matching.judging import judge, scope_of
from higherstudy.domain.matching.verdict import Change, Finding, Part, Standing, Used
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.profile.profile import WorkPeriod
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.rulebook.scores import Scale, Score, Section, TestScale, TotalRule
from networks import step, way
from study_builders import PAGE, STATED, profile

ON, TAKEN = date(2026, 11, 23), date(2025, 9, 13)
LEVELS = TestScale("CC", "Levels", Scale(levels=("A1", "B1", "B2")), (), TotalRule.NONE, PAGE, HIGH)
HUNDRED = Scale(Decimal(0), Decimal(180), Decimal(1), passes_from=Decimal(90))
SIXTY = Scale(Decimal(0), Decimal(60), Decimal(1), passes_from=Decimal(19))
FAILABLE = TestScale(
    "JJ", "Failable", HUNDRED, (Section("reading", SIXTY), Section("listening", SIXTY)), TotalRule.AS_GIVEN, PAGE, HIGH
)
KNOWN = rules(tests=(OWN, LEVELS, FAILABLE), concordances=())
PASSED = TestNeeded(STATED, "JJ", passed=True)


def found(leaf: TestNeeded, code: str, total: Score | None, **sections: int) -> Finding:
    result = Result(code, TAKEN, total, {name: Decimal(score) for name, score in sections.items()})
    return sat(result, leaf=leaf, rulebook=KNOWN)


@pytest.mark.parametrize(
    ("total", "standing", "distance"),
    [("A1", Standing.NOT_MET, "total +1"), ("B1", Standing.MET, ""), ("B2", Standing.MET, "")],
)
def test_levels_are_compared_by_their_order(total: str, standing: Standing, distance: str) -> None:
    one = found(TestNeeded(STATED, "CC", "B1"), "CC", total)

    assert (one.standing, one.distance, one.params["has"]) == (standing, distance, total)


def test_a_level_that_there_is_not_and_a_number_among_levels_are_never_reached() -> None:
    beyond, number = TestNeeded(STATED, "CC", "B7"), TestNeeded(STATED, "CC", Decimal(3))

    for leaf in (beyond, number):
        assert found(leaf, "CC", "B2").code == "test.part_not_stated"
    assert sat(leaf=beyond, rulebook=KNOWN).flip == (
        Change("take_test", {"test": "CC", "needed": "B7"}, 20, (Part("total", Decimal(0), "B7"),)),
    )
    level = sat(leaf=TestNeeded(STATED, "CC", "B2"), rulebook=KNOWN).flip
    assert level is not None
    assert level[0].parts == (Part("total", Decimal(2), "B2"),)
    section = TestNeeded(STATED, "CC", None, {"dance": "B1"})
    assert found(section, "CC", "B2").params["parts"] == "dance"


@pytest.mark.parametrize(
    ("leaf", "needed"),
    [
        (PASSED, "90, reading 19, listening 19"),
        (replace(PASSED, total=Decimal(89)), "90, reading 19, listening 19"),
        (replace(PASSED, total=Decimal(90)), "90, reading 19, listening 19"),
        (replace(PASSED, total=Decimal(91)), "91, reading 19, listening 19"),
        (replace(PASSED, sections={"listening": Decimal(30)}), "listening 30, 90, reading 19"),
        (replace(PASSED, total=Decimal(50), passed=False), "50"),
    ],
)
def test_what_the_test_itself_needs_counts_where_it_is_more_than_what_is_stated(leaf: TestNeeded, needed: str) -> None:
    assert sat(leaf=leaf, rulebook=KNOWN).params["needed"].split(", ") == needed.split(", ")  # type: ignore[union-attr]


def test_a_result_passes_when_every_part_does() -> None:
    assert found(PASSED, "JJ", Decimal(90), reading=19, listening=19).standing is Standing.MET
    low = found(PASSED, "JJ", Decimal(90), reading=18, listening=19)
    assert (low.standing, low.distance) == (Standing.NOT_MET, "reading +1")
    some = found(PASSED, "JJ", Decimal(90))
    assert some.params["parts"] == "reading, listening"
    parts = Part("reading", Decimal(0), "reading"), Part("listening", Decimal(0), "listening")
    assert some.flip == (Change("state_score", {"test": "JJ", "parts": "reading, listening"}, 1, parts),)


@pytest.mark.parametrize(
    ("total", "sections", "passed"),
    [
        ("90", {"reading": "19", "listening": "19"}, True),
        ("89", {"reading": "19", "listening": "19"}, False),
        ("90", {"reading": "18", "listening": "19"}, False),
        ("90", {"reading": "19"}, None),
        ("90", {"reading": "18"}, False),
        (None, {}, None),
    ],
)
def test_a_checked_result_says_whether_it_passes_as_far_as_that_is_known(
    total: str | None, sections: dict[str, str], passed: bool | None
) -> None:
    given = {"code": "JJ", "taken_on": TAKEN, "total": total, "sections": sections}
    found_ = check_result({key: value for key, value in given.items() if value is not None}, KNOWN, ON)

    assert (found_.passed, found_.until, found_.counts) == (passed, None, True)


def test_a_result_without_its_day_is_taken_as_one_of_a_day_on_which_the_edition_was_held() -> None:
    past, coming = date(2026, 1, 20), date(2027, 1, 1)
    for edition, day in (
        (replace(LEVELS, taken_until=past), past),
        (replace(LEVELS, taken_from=coming), coming),
        (replace(LEVELS, taken_from=date(2020, 1, 1), taken_until=past), past),
        (LEVELS, ON),
    ):
        one = check_result({"code": "CC", "total": "B1"}, rules(tests=(edition,), concordances=()), ON)
        assert (one.result.taken_on, one.until, one.counts) == (day, None, True)


def test_two_parts_that_are_not_stated_are_both_asked_for() -> None:
    leaf = replace(LEAF, sections={"reading": Decimal(6), "writing": Decimal(6)})

    one = sat(own("7.0"), leaf=leaf)

    assert one.params["parts"] == "reading, writing"
    bare = sat(other(None))
    assert (bare.code, bare.params["parts"], bare.params["has"]) == ("test.other_part_not_stated", "total, writing", "")


def test_a_section_that_the_test_has_no_longer_is_shown_behind_its_own() -> None:
    one = sat(own("6.5", dance="7.0", writing="6.0", reading="6.5"))

    assert (one.standing, one.params["has"]) == (Standing.MET, "6.5, reading 6.5, writing 6.0, dance 7.0")


def test_changes_about_nothing_in_particular_are_one() -> None:
    cheap, dear = Change("ask_mission", {}, 1), Change("ask_mission", {"name": "x"}, 2)

    assert joined([(cheap,), (dear,)]) == (dear,)
    assert TOLD["test"] == "TT"
    assert profile().tests


def test_facts_are_asked_for_the_mission_of_the_pathway_where_the_days_of_a_case_are_known() -> None:
    dhaka = way(step("A"), step("END", "A"), mission="Dhaka", nationality=("BD",))
    known, days = rules(pathways=(dhaka,)), Days(application=ON)

    def scope(**changes: Any) -> Scope:
        asking = Asking("DE", "master", "School")
        return scope_of(asking, replace(Evidence(profile(), ON, days=days), **changes), known)

    assert scope() == Scope("DE", "Dhaka", ("BD",), "master", "School")
    assert scope(days=None) == Scope("DE", "", ("BD",), "master", "School")
    assert scope(profile=profile(citizenships=None)) == Scope("DE", "", (), "master", "School")


def test_work_is_shown_by_its_periods_but_not_by_internships_or_what_is_still_to_come() -> None:
    day = date(2026, 1, 1)
    periods = (
        WorkPeriod("Intern Ltd", day, ON, internship=True),
        WorkPeriod("Work Ltd", day, ON),
        WorkPeriod("Today Ltd", ON, None),
        WorkPeriod("Later Ltd", date(2026, 11, 24), None),
    )
    used = (Used("work", 1, "Work Ltd", day), Used("work", 2, "Today Ltd", ON))

    for months in (3, 30):
        found_ = judge(ExperienceNeeded(STATED, months), Evidence(profile(work=periods), ON), KNOWN)
        assert (found_.used, found_.standing is Standing.MET) == (used, months == 3)

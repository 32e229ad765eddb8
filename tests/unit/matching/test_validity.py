"""How long a test result counts: for its owner, for the institution, before the mission."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.requirement import TestNeeded, ValidAt
from higherstudy.domain.matching.evidence import Days, Evidence
from higherstudy.domain.matching.judging import judge, judge_programme
from higherstudy.domain.matching.verdict import Finding, Layer, Standing, Validity
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.pack import Rulebook, RulePack
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE, STATED, ielts, institution, profile, programme

TAKEN, LAST = date(2025, 9, 13), date(2027, 9, 13)
ON = date(2026, 11, 23)
NEEDED = TestNeeded(STATED, "IELTS_AC", Decimal("6.5"))


def found(days: Days | None, leaf: TestNeeded = NEEDED, on: date = ON, result: Result | None = None) -> Finding:
    """Judge a Master's programme in Germany for a student from Bangladesh, whose mission is the one in Dhaka."""
    student = profile(tests=(result or ielts(),))
    return judge_programme(programme(leaf), Evidence(student, on, days=days), bundled_rulebook()).finding


@pytest.mark.parametrize(("on", "expected"), [(LAST, Standing.MET), (date(2027, 9, 14), Standing.NOT_MET)])
def test_without_days_of_a_case_the_owner_s_term_is_held_against_the_day_of_the_verdict(
    on: date, expected: Standing
) -> None:
    finding = found(None, on=on)

    assert finding.standing is expected
    assert finding.validity == Validity(Layer.OWNER, on, LAST)


def test_a_result_that_ran_out_names_both_days_and_how_late_it_is() -> None:
    finding = found(None, on=date(2027, 9, 15))

    assert (finding.code, finding.distance) == ("test.run_out", "2 days")
    assert (finding.params["until"], finding.params["held_on"]) == ("2027-09-13", "2027-09-15")
    assert [change.code for change in finding.flip or ()] == ["retake_test"]


def test_a_result_without_an_end_has_no_last_day() -> None:
    needed = TestNeeded(STATED, "TESTDAF", None, {"lesen": "TDN4"})
    result = Result("TESTDAF", date(2015, 1, 1), None, {"lesen": "TDN5"})

    finding = found(Days(appointment=date(2030, 1, 1)), needed, result=result)

    assert (finding.standing, finding.validity) == (Standing.MET, None)


def test_an_institution_may_want_a_younger_result_than_the_owner() -> None:
    needed = replace(NEEDED, valid_months=12)

    finding = found(None, needed)

    assert (finding.standing, finding.code) == (Standing.NOT_MET, "test.run_out_for_institution")
    assert finding.validity == Validity(Layer.INSTITUTION, ON, date(2026, 9, 13))


@pytest.mark.parametrize(
    ("valid_at", "expected"), [(None, Standing.MET), ("application", Standing.MET), ("enrolment", Standing.NOT_MET)]
)
def test_an_institution_says_on_which_day_of_the_case_the_result_must_count(
    valid_at: str | None, expected: Standing
) -> None:
    needed = replace(NEEDED, valid_at=None if valid_at is None else ValidAt(valid_at))

    finding = found(Days(application=date(2027, 5, 1), enrolment=date(2027, 10, 1)), needed)

    assert finding.standing is expected


def test_a_fact_of_the_institution_speaks_where_the_requirement_says_nothing() -> None:
    scope = Scope(institution="Sample University")
    facts = (
        Fact("own.months", "institution.test.valid_months", Decimal(12), PAGE, Confidence.MEDIUM, "months", scope),
        Fact("own.day", "institution.test.valid_at", "enrolment", PAGE, Confidence.LOW, "", scope),
    )
    rulebook = Rulebook((*bundled_rulebook().packs, RulePack("own", "Own", "1", date(2028, 1, 1), "0", facts)))
    days = Days(application=date(2026, 9, 1), enrolment=date(2026, 10, 1))
    evidence = Evidence(profile(), ON, days=days)

    own = judge_programme(programme(NEEDED), evidence, rulebook).finding
    other = judge_programme(programme(NEEDED, institution=institution(name="Another")), evidence, rulebook).finding

    assert own.validity == Validity(Layer.INSTITUTION, date(2026, 10, 1), date(2026, 9, 13))
    assert (own.standing, own.rests_on[-2:], own.confidence) == (
        Standing.NOT_MET,
        ("own.months", "own.day"),
        Confidence.LOW,
    )
    assert other.standing is Standing.MET


APPLICATION, APPOINTMENT = date(2027, 5, 1), date(2027, 11, 20)


def test_a_result_that_runs_out_between_application_and_appointment_is_named_before_it_happens() -> None:
    finding = found(Days(APPLICATION, date(2027, 10, 1), APPOINTMENT))

    assert (finding.standing, finding.code) == (Standing.NOT_MET, "test.run_out_for_mission")
    assert finding.validity == Validity(Layer.MISSION, APPOINTMENT, LAST)
    assert "de.dhaka.test.held_against" in finding.rests_on


def test_an_ielts_that_ran_out_after_enrolment_is_taken_with_the_embassy_s_statement() -> None:
    finding = found(Days(APPLICATION, LAST, APPOINTMENT))

    assert finding.standing is Standing.MET
    assert finding.validity == Validity(Layer.MISSION, APPOINTMENT, LAST)
    (notice,) = finding.notices
    assert (notice.code, notice.params["document"]) == ("test.counts_with_statement", "embassy_ielts_statement")
    assert finding.rests_on[-2:] == ("de.dhaka.test.held_against", "de.dhaka.test.expired_after_enrolment.ielts_ac")


def test_while_the_day_of_enrolment_is_not_known_it_is_asked_for() -> None:
    finding = found(Days(APPLICATION, None, APPOINTMENT))

    assert (finding.standing, finding.code) == (Standing.UNKNOWN, "test.enrolment_day_decides")
    assert [change.code for change in finding.flip or ()] == ["name_enrolment_day"]


def test_the_statement_is_for_ielts_alone() -> None:
    result = Result("TOEFL_IBT_2005", TAKEN, Decimal(100))
    needed = TestNeeded(STATED, "TOEFL_IBT_2005", Decimal(90))

    finding = found(Days(APPLICATION, LAST, APPOINTMENT), needed, result=result)

    assert finding.code == "test.run_out_for_mission"


def test_a_result_that_lasts_beyond_the_appointment_is_held_against_it() -> None:
    finding = found(Days(APPLICATION, None, LAST))

    assert (finding.standing, finding.notices) == (Standing.MET, ())
    assert finding.validity == Validity(Layer.MISSION, LAST, LAST)


def test_where_no_rule_of_the_mission_is_known_that_is_said_and_decides_nothing() -> None:
    student = profile(tests=(ielts(),))
    evidence = Evidence(student, ON, days=Days(APPLICATION, LAST, APPOINTMENT))

    finding = judge(NEEDED, evidence, bundled_rulebook(), scope=Scope(country="NL"))

    assert finding.standing is Standing.MET
    assert [notice.code for notice in finding.notices] == ["test.runs_out_before_appointment"]


def test_a_result_that_ran_out_for_the_application_is_not_saved_by_an_early_enrolment() -> None:
    finding = found(Days(date(2027, 9, 14), LAST, APPOINTMENT))

    assert (finding.code, finding.validity) == ("test.run_out", Validity(Layer.OWNER, date(2027, 9, 14), LAST))


def test_a_test_that_can_be_failed_must_be_passed_in_total_and_in_every_section() -> None:
    needed = TestNeeded(STATED, "JLPT_N2", passed=True)
    sections = {"language_knowledge": Decimal(40), "reading": Decimal(40), "listening": Decimal(18)}

    one_failed = found(None, needed, result=Result("JLPT_N2", TAKEN, Decimal(98), sections))
    passed = found(None, needed, result=Result("JLPT_N2", TAKEN, None, {**sections, "listening": Decimal(19)}))
    total_failed = found(None, needed, result=Result("JLPT_N2", TAKEN, None, dict.fromkeys(sections, Decimal(29))))

    assert (one_failed.standing, one_failed.distance) == (Standing.NOT_MET, "listening +1")
    assert passed.standing is Standing.MET
    assert (total_failed.standing, total_failed.distance) == (Standing.NOT_MET, "total +3")

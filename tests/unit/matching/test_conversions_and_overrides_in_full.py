"""Conversions, checked results, overrides and validity, whole, by a small rulebook that is made by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from whole_findings import (
    APPOINTMENT,
    FORMULA,
    GERMAN,
    HOME,
    LEAF,
    MISSION_RULE,
    NEEDED,
    TAKEN,
    TOLD,
    UNTIL,
    at_mission,
    by_table,
    other,
    own,
    rules,
    said,
    sat,
)

from builders import a_document, a_version
from higherstudy.domain.catalogue.requirement import AllOf, AnyOf, DocumentNeeded, MoneyNeeded, StatedOnly, ValidAt
from higherstudy.domain.documents.document import Stated as StatedOnPaper
from higherstudy.domain.matching.converting import Converted, ConvertedGrade, convert_grade, plain
from higherstudy.domain.matching.correspondence import CheckedResult, Corresponding, check_result
from higherstudy.domain.matching.events import FindingOverridden, OverrideTakenBack
from higherstudy.domain.matching.evidence import Days, Evidence, Serving, evidence_with
from higherstudy.domain.matching.judging import judge_programme
from higherstudy.domain.matching.override import Override, Overrides, State, TakenBack, sorted_out
from higherstudy.domain.matching.overriding import basis_of, places, those_that_count, with_overrides
from higherstudy.domain.matching.verdict import Change, Finding, Layer, Standing, Used, Validity
from higherstudy.domain.profile.profile import Grade
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.rulebook.grades import GradeConversion, Method, Rounding
from higherstudy.domain.rulebook.papers import DocumentKind
from higherstudy.domain.shared.errors import Invalid, Reason
from higherstudy.domain.shared.ids import AccountId, OverrideId, ProgrammeId, StudentId
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE, STATED, profile, programme

ON = date(2026, 11, 23)
HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
ESTIMATE = Reason("grade.conversion_is_estimate", {"institution": "applied_to"})


def converted(value: str, *ways: GradeConversion, lowest: str | None = "2", **more: Any) -> ConvertedGrade:
    grade = Grade("H", Decimal(value), None if lowest is None else Decimal(lowest))
    scales = more.pop("scales", (GERMAN, HOME))
    return convert_grade(grade, more.pop("to", "G"), rules(grade_scales=scales, grade_conversions=ways), **more)


def test_the_formula_gives_the_value_and_what_each_way_of_rounding_makes_of_it() -> None:
    found = converted("2.97", FORMULA)

    each = (
        (Rounding.EXACT, Decimal("2.545")), (Rounding.TRUNCATE_1, Decimal("2.5")), (Rounding.HALF_UP_1, Decimal("2.5")),
    )  # fmt: skip
    one = Converted(FORMULA, "2.545", True, HIGH, Decimal("2.545"), each, Decimal(2))
    assert found == ConvertedGrade(Grade("H", Decimal("2.97"), Decimal(2)), HOME, GERMAN, (one,), (), ESTIMATE)
    assert converted("2.97", FORMULA, receiving="TUM").binding.params == {"institution": "TUM"}
    assumed = Reason("grade.lowest_pass_assumed", {"lowest_pass": "2", "scale": "H"}, "lowest_pass")
    assert converted("2.97", FORMULA, lowest=None).found == (replace(one, confidence=LOW, notices=(assumed,)),)
    own_way = replace(FORMULA, rounding=Rounding.TRUNCATE_1)
    cut = Converted(own_way, "2.50", True, HIGH, Decimal("2.545"), each[1:2], Decimal(2))
    assert converted("2.97", own_way).found == (cut,)


def test_what_stands_in_the_way_of_a_conversion_is_said() -> None:
    falling, endless = replace(HOME, best=Decimal(0), worst=Decimal(4)), replace(HOME, lowest_pass=None)
    said_of = {"conversion": "formula", "scale": "H"}

    needs_rising = converted("3", FORMULA, scales=(GERMAN, falling))
    assert needs_rising.missing == (Reason("grade.formula_needs_rising_scale", said_of),)
    needed = converted("3", FORMULA, lowest=None, scales=(GERMAN, endless))
    assert needed.missing == (Reason("grade.lowest_pass_needed", said_of, "lowest_pass"),)
    empty = converted("3", by_table())
    assert empty.missing == (Reason("grade.conversion_empty", {"conversion": "table"}),)
    beyond = GradeConversion("line", "L", Method.LINEAR, "H", "G", PAGE, HIGH, factor=Decimal(2))
    leaves = Reason("grade.conversion_leaves_scale", {"conversion": "line", "scale": "G"})
    assert converted("3", beyond).missing == (leaves,)
    within = converted("2", beyond).found[0]
    assert (within.shown, within.exact, within.lowest_pass, within.confidence) == ("4.00", Decimal(4), None, HIGH)
    moved = converted("2", replace(beyond, offset=Decimal("0.5"))).found[0]
    assert moved.exact == Decimal("4.5")


def test_a_table_gives_the_class_that_is_reached_or_less_than_its_last() -> None:
    table = by_table(("2.0", "4.0"), ("3.5", "1.5"), ("3.0", "2.5"))

    shown = [converted(value, table).found[0].shown for value in ("3.50", "3.49", "2.00", "1.99")]
    assert shown == ["1.5", "2.5", "4.0", "less than 4.0"]
    assert converted("3.50", table).found == (Converted(table, "1.5", True, HIGH),)


def test_ways_that_hold_come_first_and_those_of_others_last() -> None:
    ours = replace(FORMULA, id="ours", institution="School A")
    line = GradeConversion("line", "L", Method.LINEAR, "H", "G", PAGE, HIGH, "College B", Decimal(1))
    ways = (line, ours, FORMULA)

    def told(**whose: str) -> list[tuple[str, bool | None]]:
        return [(one.conversion.id, one.holds) for one in converted("3", *ways, **whose).found]

    assert told() == [("formula", True), ("line", None), ("ours", None)]
    assert told(receiving=" school a ", awarding="other") == [("ours", True), ("formula", True), ("line", False)]
    assert told(receiving="x", awarding="COLLEGE B") == [("line", True), ("formula", True), ("ours", False)]


def test_a_scale_that_is_not_known_or_is_the_grades_own_is_refused() -> None:
    for to, why in (
        (
            "Z" * 50,
            Reason("grade.unknown_scale", {"given": "Z" * 40, "known": "G, H"}, "to"),
        ),
        ("H", Reason("grade.on_that_scale_already", {"scale": "H"}, "to")),
    ):
        with pytest.raises(Invalid) as caught:
            converted("3", FORMULA, to=to)
        assert caught.value.reasons == (why,)


@pytest.mark.parametrize(
    ("value", "shown"), [("2", "2.00"), ("2.5", "2.50"), ("2.545", "2.545"), ("1.41666", "1.4167"), ("10", "10.00")]
)
def test_a_value_is_written_with_two_decimals_or_up_to_four_where_two_are_not_exact(value: str, shown: str) -> None:
    assert plain(Decimal(value)) == shown


def checked(on: date = ON, **data: Any) -> CheckedResult:
    return check_result({"code": "OO", **data}, rules(), on)


def test_a_result_is_checked_with_its_end_and_what_it_corresponds_to() -> None:
    found = checked(taken_on=TAKEN, total="95", sections={"writing": "19"})
    totals, writing = rules().concordances.values()

    assert found == CheckedResult(
        result=other("95", writing="19"),
        test=rules().tests["OO"],
        total=Decimal(95),
        total_by_rule=None,
        passed=None,
        until=UNTIL,
        counts=True,
        corresponding=(
            Corresponding(totals, Decimal(95), Decimal("6.5")), Corresponding(writing, Decimal(19), None)
        ),
        label=Reason("test.correspondence_is_estimate", {"test": "OO"}),
    )  # fmt: skip
    assert [checked(day, taken_on=TAKEN, total="95").counts for day in (UNTIL, UNTIL + timedelta(1))] == [True, False]
    undated = checked(total="95")
    assert (undated.until, undated.counts) == (None, None)
    by_rule = check_result({"code": "TT", "taken_on": TAKEN, "sections": {"reading": "7", "writing": "6"}}, rules(), ON)
    assert (by_rule.total, by_rule.total_by_rule, by_rule.corresponding) == (Decimal("6.5"), Decimal("6.5"), ())


OVERRIDDEN = programme(AllOf((LEAF, AnyOf((DocumentNeeded(STATED, "cv"), StatedOnly(STATED, "x"))))))
AT = datetime(2026, 11, 20, tzinfo=UTC)
SHOWN = Evidence(profile(tests=(own("6.0", writing="6.0"),)), ON, {"cv": False})


def override(place: str, standing: Standing = Standing.MET, number: int = 1, **changes: Any) -> Override:
    basis = {spot: basis_of(leaf, SHOWN) for spot, leaf in places(OVERRIDDEN.requirement)}  # type: ignore[arg-type]
    made = Override(
        OverrideId(UUID(int=number)), StudentId(UUID(int=7)), ProgrammeId(UUID(int=2)), place, standing, "Said.",
        AccountId(UUID(int=9)), AT + timedelta(hours=number), basis.get(place, ""),
    )  # fmt: skip
    return replace(made, **changes)


def test_of_several_overrides_the_newest_at_a_place_counts_while_nothing_has_changed() -> None:
    back = override("/0", number=9, taken_back=TakenBack(AccountId(UUID(int=9)), AT, "No."))
    newest, older = override("/0", number=5), override("/0", number=4)
    ended, today = override("/1/0", number=3, until=ON - timedelta(1)), override("/1/0", number=2, until=ON)
    outdated = override("/1/1", number=1, basis="other")

    found = those_that_count(OVERRIDDEN, SHOWN, (older, ended, back, outdated, newest, today))

    assert found == Overrides(
        (
            (back, State.TAKEN_BACK), (newest, State.IN_FORCE), (older, State.REPLACED), (ended, State.ENDED),
            (today, State.IN_FORCE), (outdated, State.OUTDATED),
        ),
        {"/0": newest, "/1/0": today},
    )  # fmt: skip
    same_moment = [override("/0", number=number, at=AT) for number in (1, 2)]
    assert sorted_out(same_moment, {"/0": same_moment[0].basis}, ON).in_force == {"/0": same_moment[1]}
    assert newest.given() == FindingOverridden(newest.id, newest.student_id, newest.programme_id)
    assert newest.withdrawn() == OverrideTakenBack(newest.id, newest.student_id, newest.programme_id)


def test_an_override_stands_in_the_place_of_the_rules_and_what_they_say_stays_beside_it() -> None:
    ruled = judge_programme(OVERRIDDEN, SHOWN, rules())
    test, either = ruled.finding.parts
    one, two = override("/0"), override("/1/0", Standing.PROBABLY_MET, 2)

    found = with_overrides(ruled, OVERRIDDEN, SHOWN, (one, two))

    told = replace(test, standing=Standing.MET, flip=(), override=one, ruled=Standing.NOT_MET)
    paper = replace(either.parts[0], standing=Standing.PROBABLY_MET, override=two, ruled=Standing.NOT_MET)
    assert found.finding.parts[0] == told
    assert found.finding.parts[1].parts == (paper, either.parts[1])
    assert found.finding.parts[1].flip == either.flip == (Change("add_document", {"document": "cv"}, 2),)
    assert (found.standing, found.ruled, found.effort) == (Standing.PROBABLY_MET, Standing.NOT_MET, 2)
    assert found.overrides == ((two, State.IN_FORCE), (one, State.IN_FORCE))
    assert with_overrides(ruled, OVERRIDDEN, SHOWN, ()) is ruled
    ended = override("/0", until=date(2026, 1, 1))
    assert with_overrides(ruled, OVERRIDDEN, SHOWN, (ended,)) == replace(ruled, overrides=((ended, State.ENDED),))


def test_what_was_met_and_is_overridden_is_to_be_asked_for_and_a_single_requirement_has_its_own_place() -> None:
    offer = programme(LEAF)
    met = Evidence(profile(tests=(own("6.5", writing="6.0"),)), ON)
    no = override("/", Standing.NOT_MET, basis=basis_of(LEAF, met))
    ruled = judge_programme(offer, met, rules())

    found = with_overrides(ruled, offer, met, (no,)).finding

    assert found == replace(
        ruled.finding,
        standing=Standing.NOT_MET,
        flip=(Change("ask_counsellor", {}, 3),),
        override=no,
        ruled=Standing.MET,
    )
    unknown = override("/", Standing.UNKNOWN, basis=basis_of(LEAF, SHOWN))
    low = judge_programme(offer, SHOWN, rules())
    assert with_overrides(low, offer, SHOWN, (unknown,)).finding.flip == low.finding.flip


def test_the_basis_of_an_override_is_what_is_required_and_what_is_shown_and_not_the_page() -> None:
    another_page = replace(LEAF, stated=replace(STATED, confidence=LOW))
    paper, money = DocumentNeeded(STATED, "cv"), MoneyNeeded(STATED, Money(5, "EUR"))

    assert basis_of(LEAF, SHOWN) == basis_of(another_page, SHOWN) == basis_of(LEAF, replace(SHOWN, on=date(2030, 1, 1)))
    assert basis_of(LEAF, SHOWN) != basis_of(replace(LEAF, total=Decimal(7)), SHOWN)
    assert basis_of(LEAF, SHOWN) != basis_of(LEAF, replace(SHOWN, profile=profile(tests=())))
    assert basis_of(money, SHOWN) == basis_of(money, replace(SHOWN, profile=profile(tests=())))
    assert basis_of(money, SHOWN) != basis_of(money, replace(SHOWN, profile=profile(budget_a_year=Money(1, "EUR"))))
    papers = [basis_of(paper, replace(SHOWN, papers=shown)) for shown in ({"cv": False}, {"cv": True}, {}, None)]
    assert len(set(papers)) == 3  # nothing is known of the last two
    assert papers[2] == papers[3]
    assert [place for place, _ in places(AnyOf((LEAF, AllOf((paper, AllOf((money,)))))))] == ["/0", "/1/0", "/1/1/0"]


def test_the_papers_of_a_student_serve_as_evidence_each_kind_by_its_best() -> None:
    kinds = {"passport": DocumentKind("passport", "Passport", PAGE, HIGH, uses_expiry_date=True)}
    old = a_document("passport", a_version(stated=StatedOnPaper(date(2016, 1, 1), date(2026, 1, 1))), number=1)
    good = a_document("passport", a_version(stated=StatedOnPaper(date(2026, 1, 1), date(2036, 1, 1))), number=2)
    letter = a_document("letter", a_version(), number=3)
    days = Days(enrolment=ON)

    found = evidence_with(profile(), iter((old, good, letter)), kinds, ON, days)

    assert (found.profile, found.on, found.days) == (profile(), ON, days)
    assert found.serving == {"passport": Serving(1, date(2026, 1, 1)), "letter": Serving(2, None)}
    assert found.papers == {"passport": True, "letter": None}


def fact(name: str, key: str, value: Any, **changes: Any) -> Fact:
    return Fact(name, key, value, PAGE, LOW, **changes)


def of_mission(standing: Standing, code: str, validity: Validity, *facts: str, **more: Any) -> Finding:
    return said(
        standing, code, more.pop("params"), LOW, rests_on=("test:TT", *facts), validity=validity,
        used=(Used("tests", 0, "TT", TAKEN),), **more,
    )  # fmt: skip


def test_a_mission_holds_a_result_against_the_appointment_unless_it_waives_that() -> None:
    held = Validity(Layer.MISSION, APPOINTMENT, UNTIL)
    waiver = fact("waiver", "visa.test.expired_after_enrolment.tt", "statement", scope=Scope(country="DE"))
    days = {"taken_on": "2025-09-13", "until": "2027-09-13", "held_on": "2027-10-01"}

    refused = at_mission(None, MISSION_RULE)

    assert refused == of_mission(
        Standing.NOT_MET, "test.run_out_for_mission", held, "rule", params={**TOLD, **days}, distance="18 days",
        flip=(Change("retake_test", TOLD, 15, NEEDED),),
    )  # fmt: skip
    kept = at_mission(None, MISSION_RULE, appointment=UNTIL)
    assert (kept.standing, kept.validity, kept.rests_on) == (
        Standing.MET, Validity(Layer.MISSION, UNTIL, UNTIL), ("test:TT", "rule")
    )  # fmt: skip
    unsure = at_mission(None, MISSION_RULE, waiver)
    assert unsure == of_mission(
        Standing.UNKNOWN, "test.enrolment_day_decides", held, "rule", "waiver", params={**TOLD, **days},
        flip=(Change("name_enrolment_day", {}, 1),),
    )  # fmt: skip
    waived = at_mission(UNTIL, MISSION_RULE, waiver)
    told = {"test": "TT", "until": "2027-09-13", "appointment": "2027-10-01", "document": "statement"}
    assert (waived.standing, waived.validity) == (Standing.MET, held)
    assert waived.notices == (Reason("test.counts_with_statement", told),)
    late = at_mission(UNTIL + timedelta(1), MISSION_RULE, waiver)
    assert (late.standing, late.code, late.rests_on) == (
        Standing.NOT_MET, "test.run_out_for_mission", ("test:TT", "rule", "waiver")
    )  # fmt: skip


def test_an_institution_may_have_its_own_months_and_its_own_day() -> None:
    years, half = replace(LEAF, valid_months=36), replace(LEAF, valid_months=6)
    at_enrolment = replace(LEAF, valid_at=ValidAt.ENROLMENT)
    days = Days(application=date(2027, 3, 1), enrolment=date(2027, 10, 1))
    good = own("6.5", writing="6.0")

    def held(leaf: Any, *facts: Fact, **more: Any) -> tuple[Standing, Validity | None]:
        found = sat(good, leaf=leaf, rulebook=rules(facts=facts), **more)
        return found.standing, found.validity

    assert held(years, days=days) == (Standing.MET, Validity(Layer.OWNER, date(2027, 3, 1), UNTIL))
    young = Validity(Layer.INSTITUTION, ON, date(2026, 3, 13))
    assert held(half) == (Standing.NOT_MET, young)
    late = Validity(Layer.INSTITUTION, date(2027, 10, 1), UNTIL)
    assert held(at_enrolment, days=days) == (Standing.NOT_MET, late)
    assert held(at_enrolment) == (Standing.MET, Validity(Layer.INSTITUTION, ON, UNTIL))
    months, by_day = (
        fact("months", "institution.test.valid_months", Decimal(6), unit="months"),
        fact("day", "institution.test.valid_at", "enrolment"),
    )
    assert held(LEAF, months) == (Standing.NOT_MET, young)
    assert held(LEAF, by_day, days=days) == (Standing.NOT_MET, late)
    stated = replace(LEAF, valid_at=ValidAt.APPLICATION, valid_months=36)
    assert held(stated, months, by_day, days=days) == (Standing.MET, Validity(Layer.OWNER, date(2027, 3, 1), UNTIL))
    assert sat(good, leaf=LEAF, rulebook=rules(facts=(months,))).rests_on == ("test:TT", "months")

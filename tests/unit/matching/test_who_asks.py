"""Whom the rules tell apart, and which findings those share whom they do not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from whole_findings import (
    FORMULA,
    GERMAN,
    HOME,
    LEAF,
    LOW,
    MEDIUM,
    ON,
    OTHER,
    OWN,
    other,
    own,
    rules,
    standing_and_effort,
)

from higherstudy.domain.catalogue.programme import Level, Programme
from higherstudy.domain.catalogue.requirement import (
    AllOf,
    AnyOf,
    DegreeNeeded,
    DocumentNeeded,
    GradeNeeded,
    Leaf,
    TestNeeded,
    ValidAt,
)
from higherstudy.domain.matching.asking import ANYBODY, Apart, Asking, Named
from higherstudy.domain.matching.evidence import Days, Evidence
from higherstudy.domain.matching.judging import judge_programme, scope_of
from higherstudy.domain.matching.ranking import Matching
from higherstudy.domain.matching.remembering import Remembered
from higherstudy.domain.matching.verdict import Finding, Standing
from higherstudy.domain.rulebook.closures import Closing, Closure
from higherstudy.domain.rulebook.facts import Fact, Scope
from higherstudy.domain.shared.sources import Confidence
from networks import step, way
from study_builders import PAGE, STATED, institution, profile, programme

DE, NL = "DE", "NL"
NAMES = Named(frozenset({DE}), frozenset({"master"}), frozenset({"sample university"}))


def test_whoever_is_not_named_is_like_all_others_country_level_and_institution_by_themselves() -> None:
    assert NAMES.of(Asking(DE, "master", " Sample UNIVERSITY ")) == Asking(DE, "master", " Sample UNIVERSITY ")
    assert NAMES.of(Asking(DE, "bachelor", "Another")) == Asking(DE, "", "")
    assert NAMES.of(Asking(NL, "master", "Another")) == Asking("", "master", "")
    assert NAMES.of(Asking(NL, "bachelor", "Sample University")) == Asking("", "", "Sample University")
    assert NAMES.of(Asking(NL, "bachelor", "Another")) == ANYBODY
    assert Named().of(Asking(DE, "master", "Sample University")) == ANYBODY


def test_what_either_names_is_named_by_both_together() -> None:
    other = Named(frozenset({NL}), frozenset({"bachelor"}), frozenset({"another"}))

    assert NAMES.joined(other) == Named(
        frozenset({DE, NL}), frozenset({"master", "bachelor"}), frozenset({"sample university", "another"})
    )


def fact(name: str, key: str, value: Any, **scope: Any) -> Fact:
    return Fact(name, key, value, PAGE, LOW, scope=Scope(**scope))


DHAKA = way(step("A"), step("END", "A"), country=DE, level="master", mission="Dhaka", nationality=("BD",))
DUTCH = replace(DHAKA, id="dutch", country=NL, level="doctorate", mission="The Hague")
GERMAN_TOO = replace(DHAKA, id="german-too", level="bachelor", mission="")
MONTHS = fact("months", "institution.test.valid_months", Decimal(6), institution=" Sample University")
DAY = fact("day", "institution.test.valid_at", "enrolment", country="SE", level="diploma")
MISSION = fact("mission", "visa.test.held_against", "appointment", mission="Dhaka")
WAIVER = fact("waiver", "visa.test.expired_after_enrolment.tt", "statement", country="FI", level="language")
STOP = Closure("stop", "CA", ("SD",), Closing.CLOSED, PAGE, MEDIUM, level="doctorate")
OWN_TABLE = replace(FORMULA, id="own", institution="Another University")
KNOWN = rules(
    facts=(MONTHS, DAY, MISSION, WAIVER),
    pathways=(DHAKA, DUTCH, GERMAN_TOO),
    closures=(STOP,),
    grade_scales=(GERMAN, HOME),
    grade_conversions=(FORMULA, OWN_TABLE),
)


def test_rules_tell_apart_whom_they_name_and_missions_only_where_the_appointment_is_known() -> None:
    grades = Named(institutions=frozenset({"another university"}))
    visas = Named(frozenset({"CA"}), frozenset({"doctorate"}))
    schools = frozenset({"sample university"})
    by_institutions = Named(frozenset({"SE"}), frozenset({"diploma"}), schools)
    # Dhaka is reached from Germany at both levels that lead there or beside it; nobody names The Hague.
    by_missions = Named(frozenset({"SE", "FI", DE}), frozenset({"diploma", "language", "master", "bachelor"}), schools)

    assert Apart.of(KNOWN) == Apart(grades, by_institutions, visas)
    assert Apart.of(KNOWN, Days(application=ON)) == Apart(grades, by_institutions, visas)
    assert Apart.of(KNOWN, Days(appointment=ON)) == Apart(grades, by_missions, visas)
    assert Apart(grades, by_institutions, visas).all == Named(
        frozenset({"SE", "CA"}), frozenset({"diploma", "doctorate"}), frozenset({"another university", *schools})
    )


SHARED = Remembered(
    Apart(grades=Named(institutions=frozenset({"a"})), tests=Named(frozenset({DE}), frozenset({"master"})))
)
GRADE = GradeNeeded(STATED, "bachelor", "G", Decimal("2.5"))
DEGREE = DegreeNeeded(STATED, "bachelor", ("0613",))
ANOTHER_PAGE = replace(STATED, source=replace(PAGE, id="other", url="https://www.example.org/other"))
LESS_SURE = replace(STATED, confidence=LOW)


def test_a_finding_is_shared_by_all_that_ask_for_the_same_and_are_not_told_apart() -> None:
    made: list[int] = []

    def number(leaf: Leaf, scope: Scope) -> str:
        """Return the code of the finding, which counts how many were made before."""

        def make() -> Finding:
            made.append(1)
            return Finding(Standing.MET, str(len(made)), {}, LOW, leaf.stated.source.id, leaf.stated.source.url)

        found = SHARED.finding(leaf, scope, make)
        assert (found.source_id, found.source_url) == (leaf.stated.source.id, leaf.stated.source.url)
        return found.code

    nl, de = Scope(country=NL, level="bachelor", institution="B"), Scope(country=DE, level="bachelor", institution="B")
    asked: list[tuple[Leaf, Scope, str]] = [
        (LEAF, nl, "1"),
        (replace(LEAF, stated=ANOTHER_PAGE), nl, "1"),
        (LEAF, Scope(country="SE", level="doctorate", institution="A"), "1"),
        (LEAF, de, "2"),
        (LEAF, replace(de, level="master"), "3"),
        (LEAF, replace(nl, level="master"), "4"),
        (replace(LEAF, stated=LESS_SURE), nl, "5"),
        (replace(LEAF, total=Decimal("6.0")), nl, "6"),
        (replace(LEAF, sections={"writing": Decimal("6.5")}), nl, "7"),
        (replace(LEAF, sections={"reading": Decimal("6.0")}), nl, "8"),
        (replace(LEAF, code="OO"), nl, "9"),
        (replace(LEAF, passed=True), nl, "10"),
        (replace(LEAF, valid_at=ValidAt.ENROLMENT), nl, "11"),
        (replace(LEAF, valid_months=12), nl, "12"),
        (LEAF, nl, "1"),
        (GRADE, nl, "13"),
        (replace(GRADE, stated=ANOTHER_PAGE), de, "13"),
        (GRADE, replace(nl, institution=" A"), "14"),
        (replace(GRADE, of="master"), nl, "15"),
        (replace(GRADE, scale="H"), nl, "16"),
        (replace(GRADE, at_least=Decimal(3)), nl, "17"),
        (replace(GRADE, stated=LESS_SURE), nl, "18"),
        (DEGREE, nl, "19"),
        (replace(DEGREE, stated=ANOTHER_PAGE), replace(de, institution="A"), "19"),
        (replace(DEGREE, level="master"), nl, "20"),
        (replace(DEGREE, fields=()), nl, "21"),
        (replace(DEGREE, stated=LESS_SURE), nl, "22"),
    ]

    assert [number(leaf, scope) for leaf, scope, _ in asked] == [expected for *_, expected in asked]


def test_what_is_looked_up_at_once_is_not_kept() -> None:
    paper = DocumentNeeded(STATED, "cv")
    findings = [Finding(Standing.MET, code, {}, LOW) for code in ("first", "second")]

    assert [SHARED.finding(paper, Scope(), lambda one=one: one) for one in findings] == findings  # type: ignore[misc]


def test_a_student_is_judged_for_many_programmes_as_for_each_by_itself() -> None:
    requirement = AllOf(
        (AnyOf((LEAF, replace(LEAF, code="OO", sections={}))), GRADE, DEGREE, DocumentNeeded(STATED, "cv"))
    )
    elsewhere = AllOf((replace(LEAF, stated=ANOTHER_PAGE), replace(GRADE, stated=ANOTHER_PAGE), DEGREE))

    def offers(requirement: AllOf | TestNeeded) -> list[Programme]:
        """Return a programme of each of those that the rules tell apart, and of others."""
        return [
            programme(requirement, level=level, institution=institution(country=country, name=name))
            for country, level in (
                (DE, Level.MASTER),
                (DE, Level.BACHELOR),
                (NL, Level.MASTER),
                ("CA", Level.DOCTORATE),
            )
            for name in ("Sample University", "Another University", "A third one")
        ]

    runs_out = own("6.5", writing="6.0", taken_on=date(2025, 3, 1))  # within a year before the appointment
    for days in (None, Days(application=ON), Days(ON, None, date(2027, 4, 1))):
        evidence = Evidence(profile(tests=(runs_out,)), ON, {"cv": True}, days)
        matching = Matching(evidence, KNOWN)
        standings = set()
        for one in [*offers(requirement), *offers(elsewhere), *offers(LEAF)]:
            verdict = judge_programme(one, evidence, KNOWN)
            standings.add(verdict.standing)
            assert matching.match(one).verdict == verdict
        assert len(standings) > 1


def test_a_mission_s_rule_counts_for_its_country_alone_however_many_are_judged_together() -> None:
    days = Days(ON, None, date(2027, 4, 1))  # the result runs out a month before
    evidence = Evidence(profile(tests=(own("6.5", writing="6.0", taken_on=date(2025, 3, 1)),)), ON, days=days)
    matching = Matching(evidence, KNOWN)
    there, elsewhere = (
        programme(LEAF, institution=institution(country=country, name="A third one")) for country in (DE, NL)
    )

    assert matching.match(elsewhere).verdict.finding.code == "test.good_enough"
    assert matching.match(there).verdict.finding.code == "test.run_out_for_mission"
    # Nor does it without the reasons: the test is to be taken again, which costs 15, and only there.
    for country, expected in ((DE, (Standing.NOT_MET, 15)), (NL, (Standing.MET, 0))):
        assert standing_and_effort(LEAF, evidence, KNOWN, Asking(country, "master", "A third one")) == expected


def test_the_mission_is_that_of_the_pathway_for_the_day_on_which_studies_begin() -> None:
    free = replace(
        fact("free", "study.visa_needed", False, country=DE, nationality=("FR",)), valid_from=date(2027, 1, 1)
    )
    paris = replace(DHAKA, id="z", mission="Paris", nationality=("FR",))
    known, two = rules(facts=(free,), pathways=(DHAKA, paris)), profile(citizenships=("BD", "FR"))

    def mission(on: date, days: Days) -> str:
        return scope_of(Asking(DE, "master"), Evidence(two, on, days=days), known).mission

    # With the citizenship that needs no visa by then she goes another way, on which the first has no say.
    assert mission(ON, Days(enrolment=date(2027, 10, 1))) == "Paris"
    assert mission(ON, Days(application=date(2027, 10, 1))) == "Dhaka"
    assert mission(date(2027, 1, 1), Days(application=ON)) == "Paris"


def test_each_verdict_warns_of_what_it_leans_on_itself_however_many_are_judged_together() -> None:
    known = rules(tests=(replace(OWN, confidence=Confidence.UNVERIFIED), OTHER))
    matching = Matching(Evidence(profile(tests=(own("9.0", writing="9.0"), other("95"))), ON), known)
    doubtful, sure = programme(LEAF), programme(TestNeeded(STATED, "OO", Decimal(90)))

    warned = [matching.match(one).verdict.warnings for one in (doubtful, sure, doubtful)]

    assert warned == [("requirement.unverified", "fact.unverified:TT"), (), warned[0]]

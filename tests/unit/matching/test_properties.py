"""What must hold for any requirement and any evidence."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from matching_cases import (
    CASES,
    DAYS,
    EVIDENCE,
    MISSIONS,
    ON,
    PAPERS,
    RECEIVING,
    SCORES,
    STUDENTS,
    TREES,
    student,
    without,
)

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.programme import Programme
from higherstudy.domain.catalogue.requirement import (
    Requirement,
)
from higherstudy.domain.matching.evidence import Days, Evidence
from higherstudy.domain.matching.judging import judge, judge_programme
from higherstudy.domain.matching.override import Override
from higherstudy.domain.matching.overriding import basis_of, places, with_overrides
from higherstudy.domain.matching.verdict import Standing
from higherstudy.domain.profile.profile import Profile
from higherstudy.domain.rulebook.facts import Scope
from higherstudy.domain.shared.ids import AccountId, OverrideId, StudentId
from laws import cases
from study_builders import programme


def standing(
    tree: Requirement,
    student: Profile,
    papers: dict[str, bool | None] | None = None,
    days: Days | None = None,
    mission: Scope | None = None,
) -> Standing:
    return judge(tree, Evidence(student, ON, papers, days), bundled_rulebook(), RECEIVING, mission).standing


@cases(600)
@given(TREES, STUDENTS, PAPERS, st.sampled_from(EVIDENCE))
def test_taking_evidence_away_never_turns_unknown_into_met(
    tree: Requirement, student: Profile, papers: dict[str, bool | None], part: str
) -> None:
    if standing(tree, student, papers) <= Standing.UNKNOWN:
        assert standing(tree, without(student, part), papers) <= Standing.UNKNOWN
        assert standing(tree, student, None) <= Standing.UNKNOWN


@cases(300)
@given(TREES, STUDENTS, DAYS, MISSIONS, st.sampled_from(EVIDENCE))
def test_taking_evidence_away_never_helps_on_the_days_of_a_case_either(
    tree: Requirement, student: Profile, days: Days | None, mission: Scope, part: str
) -> None:
    if standing(tree, student, None, days, mission) <= Standing.UNKNOWN:
        assert standing(tree, without(student, part), None, days, mission) <= Standing.UNKNOWN


@cases(300)
@given(TREES, CASES, SCORES, DAYS, MISSIONS, st.integers(0, 900))
def test_a_younger_result_never_makes_a_verdict_worse(
    tree: Requirement, case: dict[str, Any], scores: dict[str, int], days: Days | None, mission: Scope, taken: int
) -> None:
    younger = {**case, "taken": min(taken, case["taken"])}

    found = [standing(tree, student(one, scores), None, days, mission) for one in (younger, case)]

    assert found[0] >= found[1]


@cases(250)
@given(TREES, STUDENTS, st.data())
def test_an_override_moves_a_verdict_the_way_it_goes_and_never_hides_the_rule(
    tree: Requirement, student: Profile, data: st.DataObject
) -> None:
    offer, evidence = programme(tree), Evidence(student, ON)
    ruled = judge_programme(offer, evidence, bundled_rulebook())
    place, leaf = data.draw(st.sampled_from(list(places(tree))))
    says = data.draw(st.sampled_from(list(Standing)))
    one = override(offer, place, says, basis_of(leaf, evidence))

    verdict = with_overrides(ruled, offer, evidence, [one])
    (before,) = [found for found, at in zip(ruled.finding.leaves(), places(tree), strict=True) if at[0] == place]
    (after,) = [found for found in verdict.finding.leaves() if found.override is not None]

    assert (after.standing, after.ruled, verdict.ruled) == (says, before.standing, ruled.standing)
    assert (after.code, after.params, after.rests_on) == (before.code, before.params, before.rests_on)
    assert (verdict.standing >= ruled.standing) if says >= before.standing else (verdict.standing <= ruled.standing)


def override(offer: Programme, place: str, says: Standing, basis: str) -> Override:
    some = UUID(int=1)
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Override(
        OverrideId(some), StudentId(some), offer.id, place, says, "Confirmed by mail.", AccountId(some), at, basis
    )


@cases(600)
@given(TREES, CASES, SCORES, SCORES)
def test_a_better_score_or_grade_never_makes_a_verdict_worse(
    tree: Requirement, case: dict[str, Any], scores: dict[str, int], others: dict[str, int]
) -> None:
    better = {name: max(score, others[name]) for name, score in scores.items()}

    assert standing(tree, student(case, better)) >= standing(tree, student(case, scores))


@cases(300)
@given(TREES, STUDENTS, PAPERS)
def test_equal_evidence_gives_an_equal_finding(
    tree: Requirement, student: Profile, papers: dict[str, bool | None]
) -> None:
    evidence = Evidence(student, ON, papers)
    found = [judge(tree, evidence, bundled_rulebook(), RECEIVING) for _ in range(2)]

    assert found[0] == found[1]


@cases(300)
@given(TREES, STUDENTS, PAPERS)
def test_a_finding_is_met_exactly_when_nothing_needs_to_change(
    tree: Requirement, student: Profile, papers: dict[str, bool | None]
) -> None:
    finding = judge(tree, Evidence(student, ON, papers), bundled_rulebook(), RECEIVING)

    assert (finding.standing is Standing.MET) == (finding.flip == ())

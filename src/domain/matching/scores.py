"""Judging test results: the best of them, by the test itself or by a publisher's concordance."""

from __future__ import annotations

from collections.abc import Mapping

from ..catalogue.requirement import TestNeeded
from ..profile.profile import TestResult
from ..rulebook.facts import Scope
from ..rulebook.pack import Rulebook
from ..rulebook.scores import Score, TestScale
from ..shared.errors import Params
from .changes import listed, raise_score, retake_test, take_test
from .concordances import judge_other_test, with_what_can_be_sat
from .evidence import Evidence
from .leaf import finding
from .parts import comparable, needed, params_of, scale_of, shown, state, total_of, used, wanted
from .validity import Counting, counting
from .verdict import Change, Finding, Layer, Part, Standing

_RUN_OUT = {
    Layer.OWNER: "test.run_out",
    Layer.INSTITUTION: "test.run_out_for_institution",
    Layer.MISSION: "test.run_out_for_mission",
}


def judge_test(leaf: TestNeeded, evidence: Evidence, rulebook: Rulebook, scope: Scope | None = None) -> Finding:
    """Return how the best of the student's results stands; concordances are never chained and give at most probably.

    ``scope`` is the case that facts about validity are asked for.
    """
    test = rulebook.tests.get(leaf.code)
    if test is None:
        return finding(leaf, Standing.UNKNOWN, "test.not_in_rulebook", params_of(leaf), flip=None)
    results = evidence.profile.tests
    found = [
        _one_result(leaf, index, result, test, evidence, rulebook, scope or Scope())
        for index, result in enumerate(results or ())
    ]
    counting_ones = [one for one in found if one is not None]
    if counting_ones:
        best = max(counting_ones, key=lambda one: (one.standing, -_effort(one)))
    else:
        standing, code = (
            (Standing.UNKNOWN, "test.not_stated") if results is None else (Standing.NOT_MET, "test.missing")
        )
        best = finding(leaf, standing, code, params_of(leaf, test), flip=take_test(leaf.code, needed(leaf, test)))
    return with_what_can_be_sat(best, leaf, test, evidence, rulebook)


def _one_result(
    leaf: TestNeeded,
    index: int,
    result: TestResult,
    test: TestScale,
    evidence: Evidence,
    rulebook: Rulebook,
    scope: Scope,
) -> Finding | None:
    """Return what one result says, or None where it says nothing of what is required."""
    own = test if result.code == leaf.code else rulebook.tests.get(result.code)
    if own is None:
        return None
    if own is not test and not any(
        rulebook.concordances_between(own.code, test.code, part) for part in wanted(leaf, test)
    ):
        return None
    count = counting(leaf, result, own, evidence, rulebook, scope)
    if own is test:
        if count.counts is False:
            return _does_not_count(leaf, index, result, test, count)
        found = _same_test(leaf, index, result, test, count)
    elif count.counts is False:
        return None
    else:
        other = judge_other_test(leaf, index, result, own, test, rulebook, count)
        if other is None:
            return None
        found = other
    if count.counts is None and found.standing > Standing.UNKNOWN:
        return _does_not_count(leaf, index, result, test, count)
    return found


def _same_test(leaf: TestNeeded, index: int, result: TestResult, test: TestScale, count: Counting) -> Finding:
    standing, code, flip = Standing.MET, "test.good_enough", tuple[Change, ...]()
    said: Params = {}
    gaps, unknown = _gaps(wanted(leaf, test), total_of(result, test), result.sections, test)
    if gaps:
        standing, code, flip = Standing.NOT_MET, "test.too_low", raise_score(leaf.code, gaps)
        said = {"by": listed(gaps)}
    elif unknown:
        standing, code, flip = Standing.UNKNOWN, "test.part_not_stated", state(leaf.code, unknown)
        said = {"parts": ", ".join(unknown)}
    return finding(
        leaf,
        standing,
        code,
        {**params_of(leaf, test), "has": shown(result), "taken_on": result.taken_on.isoformat(), **said},
        flip=flip,
        rests_on=(f"test:{test.code}", *count.fact_ids),
        leans_on=[test.confidence, *count.confidences],
        distance=str(said.get("by", "")),
        used=used(index, result),
        validity=count.validity,
        notices=count.notices if not gaps else (),
    )


def _does_not_count(leaf: TestNeeded, index: int, result: TestResult, test: TestScale, count: Counting) -> Finding:
    """Return what is said of a result that has run out by some day, or perhaps has, however good it is."""
    validity = count.validity
    assert validity is not None  # noqa: S101 - what runs out has a last day
    params: Params = {
        **params_of(leaf, test),
        "taken_on": result.taken_on.isoformat(),
        "until": validity.until.isoformat(),
        "held_on": validity.held_on.isoformat(),
    }
    if count.counts is None:
        standing, code, far = Standing.UNKNOWN, "test.enrolment_day_decides", ""
        flip: tuple[Change, ...] = (Change("name_enrolment_day", {}, 1),)
    else:
        late = (validity.held_on - validity.until).days
        standing, code, far = Standing.NOT_MET, _RUN_OUT[validity.layer], f"{late} day" if late == 1 else f"{late} days"
        flip = retake_test(leaf.code, needed(leaf, test))
    return finding(
        leaf,
        standing,
        code,
        params,
        flip=flip,
        rests_on=(f"test:{result.code}", *count.fact_ids),
        leans_on=[test.confidence, *count.confidences],
        distance=far,
        used=used(index, result),
        validity=validity,
    )


def _gaps(
    least: Mapping[str, Score], total: Score | None, sections: Mapping[str, Score], test: TestScale
) -> tuple[tuple[Part, ...], list[str]]:
    """Return the parts that are too low with how much is lacking, and the parts that nobody stated."""
    gaps: list[Part] = []
    unknown: list[str] = []
    for part, score in least.items():
        has = total if part == "total" else sections.get(part)
        scale = scale_of(test, part)
        if has is None or scale is None or not comparable(has, score, scale):
            unknown.append(part)
        elif (gap := scale.rank(score) - scale.rank(has)) > 0:
            gaps.append(Part(part, gap, f"{part} +{gap}"))
    return tuple(gaps), unknown


def _effort(one: Finding) -> int:
    return sum(change.effort for change in one.flip or ())

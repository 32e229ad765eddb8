"""Judging a grade, on its own scale or by an estimate on the programme's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ..catalogue.requirement import GradeNeeded
from ..profile.profile import Grade, Qualification
from ..rulebook.grades import GradeConversion, GradeScale, Method, modified_bavarian, rounded
from ..rulebook.pack import Rulebook
from ..shared.errors import Params
from .evidence import Evidence
from .leaf import finding
from .verdict import Change, Finding, Standing


@dataclass(frozen=True, slots=True)
class Estimate:
    """A grade on another scale, with the conversion it came by."""

    value: Decimal
    conversion: GradeConversion
    lowest_pass: Decimal


def judge_grade(leaf: GradeNeeded, evidence: Evidence, rulebook: Rulebook) -> Finding:
    """Return how the best grade of the wanted degree stands against the limit; a conversion is only an estimate."""
    wanted: Params = {"of": leaf.of, "limit": str(leaf.at_least), "scale": leaf.scale}
    scale = rulebook.grade_scales.get(leaf.scale)
    if scale is None:
        return finding(leaf, Standing.UNKNOWN, "grade.scale_not_known", wanted, flip=None)
    qualifications = evidence.profile.qualifications
    if qualifications is None:
        flip = (Change("complete_profile", {"field": "qualifications"}, 1),)
        return finding(leaf, Standing.UNKNOWN, "grade.not_stated", wanted, flip=flip)
    found = [_one_grade(leaf, q, scale, rulebook) for q in qualifications if q.level == leaf.of]
    lacking = finding(leaf, Standing.NOT_MET, "grade.no_such_degree", wanted, flip=None)
    return max(found, key=lambda one: one.standing, default=lacking)


def _one_grade(leaf: GradeNeeded, qualification: Qualification, scale: GradeScale, rulebook: Rulebook) -> Finding:
    grade = qualification.grade
    wanted: Params = {"of": leaf.of, "limit": str(leaf.at_least), "scale": leaf.scale}
    if grade is None:
        flip = (Change("complete_profile", {"field": "qualifications.grade"}, 1),)
        return finding(leaf, Standing.UNKNOWN, "grade.not_stated", wanted, flip=flip)
    if grade.scale == scale.id:
        return _compared(leaf, grade.value, scale)
    estimate = estimate_on(scale, grade, rulebook)
    if estimate is None:
        params = {**wanted, "own": str(grade.value), "own_scale": grade.scale}
        return finding(leaf, Standing.UNKNOWN, _why_no_estimate(grade, rulebook), params, flip=_ask_for_pass())
    return _estimated(leaf, grade, estimate, scale)


def _compared(leaf: GradeNeeded, own: Decimal, scale: GradeScale) -> Finding:
    params: Params = {"of": leaf.of, "limit": str(leaf.at_least), "scale": scale.id, "own": str(own)}
    good = scale.is_as_good(own, leaf.at_least)
    standing, code = (Standing.MET, "grade.good_enough") if good else (Standing.NOT_MET, "grade.too_low")
    distance = "" if good else str(abs(leaf.at_least - own))
    return finding(
        leaf,
        standing,
        code,
        params,
        flip=() if good else None,
        rests_on=(scale.id,),
        leans_on=[scale.confidence],
        distance=distance,
    )


def _estimated(leaf: GradeNeeded, grade: Grade, estimate: Estimate, scale: GradeScale) -> Finding:
    shown = estimate.value.quantize(Decimal("0.01"))
    params: Params = {
        "of": leaf.of,
        "limit": str(leaf.at_least),
        "scale": scale.id,
        "own": str(grade.value),
        "own_scale": grade.scale,
        "estimate": str(shown),
        "lowest_pass": str(estimate.lowest_pass),
        "conversion": estimate.conversion.id,
    }
    good = scale.is_as_good(estimate.value, leaf.at_least)
    standing = Standing.PROBABLY_MET if good else Standing.NOT_MET
    code = "grade.estimate_good_enough" if good else "grade.estimate_too_low"
    return finding(
        leaf,
        standing,
        code,
        params,
        flip=(Change("have_grade_converted", {"scale": scale.id}, 3),) if good else None,
        rests_on=(estimate.conversion.id, grade.scale, scale.id),
        leans_on=[estimate.conversion.confidence, scale.confidence],
        distance="" if good else str(abs(leaf.at_least - shown)),
    )


def estimate_on(scale: GradeScale, grade: Grade, rulebook: Rulebook) -> Estimate | None:
    """Return the grade as it would be on the scale, or None where no published conversion leads there.

    The lowest pass is the awarding institution's where the student states it, else the home scale's own.
    """
    home = rulebook.grade_scales.get(grade.scale)
    if home is None:
        return None
    lowest_pass = grade.lowest_pass if grade.lowest_pass is not None else home.lowest_pass
    fitting = [
        conversion
        for conversion in rulebook.grade_conversions.values()
        if conversion.to_scale == scale.id
        and conversion.from_scale in ("*", grade.scale)
        and conversion.method is Method.MODIFIED_BAVARIAN
    ]
    if not fitting or lowest_pass is None or home.best <= home.worst:
        return None
    value = rounded(modified_bavarian(grade.value, home.best, lowest_pass), fitting[0].rounding)
    return Estimate(value, fitting[0], lowest_pass)


def _why_no_estimate(grade: Grade, rulebook: Rulebook) -> str:
    home = rulebook.grade_scales.get(grade.scale)
    no_pass = home is not None and home.lowest_pass is None and grade.lowest_pass is None
    return "grade.lowest_pass_unknown" if no_pass else "grade.no_conversion"


def _ask_for_pass() -> tuple[Change, ...]:
    return (Change("complete_profile", {"field": "qualifications.grade.lowest_pass"}, 1),)

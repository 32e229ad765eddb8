"""Judging a grade, on its own scale or by an estimate on the programme's."""

from __future__ import annotations

from decimal import Decimal

from ..catalogue.requirement import GradeNeeded
from ..profile.profile import Grade, Qualification
from ..rulebook.grades import GradeScale, Method
from ..rulebook.pack import Rulebook
from ..shared.errors import Params
from .conversions import Estimate, Wanted, agreed, estimates, reaching, usable
from .evidence import Evidence
from .leaf import finding
from .verdict import Change, Finding, Standing, Used


def judge_grade(leaf: GradeNeeded, evidence: Evidence, rulebook: Rulebook, institution: str = "") -> Finding:
    """Return how the best grade of the wanted degree stands against the limit; a conversion is only an estimate.

    ``institution`` is the name of the one that asks; its own tables count for nobody else.
    """
    wanted = _params(leaf)
    scale = rulebook.grade_scales.get(leaf.scale)
    if scale is None:
        return finding(leaf, Standing.UNKNOWN, "grade.scale_not_known", wanted, flip=None)
    qualifications = evidence.profile.qualifications
    if qualifications is None:
        return finding(leaf, Standing.UNKNOWN, "grade.not_stated", wanted, flip=_state("qualifications"))
    found = [
        _one_grade(leaf, one, scale, rulebook, institution, _used(index, one))
        for index, one in enumerate(qualifications)
        if one.level == leaf.of
    ]
    if not found:
        return finding(leaf, Standing.NOT_MET, "grade.no_such_degree", wanted, flip=None)
    return max(found, key=lambda one: one.standing)


def grade_standing(leaf: GradeNeeded, evidence: Evidence, rulebook: Rulebook, institution: str = "") -> Standing:
    """Return how ``judge_grade`` finds it, without the reasons."""
    scale, held = rulebook.grade_scales.get(leaf.scale), evidence.profile.qualifications
    if scale is None or held is None:
        return Standing.UNKNOWN
    best = Standing.NOT_MET
    for one in held:
        if one.level == leaf.of:
            best = max(best, _one_standing(leaf, one, scale, rulebook, institution))
    return best


def _one_standing(
    leaf: GradeNeeded, qualification: Qualification, scale: GradeScale, rulebook: Rulebook, institution: str
) -> Standing:
    grade = qualification.grade
    if grade is None:
        return Standing.UNKNOWN
    if grade.scale == scale.id:
        return Standing.MET if scale.is_as_good(grade.value, leaf.at_least) else Standing.NOT_MET
    said = reaching(grade, Wanted(scale, leaf.at_least, institution, qualification.institution), rulebook)
    reaches = agreed(said)
    return Standing.UNKNOWN if reaches is None else Standing.PROBABLY_MET if reaches else Standing.NOT_MET


def _one_grade(
    leaf: GradeNeeded,
    qualification: Qualification,
    scale: GradeScale,
    rulebook: Rulebook,
    institution: str,
    used: tuple[Used, ...],
) -> Finding:
    grade = qualification.grade
    if grade is None:
        flip = _state("qualifications.grade")
        return finding(leaf, Standing.UNKNOWN, "grade.not_stated", _params(leaf), flip=flip, used=used)
    if grade.scale == scale.id:
        return _compared(leaf, grade.value, scale, used)
    wanted = Wanted(scale, leaf.at_least, institution, qualification.institution)
    found = estimates(grade, wanted, rulebook)
    if not found:
        return _without_estimate(leaf, grade, wanted, rulebook, used)
    reaches = agreed([one.reaches for one in found])
    if reaches is None:
        return _undecided(leaf, grade, found, scale, used)
    return _estimated(leaf, grade, next(one for one in found if one.reaches is reaches), scale, used)


def _compared(leaf: GradeNeeded, own: Decimal, scale: GradeScale, used: tuple[Used, ...]) -> Finding:
    good = scale.is_as_good(own, leaf.at_least)
    standing, code = (Standing.MET, "grade.good_enough") if good else (Standing.NOT_MET, "grade.too_low")
    return finding(
        leaf,
        standing,
        code,
        {**_params(leaf), "own": str(own)},
        flip=() if good else None,
        rests_on=(scale.id,),
        leans_on=[scale.confidence],
        distance="" if good else str(abs(leaf.at_least - own)),
        used=used,
    )


def _estimated(
    leaf: GradeNeeded, grade: Grade, estimate: Estimate, scale: GradeScale, used: tuple[Used, ...]
) -> Finding:
    good = bool(estimate.reaches)
    return finding(
        leaf,
        Standing.PROBABLY_MET if good else Standing.NOT_MET,
        _code(good, grade, estimate),
        {
            **_params(leaf, grade),
            "estimate": estimate.shown,
            "lowest_pass": None if estimate.lowest_pass is None else str(estimate.lowest_pass),
            "conversion": estimate.conversion.id,
        },
        flip=_convert(scale, 3) if good else None,
        rests_on=(estimate.conversion.id, grade.scale, scale.id),
        leans_on=[estimate.confidence, scale.confidence],
        distance="" if good else _distance(leaf, grade, estimate),
        used=used,
    )


def _distance(leaf: GradeNeeded, grade: Grade, estimate: Estimate) -> str:
    """Return how far the estimate is from the limit, or for a class the grade from the one that reaches it."""
    if estimate.value is not None:
        return str(abs(leaf.at_least - Decimal(estimate.shown)))
    return "" if estimate.enough_from is None else f"{abs(estimate.enough_from - grade.value)} ({grade.scale})"


def _code(good: bool, grade: Grade, estimate: Estimate) -> str:
    if estimate.fails(grade):
        return "grade.estimate_fails"
    if estimate.lowest_pass is not None:
        return "grade.estimate_good_enough" if good else "grade.estimate_too_low"
    return "grade.counts_as_enough" if good else "grade.counts_as_less"


def _undecided(
    leaf: GradeNeeded, grade: Grade, found: list[Estimate], scale: GradeScale, used: tuple[Used, ...]
) -> Finding:
    """Say that the estimates contradict each other, or come so near that the receiver's own way decides."""
    names = tuple(one.conversion.id for one in found)
    shown = " or ".join(dict.fromkeys(one.shown for one in found))
    params: Params = {**_params(leaf, grade), "estimate": shown, "conversion": ", ".join(names)}
    failing = next((one for one in found if one.fails(grade)), None)
    code = "grade.estimate_undecided"
    if failing is not None:
        code, params = "grade.estimate_undecided_or_fails", {**params, "lowest_pass": str(failing.lowest_pass)}
    return finding(
        leaf,
        Standing.UNKNOWN,
        code,
        params,
        flip=_convert(scale, 4),
        rests_on=(*names, grade.scale, scale.id),
        leans_on=[*(one.confidence for one in found), scale.confidence],
        used=used,
    )


def _without_estimate(
    leaf: GradeNeeded, grade: Grade, wanted: Wanted, rulebook: Rulebook, used: tuple[Used, ...]
) -> Finding:
    """Say what is missing for an estimate: a conversion, the lowest pass, or a grade that there is."""
    params = {**_params(leaf, grade), "lowest_pass": None if grade.lowest_pass is None else str(grade.lowest_pass)}
    home = rulebook.grade_scales.get(grade.scale)
    ways = usable(home, wanted, rulebook) if home else []
    if home is None or all(way.method is not Method.MODIFIED_BAVARIAN for way in ways):
        return finding(leaf, Standing.UNKNOWN, "grade.no_conversion", params, flip=_convert(wanted.scale, 5), used=used)
    if grade.lowest_pass is None and home.lowest_pass is None:
        flip = _state("qualifications.grade.lowest_pass")
        return finding(leaf, Standing.UNKNOWN, "grade.lowest_pass_unknown", params, flip=flip, used=used)
    return finding(leaf, Standing.UNKNOWN, "grade.not_usable", params, flip=_state("qualifications.grade"), used=used)


def _params(leaf: GradeNeeded, grade: Grade | None = None) -> Params:
    wanted: Params = {"of": leaf.of, "limit": str(leaf.at_least), "scale": leaf.scale}
    return wanted if grade is None else {**wanted, "own": str(grade.value), "own_scale": grade.scale}


def _used(index: int, qualification: Qualification) -> tuple[Used, ...]:
    name = qualification.title or qualification.level
    return (Used("qualifications", index, name, qualification.finished_on),)


def _state(field: str) -> tuple[Change, ...]:
    return (Change("complete_profile", {"field": field}, 1),)


def _convert(scale: GradeScale, effort: int) -> tuple[Change, ...]:
    return (Change("have_grade_converted", {"scale": scale.id}, effort),)

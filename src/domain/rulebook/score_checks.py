"""What must hold inside one test, concordance, grade scale or conversion."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from ..shared.errors import Params, Reason
from .grades import GradeConversion, GradeScale, Method
from .scores import Concordance, Scale, TestScale


def problems_of_test(test: TestScale, place: str) -> Iterator[Reason]:
    """Yield what contradicts itself in the test."""
    names: set[str] = set()
    for index, section in enumerate(test.sections):
        if section.name in names:
            yield Reason("data.twice", {"given": section.name}, f"{place}.sections[{index}]")
        names.add(section.name)
        yield from _scale_problems(section.scale, f"{place}.sections[{index}]")
    if test.total is None and not test.sections:
        yield Reason("test.measures_nothing", {}, place)
    if test.total is not None:
        yield from _scale_problems(test.total, place)
    if test.taken_from and test.taken_until and test.taken_until < test.taken_from:
        yield Reason("test.ends_before_it_begins", {}, f"{place}.taken_until")


def _scale_problems(scale: Scale, place: str) -> Iterator[Reason]:
    """The best score must be reached by whole steps from the least, and a level has one rank."""
    for level in sorted({level for level in scale.levels if scale.levels.count(level) > 1}):
        yield Reason("data.twice", {"given": level}, f"{place}.levels")
    if scale.minimum is None or scale.maximum is None or not scale.step:
        return
    if (scale.maximum - scale.minimum) % scale.step:
        params: Params = {"step": str(scale.step), "minimum": str(scale.minimum), "maximum": str(scale.maximum)}
        yield Reason("scale.step_does_not_fit", params, f"{place}.step")


def concordance_problems(concordance: Concordance, place: str) -> Iterator[Reason]:
    """Yield what contradicts itself in the table."""
    scores = [row.from_score for row in concordance.rows]
    if not scores:
        yield Reason("concordance.empty", {}, place)
    if any(later >= earlier for earlier, later in pairwise(scores)):
        yield Reason("concordance.not_descending", {}, f"{place}.rows")


def grade_scale_problems(scale: GradeScale, place: str) -> Iterator[Reason]:
    """Yield what contradicts itself in the scale; its bands lie on it."""
    if scale.best == scale.worst:
        yield Reason("scale.empty", {}, f"{place}.best")
        return
    if scale.lowest_pass is not None and not _is_pass(scale, scale.lowest_pass):
        params: Params = {"lowest_pass": str(scale.lowest_pass), "best": str(scale.best)}
        yield Reason("grade.pass_not_below_best", params, f"{place}.lowest_pass")
    for index, band in enumerate(scale.bands):
        if band.at_least is not None and not scale.has(band.at_least):
            outside: Params = {
                "given": str(band.at_least),
                "scale": scale.id,
                "best": str(scale.best),
                "worst": str(scale.worst),
            }
            yield Reason("grade.out_of_range", outside, f"{place}.bands[{index}].at_least")
    limits = [band.at_least for band in scale.bands if band.at_least is not None]
    if any(scale.is_as_good(later, earlier) for earlier, later in pairwise(limits)):
        yield Reason("grade.bands_out_of_order", {}, f"{place}.bands")


def conversion_problems(conversion: GradeConversion, place: str) -> Iterator[Reason]:
    """Yield what the conversion's method needs and does not have."""
    if conversion.method is Method.TABLE and not conversion.rows:
        yield Reason("conversion.no_rows", {}, place)
    if conversion.method is Method.LINEAR and conversion.factor is None:
        yield Reason("conversion.no_factor", {}, place)


def _is_pass(scale: GradeScale, lowest_pass: Decimal) -> bool:
    return scale.has(lowest_pass) and not scale.is_as_good(lowest_pass, scale.best)

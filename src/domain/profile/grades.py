"""Reading a grade, held to the scale that it is on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..rulebook.pack import Rulebook
from ..shared.errors import Invalid
from ..shared.reading import Problems, Record
from .profile import Grade


def read_grade(data: Mapping[str, Any], rulebook: Rulebook) -> Grade:
    """Return the grade that the data holds as ``scale``, ``value`` and perhaps ``lowest_pass``; raise Invalid with
    every wrong field."""
    problems = Problems()
    grade = read_grade_record(Record(data, "", problems), rulebook)
    if problems.found:
        raise Invalid(*problems.found)
    return grade


def read_grade_record(r: Record, rulebook: Rulebook | None) -> Grade:
    """Return the grade in the record, noting what is wrong among its problems."""
    grade = Grade(r.text("scale"), r.decimal("value"), r.maybe_decimal("lowest_pass"))
    r.done()
    if rulebook is not None and grade.scale:
        scale = rulebook.grade_scales.get(grade.scale)
        if scale is None:
            r.wrong(
                "scale", "grade.unknown_scale", given=grade.scale[:40], known=", ".join(sorted(rulebook.grade_scales))
            )
        elif not scale.has(grade.value):
            r.wrong("value", "grade.off_scale", given=str(grade.value), worst=str(scale.worst), best=str(scale.best))
        elif grade.lowest_pass is not None and not scale.has(grade.lowest_pass):
            r.wrong(
                "lowest_pass",
                "grade.off_scale",
                given=str(grade.lowest_pass),
                worst=str(scale.worst),
                best=str(scale.best),
            )
        elif grade.lowest_pass is not None and scale.is_as_good(grade.lowest_pass, scale.best):
            r.wrong(
                "lowest_pass",
                "grade.pass_not_below_best",
                lowest_pass=str(grade.lowest_pass),
                best=str(scale.best),
            )
    return grade

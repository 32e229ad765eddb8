"""What a grade comes to on another scale, by every published way at once: estimates, until the receiver decides."""

from __future__ import annotations

from decimal import Decimal

from ..profile.profile import Grade
from ..rulebook.grades import GradeConversion, GradeScale, Method, Rounding, modified_bavarian, rounded
from ..rulebook.pack import Rulebook, weakest
from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Params, Reason
from ..shared.sources import Confidence


@dataclass(frozen=True, slots=True)
class Converted:
    """What one conversion makes of a grade.

    ``exact`` is absent where a table gives a class, which ``shown`` then names. ``as_rounded`` has the value by each
    policy that the receiver may have: only its own where the conversion states one. ``holds`` is None while nobody has
    said which institution awarded the grade, or receives it. ``confidence`` is that of all that was used. ``notices``
    say so where the grade is below the lowest pass, and where that is only assumed.
    """

    conversion: GradeConversion
    shown: str
    holds: bool | None
    confidence: Confidence
    exact: Decimal | None = None
    as_rounded: tuple[tuple[Rounding, Decimal], ...] = ()
    lowest_pass: Decimal | None = None
    notices: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ConvertedGrade:
    """A grade on another scale: all that can be said, those ways first that hold; and what stands in the way of others.

    ``binding`` says that all are estimates, and whose word would count.
    """

    grade: Grade
    home: GradeScale
    target: GradeScale
    found: tuple[Converted, ...]
    missing: tuple[Reason, ...]
    binding: Reason


def convert_grade(
    grade: Grade, to_scale: str, rulebook: Rulebook, *, receiving: str = "", awarding: str = ""
) -> ConvertedGrade:
    """Return what every conversion from the grade's scale to the other makes of it, side by side and never chained.

    The grade is one that its scale has (``read_grade``). ``receiving`` and ``awarding`` name the two institutions,
    where they are known. Raises Invalid for a scale that is not known, or is the grade's own.
    """
    home, target = rulebook.grade_scales[grade.scale], rulebook.grade_scales.get(to_scale)
    if target is None:
        known = ", ".join(sorted(rulebook.grade_scales))
        raise Invalid(Reason("grade.unknown_scale", {"given": to_scale[:40], "known": known}, "to"))
    if target.id == home.id:
        raise Invalid(Reason("grade.on_that_scale_already", {"scale": to_scale}, "to"))
    found: list[Converted] = []
    missing: list[Reason] = []
    for one in rulebook.conversions_to(target.id):
        if one.from_scale in ("*", home.id):
            made = _converted(grade, home, target, one, _holds(one, receiving, awarding))
            (found if isinstance(made, Converted) else missing).append(made)  # type: ignore[arg-type]
    found.sort(key=lambda one: (one.holds is not True, one.holds is False))  # each kind stays in the packs' order
    whom = receiving or "applied_to"  # a code among names
    return ConvertedGrade(
        grade, home, target, tuple(found), tuple(missing), Reason("grade.conversion_is_estimate", {"institution": whom})
    )


def _holds(conversion: GradeConversion, receiving: str, awarding: str) -> bool | None:
    if not conversion.institution:
        return True
    whose = (awarding if conversion.method is Method.LINEAR else receiving).strip()
    return conversion.institution.casefold() == whose.casefold() if whose else None


def _converted(
    grade: Grade, home: GradeScale, target: GradeScale, conversion: GradeConversion, holds: bool | None
) -> Converted | Reason:
    match conversion.method:
        case Method.MODIFIED_BAVARIAN:
            return _by_formula(grade, home, conversion, holds)
        case Method.LINEAR:
            value = grade.value * (conversion.factor or 0) + (conversion.offset or 0)
            if not target.has(value):
                return Reason("grade.conversion_leaves_scale", {"conversion": conversion.id, "scale": target.id})
            return _number(value, conversion, holds, [conversion.confidence])
    rows = sorted(conversion.rows, key=lambda row: row.at_least, reverse=home.best > home.worst)
    reached = next((row.counts_as for row in rows if home.is_as_good(grade.value, row.at_least)), None)
    if reached is None and not rows:
        return Reason("grade.conversion_empty", {"conversion": conversion.id})
    return Converted(conversion, reached or f"less than {rows[-1].counts_as}", holds, conversion.confidence)


def _by_formula(grade: Grade, home: GradeScale, conversion: GradeConversion, holds: bool | None) -> Converted | Reason:
    if home.best <= home.worst:
        return Reason("grade.formula_needs_rising_scale", {"conversion": conversion.id, "scale": home.id})
    lowest = grade.lowest_pass if grade.lowest_pass is not None else home.lowest_pass
    if lowest is None:
        return Reason("grade.lowest_pass_needed", {"conversion": conversion.id, "scale": home.id}, "lowest_pass")
    exact = modified_bavarian(grade.value, home.best, lowest)
    used, notices = [conversion.confidence], list[Reason]()
    if grade.value < lowest:
        said: Params = {"own": str(grade.value), "lowest_pass": str(lowest), "estimate": plain(exact)}
        notices.append(Reason("grade.below_lowest_pass", {**said, "scale": conversion.to_scale}))
    if grade.lowest_pass is None:
        used.append(home.confidence)
        assumed: Params = {"lowest_pass": str(lowest), "scale": home.id}
        notices.append(Reason("grade.lowest_pass_assumed", assumed, "lowest_pass"))
    return _number(exact, conversion, holds, used, lowest, tuple(notices))


def _number(
    exact: Decimal,
    conversion: GradeConversion,
    holds: bool | None,
    used: list[Confidence],
    lowest_pass: Decimal | None = None,
    notices: tuple[Reason, ...] = (),
) -> Converted:
    """Return the value as it is and as it is rounded; where nobody says how the receiver rounds, by each policy."""
    own = conversion.rounding
    policies = tuple(Rounding) if own is Rounding.EXACT else (own,)
    return Converted(
        conversion,
        shown=plain(rounded(exact, own)),
        holds=holds,
        confidence=weakest(used),
        exact=exact,
        as_rounded=tuple((policy, rounded(exact, policy)) for policy in policies),
        lowest_pass=lowest_pass,
        notices=notices,
    )


def plain(value: Decimal) -> str:
    """Return the value as people write it: two decimals, or up to four where two would not be exact."""
    text = f"{value.quantize(Decimal('0.0001')):f}"
    return text[:-2] if text.endswith("00") else text.rstrip("0")

"""What published conversions say of a grade: whether it would reach a limit on another scale."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from ..profile.profile import Grade
from ..rulebook.grades import GradeConversion, GradeScale, Method, Rounding, modified_bavarian, rounded
from ..rulebook.pack import Rulebook, weakest
from ..shared.dataclass import dataclass
from ..shared.sources import Confidence

_MOST_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one conversion makes of a grade; ``reaches`` is None where that does not settle the limit.

    ``value`` is absent where the conversion gives a class; ``lowest_pass`` where it needs none. ``confidence`` is that
    of the conversion and of whatever of the home scale it used. ``enough_from`` is the home grade from which a table
    reaches the limit.
    """

    conversion: GradeConversion
    reaches: bool | None
    shown: str
    confidence: Confidence
    value: Decimal | None = None
    lowest_pass: Decimal | None = None
    enough_from: Decimal | None = None

    def fails(self, grade: Grade) -> bool:
        """Whether the formula gives the grade that stands for failed, since this one is below the lowest pass."""
        return self.lowest_pass is not None and grade.value < self.lowest_pass


@dataclass(frozen=True, slots=True)
class Wanted:
    """A limit on a scale, set by the receiving institution for a degree of the awarding one (names, where known)."""

    scale: GradeScale
    limit: Decimal
    receiving: str = ""
    awarding: str = ""


def estimates(grade: Grade, wanted: Wanted, rulebook: Rulebook) -> list[Estimate]:
    """Return what each conversion that can be used here says of the grade.

    A table belongs to the institution that receives, a linear formula to the one that awarded the grade. Conversions
    are never chained. For the formula, the awarding institution's own lowest pass goes before the home scale's.
    """
    home = rulebook.grade_scales.get(grade.scale)
    if home is None or not home.has(grade.value):
        return []
    found = [_estimate(grade, home, wanted, one) for one in usable(home, wanted, rulebook)]
    return [one for one in found if one is not None]


def reaching(grade: Grade, wanted: Wanted, rulebook: Rulebook) -> list[bool | None]:
    """Return whether the grade reaches the limit by each of the ``estimates``, without making them."""
    home = rulebook.grade_scales.get(grade.scale)
    if home is None or not home.has(grade.value):
        return []
    found: list[bool | None] = []
    for one in usable(home, wanted, rulebook):
        if one.method is Method.TABLE:
            by_table = _by_table(grade, home, wanted, one)
            found += [] if by_table is None else [by_table.reaches]
        else:
            exact = _exact(grade, home, wanted, one)
            found += [] if exact is None else [_settled(exact, wanted, one)[1]]
    return found


def usable(home: GradeScale, wanted: Wanted, rulebook: Rulebook) -> list[GradeConversion]:
    """Return the conversions from the home scale to the wanted one that hold for the two institutions."""
    return [
        one
        for one in rulebook.conversions_to(wanted.scale.id)
        if one.from_scale in ("*", home.id) and _holds_for(one, home, wanted)
    ]


def agreed(said: Collection[bool | None]) -> bool | None:
    """Return what estimates say together: None where they contradict each other or none settles the limit."""
    if False in said:
        return False if all(one is False for one in said) else None
    return True if True in said else None


def _holds_for(conversion: GradeConversion, home: GradeScale, wanted: Wanted) -> bool:
    if conversion.method is Method.MODIFIED_BAVARIAN and home.best <= home.worst:
        return False  # the formula is made for scales on which more is better
    whose = wanted.awarding if conversion.method is Method.LINEAR else wanted.receiving
    return not conversion.institution or conversion.institution.casefold() == whose.strip().casefold()


def _estimate(grade: Grade, home: GradeScale, wanted: Wanted, conversion: GradeConversion) -> Estimate | None:
    match conversion.method:
        case Method.MODIFIED_BAVARIAN:
            return _by_formula(grade, home, wanted, conversion)
        case Method.LINEAR:
            return _by_line(grade, home, wanted, conversion)
    return _by_table(grade, home, wanted, conversion)


def _exact(grade: Grade, home: GradeScale, wanted: Wanted, conversion: GradeConversion) -> Decimal | None:
    """Return what the formula or the line makes of the grade; None where it makes nothing of it."""
    if conversion.method is Method.MODIFIED_BAVARIAN:
        lowest = _lowest(grade, home)
        return None if lowest is None or lowest >= home.best else modified_bavarian(grade.value, home.best, lowest)
    same_way = (home.best > home.worst) is (wanted.scale.best > wanted.scale.worst)
    if not conversion.factor or (conversion.factor > 0) is not same_way:
        return None  # a line on which a better grade comes out worse is no conversion
    return grade.value * conversion.factor + (conversion.offset or 0)


def _lowest(grade: Grade, home: GradeScale) -> Decimal | None:
    return grade.lowest_pass if grade.lowest_pass is not None else home.lowest_pass


def _by_formula(grade: Grade, home: GradeScale, wanted: Wanted, conversion: GradeConversion) -> Estimate | None:
    exact = _exact(grade, home, wanted, conversion)
    if exact is None:
        return None
    estimate = _near(exact, wanted, conversion)
    used = [conversion.confidence] if grade.lowest_pass is not None else [conversion.confidence, home.confidence]
    return replace(estimate, lowest_pass=_lowest(grade, home), confidence=weakest(used))


def _by_line(grade: Grade, home: GradeScale, wanted: Wanted, conversion: GradeConversion) -> Estimate | None:
    exact = _exact(grade, home, wanted, conversion)
    return None if exact is None else _near(exact, wanted, conversion)


def _settled(exact: Decimal, wanted: Wanted, conversion: GradeConversion) -> tuple[Decimal, bool | None]:
    """Return the value, and whether it reaches the limit; None where that depends on how the receiver rounds and
    nobody says how it does."""
    value = rounded(exact, conversion.rounding)
    reaches: bool | None = wanted.scale.is_as_good(value, wanted.limit)
    if not reaches and conversion.rounding is Rounding.EXACT:
        kindest = [wanted.scale.is_as_good(rounded(exact, policy), wanted.limit) for policy in Rounding]
        reaches = None if any(kindest) else False
    return value, reaches


def _near(exact: Decimal, wanted: Wanted, conversion: GradeConversion) -> Estimate:
    value, reaches = _settled(exact, wanted, conversion)
    return Estimate(conversion, reaches, _shown(value, wanted), conversion.confidence, value)


def _shown(value: Decimal, wanted: Wanted) -> str:
    """Return the value with two decimals, or with as many as show on which side of the limit it is."""
    side = wanted.scale.is_as_good(value, wanted.limit)
    for digits in range(2, _MOST_DIGITS):
        text = value.quantize(Decimal(1).scaleb(-digits))
        if wanted.scale.is_as_good(text, wanted.limit) is side:
            return str(text)
    return str(value)


def _by_table(grade: Grade, home: GradeScale, wanted: Wanted, conversion: GradeConversion) -> Estimate | None:
    """Settle the limit by the class that the grade counts as; inside of a class the table says nothing."""
    above: tuple[str, Decimal] | None = None
    enough_from: Decimal | None = None
    for row in sorted(conversion.rows, key=lambda row: row.at_least, reverse=home.best > home.worst):
        at_least = _lower_end(row.counts_as, wanted.scale)
        if at_least is None:
            return None
        if home.is_as_good(grade.value, row.at_least):
            reaches, shown = _within(at_least, above, wanted), row.counts_as
            return Estimate(conversion, reaches, shown, conversion.confidence, enough_from=enough_from)
        above = row.counts_as, at_least
        enough_from = row.at_least if wanted.scale.is_as_good(at_least, wanted.limit) else enough_from
    if above is None:
        return None
    reaches, shown = _within(None, above, wanted), f"less than {above[0]}"
    return Estimate(conversion, reaches, shown, conversion.confidence, enough_from=enough_from)


def _within(lower: Decimal | None, above: tuple[str, Decimal] | None, wanted: Wanted) -> bool | None:
    """Whether a class from ``lower`` up to the next one ``above`` reaches the limit; None where the limit is inside."""
    if lower is not None and wanted.scale.is_as_good(lower, wanted.limit):
        return True
    return False if above is not None and wanted.scale.is_as_good(wanted.limit, above[1]) else None


def _lower_end(name: str, scale: GradeScale) -> Decimal | None:
    for band in scale.bands:
        if band.name == name:
            return band.at_least
    try:
        number = Decimal(name)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None

"""What may be wrong with a catalogue whose form is right: unknown names, and days of which the year is unclear."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ..rulebook.pack import Rulebook
from ..rulebook.scores import Scale, Score
from ..shared.errors import Invalid, Params, Reason
from ..shared.times import ZoneLookup
from .intake import Deadline, DeadlineKind, Intake
from .programme import Institution, Programme
from .requirement import AllOf, AnyOf, DocumentNeeded, GradeNeeded, Requirement, TestNeeded

_ANY_YEAR = 2028
"""Days of every year keep their order in any year; this one has a 29 February."""


def zone_problems(zone: str, place: str, zones: ZoneLookup) -> Iterator[Reason]:
    """Yield the problem when the zone is named and unknown."""
    try:
        if zone:
            zones(zone)
    except Invalid:
        yield Reason("zone.unknown", {"given": zone[:40]}, place)


def institution_problems(institution: Institution, place: str, zones: ZoneLookup) -> Iterator[Reason]:
    """Yield what is wrong with the institution's zone."""
    yield from zone_problems(institution.zone, f"{place}.zone", zones)


def programme_problems(programme: Programme, place: str, zones: ZoneLookup) -> Iterator[Reason]:
    """Yield what is wrong with the zones of the programme's deadlines."""
    for index, intake in enumerate(programme.intakes):
        for number, deadline in enumerate(intake.deadlines):
            yield from zone_problems(deadline.zone, f"{place}.intakes[{index}].deadlines[{number}].zone", zones)


def unclear_years(programme: Programme, place: str) -> Iterator[Reason]:
    """Yield each deadline of one date that stands under an intake of every year: of which year it is nobody can say."""
    for index, intake in enumerate(programme.intakes):
        for number, deadline in enumerate(intake.deadlines):
            here = f"{place}.intakes[{index}].deadlines[{number}]"
            for key, day in (("on", deadline.day), ("opens_on", deadline.opens)):
                if intake.starts.each is not None and day is not None and day.on is not None:
                    yield Reason("intake.year_unclear", {}, f"{here}.{key}")


def has_deadlines_in_order(programme: Programme) -> bool:
    """Whether no deadline of the programme lies before the day from which on its own kind is taken, and no visa cut-off
    before the first day of any application."""
    return all(_in_order(intake) for intake in programme.intakes)


def _in_order(intake: Intake) -> bool:
    year = intake.starts.on.year if intake.starts.on else _ANY_YEAR
    dated = [(deadline, deadline.day.in_year(year), _opens(deadline, year)) for deadline in intake.deadlines]
    cut_offs = [day for deadline, day, _ in dated if deadline.kind is DeadlineKind.VISA_CUTOFF and day]
    begins = [opens for deadline, _, opens in dated if deadline.kind is DeadlineKind.APPLICATION and opens]
    return not any(day < opens for _, day, opens in dated if day and opens) and not (
        cut_offs and begins and min(cut_offs) < min(begins)
    )


def _opens(deadline: Deadline, year: int) -> date | None:
    return deadline.opens.in_year(year) if deadline.opens else None


def requirement_problems(requirement: Requirement, place: str, rulebook: Rulebook) -> Iterator[Reason]:
    """Yield every test, score, grade scale and kind of paper in the tree that the rule packs do not know."""
    match requirement:
        case AllOf() | AnyOf():
            key = "all" if isinstance(requirement, AllOf) else "any"
            for index, part in enumerate(requirement.parts):
                yield from requirement_problems(part, f"{place}.{key}[{index}]", rulebook)
        case TestNeeded():
            yield from _test_problems(requirement, f"{place}.test", rulebook)
        case GradeNeeded():
            yield from _grade_problems(requirement, f"{place}.grade", rulebook)
        case DocumentNeeded() if requirement.kind not in rulebook.document_kinds:
            yield Reason("document.unknown_kind", {"kind": requirement.kind}, f"{place}.document.kind")


def _grade_problems(needed: GradeNeeded, place: str, rulebook: Rulebook) -> Iterator[Reason]:
    scale = rulebook.grade_scales.get(needed.scale)
    if scale is None:
        known = ", ".join(sorted(rulebook.grade_scales))
        yield Reason("grade.unknown_scale", {"given": needed.scale, "known": known}, f"{place}.scale")
    elif not scale.has(needed.at_least):
        params: Params = {"given": str(needed.at_least), "worst": str(scale.worst), "best": str(scale.best)}
        yield Reason("grade.off_scale", params, f"{place}.at_least")


def _test_problems(needed: TestNeeded, place: str, rulebook: Rulebook) -> Iterator[Reason]:
    test = rulebook.tests.get(needed.code)
    if test is None:
        known = ", ".join(sorted(rulebook.tests))
        yield Reason("test.unknown", {"given": needed.code, "known": known}, f"{place}.code")
        return
    if needed.passed and not test.pass_marks():
        yield Reason("test.cannot_be_passed", {"test": needed.code}, f"{place}.passed")
    if needed.total is not None:
        yield from _score_problems(needed.total, test.total, needed.code, f"{place}.total")
    for name, score in needed.sections.items():
        section = test.section(name)
        yield from _score_problems(score, section.scale if section else None, needed.code, f"{place}.sections.{name}")


def _score_problems(score: Score | Decimal, scale: Scale | None, test: str, place: str) -> Iterator[Reason]:
    if scale is None or not scale.has(score):
        yield Reason("test.not_on_scale", {"given": str(score), "test": test}, place)

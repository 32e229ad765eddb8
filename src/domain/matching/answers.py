"""What a profile does not say though requirements ask for it, and the most welcome answers: the best that may be true.

An answer is a whole profile and papers, so that what it opens can be looked up; nobody is told the answer itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ..catalogue.requirement import (
    CitizenshipNeeded,
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    MoneyNeeded,
    TestNeeded,
)
from ..profile.profile import Grade, Qualification, TestResult, WorkPeriod
from ..rulebook.pack import Rulebook
from ..rulebook.scores import TestScale
from ..shared.money import Money
from ..shared.times import add_months
from .bits import bits_of
from .concordances import sat_for
from .evidence import Evidence
from .parts import TOTAL
from .quick import judge_asked
from .score_steps import unstated_parts, usable_results, with_best
from .trees import AskedLeaf, VisaOpen
from .verdict import Standing
from .whole import Whole

FIELDS, FINISHED = "qualifications.fields", "qualifications.finished_on"
GRADE, LOWEST_PASS = "qualifications.grade", "qualifications.grade.lowest_pass"
_ELSEWHERE = "ZZ"  # ISO 3166-1 gives this code to no country, so no rule names it
Asked = Mapping[type, list[Any]]
"""The leaves that are asked for and not open, by their kind."""


def asked_of(whole: Whole) -> dict[type, list[Any]]:
    """Return the leaves that the student is asked for and that are not even probably met, by their kind."""
    found: dict[type, list[Any]] = {}
    for place in whole.not_open(whole.places):
        leaf = whole.trees.leaves[place].leaf
        found.setdefault(type(leaf), []).append(leaf)
    return found


def says_all(whole: Whole) -> bool:
    """Whether nothing is left open that could be asked for, so that no requirement need be looked at."""
    profile, known = whole.evidence.profile, whole.rulebook.tests
    parts = profile.tests, profile.qualifications, profile.citizenships, profile.work, profile.budget_a_year
    return (
        all(part is not None for part in parts)
        and bool(whole.evidence.papers)
        and all(_is_whole(one, known.get(one.code)) for one in profile.tests or ())
        and all(
            degree.fields and degree.finished_on and degree.grade and degree.grade.lowest_pass is not None
            for degree in profile.qualifications or ()
        )
    )


def _is_whole(result: TestResult, test: TestScale | None) -> bool:
    """Whether the result states its total and all sections."""
    if test is None:
        return True
    return len(result.sections) == len(test.sections) and (result.total is not None or test.total is None)


def unanswered(whole: Whole) -> tuple[str, ...]:
    """Return what nobody has said of the student though some requirement that is not open asks for it, as the fields of
    a profile are called; ``papers`` where none is listed."""
    if says_all(whole):
        return ()
    profile, asked = whole.evidence.profile, asked_of(whole)
    unsaid = {
        "tests": profile.tests is None and TestNeeded in asked,
        "tests.sections": TestNeeded in asked and bool(_unstated(whole)),
        "qualifications": profile.qualifications is None and (DegreeNeeded in asked or GradeNeeded in asked),
        **dict.fromkeys(_unsaid_of_degrees(whole, asked), True),
        "citizenships": profile.citizenships is None and (CitizenshipNeeded in asked or VisaOpen in asked),
        "work": profile.work is None and ExperienceNeeded in asked,
        "budget_a_year": profile.budget_a_year is None and MoneyNeeded in asked,
        "papers": not whole.evidence.papers and DocumentNeeded in asked,
    }
    return tuple(field for field, is_unsaid in unsaid.items() if is_unsaid)


def answered(whole: Whole, field: str) -> Evidence | None:
    """Return the evidence with the most welcome answer about one field of ``unanswered``; None where no answer that is
    known makes anything better."""
    evidence, asked = whole.evidence, asked_of(whole)
    profile = evidence.profile
    match field:
        case "tests":
            made = replace(profile, tests=_best_results(asked[TestNeeded], evidence.on, whole.rulebook))
        case "tests.sections":
            tests = whole.rulebook.tests
            better = [with_best(one, tests[one.code], parts) for one, parts in _unstated(whole)]
            made = replace(profile, tests=(*(profile.tests or ()), *better))
        case "qualifications":
            made = replace(profile, qualifications=_best_degrees(asked, evidence.on, whole.rulebook))
        case "citizenships":
            return _welcome_citizen(whole)
        case "work":
            months = max(leaf.months for leaf in asked[ExperienceNeeded])
            made = replace(profile, work=(WorkPeriod("", add_months(evidence.on, -months - 1), evidence.on),))
        case "budget_a_year":
            amounts = [leaf.a_year for leaf in asked[MoneyNeeded]]
            currencies = sorted(one.currency for one in amounts)
            made = replace(profile, budget_a_year=most_of(amounts, max(currencies, key=currencies.count)))
        case "papers":
            kinds = (leaf.kind for leaf in asked[DocumentNeeded])
            return replace(evidence, papers={**(evidence.papers or {}), **dict.fromkeys(kinds, True)})
        case _:
            degrees = [whole_degree(one, asked, whole) for one in profile.qualifications or ()]
            made = replace(profile, qualifications=tuple(one for made in degrees for one in made))
    return replace(evidence, profile=made)


def most_of(amounts: Iterable[Money], currency: str) -> Money:
    """Return the greatest of the amounts that are in the currency."""
    return max((one for one in amounts if one.currency == currency), key=lambda one: one.minor)


def details_of(degree: Qualification, asked: Asked, whole: Whole) -> dict[str, list[Qualification]]:
    """Return for each detail that nobody has stated of the degree what it would be at best: of the grade, the best one
    on each scale that is asked for, so that one degree may become several."""
    found: dict[str, list[Qualification]] = {}
    fields, grades = _fields_asked(asked, degree.level), _grades_asked(asked, degree.level)
    if not degree.fields and fields:
        found[FIELDS] = [replace(degree, fields=fields)]
    if degree.finished_on is None and DegreeNeeded in asked:
        found[FINISHED] = [replace(degree, finished_on=whole.evidence.on)]
    if degree.grade is None:
        if best := _best_grades(grades, whole.rulebook):
            found[GRADE] = [replace(degree, grade=grade) for grade in best]
    elif grades and degree.grade.lowest_pass is None:
        scale = whole.rulebook.grade_scales.get(degree.grade.scale)
        if scale is not None and scale.lowest_pass is None and scale.best > scale.worst:
            lowest = min(scale.worst, degree.grade.value)
            found[LOWEST_PASS] = [replace(degree, grade=replace(degree.grade, lowest_pass=lowest))]
    return found


def whole_degree(degree: Qualification, asked: Asked, whole: Whole) -> list[Qualification]:
    """Return the degree with all details that nobody has stated, as ``details_of`` has them."""
    details = details_of(degree, asked, whole)
    made = degree
    for field, attribute in ((FIELDS, "fields"), (FINISHED, "finished_on"), (LOWEST_PASS, "grade")):
        if field in details:
            made = replace(made, **{attribute: getattr(details[field][0], attribute)})
    return [replace(made, grade=one.grade) for one in details[GRADE]] if GRADE in details else [made]


def _unsaid_of_degrees(whole: Whole, asked: Asked) -> list[str]:
    return [field for one in whole.evidence.profile.qualifications or () for field in details_of(one, asked, whole)]


def _fields_asked(asked: Asked, level: str) -> tuple[str, ...]:
    leaves = (leaf for leaf in asked.get(DegreeNeeded, ()) if leaf.level == level)
    return tuple(sorted({field for leaf in leaves for field in leaf.fields}))


def _grades_asked(asked: Asked, level: str) -> list[GradeNeeded]:
    return [leaf for leaf in asked.get(GradeNeeded, ()) if leaf.of == level]


def _best_grades(asked: Iterable[GradeNeeded], rulebook: Rulebook) -> list[Grade]:
    scales = {leaf.scale: rulebook.grade_scales.get(leaf.scale) for leaf in asked}
    return [Grade(code, scale.best) for code, scale in sorted(scales.items()) if scale is not None]


def _best_degrees(asked: Asked, on: date, rulebook: Rulebook) -> tuple[Qualification, ...]:
    """Return a finished degree of each level that is asked for, in all fields, once for each scale of its grade."""
    degrees, grades = asked.get(DegreeNeeded, []), asked.get(GradeNeeded, [])
    found: list[Qualification] = []
    for level in sorted({*(leaf.level for leaf in degrees), *(leaf.of for leaf in grades)}):
        degree = Qualification(level, fields=_fields_asked(asked, level), finished_on=on)
        best = _best_grades(_grades_asked(asked, level), rulebook)
        found += [replace(degree, grade=grade) for grade in best] or [degree]
    return tuple(found)


def _best_results(asked: Iterable[TestNeeded], on: date, rulebook: Rulebook) -> tuple[TestResult, ...]:
    """Return the best result of every test that can be sat for what is asked for."""
    known = [rulebook.tests[code] for code in sorted({leaf.code for leaf in asked}) if code in rulebook.tests]
    sat = {one.code: one for test in known for one in sat_for(test, on, rulebook)}
    return tuple(_best_result(test, on) for test in sat.values())


def _best_result(test: TestScale, on: date) -> TestResult:
    return with_best(TestResult(test.code, on), test, [TOTAL, *(section.name for section in test.sections)])


def _unstated(whole: Whole) -> list[tuple[TestResult, list[str]]]:
    """Return the results that count, each with the parts that it leaves open though some requirement asks for them."""
    shut = bits_of(whole.not_open(whole.places))
    return [(one, parts) for one in usable_results(whole) if (parts := unstated_parts(whole, one, shut))]


def _welcome_citizen(whole: Whole) -> Evidence | None:
    """Return the evidence with the citizenship that opens most of what asks for one, and makes nothing else worse."""
    places = [place for place in whole.not_open(whole.places) if _asks_for_citizenship(whole.trees.leaves[place])]
    rules, found = whole.rulebook, list[tuple[int, Evidence]]()
    for country in dict.fromkeys((_ELSEWHERE, *sorted(_named(whole, places)))):
        made = replace(whole.evidence, profile=replace(whole.evidence.profile, citizenships=(country,)))
        opens = [judge_asked(whole.trees.leaves[place], made, rules).standing for place in places]
        found.append((sum(one >= Standing.PROBABLY_MET for one in opens), made))
    for opened, made in sorted(found, key=lambda one: -one[0]):
        if opened and not _is_worse(whole, made):
            return made
    return None


def _asks_for_citizenship(asked: AskedLeaf) -> bool:
    return isinstance(asked.leaf, CitizenshipNeeded | VisaOpen)


def _named(whole: Whole, places: Iterable[int]) -> Iterator[str]:
    """Yield citizenships that the leaves, or the stops of visas, say are welcome."""
    for place in places:
        leaf = whole.trees.leaves[place].leaf
        if isinstance(leaf, CitizenshipNeeded):
            yield from leaf.any_of
    for stop in whole.rulebook.closures.values():
        yield from stop.not_nationality


def _is_worse(whole: Whole, made: Evidence) -> bool:
    """Whether something is open now that is not with the other evidence, such as a result that counts no more."""
    after = Whole(whole.trees, made, whole.rulebook, whole.places)
    return bool(set(after.not_open(whole.places)) - set(whole.not_open(whole.places)))

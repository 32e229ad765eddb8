"""Changes of a profile that are worth a try, each as the evidence that it would give.

Every one makes the evidence better and nothing else, so that whatever stood before stands at least as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from ..catalogue.requirement import (
    DegreeNeeded,
    DocumentNeeded,
    ExperienceNeeded,
    GradeNeeded,
    MoneyNeeded,
    TestNeeded,
)
from ..profile.profile import Grade, Profile, Qualification, TestResult, WorkPeriod
from ..rulebook.grades import GradeScale
from ..rulebook.pack import Rulebook
from ..rulebook.scores import Scale, Score, TestScale
from ..shared.dataclass import dataclass
from ..shared.money import Money
from ..shared.times import add_months
from .changes import listed
from .evidence import Evidence
from .quick import Family
from .scores import _has_run_out, _scale_of, _total, _wanted
from .verdict import Change, Part
from .whole import Whole

_HALF_BANDS = 18  # of IELTS from 0 to 9: a step on a finer scale is as large a part of the whole
_GRADE_STEPS = 40  # from worst to best: 0.1 of 4, 2.5 of 100
_TEST_STEPS = 2
_OTHER_STEPS = 4
_LEVELS = 4

Level = TypeVar("Level")


@dataclass(frozen=True, slots=True)
class Step:
    """A change, the evidence with it, and the places of the leaves that it may touch.

    A new test ``result`` stands beside the evidence, in which it is not; ``tests`` are the leaves that it may touch.
    ``families`` ask for grades. ``key`` names the step for good, such as
    ``raise_score/IELTS_AC/2025-09-13/total+0.5``. ``at_best`` says that the change only gives an answer, and that the
    most welcome one is assumed.
    """

    key: str
    change: Change
    evidence: Evidence
    result: TestResult | None = None
    tests: Collection[int] = ()
    places: Collection[int] = ()
    families: Collection[Family] = ()
    at_best: bool = False


def steps_of(whole: Whole) -> Iterator[Step]:
    """Yield every change that could open something, as far as the catalogue's requirements ask for it."""
    seen: set[str] = set()
    for step in _steps(whole):
        if step.key not in seen:  # at the upper end of a scale, two steps more are as good as one
            seen.add(step.key)
            yield step


def _steps(whole: Whole) -> Iterator[Step]:
    by_kind: dict[type, list[int]] = {}
    for place, (leaf, _) in enumerate(whole.trees.leaves):
        by_kind.setdefault(type(leaf), []).append(place)
    yield from _tests(whole, by_kind.get(TestNeeded, []))
    yield from _grades(whole)
    yield from _degree_details(whole, by_kind.get(DegreeNeeded, []))
    yield from _papers(whole, by_kind.get(DocumentNeeded, []))
    yield from _work(whole, by_kind.get(ExperienceNeeded, []))
    yield from _budget(whole, by_kind.get(MoneyNeeded, []))


def _tests(whole: Whole, places: list[int]) -> Iterator[Step]:
    by_test: dict[str, list[int]] = {}
    for place in places:
        by_test.setdefault(_test_leaf(whole, place).code, []).append(place)
    results = whole.evidence.profile.tests or ()
    tests = whole.rulebook.tests
    usable = [one for one in results if one.code in tests and not _has_run_out(one, tests[one.code], whole.evidence)]
    leads = _leads(whole.rulebook)
    for result in usable:
        touched = whole.not_open(_touched(result.code, by_test, leads))
        for change, better in _better(result, tests[result.code]) if touched else ():
            yield _with_result(whole, change, better, touched)
    held = {result.code for result in usable}
    for code in sorted(by_test.keys() - held):
        if code in tests:
            touched = whole.not_open(_touched(code, by_test, leads))
            for change, new in _first(whole, tests[code], by_test[code]) if touched else ():
                yield _with_result(whole, change, new, touched)


def _with_result(whole: Whole, change: Change, result: TestResult, places: list[int]) -> Step:
    """The new result is judged alone: the best of all results counts, and what the others give stands already."""
    which = f"{result.code}/{result.taken_on}" if change.code == "raise_score" else result.code
    return Step(f"{change.code}/{which}/{_spoken(change.parts)}", change, whole.evidence, result, places)


def _leads(rulebook: Rulebook) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for table in rulebook.concordances.values():
        found.setdefault(table.from_test, set()).add(table.to_test)
    return found


def _touched(code: str, by_test: Mapping[str, list[int]], leads: Mapping[str, set[str]]) -> list[int]:
    return [place for test in (code, *sorted(leads.get(code, ()))) for place in by_test.get(test, ())]


def _better(result: TestResult, test: TestScale) -> Iterator[tuple[Change, TestResult]]:
    """Yield the result with a step or two more: in each section alone, in the total alone, and in all together."""
    total = _total(result, test)
    named = [section for section in test.sections if section.name in result.sections]
    for steps in range(1, _TEST_STEPS + 1):
        raised = {one.name: _raised(result.sections[one.name], one.scale, steps) for one in named}
        raised_total = None if total is None or test.total is None else _raised(total, test.total, steps)
        every = {name: score for name, score in raised.items() if score is not None}
        for name, score in every.items():
            yield _raise(result, test, {name: score}, None, steps)
        if raised_total is not None:
            yield _raise(result, test, {}, raised_total, steps)
            if every:
                yield _raise(result, test, every, raised_total, steps)


def _raise(
    result: TestResult, test: TestScale, sections: dict[str, Score], total: Score | None, steps: int
) -> tuple[Change, TestResult]:
    """With a section the total rises as the test's own rule has it, so that both are read together."""
    all_sections = {**result.sections, **sections}
    by_rule = test.total_of(all_sections) if sections and test.total else None
    before = _total(result, test)
    reached = [one for one in (before, total, by_rule) if one is not None]
    scale = test.total
    best = max(reached, key=scale.rank) if reached and scale else None
    parts = [_part(name, score, _scale_of(test, name), result.sections[name]) for name, score in sections.items()]
    if total is not None and before is not None:
        parts.insert(0, _part("total", total, scale, before))
    effort = 10 + len(parts) + 5 * (steps - 1)
    change = Change("raise_score", {"test": test.code, "by": listed(parts)}, effort, tuple(parts))
    return change, replace(result, total=best, sections=all_sections)


def _part(name: str, score: Score, scale: Scale | None, before: Score) -> Part:
    gap = scale.rank(score) - scale.rank(before) if scale else Decimal(0)
    return Part(name, gap, f"{name} +{gap}")


def _raised(score: Score, scale: Scale, steps: int) -> Score | None:
    """Return the score some steps higher, at most the best there is; None where it is the best already."""
    if scale.levels:
        if score not in scale.levels:
            return None
        place = scale.levels.index(str(score))
        return scale.levels[min(place + steps, len(scale.levels) - 1)] if place + 1 < len(scale.levels) else None
    if isinstance(score, str) or scale.minimum is None or scale.maximum is None or not scale.step:
        return None
    of_the_whole = (scale.maximum - scale.minimum) / _HALF_BANDS
    step = max(scale.step, -(-of_the_whole // scale.step) * scale.step)
    return min(score + steps * step, scale.maximum) if score < scale.maximum else None


def _first(whole: Whole, test: TestScale, places: list[int]) -> Iterator[tuple[Change, TestResult]]:
    """Yield a first result for some of the levels that programmes ask for."""
    if test.code not in whole.prepared.levels:
        whole.prepared.levels[test.code] = _levels(test, [_test_leaf(whole, place) for place in places])
    for change, sections, total in whole.prepared.levels[test.code]:
        yield change, TestResult(test.code, whole.evidence.on, total, sections)


def _levels(test: TestScale, leaves: Iterable[TestNeeded]) -> list[tuple[Change, dict[str, Score], Score | None]]:
    """Return some of the levels that the leaves ask for, the easiest first, each with all that easier ones want."""
    parts: dict[str, Score] = {}
    levels: dict[tuple[Decimal, ...], dict[str, Score]] = {}
    wanted = [dict(_wanted(leaf)) for leaf in leaves]
    usable = [one for one in wanted if one and all(_on_scale(test, part, score) for part, score in one.items())]
    for one in sorted(usable, key=lambda one: _hardness(test, one)):
        for part, score in one.items():
            scale = _scale_of(test, part)
            if scale and (part not in parts or scale.rank(parts[part]) < scale.rank(score)):
                parts[part] = score
        levels[_hardness(test, one)[:1]] = dict(parts)
    found: list[tuple[Change, dict[str, Score], Score | None]] = []
    for number, level in enumerate(_spread(list(levels.values()), _LEVELS)):
        named = tuple(
            Part(part, Decimal(0), str(score) if part == "total" else f"{part} {score}")
            for part, score in level.items()
        )
        change = Change("take_test", {"test": test.code, "needed": listed(named)}, 20 + 3 * number, named)
        sections = {part: score for part, score in level.items() if part != "total"}
        found.append((change, sections, level.get("total")))
    return found


def _on_scale(test: TestScale, part: str, score: Score) -> bool:
    scale = _scale_of(test, part)
    return (
        scale is not None
        and isinstance(score, str) == bool(scale.levels)
        and (score in scale.levels or not scale.levels)
    )


def _hardness(test: TestScale, wanted: Mapping[str, Score]) -> tuple[Decimal, ...]:
    ranks = {part: scale.rank(score) for part, score in wanted.items() if (scale := _scale_of(test, part))}
    sections = [rank for part, rank in ranks.items() if part != "total"]
    hardest = max(sections, default=Decimal(0))
    return ranks.get("total", hardest), hardest


def _grades(whole: Whole) -> Iterator[Step]:
    profile = whole.evidence.profile
    for number, degree in enumerate(profile.qualifications or ()):
        scale = whole.rulebook.grade_scales.get(degree.grade.scale) if degree.grade else None
        asked = [one for one in whole.families if _grade_leaf(whole, one[0]).of == degree.level]
        families = [tuple(rest) for one in asked if (rest := whole.not_open(one))]
        if degree.grade is None or scale is None or not families:
            continue
        is_finished = degree.finished_on is not None and degree.finished_on <= whole.evidence.on
        for steps, value in enumerate(_grades_above(degree.grade, scale), start=1):
            params = {"of": degree.level, "own": str(degree.grade.value), "grade": str(value), "scale": scale.id}
            change = Change("raise_grade", params, (50 if is_finished else 15) + 5 * steps)
            better = replace(degree, grade=replace(degree.grade, value=value))
            evidence = _with_degree(whole.evidence, number, better)
            yield Step(f"raise_grade/{number}/{value}", change, evidence, families=families)


def _grades_above(grade: Grade, scale: GradeScale) -> Iterator[Decimal]:
    unit = Decimal(1).scaleb(-scale.decimals)
    step = max(unit, (abs(scale.best - scale.worst) / _GRADE_STEPS).quantize(unit))
    for steps in range(1, _OTHER_STEPS + 1):
        value = grade.value + steps * step if scale.best > scale.worst else grade.value - steps * step
        if not scale.has(value):
            return
        yield value


def _degree_details(whole: Whole, places: list[int]) -> Iterator[Step]:
    asked = [leaf for place in places if isinstance(leaf := whole.trees.leaves[place].leaf, DegreeNeeded)]
    for number, degree in enumerate(whole.evidence.profile.qualifications or ()):
        fields = tuple(sorted({field for leaf in asked if leaf.level == degree.level for field in leaf.fields}))
        stated: list[tuple[str, Qualification]] = []
        if not degree.fields and fields:
            stated.append(("qualifications.fields", replace(degree, fields=fields)))
        if degree.finished_on is None:
            stated.append(("qualifications.finished_on", replace(degree, finished_on=whole.evidence.on)))
        if len(stated) > 1:  # each alone leaves the other unknown
            both = replace(degree, fields=fields, finished_on=whole.evidence.on)
            stated.append(("qualifications.fields, qualifications.finished_on", both))
        for field, complete in stated:
            change = Change("complete_profile", {"field": field}, 1 + field.count(","))
            evidence = _with_degree(whole.evidence, number, complete)
            yield Step(f"complete_profile/{number}/{field}", change, evidence, places=places, at_best=True)


def _papers(whole: Whole, places: list[int]) -> Iterator[Step]:
    has = whole.evidence.papers or {}
    by_kind: dict[str, list[int]] = {}
    for place in places:
        leaf = whole.trees.leaves[place].leaf
        if isinstance(leaf, DocumentNeeded) and has.get(leaf.kind) is not True:
            by_kind.setdefault(leaf.kind, []).append(place)
    for kind, touched in by_kind.items():
        change = Change("add_document", {"document": kind}, 2)
        yield Step(f"add_document/{kind}", change, replace(whole.evidence, papers={**has, kind: True}), places=touched)
    if len(by_kind) > 1:
        every = Change("add_documents", {"documents": ", ".join(by_kind)}, 2 * len(by_kind))
        evidence = replace(whole.evidence, papers={**has, **dict.fromkeys(by_kind, True)})
        touched = [place for some in by_kind.values() for place in some]
        yield Step("add_documents", every, evidence, places=touched)


def _work(whole: Whole, places: list[int]) -> Iterator[Step]:
    profile, on = whole.evidence.profile, whole.evidence.on
    has = profile.months_of_work(on)
    leaves = (whole.trees.leaves[place].leaf for place in places)
    asked = sorted({leaf.months for leaf in leaves if isinstance(leaf, ExperienceNeeded)})
    for months in _spread([one for one in asked if one > (has or 0)], _OTHER_STEPS):
        more = months - (has or 0)
        change = Change("work_longer", {"months": more}, 10 + more)
        work = (*(profile.work or ()), WorkPeriod("", add_months(on, -months - 1), on))
        yield Step(f"work_longer/{months}", change, _with(whole.evidence, replace(profile, work=work)), places=places)


def _budget(whole: Whole, places: list[int]) -> Iterator[Step]:
    profile = whole.evidence.profile
    leaves = (whole.trees.leaves[place].leaf for place in places)
    asked = {leaf.a_year for leaf in leaves if isinstance(leaf, MoneyNeeded)}
    budget = profile.budget_a_year
    if budget is None:
        for currency in sorted({one.currency for one in asked}):
            most = max((one for one in asked if one.currency == currency), key=lambda one: one.minor)
            change = Change("state_budget_in", {"currency": currency}, 1)
            evidence = _with(whole.evidence, replace(profile, budget_a_year=most))
            yield Step(f"state_budget_in/{currency}", change, evidence, places=places, at_best=True)
    elif any(one.currency == budget.currency and one.minor > budget.minor for one in asked):
        for steps in range(1, _OTHER_STEPS + 1):
            more = Money(steps * _round_tenth(budget.minor), budget.currency)
            change = Change("raise_budget", {"amount": str(more)}, 30 + 5 * (steps - 1))
            evidence = _with(whole.evidence, replace(profile, budget_a_year=budget + more))
            yield Step(f"raise_budget/{more}", change, evidence, places=places)


def _round_tenth(minor: int) -> int:
    """Return about a tenth, as the largest of 1, 2 and 5 times a power of ten that is no more than that."""
    tenth = max(minor // 10, 1)
    power = int("1".ljust(len(str(tenth)), "0"))
    return power * max(digit for digit in (1, 2, 5) if digit * power <= tenth)


def _with(evidence: Evidence, profile: Profile) -> Evidence:
    return replace(evidence, profile=profile)


def _with_degree(evidence: Evidence, number: int, degree: Qualification) -> Evidence:
    degrees = list(evidence.profile.qualifications or ())
    degrees[number] = degree
    return _with(evidence, replace(evidence.profile, qualifications=tuple(degrees)))


def _spread(levels: list[Level], most: int) -> list[Level]:
    """Return at most so many of the levels, evenly, with the last."""
    if len(levels) <= most:
        return levels
    return [levels[(number + 1) * len(levels) // most - 1] for number in range(most)]


def _spoken(parts: Iterable[Part]) -> str:
    return "+".join(part.shown.replace(" ", "") for part in parts) or "result"


def _test_leaf(whole: Whole, place: int) -> TestNeeded:
    leaf = whole.trees.leaves[place].leaf
    if not isinstance(leaf, TestNeeded):
        raise TypeError(f"leaf {place} asks for no test")
    return leaf


def _grade_leaf(whole: Whole, place: int) -> GradeNeeded:
    leaf = whole.trees.leaves[place].leaf
    if not isinstance(leaf, GradeNeeded):
        raise TypeError(f"leaf {place} asks for no grade")
    return leaf

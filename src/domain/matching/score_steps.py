"""Better test results, and first ones, that are worth a try."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from ..catalogue.requirement import TestNeeded
from ..profile.profile import TestResult
from ..rulebook.pack import Rulebook
from ..rulebook.scores import Scale, Score, TestScale
from .changes import listed
from .scores import _has_run_out, _scale_of, _total, _wanted
from .step import Step, spread
from .verdict import Change, Part
from .whole import Whole

_HALF_BANDS = 18  # of IELTS from 0 to 9: a step on a finer scale is as large a part of the whole
_TEST_STEPS = 2
_LEVELS = 4


def score_steps(whole: Whole, places: list[int]) -> Iterator[Step]:
    """Yield a step or two more in what was sat, and some levels of what was not; the places ask for tests."""
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
    for number, level in enumerate(spread(list(levels.values()), _LEVELS)):
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


def _spoken(parts: Iterable[Part]) -> str:
    return "+".join(part.shown.replace(" ", "") for part in parts) or "result"


def _test_leaf(whole: Whole, place: int) -> TestNeeded:
    leaf = whole.trees.leaves[place].leaf
    if not isinstance(leaf, TestNeeded):
        raise TypeError(f"leaf {place} asks for no test")
    return leaf

"""Better test results, first ones, and what results leave unsaid, as far as they are worth a try."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import repeat

from ..catalogue.requirement import TestNeeded
from ..profile.profile import TestResult
from ..rulebook.facts import Scope
from ..rulebook.scores import Scale, Score, TestScale
from .bits import bits_of, places_in
from .changes import listed
from .concordances import corresponding_parts, sat_for
from .demands import Level, Shows
from .parts import TOTAL, scale_of, state, total_of, wanted
from .step import Opened, Step, spread
from .trees import NOWHERE
from .validity import counting
from .verdict import Change, Part, Standing
from .whole import Whole

_HALF_BANDS = 18  # of IELTS from 0 to 9: a step on a finer scale is as large a part of the whole
_TEST_STEPS = 2
_LEVELS = 4
_KEPT = 500


def score_steps(whole: Whole, places: list[int]) -> Iterator[Step]:
    """Yield a step or two more in what was sat, and some levels of what was not; the places ask for tests.

    Only what is held on the day can be sat.
    """
    wanted_here, shut = bits_of(places), bits_of(whole.not_open(places))
    demands, evidence = whole.prepared.demands, whole.evidence
    asked_for = [code for code, asked in demands.asked.items() if asked.all & wanted_here]
    tests, on = whole.rulebook.tests, evidence.on
    usable = usable_results(whole)
    for result in usable:
        yield from _stated_steps(whole, result, shut)
        if tests[result.code].can_be_sat_on(on):
            yield from _raised_steps(whole, result, _touched(result.code, shut, whole))
    held = {result.code for result in usable}
    for code in sorted({sat for one in asked_for for sat in _sat_for(one, whole)} - held):
        if _touched(code, shut, whole):
            yield from _first_steps(whole, tests[code], shut)


def usable_results(whole: Whole) -> list[TestResult]:
    """Return the student's results of known tests that still count."""
    results, known = whole.evidence.profile.tests or (), whole.rulebook.tests
    return [one for one in results if one.code in known and _counts(one, whole)]


def unstated_parts(whole: Whole, result: TestResult, shut: int) -> list[str]:
    """Return the parts of a known test that its result does not state and that some of the leaves ask for, by
    themselves or by a table."""
    test, asked = whole.rulebook.tests[result.code], whole.prepared.demands.asked
    found: dict[str, None] = {}
    for code in _touched(result.code, shut, whole):
        for part, ladder in asked[code].ladders.items():
            has = total_of(result, test) if part == TOTAL else result.sections.get(part)
            leads = code == test.code or whole.rulebook.concordances_between(test.code, code, part)
            if has is None and leads and ladder.readable & shut and scale_of(test, part):
                found[part] = None
    return list(found)


def with_best(result: TestResult, test: TestScale, parts: Iterable[str]) -> TestResult:
    """Return the result with the best there is in these parts of the test; a total as its own rule has it, with the
    best in all sections that nobody has stated."""
    best = {part: score for part in parts if (score := best_on(scale_of(test, part))) is not None}
    total = best.pop(TOTAL, None)
    if total is not None:
        every = {one.name: score for one in test.sections if (score := best_on(one.scale)) is not None}
        by_rule = test.total_of({**every, **result.sections})
        total = total if by_rule is None else by_rule
    sections = {**result.sections, **best}
    return TestResult(result.code, result.taken_on, result.total if total is None else total, sections)


def best_on(scale: Scale | None) -> Score | None:
    """Return the best score of the scale; None without one."""
    if scale is None:
        return None
    return scale.levels[-1] if scale.levels else scale.maximum


def _stated_steps(whole: Whole, result: TestResult, shut: int) -> Iterator[Step]:
    """Yield that what the result leaves open is stated, at best."""
    parts = unstated_parts(whole, result, shut)
    if parts:
        (change,) = state(result.code, parts)
        better = with_best(result, whole.rulebook.tests[result.code], parts)
        opened = _opened_by(whole, better, _touched(result.code, shut, whole))
        key = f"{change.code}/{result.code}/{result.taken_on}/{'+'.join(parts)}"
        yield Step(key, change, whole.evidence, opened, better, at_best=True)


def _raised_steps(whole: Whole, result: TestResult, touched: Mapping[str, int]) -> Iterator[Step]:
    if not touched:
        return
    for change, better in _better(result, whole.rulebook.tests[result.code]):
        opened = _opened_by(whole, better, touched)
        key = f"{change.code}/{result.code}/{result.taken_on}/{_spoken(change.parts)}"
        yield Step(key, change, whole.evidence, opened, better)


def _first_steps(whole: Whole, test: TestScale, shut: int) -> Iterator[Step]:
    """Yield a first result for each level that the whole catalogue asks for."""
    for level, enough in _enough_by_level(whole, test):
        result = TestResult(test.code, whole.evidence.on, level.total, level.sections)
        opened = _opened(test.code, ((code, places & shut) for code, places in enough))
        yield Step(level.key, level.change, whole.evidence, opened, result)


def _opened_by(whole: Whole, result: TestResult, touched: Mapping[str, int]) -> list[Opened]:
    shows = Shows(result, whole.prepared.demands, whole.counts)
    return _opened(result.code, ((code, shows.of(code)[0] & shut) for code, shut in touched.items()))


def _opened(sat: str, by_test: Iterable[tuple[str, int]]) -> list[Opened]:
    """Return the places with their standing: another test than the one that was sat is at most probably met."""
    found: list[Opened] = []
    for code, places in by_test:
        standing = Standing.MET if code == sat else Standing.PROBABLY_MET
        if places:
            found += zip(places_in(places), repeat(standing), strict=False)
    return found


def _enough_by_level(whole: Whole, test: TestScale) -> list[tuple[Level, list[tuple[str, int]]]]:
    """Return the levels, and for which leaves of which tests in the catalogue each by itself is enough.

    They are the same for all of one citizenship who ask on one day.
    """
    demands, evidence = whole.prepared.demands, whole.evidence
    key = test.code, evidence.on, evidence.days, evidence.profile.citizenships
    found = demands.by_level.get(key)
    if found is None:
        found = []
        for level in reversed(_levels_of(whole, test)):
            shows = Shows(TestResult(test.code, evidence.on, level.total, level.sections), demands, whole.counts)
            found.append((level, [(code, shows.of(code)[0]) for code in demands.leads[test.code]]))
        if len(demands.by_level) >= _KEPT:
            demands.by_level.clear()
        demands.by_level[key] = found
    return found


def _sat_for(code: str, whole: Whole) -> list[str]:
    """Return the tests that can be sat where this one is asked for."""
    test = whole.rulebook.tests.get(code)
    return [one.code for one in sat_for(test, whole.evidence.on, whole.rulebook)] if test else []


def _touched(code: str, shut: int, whole: Whole) -> dict[str, int]:
    """Return those of the leaves that a result of the test may open, by the test that they ask for."""
    demands = whole.prepared.demands
    return {one: places for one in demands.leads[code] if (places := demands.asked[one].all & shut)}


def _better(result: TestResult, test: TestScale) -> Iterator[tuple[Change, TestResult]]:
    """Yield the result with a step or two more: in each section alone, in the total alone, and in all together."""
    total = total_of(result, test)
    named = [section for section in test.sections if section.name in result.sections]
    for steps in range(1, _TEST_STEPS + 1):
        raised = {one.name: _raised(result.sections[one.name], one.scale, steps) for one in named}
        raised_total = None if total is None or test.total is None else _raised(total, test.total, steps)
        every = {name: score for name, score in raised.items() if score is not None}
        for name, score in every.items():
            yield _raise(result, test, {name: score}, None, steps)
        if raised_total is not None:
            yield _raise(result, test, {}, raised_total, steps)
        if every and (raised_total is not None or len(every) > 1):
            yield _raise(result, test, every, raised_total, steps)


def _raise(
    result: TestResult, test: TestScale, sections: dict[str, Score], total: Score | None, steps: int
) -> tuple[Change, TestResult]:
    """With a section the total rises as the test's own rule has it, so that both are read together."""
    all_sections = {**result.sections, **sections}
    by_rule = test.total_of(all_sections) if sections and test.total else None
    before = total_of(result, test)
    reached = [one for one in (before, total, by_rule) if one is not None]
    scale = test.total
    best = max(reached, key=scale.rank) if reached and scale else None
    parts = [_part(name, score, scale_of(test, name), result.sections[name]) for name, score in sections.items()]
    if total is not None and before is not None:
        parts.insert(0, _part(TOTAL, total, scale, before))
    effort = 10 + len(parts) + 5 * (steps - 1)
    change = Change("raise_score", {"test": test.code, "by": listed(parts)}, effort, tuple(parts))
    return change, TestResult(result.code, result.taken_on, best, all_sections)


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
    step = max(scale.step, of_the_whole // scale.step * scale.step)
    return min(score + steps * step, scale.maximum) if score < scale.maximum else None


def _levels_of(whole: Whole, test: TestScale) -> list[Level]:
    """Return some of the levels that the whole catalogue asks for, each harder than the one before in every part."""
    demands = whole.prepared.demands
    codes = frozenset(code for code in demands.by_test if test.code in _sat_for(code, whole))
    if (test.code, codes) not in demands.levels:
        asked = [one for code in sorted(codes) for one in _asked(test, code, whole)]
        demands.levels[test.code, codes] = _levels(test, asked)
    return demands.levels[test.code, codes]


def _asked(test: TestScale, code: str, whole: Whole) -> Iterator[dict[str, Score]]:
    """Yield what is asked for of the test, or of another edition or a framework by the tables that lead there."""
    asked_for = whole.rulebook.tests[code]
    for place in whole.prepared.demands.by_test[code]:
        leaf = _test_leaf(whole, place)
        if code == test.code:
            yield wanted(leaf, test)
        elif parts := corresponding_parts(leaf, asked_for, test, whole.rulebook):
            yield {part.name: part.size for part in parts}


def _levels(test: TestScale, asked: Iterable[dict[str, Score]]) -> list[Level]:
    """Return some of the levels that are asked for, the easiest first, each with all that easier ones want."""
    parts: dict[str, Score] = {}
    levels: dict[tuple[Decimal, ...], dict[str, Score]] = {}
    usable = [one for one in asked if one and all(_on_scale(test, part, score) for part, score in one.items())]
    for one in sorted(usable, key=lambda one: _hardness(test, one)):
        for part, score in one.items():
            scale = scale_of(test, part)
            if scale and (part not in parts or scale.rank(parts[part]) < scale.rank(score)):
                parts[part] = score
        levels[_hardness(test, one)[:1]] = dict(parts)
    found: list[Level] = []
    for number, level in enumerate(spread(list(levels.values()), _LEVELS)):
        named = tuple(
            Part(part, Decimal(0), str(score) if part == TOTAL else f"{part} {score}") for part, score in level.items()
        )
        change = Change("take_test", {"test": test.code, "needed": listed(named)}, 20 + 3 * number, named)
        sections = {part: score for part, score in level.items() if part != TOTAL}
        key = f"take_test/{test.code}/{_spoken(named)}"
        found.append(Level(key, change, sections, level.get(TOTAL)))
    return found


def _on_scale(test: TestScale, part: str, score: Score) -> bool:
    scale = scale_of(test, part)
    return (
        scale is not None
        and isinstance(score, str) == bool(scale.levels)
        and (score in scale.levels or not scale.levels)
    )


def _hardness(test: TestScale, wanted: Mapping[str, Score]) -> tuple[Decimal, ...]:
    ranks = {part: scale.rank(score) for part, score in wanted.items() if (scale := scale_of(test, part))}
    sections = [rank for part, rank in ranks.items() if part != TOTAL]
    hardest = max(sections, default=Decimal(0))
    return ranks.get(TOTAL, hardest), hardest


def _spoken(parts: Iterable[Part]) -> str:
    return "+".join(part.shown.replace(" ", "") for part in parts)


def _counts(result: TestResult, whole: Whole) -> bool:
    """Whether the result still counts for those who say nothing of it themselves."""
    anywhere = TestNeeded(NOWHERE, result.code)
    test = whole.rulebook.tests[result.code]
    return counting(anywhere, result, test, whole.evidence, whole.rulebook, Scope()).counts is not False


def _test_leaf(whole: Whole, place: int) -> TestNeeded:
    leaf = whole.trees.leaves[place].leaf
    if not isinstance(leaf, TestNeeded):
        raise TypeError(f"leaf {place} asks for no test")
    return leaf

"""Judging a test result: the test itself, or another one by a publisher's concordance."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ..catalogue.requirement import TestNeeded
from ..profile.profile import TestResult
from ..rulebook.pack import Rulebook
from ..rulebook.scores import Concordance, Scale, Score, TestScale
from ..shared.dataclass import dataclass
from ..shared.errors import Params
from ..shared.times import add_months
from .changes import listed, raise_score, retake_test, take_test
from .evidence import Evidence
from .leaf import finding
from .verdict import Change, Finding, Part, Standing


@dataclass(frozen=True, slots=True)
class _Compared:
    """What the tables say of one part of another test; None where the student has not stated that part."""

    part: str
    tables: tuple[Concordance, ...]
    enough: bool | None


def judge_test(leaf: TestNeeded, evidence: Evidence, rulebook: Rulebook) -> Finding:
    """Return how the best of the student's results stands; concordances are never chained and give at most probably."""
    test = rulebook.tests.get(leaf.code)
    if test is None:
        return finding(leaf, Standing.UNKNOWN, "test.not_in_rulebook", _params(leaf), flip=None)
    take = take_test(leaf.code, _needed(leaf, test))
    results = evidence.profile.tests
    if results is None:
        return finding(leaf, Standing.UNKNOWN, "test.not_stated", _params(leaf), flip=take)
    found = [
        _same_test(leaf, result, test, evidence)
        if result.code == leaf.code
        else _other_test(leaf, result, test, evidence, rulebook)
        for result in results
    ]
    lacking = finding(leaf, Standing.NOT_MET, "test.missing", _params(leaf), flip=take)
    counting = [one for one in found if one is not None]
    return max(counting, key=lambda one: (one.standing, -_effort(one)), default=lacking)


def _same_test(leaf: TestNeeded, result: TestResult, test: TestScale, evidence: Evidence) -> Finding:
    standing, code, flip = Standing.MET, "test.good_enough", tuple[Change, ...]()
    said: Params = {}
    gaps, unknown = _gaps(leaf, _total(result, test), result.sections, test)
    if _has_run_out(result, test, evidence):
        standing, code, flip = Standing.NOT_MET, "test.run_out", retake_test(leaf.code, _needed(leaf, test))
    elif gaps:
        standing, code, flip = Standing.NOT_MET, "test.too_low", raise_score(leaf.code, gaps)
        said = {"by": listed(gaps)}
    elif unknown:
        standing, code, flip = Standing.UNKNOWN, "test.part_not_stated", _state(leaf.code, unknown)
        said = {"parts": ", ".join(unknown)}
    return finding(
        leaf,
        standing,
        code,
        {**_params(leaf), "has": _shown(result), "taken_on": result.taken_on.isoformat(), **said},
        flip=flip,
        rests_on=(f"test:{test.code}",),
        leans_on=[test.confidence],
        distance=str(said.get("by", "")),
    )


def _gaps(
    leaf: TestNeeded, total: Score | None, sections: Mapping[str, Score], test: TestScale
) -> tuple[tuple[Part, ...], list[str]]:
    """Return the parts that are too low with how much is lacking, and the parts that nobody stated."""
    gaps: list[Part] = []
    unknown: list[str] = []
    for part, needed in _wanted(leaf):
        has = total if part == "total" else sections.get(part)
        scale = _scale_of(test, part)
        if has is None or scale is None or not _comparable(has, needed, scale):
            unknown.append(part)
        elif (gap := scale.rank(needed) - scale.rank(has)) > 0:
            gaps.append(Part(part, gap, f"{part} +{gap}"))
    return tuple(gaps), unknown


def _other_test(
    leaf: TestNeeded, result: TestResult, test: TestScale, evidence: Evidence, rulebook: Rulebook
) -> Finding | None:
    """Return what publishers' tables say of another test's result, or None where they do not lead to every part."""
    own = rulebook.tests.get(result.code)
    if own is None or _has_run_out(result, own, evidence):
        return None
    compared: list[_Compared] = []
    for part, needed in _wanted(leaf):
        has = _total(result, own) if part == "total" else result.sections.get(part)
        one = _by_tables(part, needed, has, rulebook.concordances_between(own.code, test.code, part), test)
        if one is None:
            return None
        compared.append(one)
    return _by_concordance(leaf, result, test, compared)


def _by_tables(
    part: str, needed: Score, has: Score | None, tables: tuple[Concordance, ...], test: TestScale
) -> _Compared | None:
    scale = _scale_of(test, part)
    if scale is None or isinstance(has, str):
        return None
    wanted = scale  # keeps its type inside of the expressions below
    fitting = tuple(t for t in tables if all(_comparable(row.to_score, needed, wanted) for row in t.rows))
    if not fitting:
        return None
    if has is None:
        return _Compared(part, fitting, None)
    # Where several generations of a table are in use, all of them must agree.
    reached = [table.corresponding(has) for table in fitting]
    enough = all(score is not None and wanted.rank(score) >= wanted.rank(needed) for score in reached)
    return _Compared(part, fitting, enough)


def _by_concordance(leaf: TestNeeded, result: TestResult, test: TestScale, compared: list[_Compared]) -> Finding:
    said = [one.enough for one in compared]
    missing = [one.part for one in compared if one.enough is None]
    flip = take_test(leaf.code, _needed(leaf, test))
    if False in said:
        standing, code = Standing.NOT_MET, "test.concordance_too_low"
    elif missing:
        standing, code, flip = Standing.UNKNOWN, "test.other_part_not_stated", _state(result.code, missing)
    else:
        standing, code = Standing.PROBABLY_MET, "test.concordance_enough"
    tables = [table for one in compared for table in one.tables]
    return finding(
        leaf,
        standing,
        code,
        {
            **_params(leaf),
            "other_test": result.code,
            "has": _shown(result),
            "tables": ", ".join(table.id for table in tables),
            "parts": ", ".join(missing),
        },
        flip=flip,
        rests_on=tuple(table.id for table in tables),
        leans_on=[table.confidence for table in tables],
    )


def _has_run_out(result: TestResult, test: TestScale, evidence: Evidence) -> bool:
    return test.valid_months is not None and add_months(result.taken_on, test.valid_months) < evidence.on


def _total(result: TestResult, test: TestScale) -> Score | None:
    return result.total if result.total is not None else test.total_of(dict(result.sections))


def _scale_of(test: TestScale, part: str) -> Scale | None:
    if part == "total":
        return test.total
    section = test.section(part)
    return section.scale if section else None


def _comparable(one: Score, other: Score, scale: Scale) -> bool:
    return _is_on(one, scale) and _is_on(other, scale)


def _is_on(score: Score, scale: Scale) -> bool:
    return score in scale.levels if isinstance(score, str) else not scale.levels


def _wanted(leaf: TestNeeded) -> list[tuple[str, Score]]:
    return ([("total", leaf.total)] if leaf.total is not None else []) + list(leaf.sections.items())


def _needed(leaf: TestNeeded, test: TestScale) -> tuple[Part, ...]:
    """Return what the leaf asks for, part by part; a score that is on no scale counts least."""
    parts = []
    for part, needed in _wanted(leaf):
        scale = _scale_of(test, part)
        size = scale.rank(needed) if scale and _is_on(needed, scale) else Decimal(0)
        parts.append(Part(part, size, _part_shown(part, needed)))
    return tuple(parts)


def _params(leaf: TestNeeded) -> Params:
    return {"test": leaf.code, "needed": ", ".join(_part_shown(*one) for one in _wanted(leaf))}


def _part_shown(part: str, score: Score) -> str:
    return str(score) if part == "total" else f"{part} {score}"


def _shown(result: TestResult) -> str:
    parts = [str(result.total)] if result.total is not None else []
    return ", ".join(parts + [f"{name} {score}" for name, score in result.sections.items()])


def _state(test: str, parts: list[str]) -> tuple[Change, ...]:
    return (Change("state_score", {"test": test, "parts": ", ".join(parts)}, 1, _named(parts)),)


def _named(parts: list[str]) -> tuple[Part, ...]:
    return tuple(Part(part, Decimal(0), part) for part in parts)


def _effort(one: Finding) -> int:
    return sum(change.effort for change in one.flip or ())

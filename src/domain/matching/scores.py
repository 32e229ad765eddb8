"""Judging a test result: the test itself, or another one by a publisher's concordance."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ..catalogue.requirement import TestNeeded
from ..profile.profile import TestResult
from ..rulebook.pack import Rulebook
from ..rulebook.scores import Concordance, Scale, Score, TestScale
from ..shared.errors import Params
from ..shared.times import add_months
from .evidence import Evidence
from .leaf import finding
from .verdict import Change, Finding, Standing


def judge_test(leaf: TestNeeded, evidence: Evidence, rulebook: Rulebook) -> Finding:
    """Return how the best of the student's results stands; concordances are never chained and give at most probably."""
    test = rulebook.tests.get(leaf.code)
    wanted: Params = {"test": leaf.code, "needed": _needed(leaf)}
    if test is None:
        return finding(leaf, Standing.UNKNOWN, "test.not_in_rulebook", wanted, flip=None)
    take = (Change("take_test", {"test": leaf.code, "needed": _needed(leaf)}, 20),)
    results = evidence.profile.tests
    if results is None:
        return finding(leaf, Standing.UNKNOWN, "test.not_stated", wanted, flip=take)
    found = [_same_test(leaf, result, test, evidence) for result in results if result.code == leaf.code]
    found += [
        other
        for result in results
        if result.code != leaf.code and (other := _other_test(leaf, result, evidence, rulebook)) is not None
    ]
    lacking = finding(leaf, Standing.NOT_MET, "test.missing", wanted, flip=take)
    return max(found, key=lambda one: (one.standing, -_effort(one)), default=lacking)


def _same_test(leaf: TestNeeded, result: TestResult, test: TestScale, evidence: Evidence) -> Finding:
    params: Params = {
        "test": leaf.code,
        "needed": _needed(leaf),
        "has": _shown(result),
        "taken_on": result.taken_on.isoformat(),
    }
    rests_on, leans_on = (f"test:{test.code}",), [test.confidence]
    if _has_run_out(result, test, evidence):
        retake = (Change("retake_test", {"test": leaf.code, "needed": _needed(leaf)}, 15),)
        return finding(
            leaf, Standing.NOT_MET, "test.run_out", params, flip=retake, rests_on=rests_on, leans_on=leans_on
        )
    total = result.total if result.total is not None else test.total_of(dict(result.sections))
    gaps, unknown = _gaps(leaf, total, result.sections, test)
    if gaps:
        where = ", ".join(f"{part} +{gap}" for part, gap in gaps)
        retake = (Change("raise_score", {"test": leaf.code, "by": where}, 10 + len(gaps)),)
        return finding(
            leaf,
            Standing.NOT_MET,
            "test.too_low",
            {**params, "by": where},
            flip=retake,
            rests_on=rests_on,
            leans_on=leans_on,
            distance=where,
        )
    if unknown:
        missing = ", ".join(unknown)
        state = (Change("complete_profile", {"field": f"tests.{missing}"}, 1),)
        return finding(
            leaf,
            Standing.UNKNOWN,
            "test.part_not_stated",
            {**params, "parts": missing},
            flip=state,
            rests_on=rests_on,
            leans_on=leans_on,
        )
    return finding(leaf, Standing.MET, "test.good_enough", params, rests_on=rests_on, leans_on=leans_on)


def _gaps(
    leaf: TestNeeded, total: Score | None, sections: Mapping[str, Score], test: TestScale
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the parts that are too low with how much is lacking, and the parts that nobody stated."""
    gaps: list[tuple[str, str]] = []
    unknown: list[str] = []
    wanted = ([("total", leaf.total)] if leaf.total is not None else []) + list(leaf.sections.items())
    for part, needed in wanted:
        has = total if part == "total" else sections.get(part)
        scale = test.total if part == "total" else getattr(test.section(part), "scale", None)
        if has is None or scale is None or not _comparable(has, needed, scale):
            unknown.append(part)
        elif scale.rank(has) < scale.rank(needed):
            gaps.append((part, str(scale.rank(needed) - scale.rank(has))))
    return gaps, unknown


def _comparable(has: Score, needed: Score, scale: Scale) -> bool:
    if isinstance(has, str) != isinstance(needed, str):
        return False
    return not scale.levels or (scale.has(has) and scale.has(needed))


def _has_run_out(result: TestResult, test: TestScale, evidence: Evidence) -> bool:
    return test.valid_months is not None and add_months(result.taken_on, test.valid_months) < evidence.on


def _other_test(leaf: TestNeeded, result: TestResult, evidence: Evidence, rulebook: Rulebook) -> Finding | None:
    """Return what a publisher's table says of another test's result, or None where no one table leads here."""
    own = rulebook.tests.get(result.code)
    if own is None or _has_run_out(result, own, evidence):
        return None
    parts = ([("total", leaf.total)] if leaf.total is not None else []) + list(leaf.sections.items())
    used: list[Concordance] = []
    enough = True
    for part, needed in parts:
        has = result.total if part == "total" else result.sections.get(part)
        tables = rulebook.concordances_between(result.code, leaf.code, part)
        if not isinstance(has, Decimal) or not isinstance(needed, Decimal) or not tables:
            return None
        # Where several generations of a table are in use, all of them must agree.
        reached = [table.corresponding(has) for table in tables]
        enough = enough and all(isinstance(score, Decimal) and score >= needed for score in reached)
        used += tables
    params: Params = {
        "test": leaf.code,
        "needed": _needed(leaf),
        "other_test": result.code,
        "has": _shown(result),
        "tables": ", ".join(table.id for table in used),
    }
    rests_on = tuple(table.id for table in used)
    leans_on = [table.confidence for table in used]
    take = (Change("take_test", {"test": leaf.code, "needed": _needed(leaf)}, 20),)
    if enough:
        return finding(
            leaf,
            Standing.PROBABLY_MET,
            "test.concordance_enough",
            params,
            flip=take,
            rests_on=rests_on,
            leans_on=leans_on,
        )
    return finding(
        leaf, Standing.NOT_MET, "test.concordance_too_low", params, flip=take, rests_on=rests_on, leans_on=leans_on
    )


def _needed(leaf: TestNeeded) -> str:
    parts = [str(leaf.total)] if leaf.total is not None else []
    return ", ".join(parts + [f"{name} {score}" for name, score in leaf.sections.items()])


def _shown(result: TestResult) -> str:
    parts = [str(result.total)] if result.total is not None else []
    return ", ".join(parts + [f"{name} {score}" for name, score in result.sections.items()])


def _effort(one: Finding) -> int:
    return sum(change.effort for change in one.flip or ())

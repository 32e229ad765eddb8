"""Judging another test by publishers' tables: never chained, never turned around, and at most probably met."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..catalogue.requirement import TestNeeded
from ..profile.profile import TestResult
from ..rulebook.pack import Rulebook
from ..rulebook.scores import Concordance, Scale, Score, TestScale
from ..shared.dataclass import dataclass
from ..shared.errors import Params
from ..shared.sources import Confidence
from .changes import take_test
from .evidence import Evidence
from .leaf import finding, with_flip
from .parts import TOTAL, is_on, needed, params_of, scale_of, shown, state, total_of, used, wanted
from .validity import Counting
from .verdict import Change, Finding, Part, Standing

_SITS = ("take_test", "retake_test", "raise_score")
"""Changes for which a test is sat once more."""
_ASK = 4


@dataclass(frozen=True, slots=True)
class _Compared:
    """What the tables say of one part of another test; ``enough`` is None where the student has not stated that part.

    ``reached`` are the scores that it corresponds to, table by table; ``disputed`` where some are enough and some not.
    """

    part: str
    tables: tuple[Concordance, ...]
    enough: bool | None
    reached: tuple[Score | None, ...] = ()
    disputed: bool = False
    lacking: str = ""


def judge_other_test(
    leaf: TestNeeded,
    index: int,
    result: TestResult,
    own: TestScale,
    test: TestScale,
    rulebook: Rulebook,
    count: Counting,
) -> Finding | None:
    """Return what publishers' tables say of another test's result, or None where they do not lead to every part."""
    compared: list[_Compared] = []
    for part, score in wanted(leaf, test).items():
        has = total_of(result, own) if part == TOTAL else result.sections.get(part)
        one = _by_tables(part, score, has, rulebook.concordances_between(own.code, test.code, part), test)
        if one is None:
            return None
        compared.append(one)
    return _by_concordance(leaf, index, result, test, compared, count)


def _by_tables(
    part: str, score: Score, has: Score | None, tables: tuple[Concordance, ...], test: TestScale
) -> _Compared | None:
    scale = scale_of(test, part)
    if scale is None or isinstance(has, str) or not tables or not is_on(score, scale):
        return None
    if has is None:
        return _Compared(part, tables, None)
    on = scale  # keeps its type inside of the expressions below; that rows are on it was seen to with the packs
    reached = tuple(table.corresponding(has) for table in tables)
    said = {one is not None and on.rank(one) >= on.rank(score) for one in reached}
    # Where several generations of a table are in use and contradict each other, none of them settles it.
    return _Compared(part, tables, said == {True}, reached, len(said) > 1, _lacking(part, score, reached, on))


def _lacking(part: str, score: Score, reached: tuple[Score | None, ...], scale: Scale) -> str:
    """Return how far the kindest table is from what is needed, or nothing where it has no row for the score."""
    best = max((scale.rank(one) for one in reached if one is not None), default=None)
    gap = None if best is None else scale.rank(score) - best
    return f"{part} +{gap}" if gap is not None and gap > 0 else ""


def _by_concordance(
    leaf: TestNeeded, index: int, result: TestResult, test: TestScale, compared: list[_Compared], count: Counting
) -> Finding:
    missing = [one.part for one in compared if one.enough is None]
    disputed = [one for one in compared if one.disputed]
    too_low = [one for one in compared if one.enough is False and not one.disputed]
    tables = [table for one in compared for table in one.tables]
    flip, said = take_test(leaf.code, needed(leaf, test)), ""
    if too_low:
        standing, code = Standing.NOT_MET, "test.concordance_too_low"
    elif disputed:
        standing, code, said = Standing.UNKNOWN, "test.concordances_disagree", "; ".join(map(_each_table, disputed))
        flip = (Change("ask_which_table", {"tables": ", ".join(table.id for table in disputed[0].tables)}, _ASK),)
    elif missing:
        standing, code, flip = Standing.UNKNOWN, "test.other_part_not_stated", state(result.code, missing)
    else:
        standing, code = Standing.PROBABLY_MET, "test.concordance_enough"
    params: Params = {
        **params_of(leaf, test),
        "other_test": result.code,
        "has": shown(result),
        "tables": ", ".join(table.id for table in tables),
        "parts": ", ".join(missing),
        "by_table": said,
    }
    return finding(
        leaf,
        standing,
        code,
        params,
        flip=flip,
        rests_on=(*(table.id for table in tables), *count.fact_ids),
        leans_on=[*(table.confidence for table in tables), *count.confidences],
        distance=", ".join(one.lacking for one in too_low if one.lacking),
        used=used(index, result),
        validity=count.validity,
        notices=count.notices if not too_low else (),
    )


def with_what_can_be_sat(
    found: Finding, leaf: TestNeeded, test: TestScale, evidence: Evidence, rulebook: Rulebook
) -> Finding:
    """Return the finding with changes that can still be made.

    Nobody can take an edition that is held no longer, nor a framework of levels: a test is asked for that can be sat
    instead, with the scores that correspond by its publisher's table, or nothing where no table leads from one to every
    part. One that she has sat goes first. Where a result shows a level of a framework by a table already, no other test
    shows more: the institution is asked.
    """
    sits = any(change.code in _SITS for change in found.flip or ())
    over = test.taken_until is not None and test.taken_until < evidence.on
    if not sits or not (over or test.framework):
        return found
    if test.framework and found.standing is Standing.PROBABLY_MET:
        return with_flip(found, (Change("ask_which_table", {"tables": found.params["tables"]}, _ASK),))
    sat = {result.code for result in evidence.profile.tests or ()}
    for instead in sorted(sat_for(test, evidence.on, rulebook), key=lambda one: one.code not in sat):
        if parts := corresponding_parts(leaf, test, instead, rulebook):
            effort = sum(change.effort for change in found.flip or ())
            return with_flip(found, take_test(instead.code, parts, effort))
    return with_flip(found, None)


def sat_for(test: TestScale, on: date, rulebook: Rulebook) -> tuple[TestScale, ...]:
    """Return what can be sat on the day where this test is asked for: itself, or its present edition; for a framework
    each test from which a table leads there, that of the most trusted table first."""
    if test.can_be_sat_on(on):
        return (test,)
    if test.framework:
        return rulebook.once(("sat_for", test.code, on), lambda: _leading_to(test.code, on, rulebook))
    present = rulebook.edition_held_on(test, on)
    return (present,) if present else ()


def _leading_to(code: str, on: date, rulebook: Rulebook) -> tuple[TestScale, ...]:
    tables = [table for table in rulebook.concordances.values() if table.to_test == code]
    trusted = [*Confidence]
    tables.sort(key=lambda table: (trusted.index(table.confidence), table.from_test))
    tests = (rulebook.tests[one] for one in dict.fromkeys(table.from_test for table in tables))
    return tuple(one for one in tests if one.can_be_sat_on(on))


def corresponding_parts(
    leaf: TestNeeded, test: TestScale, present: TestScale, rulebook: Rulebook
) -> tuple[Part, ...] | None:
    """Return the least score of each part of the present edition that is enough by every table; None without one."""
    least = wanted(leaf, test)
    asked = "corresponding_parts", test.code, present.code, *least.items()
    return rulebook.once(asked, lambda: _corresponding(least, test, present, rulebook))


def _corresponding(
    least: Mapping[str, Score], test: TestScale, present: TestScale, rulebook: Rulebook
) -> tuple[Part, ...] | None:
    parts: list[Part] = []
    for part, score in least.items():
        scale = scale_of(test, part)
        tables = rulebook.concordances_between(present.code, test.code, part)
        if scale is None or not tables or not is_on(score, scale):
            return None
        enough = [table.least_for(score, scale) for table in tables]
        if None in enough:
            return None
        reach = max(one for one in enough if one is not None)
        parts.append(Part(part, reach, str(reach) if part == TOTAL else f"{part} {reach}"))
    return tuple(parts)


def _each_table(one: _Compared) -> str:
    by = ", ".join(
        f"{'less' if score is None else score} by {table.id}"
        for score, table in zip(one.reached, one.tables, strict=True)
    )
    return by if one.part == TOTAL else f"{one.part} {by}"

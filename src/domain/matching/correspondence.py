"""What a test result is worth by itself: its total, how long it counts, what it corresponds to by each table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ..profile.profile import TestResult
from ..profile.results import read_result
from ..rulebook.pack import Rulebook
from ..rulebook.scores import Concordance, Score, TestScale
from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason
from ..shared.times import add_months
from .parts import TOTAL, total_of


@dataclass(frozen=True, slots=True)
class Corresponding:
    """What one part of the result corresponds to by one table; None where it lies below the table's last row."""

    table: Concordance
    score: Decimal
    to_score: Score | None


@dataclass(frozen=True, slots=True)
class CheckedResult:
    """A result that its test can give.

    ``total`` is the one that was stated, or the one that the sections give (``total_by_rule``). ``until`` is the last
    day that counts for the test's owner: None without an end, or where the day of the test is not known. ``counts``
    says whether it does on the day asked for, None where that cannot be known. ``passed`` is None where the test cannot
    be failed, or where a part is not stated. ``label`` says what a table's word is worth.
    """

    result: TestResult
    test: TestScale
    total: Score | None
    total_by_rule: Decimal | None
    passed: bool | None
    until: date | None
    counts: bool | None
    corresponding: tuple[Corresponding, ...]
    label: Reason


def check_result(data: Mapping[str, Any], rulebook: Rulebook, on: date) -> CheckedResult:
    """Return the result in the data, checked, and what follows from it on the day.

    The data has ``code`` and perhaps ``taken_on``, ``total`` and ``sections``, as in a profile. Raises Invalid with
    every wrong field, and for a test that is still to come on the day; without the day of the test its edition is taken
    as right.
    """
    dated = data.get("taken_on") is not None
    test = rulebook.tests.get(str(data.get("code", "")))
    result = read_result(data if dated else {**data, "taken_on": _some_day(test, on)}, rulebook)
    if dated and result.taken_on > on:
        to_come = {"on": result.taken_on.isoformat(), "today": on.isoformat()}
        raise Invalid(Reason("test.to_come", to_come, "taken_on"))
    test = rulebook.tests[result.code]
    until = None if test.valid_months is None or not dated else add_months(result.taken_on, test.valid_months)
    return CheckedResult(
        result=result,
        test=test,
        total=total_of(result, test),
        total_by_rule=test.total_of(result.sections),
        passed=_passed(result, test),
        until=until,
        counts=_counts(test, until, on),
        corresponding=tuple(_corresponding(result, test, rulebook)),
        label=Reason("test.correspondence_is_estimate", {"test": test.code}),
    )


def _counts(test: TestScale, until: date | None, on: date) -> bool | None:
    if test.valid_months is None:
        return True
    return None if until is None else until >= on


def _some_day(test: TestScale | None, on: date) -> date:
    """Return a day on which the edition was held."""
    if test is None or test.was_held_on(on):
        return on
    return test.taken_until or test.taken_from or on


def _passed(result: TestResult, test: TestScale) -> bool | None:
    marks = test.pass_marks()
    has = {TOTAL: total_of(result, test), **result.sections}
    reached = [_reaches(has.get(part), mark) for part, mark in marks.items()]
    if not marks or (None in reached and False not in reached):
        return None
    return False not in reached


def _reaches(has: Score | None, mark: Score) -> bool | None:
    return has >= mark if isinstance(has, Decimal) and isinstance(mark, Decimal) else None


def _corresponding(result: TestResult, test: TestScale, rulebook: Rulebook) -> Iterator[Corresponding]:
    has = {TOTAL: total_of(result, test), **result.sections}
    for table in rulebook.concordances.values():
        score = has.get(table.part)
        if table.from_test == test.code and isinstance(score, Decimal):
            yield Corresponding(table, score, table.corresponding(score))

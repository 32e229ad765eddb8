"""The command ``score``: whether a test can give a result, how long it counts, and what it corresponds to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import RenderableType
from rich.text import Text

from ....adapters.bundled.packs import bundled_rulebook
from ....adapters.system.clock import SystemClock
from ....domain.matching.correspondence import CheckedResult, check_result
from ....domain.shared.errors import DomainError
from ..bundle import day_option
from ..errors import CommandFailed
from ..screen import heading, item, print_json, show
from ..words import Words, day, sentences_of


def score(
    code: Annotated[str, Parameter(name="TEST")],
    scores: Annotated[list[str] | None, Parameter(name="SCORES", negative=(), show_default=False)] = None,
    /,
    *,
    taken_on: str | None = None,
    today: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Check a test result: its total by the test's own rule, how long it counts, what it corresponds to.

    Parameters
    ----------
    code
        The test by its code, such as IELTS_AC or TOEFL_IBT_2026.
    scores
        The total by itself and sections by name, such as: 6.5 listening=7.0 reading=6.5 writing=6.0 speaking=6.5.
    taken_on
        The day of the test, as YYYY-MM-DD; without it, how long it counts is not told.
    today
        The day to ask for, as YYYY-MM-DD.
    json
        Print everything as JSON.
    """
    rulebook = bundled_rulebook()
    on = day_option(today, "--today") or SystemClock().now().date()
    stated = {"code": code, **_scores(scores or []), "taken_on": day_option(taken_on, "--taken-on")}
    try:
        found = check_result({name: value for name, value in stated.items() if value is not None}, rulebook, on)
    except DomainError as error:
        raise CommandFailed(*sentences_of(error, "score")) from error
    if json:
        print_json(_data(found, rulebook.edition))
    else:
        show(_page(found, Words(rulebook), on))
    return 0


def _scores(given: list[str]) -> dict[str, Any]:
    """Return the total and the sections; raise CommandFailed for a part that is named twice."""
    total: str | None = None
    sections: dict[str, str] = {}
    for one in given:
        name, named, value = one.rpartition("=")
        if (named and name in sections) or (not named and total is not None):
            raise CommandFailed(f"score: {name or 'The total'} is given twice.")
        if named:
            sections[name] = value
        else:
            total = value
    return {"total": total, "sections": sections or None}


def _page(found: CheckedResult, words: Words, on: date) -> Iterator[RenderableType]:
    total = "no total" if found.total is None else f"total {found.total}"
    yield Text(f"{found.test.title}: {total} [{found.test.confidence.value}]", style="bold")
    if found.result.total is None and found.total_by_rule is not None:
        yield item("-", "The total follows from the sections, by the test's own rule.")
    elif found.total_by_rule is not None:
        yield item("-", "The sections give the same total, by the test's own rule.")
    if found.passed is not None:
        yield item("-", "Passed." if found.passed else "Not passed: the total and every section must reach its mark.")
    yield from _validity(found, on)
    if found.corresponding:
        yield heading("What it corresponds to")
    for one in found.corresponding:
        other = words.test(one.table.to_test)
        reached = "less than the table's last row" if one.to_score is None else str(one.to_score)
        table = f"by {one.table.publisher} [{one.table.confidence.value}], {one.table.id}"
        yield item("~", f"{one.table.part} {one.score}: {other} {reached}, {table}")
    if found.corresponding:
        yield heading("What this is worth")
        yield item("-", words.reason(found.label))


def _validity(found: CheckedResult, on: date) -> Iterator[RenderableType]:
    if found.until is not None:
        counts = "counts" if found.counts else "does not count any more"
        yield item("-", f"On {day(on)} it {counts}: for the test's owner, {day(found.until)} is the last day.")
    elif found.counts:
        yield item("-", "For the test's owner it counts without end.")
    else:
        yield item("-", "How long it counts depends on the day of the test: give --taken-on.")
    if found.test.valid_note:
        yield item("-", found.test.valid_note)


def _data(found: CheckedResult, edition: tuple[str, ...]) -> dict[str, Any]:
    return {
        "test": found.test.code,
        "total": None if found.total is None else str(found.total),
        "total_by_rule": None if found.total_by_rule is None else str(found.total_by_rule),
        "passed": found.passed,
        "until": found.until,
        "counts": found.counts,
        "corresponding": [
            {
                "part": one.table.part,
                "score": str(one.score),
                "to_test": one.table.to_test,
                "to_score": None if one.to_score is None else str(one.to_score),
                "table": one.table.id,
                "confidence": one.table.confidence.value,
            }
            for one in found.corresponding
        ],
        "estimate": True,
        "rulebook": edition,
    }

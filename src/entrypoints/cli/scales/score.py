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
from ..errors import CommandFailed, refused
from ..language import is_english
from ..screen import heading, item, print_json, show
from ..words import Words, day, named, say, sentences_of


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
            raise refused("score", "given_twice", given=name) if name else refused("score", "total_given_twice")
        if named:
            sections[name] = value
        else:
            total = value
    return {"total": total, "sections": sections or None}


def _page(found: CheckedResult, words: Words, on: date) -> Iterator[RenderableType]:
    total = say("score_no_total") if found.total is None else say("score_total", score=str(found.total))
    yield Text(f"{words.text(found.test)}: {total} [{found.test.confidence.value}]", style="bold")
    if found.result.total is None and found.total_by_rule is not None:
        yield item("-", say("score_follows"))
    elif found.total_by_rule is not None:
        yield item("-", say("score_agrees"))
    if found.passed is not None:
        yield item("-", say("score_passed") if found.passed else say("score_failed"))
    yield from _validity(found, on, words)
    if found.corresponding:
        yield heading(say("score_corresponds"))
    for one in found.corresponding:
        other = words.test(one.table.to_test)
        reached = say("score_below_table") if one.to_score is None else str(one.to_score)
        table = say(
            "score_by_table",
            publisher=words.text(one.table, "publisher"),
            trust=one.table.confidence.value,
            table=one.table.id,
        )
        yield item("~", f"{_part(one.table.part)} {one.score}: {other} {reached}, {table}")
    if found.corresponding:
        yield heading(say("estimate_worth"))
        yield item("-", words.reason(found.label))


def _part(part: str) -> str:
    return part if is_english() else named("part", part)


def _validity(found: CheckedResult, on: date, words: Words) -> Iterator[RenderableType]:
    if found.until is not None:
        code = "score_counts" if found.counts else "score_counts_no_more"
        yield item("-", say(code, on=day(on), until=day(found.until)))
    elif found.counts:
        yield item("-", say("score_without_end"))
    else:
        yield item("-", say("score_give_day"))
    if found.test.valid_note:
        yield item("-", words.text(found.test, "valid_note"))


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

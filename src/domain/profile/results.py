"""Reading a test result, held to what its test and edition can give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..rulebook.pack import Rulebook
from ..rulebook.scores import Scale, Score, TestScale
from ..shared.errors import Invalid, Reason
from ..shared.reading import Problems, Record
from .profile import TestResult


def read_result(data: Mapping[str, Any], rulebook: Rulebook) -> TestResult:
    """Return the result that the data holds; raise Invalid with every wrong field, a stated total among them that
    its sections do not give."""
    problems = Problems()
    result = read_result_record(Record(data, "", problems), rulebook)
    if problems.found:
        raise Invalid(*problems.found)
    return result


def read_result_record(r: Record, rulebook: Rulebook | None) -> TestResult:
    """Return the result in the record, noting what is wrong among its problems."""
    parts = r.maybe_table("sections")
    sections = {name: parts.score(name) for name in parts.data} if parts else {}
    result = TestResult(
        code=r.text("code"),
        taken_on=r.day("taken_on"),
        total=r.score("total") if r.has("total") else None,
        sections=sections,
    )
    r.done()
    if rulebook is not None and result.code:
        _check_result(r, result, rulebook)
    return result


def results_to_come(results: Sequence[TestResult], today: date) -> tuple[Reason, ...]:
    """Return a reason for each result of a test that is still to come on the day: nobody can have it yet."""
    return tuple(
        Reason("test.to_come", {"on": one.taken_on.isoformat(), "today": today.isoformat()}, f"tests[{at}].taken_on")
        for at, one in enumerate(results)
        if one.taken_on > today
    )


def _check_result(r: Record, result: TestResult, rulebook: Rulebook) -> None:
    test = rulebook.tests.get(result.code)
    if test is None:
        r.wrong("code", "test.unknown", given=result.code[:40], known=", ".join(sorted(rulebook.tests)))
        return
    if not test.was_held_on(result.taken_on) and r.has("taken_on"):
        _wrong_edition(r, result, test, rulebook)
    found_before = len(r.problems.found)
    if result.total is not None:
        if test.total is None:
            r.wrong("total", "test.has_no_total", test=test.code)
        else:
            _check_score(r, "total", result.total, test.total)
    for name, score in result.sections.items():
        section = test.section(name)
        if section is None:
            known = ", ".join(section.name for section in test.sections)
            r.wrong(f"sections.{name}", "test.unknown_section", test=test.code, known=known)
        else:
            _check_score(r, f"sections.{name}", score, section.scale)
    if len(r.problems.found) == found_before:  # only of scores that exist can a total be formed
        _check_total(r, result, test)
        _check_derived(r, result, test)


def _check_score(r: Record, key: str, score: Score, scale: Scale) -> None:
    if scale.has(score):
        return
    if scale.levels:
        r.wrong(key, "test.unknown_level", given=str(score)[:40], known=", ".join(scale.levels))
    else:
        r.wrong(
            key,
            "test.off_scale",
            given=str(score)[:40],
            minimum=str(scale.minimum),
            maximum=str(scale.maximum),
            step=str(scale.step),
        )


def _wrong_edition(r: Record, result: TestResult, test: TestScale, rulebook: Rulebook) -> None:
    given = result.taken_on.isoformat()
    right = rulebook.edition_held_on(test, result.taken_on)
    if right is not None:
        r.wrong("code", "test.wrong_edition", edition=test.code, given=given, right=right.code, title=right.title)
        return
    begun = test.taken_from.isoformat() if test.taken_from else ""
    r.wrong("taken_on", "test.edition_not_held", edition=test.code, given=given, begun=begun)


def _check_total(r: Record, result: TestResult, test: TestScale) -> None:
    by_rule = test.total_of(result.sections)
    if by_rule is not None and result.total is not None and by_rule != result.total:
        r.wrong("total", "test.total_differs", given=str(result.total), by_sections=str(by_rule))


def _check_derived(r: Record, result: TestResult, test: TestScale) -> None:
    for section in test.sections:
        score = result.sections.get(section.name)
        if score is not None and not section.may_be(score, result.sections):
            parts = ", ".join(f"{name} {result.sections[name]}" for name in section.mean_of)
            r.wrong(f"sections.{section.name}", "test.section_differs", given=str(score), parts=parts)

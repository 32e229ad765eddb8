"""Which better and first test results are tried, with all that is said of each, worked out by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tried_steps import MET, PROBABLY, RULES, evidence, tried

from higherstudy.domain.catalogue.requirement import TestNeeded
from higherstudy.domain.matching.step import Step
from higherstudy.domain.matching.verdict import Change, Part, Standing
from higherstudy.domain.profile.profile import TestResult
from higherstudy.domain.rulebook.pack import Rulebook
from higherstudy.domain.rulebook.scores import Scale
from study_builders import STATED

AUTUMN = date(2026, 9, 12)


def scores(**said: str) -> dict[str, Decimal | str]:
    return {name: said[name] if said[name][0].isalpha() else Decimal(said[name]) for name in said}


def needs(code: str, total: str | None = None, **sections: str) -> TestNeeded:
    parts = scores(**sections)
    whole = None if total is None else scores(total=total)["total"]
    return TestNeeded(STATED, code, whole, parts)


def sat(code: str, total: str | None = None, **sections: str) -> TestResult:
    needed = needs(code, total, **sections)
    return TestResult(code, AUTUMN, needed.total, needed.sections)


def raised(result: TestResult, gaps: Mapping[str, str], effort: int, better: TestResult) -> Step:
    """Return the step of these gaps before requirements that it does not reach."""
    parts = tuple(Part(name, Decimal(gap), f"{name} +{gap}") for name, gap in gaps.items())
    by = ", ".join(part.shown for part in parts)
    key = f"raise_score/{result.code}/{result.taken_on}/{by.replace(', ', '+').replace(' ', '')}"
    change = Change("raise_score", {"test": result.code, "by": by}, effort, parts)
    return Step(key, change, evidence(tests=(result,)), [], better)


def opening(step: Step, *places: int, standing: Standing = MET) -> Step:
    return replace(step, opened=[(place, standing) for place in places])


def test_half_a_band_and_a_whole_one_are_tried_in_each_section_the_total_and_all_together() -> None:
    own = {"listening": "7.5", "reading": "6.5", "writing": "6.0", "speaking": "6.5"}
    result = sat("IELTS_AC", "6.5", **own)
    asked = (
        needs("IELTS_AC", "6.5", writing="6.5"),
        needs("IELTS_AC", "7.0"),
        needs("IELTS_AC", "7.0", writing="6.5"),
        needs("IELTS_AC", speaking="7.5"),
        needs("IELTS_AC", "6.5"),  # met already
        needs("IELTS_AC", "8.0"),  # out of reach
    )

    def step(gaps: Mapping[str, str], effort: int, total: str, *places: int) -> Step:
        better = own | {name: str(Decimal(own[name]) + Decimal(gap)) for name, gap in gaps.items() if name in own}
        return opening(raised(result, gaps, effort, sat("IELTS_AC", total, **better)), *places)

    def every(gap: str) -> dict[str, str]:
        return dict.fromkeys(("total", *own), gap)

    # The bands add up to 26.5, so the mean is 6.625. With half a band more in one it is 6.75, which is a 7.0; the same
    # change therefore reaches all that the total alone reaches, and with writing the total and writing both.
    assert tried(evidence(tests=(result,)), *asked) == [
        step({"listening": "0.5"}, 11, "7.0", 2),
        step({"reading": "0.5"}, 11, "7.0", 2),
        step({"writing": "0.5"}, 11, "7.0", 1, 2, 3),
        step({"speaking": "0.5"}, 11, "7.0", 2),
        step({"total": "0.5"}, 11, "7.0", 2),
        step(every("0.5"), 15, "7.0", 1, 2, 3),
        step({"listening": "1.0"}, 16, "7.0", 2),
        step({"reading": "1.0"}, 16, "7.0", 2),
        step({"writing": "1.0"}, 16, "7.0", 1, 2, 3),
        step({"speaking": "1.0"}, 16, "7.0", 2, 4),
        step({"total": "1.0"}, 16, "7.5", 2),
        step(every("1.0"), 20, "7.5", 1, 2, 3, 4),
    ]


def test_a_total_that_was_stated_never_falls_with_a_better_section() -> None:
    own = {"listening": "6.0", "reading": "6.0", "writing": "6.0", "speaking": "6.0"}
    result = sat("IELTS_AC", "6.5", **own)  # stated higher than the bands give

    first, *_ = tried(evidence(tests=(result,)), needs("IELTS_AC", "6.5", listening="6.5"))

    assert first.result == sat("IELTS_AC", "6.5", **(own | {"listening": "6.5"}))
    assert first.opened == [(1, MET)]


def test_a_score_rises_no_further_than_the_scale_goes_and_the_same_step_is_tried_once() -> None:
    result = sat("IELTS_AC", "8.5", writing="9.0", speaking="8.5")

    found = tried(evidence(tests=(result,)), needs("IELTS_AC", "9.0"))

    best = sat("IELTS_AC", "9.0", writing="9.0", speaking="8.5")
    assert found == [
        raised(result, {"speaking": "0.5"}, 11, sat("IELTS_AC", "8.5", writing="9.0", speaking="9.0")),
        opening(raised(result, {"total": "0.5"}, 11, best), 1),
        opening(
            raised(
                result, {"total": "0.5", "speaking": "0.5"}, 12, sat("IELTS_AC", "9.0", writing="9.0", speaking="9.0")
            ),
            1,
        ),
    ]


def test_a_step_on_a_finer_scale_is_as_large_a_part_of_the_whole_as_half_a_band() -> None:
    own = {"language_knowledge": "20", "reading": "18", "listening": "20"}
    result = sat("JLPT_N2", None, **own)  # 58 together, which nobody has stated
    passed = TestNeeded(STATED, "JLPT_N2", passed=True)  # 90, and 19 in each

    def step(gaps: Mapping[str, str], effort: int, total: str, *places: int) -> Step:
        better = own | {name: str(Decimal(own[name]) + Decimal(gap)) for name, gap in gaps.items() if name in own}
        return opening(raised(result, gaps, effort, sat("JLPT_N2", total, **better)), *places)

    # An 18th of 60 is 3.3, in whole points 3; an 18th of 180 is 10. The total that the sections give rises with each.
    assert tried(evidence(tests=(result,)), needs("JLPT_N2", "64", reading="19"), passed) == [
        step({"language_knowledge": "3"}, 11, "61"),
        step({"reading": "3"}, 11, "61"),
        step({"listening": "3"}, 11, "61"),
        step({"total": "10"}, 11, "68"),
        step({"total": "10", "language_knowledge": "3", "reading": "3", "listening": "3"}, 14, "68", 1),
        step({"language_knowledge": "6"}, 16, "64"),
        step({"reading": "6"}, 16, "64", 1),
        step({"listening": "6"}, 16, "64"),
        step({"total": "20"}, 16, "78"),
        step({"total": "20", "language_knowledge": "6", "reading": "6", "listening": "6"}, 19, "78", 1),
    ]


def test_levels_are_raised_one_by_one_to_the_highest_and_together_where_there_is_no_total() -> None:
    result = sat("TESTDAF", None, lesen="TDN3", hoeren="TDN4", schreiben="TDN5")

    def step(gaps: Mapping[str, str], effort: int, lesen: str, hoeren: str, *places: int) -> Step:
        better = sat("TESTDAF", None, lesen=lesen, hoeren=hoeren, schreiben="TDN5")
        return opening(raised(result, gaps, effort, better), *places)

    asked = needs("TESTDAF", lesen="TDN4", hoeren="TDN4"), needs("TESTDAF", lesen="TDN4", hoeren="TDN5")
    assert tried(evidence(tests=(result,)), *asked, needs("TESTDAF", lesen="TDN5", hoeren="TDN5")) == [
        step({"lesen": "1"}, 11, "TDN4", "TDN4", 1),
        step({"hoeren": "1"}, 11, "TDN3", "TDN5"),
        step({"lesen": "1", "hoeren": "1"}, 12, "TDN4", "TDN5", 1, 2),
        step({"lesen": "2"}, 16, "TDN5", "TDN4", 1),
        step({"lesen": "2", "hoeren": "1"}, 17, "TDN5", "TDN5", 1, 2, 3),
    ]


def test_a_total_of_levels_is_raised_by_levels() -> None:
    result = sat("DSH", "DSH-1")

    assert tried(evidence(tests=(result,)), needs("DSH", "DSH-2")) == [
        opening(raised(result, {"total": "1"}, 11, sat("DSH", "DSH-2")), 1),
        opening(raised(result, {"total": "2"}, 16, sat("DSH", "DSH-3")), 1),
    ]


def test_levels_rise_as_the_scale_has_them_and_not_by_their_names() -> None:
    ranks = Scale(levels=("pass", "merit", "distinction"))
    packs = [
        replace(pack, tests=tuple(replace(one, total=ranks) if one.code == "DSH" else one for one in pack.tests))
        for pack in RULES.packs
    ]
    result = sat("DSH", "pass")

    found = tried(evidence(tests=(result,)), needs("DSH", "merit"), rulebook=Rulebook(tuple(packs)))

    assert found == [
        opening(raised(result, {"total": "1"}, 11, sat("DSH", "merit")), 1),
        opening(raised(result, {"total": "2"}, 16, sat("DSH", "distinction")), 1),
    ]


def test_where_no_total_is_known_the_sections_are_tried_each_and_together() -> None:
    result = sat("IELTS_AC", reading="6.0", writing="5.5")  # two of four give no total
    asked = needs("IELTS_AC", reading="6.5", writing="6.0"), needs("IELTS_AC", "6.0")

    def step(gaps: Mapping[str, str], effort: int, reading: str, writing: str, *places: int) -> Step:
        return opening(raised(result, gaps, effort, sat("IELTS_AC", reading=reading, writing=writing)), *places)

    # The best that the total can be is with two bands of 9: 29.5 by four is 7.375, which is 7.5.
    whole = Change("state_score", {"test": "IELTS_AC", "parts": "total"}, 1, (Part("total", Decimal(0), "total"),))
    best = sat("IELTS_AC", "7.5", reading="6.0", writing="5.5")
    stated = Step("state_score/IELTS_AC/2026-09-12/total", whole, evidence(tests=(result,)), [(2, MET)], best, True)
    assert tried(evidence(tests=(result,)), *asked) == [
        stated,
        step({"reading": "0.5"}, 11, "6.5", "5.5"),
        step({"writing": "0.5"}, 11, "6.0", "6.0"),
        step({"reading": "0.5", "writing": "0.5"}, 12, "6.5", "6.0", 1),
        step({"reading": "1.0"}, 16, "7.0", "5.5"),
        step({"writing": "1.0"}, 16, "6.0", "6.5"),
        step({"reading": "1.0", "writing": "1.0"}, 17, "7.0", "6.5", 1),
    ]


def test_the_total_alone_rises_by_its_step_whatever_the_sections_give() -> None:
    own = dict.fromkeys(("listening", "reading", "writing", "speaking"), "7.5")
    result = sat("IELTS_AC", "6.0", **own)  # stated far lower than the bands give

    found = tried(evidence(tests=(result,)), needs("IELTS_AC", "6.5"), needs("IELTS_AC", "7.0"))

    by_key = {one.key.rpartition("/")[2]: one for one in found}
    assert by_key["total+0.5"] == opening(raised(result, {"total": "0.5"}, 11, sat("IELTS_AC", "6.5", **own)), 1)


def test_a_step_is_a_part_of_what_lies_between_the_ends_of_the_scale() -> None:
    result = sat("PTE_ACADEMIC", "50")

    found = tried(evidence(tests=(result,)), needs("PTE_ACADEMIC", "58"))

    # An 18th of the 80 points from 10 to 90 is 4.4, in whole points 4.
    assert found == [
        raised(result, {"total": "4"}, 11, sat("PTE_ACADEMIC", "54")),
        opening(raised(result, {"total": "8"}, 16, sat("PTE_ACADEMIC", "58")), 1),
    ]


@pytest.mark.parametrize(
    "result",
    [sat("DSH", "DSH-3"), sat("DSH", "a level of old"), sat("IELTS_AC", "9.0"), sat("IELTS_AC", "B2")],
    ids=["the best level", "no such level", "the best score", "a word for a number"],
)
def test_what_cannot_be_raised_is_left_alone(result: TestResult) -> None:
    # An IELTS in which nothing is stated that could rise, before a demand for a section.
    asked = needs("DSH", "DSH-9"), needs("IELTS_AC", writing="6.0")

    assert [one.key for one in tried(evidence(tests=(result,)), *asked) if "raise_score" in one.key] == []


def test_a_part_that_nobody_has_stated_is_asked_for_where_something_that_is_not_open_wants_it() -> None:
    student = evidence(tests=(sat("IELTS_AC", "7.0"), sat("IELTS_AC", "6.5", writing="6.5")))
    within, beyond = needs("IELTS_AC", "6.5", writing="6.0"), needs("IELTS_AC", "7.0", writing="7.0")

    def stated(*asked: TestNeeded) -> list[str]:
        return [one.key for one in tried(student, *asked) if one.at_best]

    assert stated(within, needs("IELTS_AC", "8.0")) == []  # the second result is enough for all that asks for writing
    assert stated(within, beyond) == ["state_score/IELTS_AC/2026-09-12/writing"]


def test_a_part_of_another_test_is_asked_for_where_a_table_leads_on_from_it() -> None:
    asked = needs("IELTS_AC", "6.5", writing="6.0")

    def stated(result: TestResult) -> list[Step]:
        return [one for one in tried(evidence(tests=(result,)), asked) if one.at_best]

    (found,) = stated(sat("TOEFL_IBT_2005", "100"))
    assert found.key == "state_score/TOEFL_IBT_2005/2026-09-12/writing"
    assert (found.opened, found.result) == ([(1, PROBABLY)], sat("TOEFL_IBT_2005", "100", writing="30"))
    assert stated(sat("PTE_ACADEMIC", "80")) == []  # of its writing there is no table

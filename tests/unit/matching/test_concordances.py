"""Results of other tests: what publishers' tables say of them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.requirement import TestNeeded
from higherstudy.domain.matching.concordances import sat_for
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import judge
from higherstudy.domain.matching.verdict import Finding, Standing
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.rulebook.pack import Rulebook
from study_builders import STATED, profile

ON = date(2026, 11, 23)
IELTS_65 = TestNeeded(STATED, "IELTS_AC", Decimal("6.5"))


def found(leaf: TestNeeded, *results: Result) -> Finding:
    return judge(leaf, Evidence(profile(tests=results), ON), bundled_rulebook())


def toefl(total: str | None = None, **sections: str) -> Result:
    parts = {name: Decimal(score) for name, score in sections.items()}
    return Result("TOEFL_IBT_2005", date(2025, 9, 1), None if total is None else Decimal(total), parts)


def test_a_total_that_was_left_out_follows_from_the_sections_of_the_other_test_too() -> None:
    finding = found(IELTS_65, toefl(listening="24", reading="24", writing="24", speaking="23"))

    assert finding.standing is Standing.PROBABLY_MET


@pytest.mark.parametrize("result", [toefl(), toefl(listening="24")])
def test_another_test_without_the_part_that_a_table_needs_is_unknown_and_says_which(result: Result) -> None:
    finding = found(IELTS_65, result)

    assert (finding.standing, finding.code) == (Standing.UNKNOWN, "test.other_part_not_stated")
    assert [(one.code, one.params["test"], one.params["parts"]) for one in finding.flip or ()] == [
        ("state_score", "TOEFL_IBT_2005", "total")
    ]


def test_a_section_that_is_too_low_by_its_table_is_not_met_whatever_is_still_unstated() -> None:
    needed = TestNeeded(STATED, "IELTS_AC", Decimal("6.5"), {"writing": Decimal("6.5")})

    assert found(needed, toefl(writing="10")).standing is Standing.NOT_MET


@pytest.mark.parametrize(
    ("score", "expected"),
    [("3.5", Standing.NOT_MET), ("4", Standing.PROBABLY_MET), ("5.5", Standing.PROBABLY_MET)],
)
def test_a_table_that_leads_to_levels_is_read_by_their_order(score: str, expected: Standing) -> None:
    result = Result("TOEFL_IBT_2026", date(2026, 3, 1), Decimal(score))

    finding = found(TestNeeded(STATED, "CEFR", "B2"), result)

    assert finding.standing is expected
    assert finding.rests_on == ("ets-toefl2026-cefr",)


PTE_50 = Result("PTE_ACADEMIC", ON, Decimal(50))


@pytest.mark.parametrize(
    ("level", "results", "change"),
    [
        # Nobody sits a level. Of the tests whose tables lead there the table of ETS is the most trusted one.
        ("B2", (), ("take_test", {"test": "TOEFL_IBT_2026", "needed": "4"})),
        ("B2", (toefl("110"),), ("take_test", {"test": "TOEFL_IBT_2026", "needed": "4"})),
        ("B2", (PTE_50,), ("take_test", {"test": "PTE_ACADEMIC", "needed": "59"})),
        ("B2", (Result("CEFR", ON, "B1"),), ("take_test", {"test": "TOEFL_IBT_2026", "needed": "4"})),
        ("B1", (PTE_50,), ("ask_which_table", {"tables": "pte-cefr"})),
        ("B1", (PTE_50, Result("CEFR", ON, "B1")), None),
        ("B7", (), None),
    ],
)
def test_a_level_of_a_framework_is_reached_by_a_test_that_can_be_sat(
    level: str, results: tuple[Result, ...], change: tuple[str, dict[str, str]] | None
) -> None:
    finding = found(TestNeeded(STATED, "CEFR", level), *results)

    assert [(one.code, one.params) for one in finding.flip or ()] == ([change] if change else [])


def test_a_level_of_a_framework_that_no_table_leads_to_cannot_be_reached() -> None:
    packs = tuple(replace(pack, concordances=()) for pack in bundled_rulebook().packs)

    finding = judge(TestNeeded(STATED, "CEFR", "B2"), Evidence(profile(tests=()), ON), Rulebook(packs))

    assert (finding.code, finding.flip) == ("test.missing", None)


def test_a_level_that_a_test_does_not_have_is_never_taken_for_reached() -> None:
    needed = TestNeeded(STATED, "CEFR", "B7")

    assert found(needed, toefl("110")).standing is Standing.NOT_MET
    assert found(needed, Result("CEFR", ON, "C2")).standing is Standing.UNKNOWN


def test_tables_that_contradict_each_other_are_all_named_with_what_each_gives() -> None:
    finding = found(IELTS_65, Result("PTE_ACADEMIC", date(2025, 9, 1), Decimal(56)))

    assert finding.code == "test.concordances_disagree"
    assert finding.rests_on[:3] == ("pte-ielts-old-printed-2026", "pte-ielts-eikondocs", "pte-ielts-2025-07")
    assert finding.params["by_table"] == (
        "6 by pte-ielts-old-printed-2026, 6 by pte-ielts-eikondocs, 6.5 by pte-ielts-2025-07"
    )
    assert [change.code for change in finding.flip or ()] == ["ask_which_table"]


def test_a_section_that_is_too_low_by_every_table_is_not_met_even_where_the_total_is_disputed() -> None:
    needed = TestNeeded(STATED, "IELTS_AC", Decimal("6.5"))

    assert found(needed, Result("PTE_ACADEMIC", date(2025, 9, 1), Decimal(40))).standing is Standing.NOT_MET


def test_what_another_test_lacks_is_told_on_the_scale_that_is_asked_for() -> None:
    finding = found(IELTS_65, toefl("70"))

    assert (finding.code, finding.distance) == ("test.concordance_too_low", "total +0.5")


def test_two_tables_are_never_put_one_after_the_other() -> None:
    needed = TestNeeded(STATED, "PTE_ACADEMIC", Decimal(50))

    finding = found(needed, toefl("110"))  # TOEFL leads to IELTS and IELTS to PTE, and no table from TOEFL to PTE

    assert (finding.standing, finding.code) == (Standing.NOT_MET, "test.missing")


def test_a_table_is_never_read_backwards() -> None:
    needed = TestNeeded(STATED, "DET", Decimal(90))

    assert found(needed, Result("CEFR", ON, "C2")).code == "test.missing"


@pytest.mark.parametrize(
    "results",
    [(), (toefl("70"),), (Result("TOEFL_IBT_2005", date(2024, 1, 1), Decimal(100)),)],
    ids=["none", "too low", "run out"],
)
def test_nobody_is_sent_to_an_edition_that_is_held_no_longer(results: tuple[Result, ...]) -> None:
    needed = TestNeeded(STATED, "TOEFL_IBT_2005", Decimal(90), {"writing": Decimal(21)})

    (change,) = found(needed, *results).flip or ()

    assert (change.code, change.params["test"]) == ("take_test", "TOEFL_IBT_2026")
    assert change.params["needed"] == "5, writing 4.5"  # 4.5 begins at 86 in the old total, and 5 at 95


def test_while_an_edition_is_held_it_is_the_one_to_take() -> None:
    needed = TestNeeded(STATED, "TOEFL_IBT_2005", Decimal(90))
    evidence = Evidence(profile(tests=()), date(2026, 1, 20))

    (change,) = judge(needed, evidence, bundled_rulebook()).flip or ()

    assert change.params["test"] == "TOEFL_IBT_2005"


def test_a_framework_is_shown_by_the_tests_that_are_held_on_the_day_that_is_asked_for() -> None:
    rulebook = bundled_rulebook()

    def sat(day: date) -> set[str]:
        return {test.code for test in sat_for(rulebook.tests["CEFR"], day, rulebook)}

    before = {"IELTS_AC", "PTE_ACADEMIC", "DET"}
    assert sat(date(2026, 1, 20)) == before
    assert sat(date(2026, 1, 21)) == before | {"TOEFL_IBT_2026"}

"""Where several rules speak of one thing, all of them are shown, by the tables of the sources named beside them."""

from datetime import date
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.catalogue.requirement import TestNeeded
from higherstudy.domain.matching.converting import convert_grade
from higherstudy.domain.matching.evidence import Evidence
from higherstudy.domain.matching.judging import judge_programme
from higherstudy.domain.matching.verdict import Finding, Standing
from higherstudy.domain.profile.profile import Grade
from higherstudy.domain.profile.profile import TestResult as Result
from higherstudy.domain.profile.reading import read_profile
from higherstudy.domain.shared.errors import Invalid
from study_builders import STATED, profile, programme

RULES = bundled_rulebook()
ON = date(2026, 6, 1)

# Three sites that contradict one another (L): what one CGPA of 8.0 of 10 comes to in percent
INDIAN = {
    "in-anna-times-10": "80.0",
    "in-cbse": "76.0",
    "in-anna-minus-half": "75.0",
    "in-gtu-minus-half": "75.0",
    "in-sppu-minus-half": "75.0",
    "in-aktu-minus-7.5": "72.5",
    "in-gtu-minus-7.5": "72.5",
    "in-vtu": "72.5",
    "in-aktu-7.1-plus-11": "67.8",
    "in-mumbai": "67.8",
    "in-sppu-minus-12.5": "67.5",
}


def test_the_indian_formulas_stand_side_by_side_and_none_is_chosen_for_her() -> None:
    found = convert_grade(Grade("IN_10", Decimal("8.0")), "IN_PERCENT", RULES).found

    assert {one.conversion.id: str(one.exact and one.exact.quantize(Decimal("0.1"))) for one in found} == INDIAN
    assert len(set(INDIAN.values())) == 6
    assert {one.confidence.value for one in found} == {"L"}


def test_only_the_formulas_of_her_own_university_hold_once_it_is_known() -> None:
    names = {one.conversion.institution for one in convert_grade(Grade("IN_10", Decimal(8)), "IN_PERCENT", RULES).found}
    mumbai = next(name for name in names if "Mumbai" in name)

    found = convert_grade(Grade("IN_10", Decimal("8.0")), "IN_PERCENT", RULES, awarding=mumbai).found

    assert [one.conversion.id for one in found if one.holds and one.conversion.institution] == ["in-mumbai"]
    assert found[0].holds is True


def verdict(needed: TestNeeded, result: Result) -> Finding:
    return judge_programme(programme(needed), Evidence(profile(tests=(result,)), ON), RULES).finding


# completepte.com (L), eikondocs (L), the table of July 2025 by way of ptemocks.com (L): IELTS 6.5 is 58, 59 or 55
PTE: dict[str, tuple[Standing, str]] = {
    "59": (Standing.PROBABLY_MET, "test.concordance_enough"),
    "58": (Standing.UNKNOWN, "test.concordances_disagree"),
    "55": (Standing.UNKNOWN, "test.concordances_disagree"),
    "54": (Standing.NOT_MET, "test.concordance_too_low"),
}


@pytest.mark.parametrize("score", PTE)
def test_a_pte_score_is_enough_only_where_all_three_tables_say_so(score: str) -> None:
    standing, code = PTE[score]
    needed = TestNeeded(STATED, "IELTS_AC", Decimal("6.5"))

    found = verdict(needed, Result("PTE_ACADEMIC", date(2026, 1, 10), Decimal(score)))

    assert (found.standing, found.code) == (standing, code)
    assert {name for name in found.rests_on if name.startswith("pte-ielts-")} == {
        "pte-ielts-old-printed-2026",
        "pte-ielts-eikondocs",
        "pte-ielts-2025-07",
    }


def taken(code: str, on: str, total: str) -> dict[str, object]:
    return {"tests": [{"code": code, "taken_on": on, "total": total}]}


# ETS help (H): the new scale counts from 21 January 2026 on; an old 95 is a new 5, an old 86 a new 4.5
TOEFL: dict[str, tuple[str, str, str, str | None]] = {
    "the old test on its last day": ("TOEFL_IBT_2005", "2026-01-20", "95", None),
    "the old test a day later": ("TOEFL_IBT_2005", "2026-01-21", "95", "code"),
    "the new test on its first day": ("TOEFL_IBT_2026", "2026-01-21", "5", None),
    "the new test a day earlier": ("TOEFL_IBT_2026", "2026-01-20", "5", "code"),
    "a new score on the old scale": ("TOEFL_IBT_2026", "2026-02-01", "95", "total"),
    "half a point on the old scale": ("TOEFL_IBT_2005", "2026-01-20", "94.5", "total"),
}


@pytest.mark.parametrize("case", TOEFL)
def test_a_toefl_result_is_of_the_edition_of_its_day(case: str) -> None:
    code, on, total, wrong = TOEFL[case]

    try:
        places = [read_profile(taken(code, on, total), RULES).tests and ""]
    except Invalid as refused:
        places = [reason.where for reason in refused.reasons]

    assert places == ([f"tests[0].{wrong}"] if wrong else [""])


@pytest.mark.parametrize(
    ("needed", "score", "standing"),
    [("95", "5", Standing.PROBABLY_MET), ("96", "5", Standing.NOT_MET), ("86", "4.5", Standing.PROBABLY_MET)],
)
def test_a_new_score_probably_meets_an_old_minimum_by_the_table_of_ets(
    needed: str, score: str, standing: Standing
) -> None:
    leaf = TestNeeded(STATED, "TOEFL_IBT_2005", Decimal(needed))

    found = verdict(leaf, Result("TOEFL_IBT_2026", date(2026, 2, 1), Decimal(score)))

    assert found.standing is standing
    assert "ets-toefl2026-toefl2005-total" in found.rests_on

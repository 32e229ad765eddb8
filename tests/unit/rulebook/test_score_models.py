"""The score model of every test: golden, from each test owner's own pages as the pack names them."""

from datetime import date

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.rulebook.scores import Scale

BANDS, THIRTY, SIX = "0-9/0.5", "0-30/1", "1-6/0.5"
TDN = "below_TDN3,TDN3,TDN4,TDN5"
FOUR = ("listening", "reading", "speaking", "writing")


def shown(scale: Scale | None) -> str:
    if scale is None:
        return ""
    return ",".join(scale.levels) or f"{scale.minimum}-{scale.maximum}/{scale.step}"


@pytest.mark.parametrize(
    ("code", "total", "sections", "rule", "months"),
    [
        ("IELTS_AC", BANDS, dict.fromkeys(FOUR, BANDS), "mean_half_up", 24),
        ("IELTS_GT", BANDS, dict.fromkeys(FOUR, BANDS), "mean_half_up", 24),
        ("TOEFL_IBT_2005", "0-120/1", dict.fromkeys(FOUR, THIRTY), "sum", 24),
        ("TOEFL_IBT_2026", SIX, dict.fromkeys(FOUR, SIX), "mean_nearest_half", 24),
        ("PTE_ACADEMIC", "10-90/1", dict.fromkeys(FOUR, "10-90/1"), "as_given", 24),
        ("DET", "10-160/5", dict.fromkeys((*FOUR, "literacy", "comprehension", "conversation", "production"),
                                          "10-160/5"), "mean_nearest_5", 24),
        ("GRE_GENERAL", "", {"verbal": "130-170/1", "quantitative": "130-170/1", "analytical_writing": "0-6/0.5"},
         "none", 60),
        ("GRE_SUBJECT", "200-990/10", {}, "as_given", 60),
        ("GMAT_FOCUS", "205-805/10", dict.fromkeys(("quant", "verbal", "data_insights"), "60-90/1"), "as_given", 60),
        ("GMAT_CLASSIC", "200-800/10", {}, "as_given", 60),
        ("SAT_DIGITAL", "400-1600/10", dict.fromkeys(("reading_writing", "math"), "200-800/10"), "sum", None),
        ("ACT", "1-36/1", dict.fromkeys(("english", "math", "reading", "science"), "1-36/1"), "as_given", None),
        ("TESTDAF", "", dict.fromkeys(("lesen", "hoeren", "schreiben", "sprechen"), TDN), "none", None),
        ("DSH", "DSH-1,DSH-2,DSH-3", {}, "as_given", None),
        ("GOETHE_C1", "passed", {}, "as_given", None),
        ("GOETHE_C2", "passed", {}, "as_given", None),
        ("TELC_C1_HOCHSCHULE", "passed", {}, "as_given", None),
        ("DSD_II", "passed", {}, "as_given", None),
        *((f"JLPT_N{level}", "0-180/1", dict.fromkeys(("language_knowledge", "reading", "listening"), "0-60/1"),
           "sum", None) for level in (1, 2, 3)),
        *((f"JLPT_N{level}", "0-180/1", {"language_knowledge_reading": "0-120/1", "listening": "0-60/1"}, "sum", None)
          for level in (4, 5)),
    ],
)  # fmt: skip
def test_a_test_has_the_total_the_sections_the_rule_and_the_validity_of_its_owner(
    code: str, total: str, sections: dict[str, str], rule: str, months: int | None
) -> None:
    test = bundled_rulebook().tests[code]

    assert shown(test.total) == total
    assert {section.name: shown(section.scale) for section in test.sections} == sections
    assert (test.total_rule.value, test.valid_months) == (rule, months)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("TOEFL_IBT_2005", None, date(2026, 1, 20)),
        ("TOEFL_IBT_2026", date(2026, 1, 21), None),
        ("DET", date(2024, 7, 1), None),
    ],
)
def test_an_edition_was_held_on_its_days(code: str, first: date | None, last: date | None) -> None:
    test = bundled_rulebook().tests[code]

    assert (test.taken_from, test.taken_until) == (first, last)


PTE_TO_IELTS = ("5", "5.5", "6", "6.5", "7", "7.5", "8", "8.5", "9")


@pytest.mark.parametrize(
    ("table", "pte"),
    [
        ("pte-ielts-old-printed-2026", (36, 43, 50, 58, 65, 73, 79, 83, 89)),
        ("pte-ielts-eikondocs", (41, 46, 52, 59, 66, 75, 82, 88, 90)),
        ("pte-ielts-2025-07", (31, 39, 47, 55, 63, 71, 79, 86, 90)),
    ],
)
def test_each_generation_of_the_pte_table_is_kept_as_it_was_printed(table: str, pte: tuple[int, ...]) -> None:
    rows = bundled_rulebook().concordances[table].rows

    assert [(int(row.from_score), str(row.to_score)) for row in reversed(rows)] == list(
        zip(pte, PTE_TO_IELTS, strict=True)
    )


@pytest.mark.parametrize(
    ("table", "levels"),
    [
        ("pte-cefr", {"C2": 85, "C1": 76, "B2": 59, "B1": 43, "A2": 30, "A1": 10}),
        ("ielts-cefr", {"C2": 8.5, "C1": 7, "B2": 5.5, "B1": 4}),
        ("ets-toefl2026-cefr", {"C2": 6, "C1": 5, "B2": 4, "B1": 3, "A2": 2, "A1": 1}),
        ("det-cefr-2019", {"C1": 120, "B2": 90, "B1": 60, "A1": 10}),
    ],
)
def test_a_level_begins_at_the_score_that_the_table_prints(table: str, levels: dict[str, float]) -> None:
    rows = bundled_rulebook().concordances[table].rows

    assert {str(row.to_score): float(row.from_score) for row in rows} == levels

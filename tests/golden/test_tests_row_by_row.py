"""Tests and concordances, row by row: the figures are those of the sources named beside them, typed here once more."""

from datetime import date
from decimal import Decimal

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.rulebook.scores import Scale, TestScale
from higherstudy.domain.shared.sources import Confidence

RULES = bundled_rulebook()
LRWS = ("listening", "reading", "writing", "speaking")


def numbers(scale: Scale | None) -> tuple[str, ...] | None:
    """The scale's minimum, maximum and step as they are written."""
    if scale is None:
        return None
    return scale.levels or tuple(str(one) for one in (scale.minimum, scale.maximum, scale.step))


def sections(test: TestScale) -> dict[str, tuple[str, ...] | None]:
    """The scale of each section that is not derived from others."""
    return {section.name: numbers(section.scale) for section in test.sections if not section.derived}


LEVELS = ("below_TDN3", "TDN3", "TDN4", "TDN5")
SCALES = {
    # British Council, stored copy (H)
    "IELTS_AC": (("0", "9", "0.5"), dict.fromkeys(LRWS, ("0", "9", "0.5")), 24, "H"),
    "IELTS_GT": (("0", "9", "0.5"), dict.fromkeys(LRWS, ("0", "9", "0.5")), 24, "H"),
    # several pages (M)
    "TOEFL_IBT_2005": (("0", "120", "1"), dict.fromkeys(LRWS, ("0", "30", "1")), 24, "M"),
    # ETS help, es.ets.org (H)
    "TOEFL_IBT_2026": (("1", "6", "0.5"), dict.fromkeys(LRWS, ("1", "6", "0.5")), 24, "H"),
    # several pages (M)
    "PTE_ACADEMIC": (("10", "90", "1"), dict.fromkeys(LRWS, ("10", "90", "1")), 24, "M"),
    # testcenter.zendesk, July 2024 (H)
    "DET": (("10", "160", "5"), dict.fromkeys(LRWS, ("10", "160", "5")), 24, "H"),
    # the page of ets.org (H)
    "GRE_GENERAL": (
        None,
        {"verbal": ("130", "170", "1"), "quantitative": ("130", "170", "1"), "analytical_writing": ("0", "6", "0.5")},
        60,
        "H",
    ),
    "GRE_SUBJECT": (("200", "990", "10"), {}, 60, "H"),
    # the pages of mba.com and gmac.com (H)
    "GMAT_FOCUS": (
        ("205", "805", "10"),
        dict.fromkeys(("quant", "verbal", "data_insights"), ("60", "90", "1")),
        60,
        "H",
    ),
    "GMAT_CLASSIC": (("200", "800", "10"), {}, 60, "H"),
    # several pages (M)
    "SAT_DIGITAL": (
        ("400", "1600", "10"),
        dict.fromkeys(("reading_writing", "math"), ("200", "800", "10")),
        None,
        "M",
    ),
    # nobody verified these (U); science may be left out since 2025
    "ACT": (("1", "36", "1"), dict.fromkeys(("english", "math", "reading", "science"), ("1", "36", "1")), None, "U"),
    # the page of testdaf.de (H): there is no total
    "TESTDAF": (None, dict.fromkeys(("lesen", "hoeren", "schreiben", "sprechen"), LEVELS), None, "H"),
    # several pages (M)
    "DSH": (("DSH-1", "DSH-2", "DSH-3"), {}, None, "M"),
    "GOETHE_C1": (("passed",), {}, None, "M"),
    "GOETHE_C2": (("passed",), {}, None, "M"),
    "TELC_C1_HOCHSCHULE": (("passed",), {}, None, "M"),
    "DSD_II": (("passed",), {}, None, "M"),
    **{
        f"JLPT_N{level}": (
            ("0", "180", "1"),
            dict.fromkeys(("language_knowledge", "reading", "listening"), ("0", "60", "1")),
            None,
            "M",
        )
        for level in (1, 2, 3)
    },
    **{
        f"JLPT_N{level}": (
            ("0", "180", "1"),
            {"language_knowledge_reading": ("0", "120", "1"), "listening": ("0", "60", "1")},
            None,
            "M",
        )
        for level in (4, 5)
    },
}


@pytest.mark.parametrize("code", SCALES)
def test_a_test_has_the_scale_sections_and_validity_of_its_source(code: str) -> None:
    total, parts, months, confidence = SCALES[code]
    test = RULES.tests[code]

    assert numbers(test.total) == total
    assert sections(test) == parts
    assert (test.valid_months, test.confidence) == (months, Confidence(confidence))


ROUNDED = {
    # tantocyber on IELTS (M): a quarter up to the next half, three quarters to the next whole band
    "ielts 6.125": ("IELTS_AC", ("6", "6", "6", "6.5"), "6"),
    "ielts 6.25": ("IELTS_AC", ("6", "6", "6.5", "6.5"), "6.5"),
    "ielts 6.75": ("IELTS_AC", ("6.5", "6.5", "7", "7"), "7"),
    # ETS help (H): to the nearest half, a quarter up
    "toefl 5.125": ("TOEFL_IBT_2026", ("5", "5", "5", "5.5"), "5"),
    "toefl 5.25": ("TOEFL_IBT_2026", ("5", "5", "5.5", "5.5"), "5.5"),
    # several pages (M): a sum
    "toefl sum": ("TOEFL_IBT_2005", ("25", "24", "22", "23"), "94"),
    # Duolingo (H): the mean of four to the nearest 5
    "det mean": ("DET", ("110", "115", "120", "120"), "115"),
    # Pearson (M): never a mean
    "pte as given": ("PTE_ACADEMIC", ("65", "65", "65", "65"), None),
    # nobody verified it (U): a mean of three sections or of four, and a result does not say which
    "act as given": ("ACT", ("30", "30", "30", "30"), None),
    # several pages (M): the sum of three sections
    "jlpt sum": ("JLPT_N1", ("40", "35", "30"), "105"),
}


@pytest.mark.parametrize("case", ROUNDED)
def test_a_total_is_formed_as_the_owner_of_the_test_forms_it(case: str) -> None:
    code, given, total = ROUNDED[case]
    names = [section.name for section in RULES.tests[code].sections if not section.derived]

    found = RULES.tests[code].total_of({name: Decimal(score) for name, score in zip(names, given, strict=True)})

    assert found == (None if total is None else Decimal(total))


def test_toefl_changes_its_edition_on_21_january_2026() -> None:
    old, new = RULES.tests["TOEFL_IBT_2005"], RULES.tests["TOEFL_IBT_2026"]

    assert (old.was_held_on(date(2026, 1, 20)), new.was_held_on(date(2026, 1, 20))) == (True, False)
    assert (old.was_held_on(date(2026, 1, 21)), new.was_held_on(date(2026, 1, 21))) == (False, True)


# ETS, "compare scores", linking study of 1,153 test takers (H): the lowest TOEFL of each IELTS band
ETS_IELTS = {
    "9": ("118", "30", "30", "30", "30"),
    "8.5": ("115", "29", "29", "28", "30"),
    "8": ("110", "29", "28", "26", "30"),
    "7.5": ("102", "27", "27", "24", "29"),
    "7": ("94", "24", "24", "23", "27"),
    "6.5": ("79", "19", "20", "20", "24"),
    "6": ("60", "13", "12", "18", "21"),
    "5.5": ("46", "8", "7", "16", "18"),
    "5": ("35", "4", "4", "14", "14"),
    "4.5": ("32", "3", "3", "12", "12"),
}
ETS_PARTS = ("total", "reading", "listening", "speaking", "writing")


@pytest.mark.parametrize("band", ETS_IELTS)
def test_an_ielts_band_corresponds_to_the_toefl_scores_that_ets_gives(band: str) -> None:
    found = tuple(_corresponding(f"ets-ielts-toefl2005-{part}", band) for part in ETS_PARTS)

    assert found == ETS_IELTS[band]


@pytest.mark.parametrize("band", ETS_IELTS)
def test_the_lowest_toefl_total_of_a_row_gives_its_band_and_one_less_does_not(band: str) -> None:
    lowest = ETS_IELTS[band][0]

    assert _corresponding("ets-toefl2005-ielts-total", lowest) == band
    assert _corresponding("ets-toefl2005-ielts-total", str(int(lowest) - 1)) != band


# ETS help centre for institutions, 12839102 (H): CEFR, then the lowest old reading, listening, writing, speaking, total
ETS_NEW = {
    "6": ("C2", "29", "28", "29", "28", "114"),
    "5.5": ("C1", "27", "26", "27", "27", "107"),
    "5": ("C1", "24", "22", "24", "25", "95"),
    "4.5": ("B2", "22", "20", "21", "23", "86"),
    "4": ("B2", "18", "17", "17", "20", "72"),
    "3.5": ("B1", "12", "13", "15", "18", "58"),
    "3": ("B1", "6", "9", "13", "16", "44"),
    "2.5": ("A2", "4", "6", "10", "13", "34"),
    "2": ("A2", "3", "4", "5", "11", "24"),
    "1.5": ("A1", "2", "2", "3", "5", "12"),
    "1": ("A1", "0", "0", "0", "0", "0"),
}


@pytest.mark.parametrize("score", ETS_NEW)
def test_a_score_of_the_new_toefl_corresponds_to_what_ets_gives(score: str) -> None:
    parts = ("reading", "listening", "writing", "speaking", "total")
    found = [_corresponding(f"ets-toefl2026-toefl2005-{part}", score) for part in parts]
    back = [_corresponding(f"ets-toefl2005-toefl2026-{part}", old) for part, old in zip(parts, found, strict=True)]

    assert (_corresponding("ets-toefl2026-cefr", score), *found) == ETS_NEW[score]
    assert back == [score] * 5


# completepte.com (L), eikondocs (L), the table of July 2025 by way of ptemocks.com (L)
PTE = {
    "5": ("36", "41", "31"),
    "5.5": ("43", "46", "39"),
    "6": ("50", "52", "47"),
    "6.5": ("58", "59", "55"),
    "7": ("65", "66", "63"),
    "7.5": ("73", "75", "71"),
    "8": ("79", "82", "79"),
    "8.5": ("83", "88", "86"),
    "9": ("89", "90", "90"),
}
PTE_TABLES = ("old-printed-2026", "eikondocs", "2025-07")


@pytest.mark.parametrize("band", PTE)
def test_three_tables_of_pte_stand_side_by_side_and_none_is_trusted_much(band: str) -> None:
    found = tuple(_corresponding(f"ielts-pte-{table}", band) for table in PTE_TABLES)
    back = [_corresponding(f"pte-ielts-{table}", pte) for table, pte in zip(PTE_TABLES, found, strict=True)]

    assert found == PTE[band]
    assert back == [band] * 3
    assert {RULES.concordances[f"pte-ielts-{table}"].confidence for table in PTE_TABLES} == {Confidence.LOW}


CEFR = {
    # Pearson's bands (M)
    "pte-cefr": {"10": "A1", "29": "A1", "30": "A2", "42": "A2", "43": "B1", "58": "B1", "59": "B2", "75": "B2"}
    | {"76": "C1", "84": "C1", "85": "C2", "90": "C2"},
    # several pages (M)
    "ielts-cefr": {"4": "B1", "5": "B1", "5.5": "B2", "6.5": "B2", "7": "C1", "8": "C1", "8.5": "C2", "9": "C2"},
    # Duolingo of 2019 (M, old)
    "det-cefr-2019": {"60": "B1", "85": "B1", "90": "B2", "115": "B2", "120": "C1", "160": "C1"},
}


@pytest.mark.parametrize("table", CEFR)
def test_a_score_stands_for_its_level_of_the_european_framework(table: str) -> None:
    assert {score: _corresponding(table, score) for score in CEFR[table]} == CEFR[table]


# several pages (M): JLPT is passed with the total and with every section
_OF_THREE = dict.fromkeys(("language_knowledge", "reading", "listening"), "19")
_OF_TWO = {"language_knowledge_reading": "38", "listening": "19"}
PASS_MARKS = {
    "JLPT_N1": {"total": "100", **_OF_THREE},
    "JLPT_N2": {"total": "90", **_OF_THREE},
    "JLPT_N3": {"total": "95", **_OF_THREE},
    "JLPT_N4": {"total": "90", **_OF_TWO},
    "JLPT_N5": {"total": "80", **_OF_TWO},
}


@pytest.mark.parametrize("code", PASS_MARKS)
def test_a_test_that_can_be_failed_has_the_pass_marks_of_its_source(code: str) -> None:
    assert {part: str(mark) for part, mark in RULES.tests[code].pass_marks().items()} == PASS_MARKS[code]


FACTS = {
    # masatoenglish.com: the table of December 2020
    "test.pte.ielts_8.2020-12": "84",
    # several pages (M)
    "test.dsh.usual_minimum": "DSH-2",
    # nobody verified these (U)
    "test.dsh.threshold.1": "57",
    "test.dsh.threshold.2": "67",
    "test.dsh.threshold.3": "82",
    # the page of testdaf.de (H)
    "test.testdaf.cefr.tdn3": "B2",
    "test.testdaf.cefr.tdn4": "C1",
    "test.testdaf.cefr.tdn5": "C2",
    "test.testdaf.result_weeks.paper": "6",
    "test.testdaf.result_weeks.digital": "4",
    # Duolingo of 2019 (M, old)
    "test.det.toefl_2005.60.2019": "26 to 31",
    "test.det.toefl_2005.65.2019": "32 to 37",
    "test.det.toefl_2005.70.2019": "38 to 43",
    "test.det.toefl_2005.75.2019": "44 to 49",
    "test.det.toefl_2005.80.2019": "50 to 55",
    # the page of ets.org (H): customary, not official
    "test.gre_general.customary_sum": "260 to 340",
}


@pytest.mark.parametrize("fact", FACTS)
def test_a_figure_about_a_test_is_that_of_its_source(fact: str) -> None:
    assert str(RULES.fact(fact).value) == FACTS[fact]


def _corresponding(table: str, score: str) -> str:
    return str(RULES.concordances[table].corresponding(Decimal(score)))

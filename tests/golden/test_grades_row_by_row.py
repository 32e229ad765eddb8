"""Grade scales and conversions, row by row: figures of the sources named beside them, typed here once more."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.domain.rulebook.grades import modified_bavarian

RULES = bundled_rulebook()
FOUR_PLACES = Decimal("0.0001")

# The formula of the German ministers of education, by copies of many universities (M)
BAVARIAN = {
    "bd public 3.50": ("4.00", "2.00", "3.50", "1.75"),  # germanprobashe.com gives the same
    "bd private 3.50, pass 1.00": ("4.00", "1.00", "3.50", "1.50"),
    "bd 3.75, pass taken as 2.20": ("4.00", "2.20", "3.75", "1.4167"),  # shabashfakibaj: 1.42
    "bd public 2.50": ("4.00", "2.00", "2.50", "3.25"),
    "in 75 percent, pass 40": ("100", "40", "75", "2.25"),
    "in 75 percent, pass 33": ("100", "33", "75", "2.1194"),
    "in 75 percent, pass 50": ("100", "50", "75", "2.50"),
    "in 8.0 of 10, pass 4": ("10", "4", "8.0", "2.00"),
    "in 8.0 of 10, pass 5": ("10", "5", "8.0", "2.20"),
    "ng 4.0 of 5, pass 1": ("5", "1", "4.0", "1.75"),
    "ng 4.0 of 5, pass 2": ("5", "2", "4.0", "2.00"),
    "just passed": ("4.00", "2.00", "2.00", "4.00"),
    "the best": ("4.00", "2.00", "4.00", "1.00"),
    "not passed": ("4.00", "2.00", "1.99", "5.00"),
}


@pytest.mark.parametrize("case", BAVARIAN)
def test_the_modified_bavarian_formula_gives_what_the_table_gives(case: str) -> None:
    best, lowest_pass, grade, german = map(Decimal, BAVARIAN[case])

    assert modified_bavarian(grade, best, lowest_pass).quantize(FOUR_PLACES) == german.quantize(FOUR_PLACES)


Bands = dict[str, tuple[str | None, str | None]]
SCALES: dict[str, tuple[str, str | None, str, Bands]] = {
    # copies of Wikipedia (M): grade points, then percent
    "BD_UGC_4": (
        "4.00",
        "2.00",
        "M",
        {
            "A+": ("4.00", "80"),
            "A": ("3.75", "75"),
            "A-": ("3.50", "70"),
            "B+": ("3.25", "65"),
            "B": ("3.00", "60"),
            "B-": ("2.75", "55"),
            "C+": ("2.50", "50"),
            "C": ("2.25", "45"),
            "D": ("2.00", "40"),
            "F": ("0", "0"),
        },
    ),
    # several pages (M)
    "BD_NSU_4": (
        "4.00",
        "1.00",
        "M",
        {
            "A": ("4.00", "93"),
            "A-": ("3.70", "90"),
            "B+": ("3.30", "87"),
            "B": ("3.00", "83"),
            "B-": ("2.70", "80"),
            "C+": ("2.30", "77"),
            "C": ("2.00", "73"),
            "C-": ("1.70", "70"),
            "D+": ("1.30", "67"),
            "D": ("1.00", "60"),
        },
    ),
    "BD_IUB_4": (
        "4.00",
        "1.00",
        "M",
        {
            "A": (None, "90"),
            "A-": (None, "85"),
            "B+": (None, "80"),
            "B": (None, "75"),
            "B-": (None, "70"),
            "C+": (None, "65"),
            "C": (None, "60"),
            "C-": (None, "55"),
            "D+": ("1.30", "50"),
            "D": ("1.00", "45"),
        },
    ),
    "BD_BOARD_5": (
        "5.00",
        "1.00",
        "M",
        {
            "A+": ("5.00", "80"),
            "A": ("4.00", "70"),
            "A-": ("3.50", "60"),
            "B": ("3.00", "50"),
            "C": ("2.00", "40"),
            "D": ("1.00", "33"),
        },
    ),
    "BD_CLASS": ("4.00", "2.00", "M", {"first": ("3.00", None), "second": ("2.25", None), "third": ("2.00", None)}),
    # three sites that contradict one another (L): the pass is the institution's
    "IN_10": ("10", None, "L", {}),
    "IN_PERCENT": ("100", None, "L", {}),
    # nobody verified these (U)
    "PK_4": ("4.0", "2.0", "U", {}),
    # several pages, some of which differ (M)
    "NG_NUC_5": (
        "5",
        "1.00",
        "M",
        {"A": ("5", "70"), "B": ("4", "60"), "C": ("3", "50"), "D": ("2", "45"), "E": ("1", "40")},
    ),
    "NG_NUC_5_CLASS": (
        "5",
        "1.00",
        "M",
        {
            "first": ("4.50", None),
            "2:1": ("3.50", None),
            "2:2": ("2.40", None),
            "third": ("1.50", None),
            "pass": ("1.00", None),
        },
    ),
    # several pages (M)
    "UK_HONS": (
        "100",
        "40",
        "M",
        {"first": ("70", None), "2:1": ("60", None), "2:2": ("50", None), "third": ("40", None)},
    ),
    # copies of the formula (M): where each band ends
    "DE_5": (
        "1.0",
        "4.0",
        "M",
        {
            "very good": ("1.5", None),
            "good": ("2.5", None),
            "satisfactory": ("3.5", None),
            "sufficient": ("4.0", None),
            "failed": ("5.0", None),
        },
    ),
}


@pytest.mark.parametrize("scale", SCALES)
def test_a_grade_scale_has_the_best_pass_and_bands_of_its_source(scale: str) -> None:
    best, lowest_pass, confidence, bands = SCALES[scale]
    found = RULES.grade_scales[scale]

    assert (found.best, found.confidence.value) == (Decimal(best), confidence)
    assert found.lowest_pass == _maybe(lowest_pass)
    assert {band.name: (band.at_least, band.percent_from) for band in found.bands} == {
        name: (_maybe(at_least), _maybe(percent)) for name, (at_least, percent) in bands.items()
    }


# Three sites that contradict one another (L): a CGPA of 8.0 of 10 in percent, and that by the formula with pass 40
INDIA = {
    "in-cbse": ("76.0", "2.20"),
    "in-vtu": ("72.5", "2.38"),
    "in-anna-minus-half": ("75.0", "2.25"),
    "in-mumbai": ("67.8", "2.61"),
    "in-anna-times-10": ("80.0", "2.00"),
    "in-sppu-minus-12.5": ("67.5", "2.63"),
    "in-aktu-minus-7.5": ("72.5", "2.38"),
    "in-aktu-7.1-plus-11": ("67.8", "2.61"),
    "in-sppu-minus-half": ("75.0", "2.25"),
    "in-gtu-minus-7.5": ("72.5", "2.38"),
    "in-gtu-minus-half": ("75.0", "2.25"),
}


@pytest.mark.parametrize("conversion", INDIA)
def test_the_same_indian_grade_differs_by_institution_and_formula(conversion: str) -> None:
    percent, german = INDIA[conversion]
    line = RULES.grade_conversions[conversion]
    assert line.factor is not None
    assert line.offset is not None

    found = line.factor * 8 + line.offset

    assert found == Decimal(percent)
    exact = modified_bavarian(found, Decimal(100), Decimal(40))
    assert exact.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(german)


CLASSES = {
    # the page of lboro.ac.uk (H)
    "lboro-pk": {"first": "3.7", "2:1": "3.0", "2:2": "2.6"},
    "lboro-ng-5": {"first": "4.0", "2:1": "3.4", "2:2": "2.7"},
    "lboro-ng-4": {"first": "3.5", "2:1": "3.0", "2:2": "2.5"},
    "lboro-ng-7": {"first": "6", "2:1": "5"},
    # older pages of it
    "lboro-ng-5-older": {"2:1": "3.8"},
    "lboro-bd-buet-older": {"first": "60", "2:1": "52", "2:2": "50"},
    "lboro-bd-others-older": {"first": "70", "2:1": "60", "2:2": "53"},
    "lboro-in-older": {"2:1": "65"},  # 60 to 65 by the rank of the university: the cautious end
    # London Met (H)
    "londonmet-bd": {"2:2": "2.5"},
}


@pytest.mark.parametrize("table", CLASSES)
def test_a_university_counts_grades_as_british_classes_by_its_own_table(table: str) -> None:
    conversion = RULES.grade_conversions[table]

    assert {row.counts_as: row.at_least for row in conversion.rows} == {
        name: Decimal(at_least) for name, at_least in CLASSES[table].items()
    }
    assert conversion.institution


# Université libre de Bruxelles and others (H): the share of those who passed
ECTS = {"a": "10", "b": "25", "c": "30", "d": "25", "e": "10"}


@pytest.mark.parametrize("letter", ECTS)
def test_an_old_ects_letter_is_a_share_of_those_who_passed_and_no_mark(letter: str) -> None:
    assert RULES.fact(f"grade.ects_old.share.{letter}").number == Decimal(ECTS[letter])
    assert RULES.fact("grade.ects_old.from_one_gpa").value is False


def _maybe(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)

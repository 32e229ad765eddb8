"""Steps of every country, row by row: what comes before, least, typical and most days, and how far that can be trusted.

The rows are those of the pages that each pack names; days of confidence U are defaults of this project.
"""

from datetime import date

import pytest

from higherstudy.adapters.bundled.packs import bundled_rulebook

RULES = bundled_rulebook()
Days = tuple[int | None, int, int | None]

# pathway and step: the steps before it that the page names, days, confidence
STEPS: dict[str, tuple[str, Days, str]] = {
    # the page of dhaka.diplo.de (H), SiGBa (M), defaults of this project (U)
    "de-dhaka-master DE1": ("", (7, 21, 60), "U"),
    "de-dhaka-master DE2": ("DE1", (570, 570, None), "H"),
    "de-dhaka-master DE3": ("", (30, 75, 150), "U"),
    "de-dhaka-master DE4": ("", (7, 30, 90), "U"),
    "de-dhaka-master DE5": ("DE4", (14, 45, 120), "M"),
    "de-dhaka-master DE7": ("DE6", (21, 60, 120), "U"),
    "de-dhaka-master DE8": ("DE7", (7, 14, 30), "U"),
    "de-dhaka-master DE9": ("DE7", (1, 7, 21), "M"),
    "de-dhaka-master DE10": ("DE7 DE9", (7, 21, 42), "M"),
    "de-dhaka-master DE10B": ("DE7", (14, 60, 90), "M"),
    "de-dhaka-master DE11": ("DE7", (1, 2, 7), "M"),
    "de-dhaka-master DE12": ("DE7", (3, 10, 21), "M"),
    "de-dhaka-master DE13": ("DE2 DE3 DE4 DE8 DE10 DE11 DE12", (None, 7, 7), "H"),
    "de-dhaka-master DE14": ("DE13", (0, 3, 14), "M"),
    "de-dhaka-master DE15": ("DE14", (1, 1, 1), "M"),
    "de-dhaka-master DE16": ("DE15", (21, 28, 90), "H"),
    "de-dhaka-master DE17": ("DE16", (2, 7, 14), "M"),
    "de-dhaka-master DE18": ("DE17", (14, 30, 90), "U"),
    # Uni Mannheim and several pages: APS only for India, China and Vietnam
    "de-india-master DE5": ("DE4", (14, 45, 120), "M"),
    # GOV.UK (H) and several pages (M)
    "gb-student UK1": ("", (30, 75, 150), "M"),
    "gb-student UK2": ("", (0, 0, None), "H"),
    "gb-student UK3": ("UK2", (14, 45, 120), "U"),
    "gb-student UK4": ("UK3", (20, 30, 60), "U"),
    "gb-student UK5": ("UK3", (7, 21, 45), "M"),
    "gb-student UK6": ("", (28, 28, None), "H"),
    "gb-student UK7": ("", (3, 10, 21), "M"),
    "gb-student UK8": ("UK3 UK5 UK4", (3, 14, 30), "H"),
    "gb-student UK9": ("UK6 UK7 UK8", (1, 1, 1), "M"),
    "gb-student UK10": ("UK9", (2, 10, 21), "M"),
    "gb-student UK11": ("UK10", (15, 21, 56), "M"),
    # several pages (M), Harvard and Columbia (H)
    "us-f1 US2": ("US1B", (7, 21, 45), "M"),
    "us-f1 US3": ("US2", (1, 3, 5), "M"),
    "us-f1 US4": ("US2", (1, 3, 7), "M"),
    "us-f1 US5": ("US3 US4", (7, 60, None), "U"),
    "us-f1 US6": ("US5", (1, 1, 1), "M"),
    "us-f1 US7": ("US6", (3, 10, 60), "H"),
    # IRCC (H) and several pages (M)
    "ca-study-permit CA2": ("CA1B", (7, 21, 45), "M"),
    "ca-study-permit CA3": ("CA1B", (20, 40, 60), "U"),
    "ca-study-permit CA4": ("", (5, 10, 20), "M"),
    "ca-study-permit CA5": ("CA1B CA2 CA3 CA4", (1, 1, 1), "M"),
    "ca-study-permit CA6": ("CA5", (3, 10, 30), "H"),
    "ca-study-permit CA7": ("CA6", (28, 70, 150), "U"),
    # several pages (M), one page (L)
    "au-500 AU1B": ("AU1", (14, 40, 60), "L"),
    "au-500 AU2": ("AU1B", (14, 30, 60), "M"),
    "au-500 AU3": ("AU1B AU2", (3, 7, 14), "M"),
    "au-500 AU4": ("AU3", (2, 7, 21), "M"),
    "au-500 AU5": ("AU4", (1, 1, 1), "M"),
    "au-500 AU6": ("AU5", (3, 10, 28), "M"),
    "au-500 AU7": ("AU6", (30, 60, 150), "U"),
    # Utrecht University and NHL Stenden (H), several pages (M)
    "nl-master NL2": ("NL1", (14, 45, 90), "M"),
    "nl-master NL3": ("NL2", (5, 14, 30), "H"),
    "nl-master NL4": ("NL3", (3, 10, 30), "H"),
    "nl-master NL5": ("NL4", (14, 30, 60), "M"),
    "nl-master NL6": ("NL5", (5, 20, 45), "M"),
    "nl-bachelor NL5": ("NL4", (14, 30, 60), "M"),
}


@pytest.mark.parametrize("row", STEPS)
def test_a_step_has_the_days_and_the_steps_before_it_that_its_page_gives(row: str) -> None:
    before, days, confidence = STEPS[row]
    pathway, _, code = row.partition(" ")
    step = RULES.pathways[pathway].step(code)

    assert step is not None
    assert set(before.split()) <= set(step.after)
    assert (step.duration.least, step.duration.typical, step.duration.most) == days
    assert step.confidence.value == confidence


# fees and figures of the way: value and unit, the day, confidence
FIGURES: dict[str, tuple[str, str, str]] = {
    "gb.visa_fee": ("524 GBP", "2025-06-01", "M"),
    "gb.health_surcharge": ("776 GBP/year", "2026-06-01", "M"),
    "gb.cas.valid_months": ("6 months", "2026-06-01", "H"),
    "us.i901_fee": ("350 USD", "2026-06-01", "M"),
    "us.mrv_fee": ("185 USD", "2026-06-01", "M"),
    "us.visa_integrity_fee": ("250 USD", "2026-06-01", "M"),
    "us.entry.days_before_start": ("30 days", "2026-06-01", "H"),
    "us.visa.days_before_start": ("365 days", "2026-06-01", "H"),
    "ca.application_fee": ("150 CAD", "2026-06-01", "M"),
    "ca.biometrics_fee": ("85 CAD", "2026-06-01", "M"),
    "ca.sds.available": ("False ", "2026-06-01", "M"),
    "au.charge": ("2000 AUD", "2026-06-01", "M"),
    "nl.fee": ("254 EUR", "2026-06-01", "L"),
    "nl.decision.legal_days": ("60 days", "2026-06-01", "M"),
    "nl.mvv.collect_months": ("3 months", "2026-06-01", "H"),
}


@pytest.mark.parametrize("key", FIGURES)
def test_a_figure_of_the_way_is_that_of_its_source_on_the_day(key: str) -> None:
    value, day, confidence = FIGURES[key]
    country = key.partition(".")[0].upper()

    (found,) = [
        fact for fact in RULES.facts(key) if fact.holds_on(date.fromisoformat(day)) and fact.scope.country == country
    ]

    assert (f"{found.value} {found.unit}", found.confidence.value) == (value, confidence)


# usual intakes: country and term, the month in which studies begin, confidence
INTAKES = {
    "DE winter": (10, "H"),
    "DE summer": (4, "H"),
    "GB autumn": (9, "M"),
    "GB winter": (1, "M"),
    "US fall": (8, "M"),
    "US spring": (1, "M"),
    "CA fall": (9, "M"),
    "CA winter": (1, "U"),
    "CA summer": (5, "U"),
    "AU semester 1": (2, "M"),
    "AU semester 2": (7, "M"),
    "NL autumn": (9, "H"),
    "NL spring": (2, "M"),
}


@pytest.mark.parametrize("name", INTAKES)
def test_studies_usually_begin_in_the_month_that_the_source_gives(name: str) -> None:
    found = {f"{one.country} {one.term}": one for pack in RULES.packs for one in pack.intakes}[name]

    assert (found.starts_each[0], found.confidence.value) == INTAKES[name]


def test_figures_that_contradict_the_right_ones_stay_in_sight_with_little_trust() -> None:
    circulating = [key for key in RULES.fact_keys() if ".circulating" in key]

    assert circulating == [
        "au.charge.circulating.2026-04",
        "au.living.partner.circulating.2026-04",
        "gb.living.circulating.2026-03",
        "gb.ucas.2026.equal_consideration.circulating",
    ]
    assert {RULES.facts(key)[0].confidence.value for key in circulating} == {"L"}

"""Each way in which a pack contradicts itself is refused with its file, its line and the reason."""

import pytest

from higherstudy.domain.rulebook.errors import BrokenPack
from higherstudy.domain.rulebook.pack import Rulebook

from .pack_texts import fact, pack_of

SOURCED = 'source = "page"\nconfidence = "M"\n'
TEST = f"""[[tests]]
code = "ONE"
title = "One"
minimum = "0"
maximum = "9"
step = "0.5"
total = "as_given"
taken_from = 2026-01-21
{SOURCED}"""
SCALE = f"""[[grade_scales]]
id = "OF_FIVE"
title = "Of five"
country = "DE"
best = "5"
worst = "0"
{SOURCED}"""
CONVERSION = f"""[[grade_conversions]]
id = "to-five"
title = "To five"
method = "table"
from_scale = "OF_FIVE"
to_scale = "OF_FIVE"
{SOURCED}"""
CONCORDANCE = f"""[[concordances]]
id = "one-to-one"
publisher = "Nobody"
from_test = "ONE"
to_test = "ONE"
part = "total"
{SOURCED}"""
PATHWAY = """[[pathways]]
id = "way"
title = "Way"
country = "DE"
application_step = "A"
admission_step = "B"
decision_step = "C"
arrival_step = "D"
"""
INTAKE = f'[[intakes]]\ncountry = "DE"\nterm = "winter"\nzone = "Europe/Berlin"\n{SOURCED}'


def step(code: str, *after: str, days: str = "typical = 3", more: str = "") -> str:
    return (
        f'[[pathways.steps]]\ncode = "{code}"\ntitle = "{code}"\nafter = {list(after)}\nscope = "shared"\n'
        f'kind = "window"\nowner = "student"\ndays = {{ {days} }}\n{SOURCED}{more}'
    )


def way(**changed: str) -> str:
    steps = {"A": step("A"), "B": step("B", "A"), "C": step("C", "B"), "D": step("D", "C")}
    return PATHWAY + "".join({**steps, **changed}.values())


def refused(text: str, code: str) -> str:
    """Return the lines that are named for the code, as the text has them, after reading the pack as a rulebook."""
    with pytest.raises(BrokenPack) as caught:
        Rulebook((pack_of(text),))
    places = [reason.where for reason in caught.value.reasons if reason.code == code]
    assert places, [str(reason) for reason in caught.value.reasons]
    file, _, line = places[0].partition(":")
    assert file == "sample.toml"
    return text.splitlines()[int(line) - 11]


def test_a_pathway_to_which_nothing_is_wrong_is_read() -> None:
    assert "way" in Rulebook((pack_of(way()),)).pathways


def test_steps_in_a_circle() -> None:
    assert refused(way(B=step("B", "A", "C")), "pathway.circle") == "[[pathways.steps]]"


def test_a_step_that_nothing_leads_on_from() -> None:
    assert refused(way(E=step("E")), "pathway.leads_nowhere") == "[[pathways.steps]]"


def test_a_step_that_waits_for_one_that_does_not_exist() -> None:
    assert refused(way(B=step("B", "A", "Z")), "pathway.unknown_step") == "after = ['A', 'Z']"


def test_an_admission_before_the_application() -> None:
    swapped = way().replace('admission_step = "B"', 'admission_step = "A"')

    assert refused(swapped.replace('application_step = "A"', 'application_step = "B"'), "pathway.out_of_order") == (
        'admission_step = "A"'
    )


def test_an_arrival_before_the_decision() -> None:
    text = way().replace('decision_step = "C"', 'decision_step = "D"')

    assert refused(text.replace('arrival_step = "D"', 'arrival_step = "C"'), "pathway.out_of_order") == (
        'arrival_step = "C"'
    )


@pytest.mark.parametrize("days", ["typical = 3, min = 4", "typical = 3, max = 2", "min = 9, typical = 5, max = 7"])
def test_durations_that_do_not_rise(days: str) -> None:
    assert refused(way(B=step("B", "A", days=days)), "duration.out_of_order") == f"days = {{ {days} }}"


def test_a_window_that_closes_before_its_step_can_be_done() -> None:
    broken = step("B", "A", days="min = 8, typical = 9", more="hard_days = 7\n")

    assert refused(way(B=broken), "window.shorter_than_its_step") == "hard_days = 7"


def test_a_window_that_is_just_long_enough_is_read() -> None:
    fitting = step("B", "A", days="min = 7, typical = 9", more="hard_days = 7\n")

    assert "way" in Rulebook((pack_of(way(B=fitting)),)).pathways


def test_a_fact_that_ends_before_it_begins() -> None:
    days = "valid_from = 2026-09-01\nvalid_to = 2026-08-31"

    assert refused(fact("f", more=days), "fact.ends_before_it_begins") == "valid_to = 2026-08-31"


def test_a_fact_that_takes_the_place_of_a_later_one() -> None:
    later = fact("later", more="valid_from = 2027-01-01")
    earlier = fact("earlier", more='valid_from = 2026-01-01\nvalid_to = 2026-12-31\nsupersedes = "later"')

    assert refused(later + earlier, "fact.supersedes_no_earlier") == 'supersedes = "later"'


def test_a_fact_that_takes_the_place_of_one_with_another_key() -> None:
    text = fact("fee", key="fee") + fact("rate", more='supersedes = "fee"')

    assert refused(text, "fact.supersedes_no_earlier") == 'supersedes = "fee"'


@pytest.mark.parametrize("unit", ["EUR/moth", "eur", "weeks/EUR", "OF_SIX"])
def test_a_unit_that_nobody_knows(unit: str) -> None:
    assert refused(fact("f", more=f'unit = "{unit}"'), "fact.unknown_unit") == f'unit = "{unit}"'


@pytest.mark.parametrize("unit", ["EUR", "GBP/month", "weeks", "OF_FIVE"])
def test_a_currency_an_amount_for_each_of_something_a_word_or_a_grade_scale_is_a_unit(unit: str) -> None:
    assert Rulebook((pack_of(SCALE + fact("f", more=f'unit = "{unit}"')),)).fact("f").unit == unit


def test_an_edition_of_a_test_that_ends_before_it_begins() -> None:
    assert refused(TEST + "taken_until = 2026-01-20\n", "test.ends_before_it_begins") == "taken_until = 2026-01-20"


def test_a_scale_whose_best_is_no_whole_number_of_steps_away() -> None:
    assert refused(TEST.replace('"0.5"', '"0.4"'), "scale.step_does_not_fit") == 'step = "0.4"'


def test_a_level_that_stands_twice() -> None:
    levels = TEST.replace('minimum = "0"\nmaximum = "9"\nstep = "0.5"\n', 'levels = ["A1", "A2", "A1"]\n')

    assert refused(levels, "data.twice") == 'levels = ["A1", "A2", "A1"]'


@pytest.mark.parametrize("score", ["6.3", "9.5", "-1"])
def test_a_score_of_a_table_that_is_off_the_steps_or_out_of_range(score: str) -> None:
    rows = f'rows = [{{ from = "7", to = "{score}" }}]'

    assert refused(TEST + CONCORDANCE + rows, "test.not_on_scale") == rows


def test_a_table_in_which_less_of_one_test_is_more_of_the_other() -> None:
    rows = 'rows = [{ from = "7", to = "6" }, { from = "5", to = "6.5" }]'

    assert refused(TEST + CONCORDANCE + rows, "concordance.turns_around") == rows


def test_the_german_formula_towards_a_scale_on_which_more_is_better() -> None:
    text = SCALE + CONVERSION.replace('"table"', '"modified_bavarian"')

    assert refused(text, "conversion.gives_german_grades") == 'to_scale = "OF_FIVE"'


def test_a_table_between_tests_of_which_nobody_knows_one() -> None:
    text = TEST + CONCORDANCE.replace('to_test = "ONE"', 'to_test = "TWO"') + 'rows = [{ from = "7", to = "6" }]'

    assert refused(text, "test.unknown") == 'to_test = "TWO"'


def test_a_conversion_to_a_scale_that_nobody_knows() -> None:
    text = SCALE + CONVERSION.replace('to_scale = "OF_FIVE"', 'to_scale = "OF_SIX"') + "rows = []"

    assert refused(text.replace('"table"', '"modified_bavarian"'), "grade.unknown_scale") == 'to_scale = "OF_SIX"'


def test_a_grade_of_a_table_that_its_scale_does_not_have() -> None:
    rows = 'rows = [{ from = "5.5", to = "5" }]'

    assert refused(SCALE + CONVERSION + rows, "grade.out_of_range") == rows


def test_a_band_beyond_the_ends_of_its_scale() -> None:
    bands = 'bands = [{ name = "first", at_least = "6" }]'

    assert refused(SCALE + bands, "grade.out_of_range") == bands


@pytest.mark.parametrize(("method", "problem"), [("table", "no_rows"), ("linear", "no_factor")])
def test_a_conversion_without_what_its_method_needs(method: str, problem: str) -> None:
    text = SCALE + CONVERSION.replace('"table"', f'"{method}"')

    assert refused(text, f"conversion.{problem}") == "[[grade_conversions]]"


def test_a_paper_that_nobody_knows() -> None:
    text = way(B=step("B", "A", more='documents_in = ["seal"]\n'))

    assert refused(text, "document.unknown_kind") == 'documents_in = ["seal"]'


def test_a_date_that_does_not_exist_is_no_toml() -> None:
    with pytest.raises(BrokenPack) as caught:
        pack_of(fact("f", more="valid_from = 2026-02-30"))

    assert "line 17" in str(caught.value.reasons[0].params["detail"])


def test_a_date_in_words_that_does_not_exist() -> None:
    assert refused(fact("f", more='valid_from = "2026-02-30"'), "data.not_a_date") == 'valid_from = "2026-02-30"'


@pytest.mark.parametrize("day", ["02-30", "02-29", "13-01", "winter"])
def test_a_day_of_every_year_that_not_every_year_has(day: str) -> None:
    assert refused(f'{INTAKE}starts_each = "{day}"', "data.not_a_month_day") == f'starts_each = "{day}"'

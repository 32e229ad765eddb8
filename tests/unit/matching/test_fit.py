"""How a programme fits: its field, its tuition, its next deadline, and when one can begin, on each side of a limit."""

from dataclasses import replace
from datetime import date

import pytest

from higherstudy.domain.catalogue.intake import Audience, Day
from higherstudy.domain.catalogue.programme import Fee, FeePer
from higherstudy.domain.catalogue.requirement import DocumentNeeded
from higherstudy.domain.matching.fit import (
    Fit,
    Fits,
    begins_between,
    deadline_fit,
    field_fit,
    first_day,
    fit_code,
    fit_of,
    tuition_fit,
)
from higherstudy.domain.matching.leaf import finding, on_page
from higherstudy.domain.matching.verdict import Layer, Standing, Used, Validity
from higherstudy.domain.matching.wanted import Wanted
from higherstudy.domain.profile.profile import Target
from higherstudy.domain.shared.errors import Reason
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE, STATED, deadline, profile, programme, winter

ON, AUTUMN = date(2027, 7, 15), date(2027, 10, 1)
ONCE = winter(starts=Day(on=AUTUMN))
NO_DEADLINE = winter(deadlines=())


def test_a_better_field_weighs_more_than_tuition_and_that_more_than_a_deadline() -> None:
    codes = [Fit(field, tuition, last).code for field in Fits for tuition in Fits for last in Fits]

    assert codes == list(range(27))
    assert fit_code(2, 1, 0) == 21


@pytest.mark.parametrize(
    ("fields", "wanted", "fits"),
    [
        (("0613",), ("061",), Fits.YES),
        (("0613", "0311"), ("031",), Fits.YES),
        (("061",), ("0613",), Fits.UNKNOWN),
        (("0613",), ("031",), Fits.NO),
        ((), ("061",), Fits.UNKNOWN),
        (("0613",), (), Fits.UNKNOWN),
    ],
)
def test_a_field_fits_what_it_falls_under(fields: tuple[str, ...], wanted: tuple[str, ...], fits: Fits) -> None:
    assert field_fit(fields, wanted) is fits


def test_tuition_fits_a_budget_of_its_own_currency_up_to_the_last_cent() -> None:
    budget = Money.of("1000", "EUR")

    assert tuition_fit(Money.of("1000", "EUR"), budget) is Fits.YES
    assert tuition_fit(Money.of("1000.01", "EUR"), budget) is Fits.NO
    assert tuition_fit(Money.of("1", "GBP"), budget) is tuition_fit(None, budget) is Fits.UNKNOWN
    assert tuition_fit(budget, None) is Fits.UNKNOWN


@pytest.mark.parametrize(
    ("begin", "on", "fits"),
    [
        (AUTUMN, ON, Fits.YES),
        (AUTUMN, date(2027, 7, 16), Fits.NO),
        (date(2027, 10, 2), date(2027, 7, 16), Fits.YES),  # the next beginning is a year later
    ],
)
def test_one_can_apply_until_the_day_of_the_deadline_of_the_next_beginning(begin: date, on: date, fits: Fits) -> None:
    assert deadline_fit((winter(),), begin, on) is fits


def test_a_beginning_on_one_day_alone_is_over_afterwards() -> None:
    assert deadline_fit((ONCE,), AUTUMN, ON) is Fits.YES
    assert deadline_fit((ONCE,), date(2026, 1, 1), ON) is Fits.YES
    assert deadline_fit((ONCE,), date(2027, 10, 2), ON) is Fits.NO


def test_the_best_of_several_intakes_counts_and_none_is_not_known() -> None:
    late = winter(deadlines=(deadline(day=Day(each=(3, 1))),))

    assert deadline_fit((), AUTUMN, ON) is Fits.UNKNOWN
    assert deadline_fit((NO_DEADLINE,), AUTUMN, ON) is Fits.UNKNOWN
    assert deadline_fit((late,), AUTUMN, ON) is Fits.NO
    assert deadline_fit((late, NO_DEADLINE), AUTUMN, ON) is Fits.UNKNOWN
    assert deadline_fit((NO_DEADLINE, late), AUTUMN, ON) is Fits.UNKNOWN
    assert deadline_fit((late, NO_DEADLINE, winter()), AUTUMN, ON) is Fits.YES


def test_the_last_year_that_there_is_has_a_beginning_too() -> None:
    assert deadline_fit((winter(),), date(9999, 10, 1), date(9999, 1, 1)) is Fits.YES
    assert deadline_fit((winter(),), date(9999, 10, 2), date(9999, 1, 1)) is Fits.UNKNOWN


def test_a_student_begins_when_she_wants_to_but_not_before_today() -> None:
    def wanting(day: date | None) -> date:
        return first_day(profile(target=Target(start_from=day)), ON)

    assert [wanting(None), wanting(AUTUMN), wanting(date(2020, 1, 1))] == [ON, AUTUMN, ON]


@pytest.mark.parametrize("intake", [winter(), ONCE])
@pytest.mark.parametrize(
    ("first", "last", "begins"),
    [
        (AUTUMN, AUTUMN, True),
        (date(2027, 10, 2), date(2027, 12, 31), False),
        (date(2027, 1, 1), date(2027, 9, 30), False),
        (date(2026, 12, 1), date(2027, 10, 1), True),
        (AUTUMN, None, True),
        (None, AUTUMN, True),
        (None, None, True),
    ],
)
def test_studies_begin_between_two_days(intake: object, first: date | None, last: date | None, begins: bool) -> None:
    assert begins_between((intake,), first, last) is begins  # type: ignore[arg-type]


def test_a_single_day_speaks_for_itself_where_one_side_is_open() -> None:
    assert not begins_between((ONCE,), date(2027, 10, 2), None)
    assert not begins_between((ONCE,), None, date(2027, 9, 30))
    assert begins_between((winter(),), date(2027, 10, 2), None)
    assert not begins_between((), None, None)


def test_a_programme_fits_by_target_budget_and_day() -> None:
    student = profile(target=Target(fields=("061",), start_from=AUTUMN), budget_a_year=Money.of("9000", "EUR"))

    found = fit_of(programme(tuition=Fee(Money.of("9001", "EUR"), FeePer.YEAR, PAGE, Confidence.HIGH)), student, ON)

    assert found == Fit(Fits.YES, Fits.NO, Fits.YES)


def test_whoever_may_need_a_visa_is_bound_by_the_deadline_for_those_who_do() -> None:
    gone = deadline(day=Day(on=date(2027, 7, 1)), audience=Audience.VISA_REQUIRED)
    offered, wanted = programme(intakes=(winter(deadlines=(deadline(), gone)),)), Wanted(open_on=ON, begin=AUTUMN)

    assert deadline_fit(offered.intakes, AUTUMN, ON) is fit_of(offered, profile(), ON).deadline is Fits.NO
    assert fit_of(offered, profile(), ON, visa_required=False).deadline is Fits.YES
    assert not wanted.takes_days(offered.intakes)
    assert wanted.takes_days(offered.intakes, visa_required=False)


def test_a_finding_on_another_page_is_the_same_but_for_its_page() -> None:
    leaf = DocumentNeeded(STATED, "cv")
    why = (Reason("test.runs_out_before_appointment"),)
    found = finding(
        leaf, Standing.MET, "paper.usable", {"kind": "cv"}, rests_on=("document:cv",), distance="1 day", notices=why,
        used=(Used("documents", 0, "cv", ON),), validity=Validity(Layer.OWNER, ON, ON), flip=(),
    )  # fmt: skip
    other = replace(PAGE, id="other", url="https://example.org/other")

    assert on_page(found, PAGE) is found
    assert on_page(found, other) == replace(found, source_id="other", source_url="https://example.org/other")
    assert on_page(found, replace(PAGE, url=other.url)) == replace(found, source_url=other.url)
    assert on_page(found, replace(PAGE, id="other")) == replace(found, source_id="other")

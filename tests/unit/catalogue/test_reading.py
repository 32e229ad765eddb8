"""Catalogues as text: what ships is whole, what is written can be read, what is wrong is named."""

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid5

import pytest

from higherstudy.adapters.bundled.catalogue import bundled_catalogue, bundled_programmes, bundled_texts
from higherstudy.adapters.bundled.packs import bundled_rulebook
from higherstudy.adapters.system.zones import SystemZones
from higherstudy.domain.catalogue.errors import BrokenCatalogue
from higherstudy.domain.catalogue.intake import Day, DeadlineKind, Intake
from higherstudy.domain.catalogue.programme import Fee, FeePer, Programme
from higherstudy.domain.catalogue.reading import read_catalogue, read_stored_programme
from higherstudy.domain.catalogue.requirement import DocumentNeeded, GradeNeeded, TestNeeded, ValidAt, leaves
from higherstudy.domain.catalogue.writing import programme_data
from higherstudy.domain.shared.money import Money
from higherstudy.domain.shared.sources import Confidence
from study_builders import PAGE, deadline, programme

TEXT = """
[catalogue]
id = "sample"
title = "Sample"
edition = "2026-11-23"

[[sources]]
id = "page"
title = "A page"
kind = "official"
retrieved_on = 2026-11-23

[[institutions]]
key = "sample-university"
name = "Sample University"
country = "DE"
source = "page"

[[programmes]]
key = "sample-msc"
institution = "sample-university"
name = "Informatics"
level = "master"
source = "page"
confidence = "H"
requirement = { all = [ { test = { code = "IELTS_AC", total = "6.5" } } ] }
[[programmes.intakes]]
term = "winter"
starts_each = "10-01"
deadlines = [ { kind = "application", each = "07-15", zone = "Europe/Berlin" } ]
"""


def id_of(key: str) -> UUID:
    return uuid5(UUID(int=7), key)


def problems_of(old: str, new: str) -> list[str]:
    assert old in TEXT
    with pytest.raises(BrokenCatalogue) as caught:
        read_catalogue(TEXT.replace(old, new, 1), "sample.toml", id_of)
    return [str(reason) for reason in caught.value.reasons]


def test_the_bundled_catalogue_has_programmes_in_at_least_five_countries() -> None:
    found = bundled_programmes()

    assert len(found) >= 40
    assert len({one.institution.country for one in found}) >= 5


def test_every_bundled_programme_names_its_page_and_the_day_it_was_read() -> None:
    assert [one.key for one in bundled_programmes() if not one.source.url or one.source.retrieved_on.year < 2026] == []


def test_every_test_and_scale_that_the_bundled_catalogue_names_is_in_the_rule_packs() -> None:
    rulebook = bundled_rulebook()
    found = [leaf for one in bundled_programmes() if one.requirement for leaf in leaves(one.requirement)]

    assert {leaf.code for leaf in found if isinstance(leaf, TestNeeded)} <= set(rulebook.tests)
    assert {leaf.scale for leaf in found if isinstance(leaf, GradeNeeded)} <= set(rulebook.grade_scales)
    assert {leaf.kind for leaf in found if isinstance(leaf, DocumentNeeded)} <= set(rulebook.document_kinds)


def test_every_score_that_a_bundled_programme_asks_for_exists_on_its_scale() -> None:
    wrong = []
    for one in bundled_programmes():
        for leaf in leaves(one.requirement) if one.requirement else ():
            if not isinstance(leaf, TestNeeded):
                continue
            test = bundled_rulebook().tests[leaf.code]
            if leaf.total is not None and not (test.total and test.total.has(leaf.total)):
                wrong.append((one.key, leaf.code, leaf.total))
            for name, score in leaf.sections.items():
                section = test.section(name)
                if section is None or not section.scale.has(score):
                    wrong.append((one.key, f"{leaf.code}.{name}", score))

    assert wrong == []


@pytest.mark.parametrize("one", bundled_programmes(), ids=lambda one: str(one.key))
def test_a_programme_that_is_written_and_read_again_is_the_same(one: Programme) -> None:
    keys = {one.key: one.id, one.institution.key: one.institution.id}

    assert read_stored_programme(programme_data(one), keys.__getitem__) == one


def test_a_bundled_deadline_never_lies_after_the_studies_it_leads_to() -> None:
    late = [
        (one.key, intake.term)
        for one in bundled_programmes()
        for intake in one.intakes
        if (starts := intake.starts_in(2027)) is not None
        for kind in (DeadlineKind.APPLICATION, DeadlineKind.DOCUMENTS)
        if (found := intake.deadline(kind, 2027)) is not None and found.last.local.date() > starts
    ]

    assert late == []


def test_ids_of_the_bundled_catalogue_are_the_same_in_every_process() -> None:
    tum = next(one for one in bundled_programmes() if one.key == "tum-informatics-msc")

    assert str(tum.id) == "de9d4269-75b6-52e9-8bc3-4bf2d866ea4d"
    assert len({one.id for file in bundled_catalogue() for one in file.programmes}) == len(bundled_programmes())


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('institution = "sample-university"', 'institution = "atlantis"', "catalogue.unknown_institution"),
        ('level = "master"', 'level = "wizard"', "data.unknown_word"),
        ('each = "07-15"', 'each = "02-30"', "data.not_a_month_day"),
        ('each = "07-15"', 'each = "07-15", on = 2027-07-15', "data.both_given"),
        ('each = "07-15", ', "", "data.missing"),
        ('each = "07-15"', "on = 2027-07-15", "intake.year_unclear"),
        ('each = "07-15"', 'opens_on = 2027-02-01, each = "07-15"', "intake.year_unclear"),
        ('each = "07-15"', 'each = "07-15", years_before = 5000', "data.number_too_large"),
        ("{ test = {", '{ degree = { level = "wizard" } }, { test = {', "data.unknown_word"),
        (
            "{ test = {",
            '{ grade = { of = "wizard", scale = "DE_5", at_least = "2" } }, { test = {',
            "data.unknown_word",
        ),
        ('total = "6.5"', "total = 6.5", "data.not_decimal"),
        ("{ test = {", "{ dance = {", "requirement.unknown_kind"),
        ('{ all = [ { test = { code = "IELTS_AC", total = "6.5" } } ] }', "{ all = [] }", "requirement.empty"),
        ('source = "page"\nconfidence', 'source = "nowhere"\nconfidence', "data.unknown_source"),
        ('name = "Informatics"\n', 'name = "Informatics"\nfame = 3\n', "data.unknown_key"),
    ],
)
def test_a_wrong_catalogue_is_refused_with_the_line_and_the_reason(old: str, new: str, problem: str) -> None:
    found = problems_of(old, new)

    assert any(problem in one for one in found)
    assert all(one.startswith("sample.toml:") for one in found)


def test_a_programme_that_stands_twice_is_refused() -> None:
    entry = TEXT[TEXT.index("[[programmes]]") :]

    with pytest.raises(BrokenCatalogue) as caught:
        read_catalogue(TEXT + entry, "sample.toml", id_of)

    assert [reason.code for reason in caught.value.reasons] == ["data.twice"]


@pytest.mark.parametrize(
    ("fee", "months", "weeks", "a_year"),
    [
        (FeePer.YEAR, None, None, "1500.00"),
        (FeePer.SEMESTER, None, None, "3000.00"),
        (FeePer.PROGRAMME, 24, None, "750.00"),
        (FeePer.PROGRAMME, None, 78, "1000.00"),
        (FeePer.PROGRAMME, None, None, None),
    ],
)
def test_the_tuition_of_a_year_follows_from_what_the_fee_pays_for(
    fee: FeePer, months: int | None, weeks: int | None, a_year: str | None
) -> None:
    tuition = Fee(Money.of("1500", "EUR"), fee, PAGE, Confidence.HIGH)
    one = replace(programme(), tuition=tuition, duration_months=months, duration_weeks=weeks)

    assert one.tuition_a_year == (Money.of(a_year, "EUR") if a_year else None)


def test_an_intake_of_every_year_comes_again_and_one_of_a_single_year_does_not() -> None:
    winter = programme().intakes[0]

    assert winter.starts_in(2031) == date(2031, 10, 1)


def test_a_deadline_of_an_intake_of_one_year_is_not_said_of_another() -> None:
    once = Intake("winter", Day(on=date(2027, 10, 1)), (deadline(day=Day(on=date(2027, 5, 31))),))

    assert once.deadline(DeadlineKind.APPLICATION, 2027) is not None
    assert once.deadline(DeadlineKind.APPLICATION, 2028) is None


@pytest.mark.parametrize(("year", "known"), [(2026, False), (2027, True), (2028, False)])
def test_a_deadline_of_one_date_counts_for_the_studies_that_begin_after_it(year: int, known: bool) -> None:
    every_year = Intake("winter", Day(each=(10, 1)), (deadline(day=Day(on=date(2027, 5, 31))),))

    assert (every_year.deadline(DeadlineKind.APPLICATION, year) is not None) is known


@pytest.mark.parametrize("year", [1, 9999, 10000])
def test_beyond_the_calendar_there_is_no_deadline(year: int) -> None:
    winter = programme(
        intakes=(Intake("winter", Day(each=(10, 1)), (deadline(day=Day(each=(7, 15), years_before=1)),)),)
    )

    found = winter.intakes[0].deadline(DeadlineKind.APPLICATION, year)

    assert (found is None) is (year != 9999)


def test_of_two_intakes_of_a_term_the_one_that_begins_on_the_day_is_meant() -> None:
    early, late = Intake("winter", Day(each=(9, 1))), Intake("winter", Day(each=(10, 1)))
    one = programme(intakes=(early, late))

    assert one.intake("winter", date(2027, 9, 1)) is early
    assert one.intake("winter", date(2027, 10, 1)) is late
    assert one.intake("winter", date(2027, 10, 2)) is None


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('total = "6.5"', 'total = "6.4"', "programmes[0].requirement.all[0].test.total"),
        ('"IELTS_AC"', '"IELTS_99"', "programmes[0].requirement.all[0].test.code"),
        (
            "{ test = {",
            '{ document = { kind = "spellbook" } }, { test = {',
            "programmes[0].requirement.all[0].document.kind",
        ),
        ("{ test = {", '{ any = [{ grade = { scale = "DE_9", at_least = "2" } }] }, { test = {', "any[0].grade.scale"),
        (
            "{ test = {",
            '{ any = [{ grade = { scale = "DE_5", at_least = "9" } }] }, { test = {',
            "any[0].grade.at_least",
        ),
        ('zone = "Europe/Berlin"', 'zone = "Europe/Bärlin"', "programmes[0].intakes[0].deadlines[0].zone"),
        ('country = "DE"', 'country = "DE"\nzone = "Mars/Olympus"', "institutions[0].zone"),
    ],
)
def test_names_that_the_rules_and_zones_do_not_know_are_refused_by_their_place(
    old: str, new: str, problem: str
) -> None:
    assert old in TEXT

    with pytest.raises(BrokenCatalogue) as caught:
        read_catalogue(TEXT.replace(old, new, 1), "sample.toml", id_of, bundled_rulebook(), SystemZones().named)

    assert [str(reason.params.get("place", "")).endswith(problem) for reason in caught.value.reasons] == [True]


@pytest.mark.parametrize(("name", "text"), bundled_texts(), ids=lambda text: str(text)[:20])
def test_the_bundled_catalogue_names_only_what_rules_and_zones_know(name: str, text: str) -> None:
    assert read_catalogue(text, name, id_of, bundled_rulebook(), SystemZones().named).programmes


def test_what_is_asked_of_a_result_beside_its_scores_is_written_and_read_back() -> None:
    text = TEXT.replace('total = "6.5"', 'total = "6.5", valid_at = "enrolment", valid_months = 18').replace(
        "} } ] }", '} }, { test = { code = "JLPT_N2", passed = true } } ] }'
    )
    (read,) = read_catalogue(text, "sample.toml", id_of, bundled_rulebook()).programmes

    again = read_stored_programme(programme_data(read), id_of)

    assert again.requirement is not None
    assert again.requirement == read.requirement
    ielts, jlpt = leaves(again.requirement)
    assert isinstance(ielts, TestNeeded)
    assert isinstance(jlpt, TestNeeded)
    assert (ielts.valid_at, ielts.valid_months, jlpt.passed) == (ValidAt.ENROLMENT, 18, True)


def test_a_day_that_no_case_has_and_a_pass_that_no_test_knows_are_refused() -> None:
    assert "data.unknown_word" in problems_of('total = "6.5"', 'valid_at = "arrival"')[0]
    with pytest.raises(BrokenCatalogue) as caught:
        read_catalogue(TEXT.replace('total = "6.5"', "passed = true"), "sample.toml", id_of, bundled_rulebook())

    assert [reason.code for reason in caught.value.reasons] == ["test.cannot_be_passed"]

"""What the cells of a row about a student become."""

from datetime import date

import pytest

from builders import ZONES
from higherstudy.adapters.bundled.packs import BundledRulePacks
from higherstudy.domain.imports.student_rows import COLUMNS, StudentRow, column_of, read_student_row
from higherstudy.domain.shared.errors import Invalid

TODAY = date(2027, 1, 4)
ALL = {
    "email": " Nusrat@Example.org ",
    "name": "Nusrat Jahan",
    "nationality": "BD; GB",
    "residence_country": "BD",
    "residence_zone": "Asia/Dhaka",
    "degree_level": "bachelor",
    "degree_title": "BSc in Physics",
    "degree_fields": "0533",
    "test": "IELTS_AC",
    "test_taken_on": "2026-05-09",
    "test_total": "6.5",
    "test_listening": "7",
    "test_reading": "6.5",
    "test_writing": "6",
    "test_speaking": "6.5",
    "target_level": "master",
    "target_countries": "DE",
}


def read(**cells: str) -> StudentRow:
    given = {**ALL, **cells}
    headers = {name: name.upper() for name in COLUMNS}
    return read_student_row(given, headers, BundledRulePacks().rulebook(), ZONES.named, TODAY)


def wrong(**cells: str) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        read(**cells)
    return [(one.where, one.code) for one in refused.value.reasons]


def test_cells_become_parts_of_a_profile_that_know_their_columns() -> None:
    row = read()

    parts = {one.part: one for one in row.values}
    assert row.email == "nusrat@example.org"
    assert set(parts) == {"name", "citizenships", "residence", "qualifications", "tests", "target"}
    assert parts["citizenships"].value == ["BD", "GB"]
    assert parts["qualifications"].value[0]["level"] == "bachelor"
    assert parts["tests"].value[0]["sections"]["writing"] == "6"
    assert parts["residence"].columns == ("RESIDENCE_COUNTRY", "RESIDENCE_ZONE")
    assert "TEST_WRITING" in parts["tests"].columns


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"email": ""}, [("email", "email.malformed")]),
        ({"nationality": "BD;Bangladesh"}, [("nationality", "country.unknown")]),
        ({"test": "IELTS"}, [("test", "test.unknown")]),
        ({"test_taken_on": "09/05/2026"}, [("test_taken_on", "data.not_a_date")]),
        ({"test_taken_on": "2027-02-01"}, [("test_taken_on", "test.to_come")]),
        ({"test_writing": "6,5"}, [("test_writing", "test.off_scale")]),
        ({"residence_zone": ""}, [("residence_zone", "data.missing")]),
        ({"degree_level": "BSc", "name": "\x00"}, [("name", "data.not_text"), ("degree_level", "data.unknown_word")]),
    ],
)
def test_each_wrong_cell_is_named_by_its_column(cells: dict[str, str], expected: list[tuple[str, str]]) -> None:
    found = wrong(**cells)

    assert set(expected) <= set(found), found
    assert {column for column, _ in found} == {column for column, _ in expected}


def test_a_row_with_an_address_alone_offers_nothing() -> None:
    assert wrong(**{name: "" for name in ALL if name != "email"}) == [("email", "import.nothing_offered")]


def test_every_place_of_a_profile_leads_to_a_column() -> None:
    assert column_of("tests[0]", {"test_total": "6"}) == "test_total"
    assert column_of("citizenships[1]", {}) == "nationality"
    assert column_of("qualifications[0].grade.scale", {}) == "grade_scale"
    assert column_of("budget_a_year", {}) == "email"

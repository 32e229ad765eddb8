"""Files about people as CSV and as workbooks."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from higherstudy.adapters.workbooks.csv_text import encoding_of
from higherstudy.adapters.workbooks.given_tables import WorkbooksGivenTables
from higherstudy.domain.imports.given import MOST_ROWS, GivenRow
from higherstudy.domain.shared.errors import Invalid
from higherstudy.ports.contracts.given_tables import GivenTablesContract
from higherstudy.ports.given_tables import GivenTables


class TestWorkbooksGivenTables(GivenTablesContract):
    @pytest.fixture
    def tables(self) -> GivenTables:
        return WorkbooksGivenTables()


def a_workbook(*sheets: tuple[str, list[list[object]]], hidden: int = 0) -> bytes:
    """Return a workbook of these sheets, so many of the first ones hidden."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for number, (name, rows) in enumerate(sheets):
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    sheet.write(row, column, cell)
            if number == hidden:
                sheet.activate()
                sheet.set_first_sheet()
            elif number < hidden:
                sheet.hide()
    return content.getvalue()


async def test_the_first_sheet_that_can_be_seen_is_read_with_days_and_numbers_as_they_are_written() -> None:
    seen: list[list[object]] = [
        ["email", "birth_date", "grade"],
        [],
        ["a@example.org", date(2003, 5, 17), 3.5],
        ["b@example.org", "", 4],
    ]
    content = a_workbook(("old", [["email"], ["x@example.org"]]), ("Students", seen), hidden=1)

    table = await WorkbooksGivenTables().read(content, "People.XLSX")

    assert (table.sheet, table.header) == ("Students", ("email", "birth_date", "grade"))
    assert table.rows == (
        GivenRow(3, ("a@example.org", "2003-05-17", "3.5")),
        GivenRow(4, ("b@example.org", "", "4")),
    )


async def test_merged_cells_and_sheets_that_are_passed_over_are_said() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Students")
        sheet.write_row(0, 0, ["email", "name"])
        sheet.merge_range(1, 0, 2, 0, "a@example.org")
        sheet.write_column(1, 1, ["First", "Second"])
        book.add_worksheet("Old ones")

    table = await WorkbooksGivenTables().read(content.getvalue(), "people.xlsx")

    assert table.rows == (GivenRow(2, ("a@example.org", "First")), GivenRow(3, ("", "Second")))
    assert [(one.code, one.row, one.params) for one in table.problems] == [
        ("workbook.other_sheets", 1, {"read": "Students", "others": "Old ones"}),
        ("workbook.merged_cells", 2, {"cells": "A2:A3", "first": "A2"}),
    ]


async def test_what_is_no_workbook_is_refused_in_words_about_the_file() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"\0" * 10_000_000)

    for content in (b"PK no zip", bomb.getvalue()):
        with pytest.raises(Invalid) as refused:
            await WorkbooksGivenTables().read(content, "people.xlsx")
        assert refused.value.reasons
        assert type(refused.value) is Invalid, "nothing is said of a catalogue"


async def test_more_rows_than_are_taken_are_refused() -> None:
    content = b"email\n" + b"a@example.org\n" * (MOST_ROWS + 1)

    with pytest.raises(Invalid) as refused:
        await WorkbooksGivenTables().read(content, "people.csv")

    assert [one.code for one in refused.value.reasons] == ["import.too_many_rows"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("email;Degree title\na@example.org;Café\n".encode("cp1252"), ["csv.read_as", "csv.separated_by"]),
        ("email\tDegree title\na@example.org\tCafé\n".encode("utf-16"), ["csv.read_as", "csv.separated_by"]),
        ("email,Degree title\na@example.org,Café\n".encode(), []),
    ],
)
async def test_other_encodings_and_separators_are_found_and_said(content: bytes, said: list[str]) -> None:
    table = await WorkbooksGivenTables().read(content, "people.csv")

    assert table.header == ("email", "Degree title")
    assert table.rows == (GivenRow(2, ("a@example.org", "Café")),)
    assert [one.code for one in table.problems] == said


WESTERN = "email;name\na@example.org;Universität Zürich – École «créée» à 5 € l’année, Straße Nº 3, naïve Özil créé x\n"
OTHERS = {
    "koi8-r": "Технический университет",
    "cp1251": "МГУ им",
    "cp932": "東京大学",
    "gb18030": "北京大学",
    "mac-roman": "Universität Zürich",
    "cp437": "Universität Zürich",
}


@pytest.mark.parametrize(("encoding", "name"), OTHERS.items())
async def test_what_only_might_be_windows_1252_is_refused(encoding: str, name: str) -> None:
    content = f"email,name\na@example.org,{name}\n".encode(encoding)

    with pytest.raises(Invalid) as refused:
        await WorkbooksGivenTables().read(content, "people.csv")

    assert [(one.code, one.where) for one in refused.value.reasons] == [("csv.not_utf8", "people.csv:2")]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_windows_1252_is_told_wherever_its_pieces_end(size: int) -> None:
    content = WESTERN.encode("cp1252")
    pieces = [content[start : start + size] for start in range(0, len(content), size)]

    assert encoding_of(lambda: pieces, "people.csv") == "windows-1252"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
async def test_wide_letters_without_their_mark_are_refused(encoding: str) -> None:
    with pytest.raises(Invalid) as refused:
        await WorkbooksGivenTables().read("email\na@example.org\n".encode(encoding), "people.csv")

    assert [(one.code, one.params["byte"]) for one in refused.value.reasons] == [("csv.not_utf8", "0x00")]

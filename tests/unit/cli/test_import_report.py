"""The report of an import as it is printed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from higherstudy.entrypoints.cli.imports.import_text import import_page
from higherstudy.entrypoints.cli.imports.import_view import ImportView, RowView, TableCounts
from higherstudy.entrypoints.cli.screen import rendered

Run = Callable[..., Any]


def _report(*problems: RowView, dry_run: bool = False, changed_nothing: bool = False) -> str:
    counts = TableCounts("programmes", read=25687, added=634, changed=5495, removed=615, unchanged=19556, refused=2)
    view = ImportView(
        "id", "cricos.xlsx", "cricos_workbook", "cricos", "2023-01-03", dry_run, changed_nothing, (counts,), problems
    )
    return rendered(import_page(view))


def test_each_row_that_was_not_taken_has_a_line_with_its_place() -> None:
    page = _report(
        RowView("Courses", 128, "Tuition Fee", "error", "data.not_decimal", "A number is expected here."),
        RowView("Courses", 130, "", "error", "data.missing", "This is needed."),
    )

    assert "  Courses, row 128, Tuition Fee: A number is expected here." in page.splitlines()
    assert "  Courses, row 130: This is needed." in page.splitlines()


def test_doubts_of_one_kind_are_told_together() -> None:
    doubts = [RowView("Courses", row, "Tuition Fee", "warning", "fee", "The fee is zero.") for row in range(1, 294)]

    page = " ".join(_report(*doubts).split())

    assert "Courses, Tuition Fee: The fee is zero. 293 rows: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 ..." in page
    assert "ROWS THAT WERE NOT TAKEN sheet, row, column: why None." in page


def test_the_outcome_is_said_before_the_counts() -> None:
    assert "nothing was changed" in _report(dry_run=True)
    assert "Nothing had to be changed." in _report(changed_nothing=True)
    assert "The catalogue is now what the file says." in _report()
    assert "5,495" in _report()


def test_what_can_be_no_catalogue_is_refused_before_anything_is_started(run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "map.png"
    picture.write_bytes(b"")

    answers = [run("import", tmp_path / "none.csv"), run("import", picture), run("import", tmp_path)]

    assert [(answer.code, answer.err.count("\n")) for answer in answers] == [(2, 1)] * 3
    assert "There is no such file" in answers[0].err
    assert "A catalogue is a file ending in" in answers[1].err

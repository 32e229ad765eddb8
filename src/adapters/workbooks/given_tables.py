"""Files about people, as CSV or as the first sheet of a workbook."""

from __future__ import annotations

import asyncio
import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.imports import application_rows, student_rows
from ...domain.imports.catalogue_import import RowProblem, Severity
from ...domain.imports.given import LONGEST_LINE, MOST_ROWS, GivenTable, bounded, filled, table_of
from ...domain.shared.errors import Invalid, Reason
from ...ports.errors import Unavailable
from .csv_text import encoding_of, separator_of, ways_said
from .package import Limits, check_directory, check_part
from .sheets import Workbook

CSV_SHEET = "csv"
_NAMED = 20
"""So many sheets and merged cells are named; a file with more of them has been told its fault."""
_Merged = tuple[tuple[int, int], tuple[int, int]]
_NAMES = {*student_rows.COLUMNS, *application_rows.COLUMNS}
_NAMES |= {name.replace("_", " ") for name in _NAMES}


class WorkbooksGivenTables:
    """Reads both forms; a workbook is looked at before it is opened, as those of catalogues are."""

    async def read(self, content: bytes, file_name: str) -> GivenTable:
        """Return the rows below the header; raise Invalid for another form, and for what cannot be read."""
        return await asyncio.to_thread(_read, content, file_name)


def _read(content: bytes, file_name: str) -> GivenTable:
    read = _FORMS.get(Path(file_name).suffix.lower())
    if read is None:
        raise Invalid(Reason("import.unknown_form", {"known": " ".join(_FORMS)}, file_name))
    try:
        return read(content, file_name)
    except BrokenCatalogue as error:  # as it is said of catalogues
        raise Invalid(*error.reasons) from error


def _of_csv(content: bytes, file_name: str) -> GivenTable:
    encoding = encoding_of(lambda: [content], file_name)
    text = content.decode(encoding)
    separator = separator_of(next((line for line in io.StringIO(text) if line.strip()), "")[:LONGEST_LINE], _NAMES)
    reader = csv.reader(bounded(io.StringIO(text, newline="\n")), delimiter=separator, strict=True)
    try:
        lines = list(islice(filled(reader), MOST_ROWS + 2))
    except csv.Error as error:
        raise Invalid(Reason("csv.unreadable", {"detail": str(error)}, f"{file_name}:{reader.line_num}")) from error
    said = tuple(ways_said(CSV_SHEET, encoding, separator))
    return replace(table_of(CSV_SHEET, lines, file_name), problems=said)


def _of_workbook(content: bytes, file_name: str) -> GivenTable:
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="higherstudy-import-"))
            path = Path(folder) / "people.xlsx"
            path.write_bytes(content)
        except OSError as error:
            raise Unavailable from error
        return _first_sheet(path, file_name)


def _first_sheet(path: Path, file_name: str) -> GivenTable:
    for part in check_directory(path, file_name, Limits()):
        check_part(path, file_name, part)
    workbook = Workbook(path, file_name)
    name = workbook.first_sheet()
    sheet = workbook.sheet(name)
    first = (sheet.start or (0, 0))[0] + 1
    rows = ((number, [_text(cell) for cell in row]) for number, row in enumerate(sheet.iter_rows(), start=first))
    table = table_of(name, list(islice((one for one in rows if any(one[1])), MOST_ROWS + 2)), file_name)
    return replace(table, problems=tuple(_passed_over(name, workbook.other_sheets(name), sheet.merged_cell_ranges)))


def _passed_over(sheet: str, others: Sequence[str], merged: Iterable[_Merged] | None) -> Iterator[RowProblem]:
    """Yield a warning for what a reader of the workbook sees in it and no row has."""
    if others:
        params = {"read": sheet, "others": ", ".join(others[:_NAMED])}
        yield RowProblem(sheet, 1, "", "workbook.other_sheets", params, Severity.WARNING)
    for (row, column), (last_row, last_column) in islice(merged or (), _NAMED):
        cells = f"{_cell(row, column)}:{_cell(last_row, last_column)}"
        params = {"cells": cells, "first": _cell(row, column)}
        yield RowProblem(sheet, row + 1, "", "workbook.merged_cells", params, Severity.WARNING)


def _cell(row: int, column: int) -> str:
    return f"{chr(ord('A') + column)}{row + 1}"


def _text(cell: Any) -> str:
    """Return the cell as text: a number without a tail of zeros, a day as 2027-01-31."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="minutes")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell).strip()


_FORMS: Mapping[str, Callable[[bytes, str], GivenTable]] = {".csv": _of_csv, ".xlsx": _of_workbook}

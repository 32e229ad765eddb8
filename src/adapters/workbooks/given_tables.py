"""Files about people, as CSV or as the first sheet of a workbook."""

from __future__ import annotations

import asyncio
import csv
import io
import tempfile
from contextlib import ExitStack
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.imports.given import MOST_ROWS, GivenTable, bounded, filled, table_of
from ...domain.shared.errors import Invalid, Reason
from ...ports.errors import Unavailable
from .package import Limits, check_directory, check_part
from .sheets import Workbook

CSV_SHEET = "csv"
_KNOWN = ".csv .xlsx"


class WorkbooksGivenTables:
    """Reads both forms; a workbook is looked at before it is opened, as those of catalogues are."""

    async def read(self, content: bytes, file_name: str) -> GivenTable:
        """Return the rows below the header; raise Invalid for another form, and for what cannot be read."""
        return await asyncio.to_thread(_read, content, file_name)


def _read(content: bytes, file_name: str) -> GivenTable:
    ending = Path(file_name).suffix.lower()
    if ending == ".csv":
        return table_of(CSV_SHEET, _lines(content, file_name), file_name)
    if ending == ".xlsx":
        return _of_workbook(content, file_name)
    raise Invalid(Reason("import.unknown_form", {"known": _KNOWN}, file_name))


def _lines(content: bytes, file_name: str) -> list[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte, line = f"{content[error.start]:#04x}", content.count(b"\n", 0, error.start) + 1
        raise Invalid(Reason("csv.not_utf8", {"byte": byte}, f"{file_name}:{line}")) from error
    reader = csv.reader(bounded(io.StringIO(text, newline="\n")), strict=True)
    try:
        return list(islice(filled(reader), MOST_ROWS + 2))
    except csv.Error as error:
        raise Invalid(Reason("csv.unreadable", {"detail": str(error)}, f"{file_name}:{reader.line_num}")) from error


def _of_workbook(content: bytes, file_name: str) -> GivenTable:
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="higherstudy-import-"))
            path = Path(folder) / "people.xlsx"
            path.write_bytes(content)
        except OSError as error:
            raise Unavailable from error
        try:
            return _first_sheet(path, file_name)
        except BrokenCatalogue as error:  # as it is said of catalogues
            raise Invalid(*error.reasons) from error


def _first_sheet(path: Path, file_name: str) -> GivenTable:
    for part in check_directory(path, file_name, Limits()):
        check_part(path, file_name, part)
    workbook = Workbook(path, file_name)
    name = workbook.first_sheet()
    sheet = workbook.sheet(name)
    first = (sheet.start or (0, 0))[0] + 1
    rows = ((number, [_text(cell) for cell in row]) for number, row in enumerate(sheet.iter_rows(), start=first))
    return table_of(name, list(islice((one for one in rows if any(one[1])), MOST_ROWS + 2)), file_name)


def _text(cell: Any) -> str:
    """Return the cell as text: a number without a tail of zeros, a day as 2027-01-31."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(timespec="minutes")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell).strip()

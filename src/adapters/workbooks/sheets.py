"""The sheets of a workbook as rows of cells, with the header checked and the spaces made plain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.imports.catalogue_import import RowProblem, Severity
from ...domain.shared.errors import Reason

Cell = Any  # str, float, bool, date, time: whatever the file holds


class Workbook:
    """An open workbook; what its parser raises is said in our words."""

    def __init__(self, path: Path, name: str) -> None:
        # Imported when the first workbook is opened: no server needs it to start.
        from python_calamine import CalamineWorkbook  # noqa: PLC0415

        self.name = name
        self._workbook = _parsed(name, lambda: CalamineWorkbook.from_path(str(path)))

    def check_sheets(self, names: Sequence[str]) -> None:
        """Raise BrokenCatalogue with each sheet that is missing."""
        there = set(self._workbook.sheet_names)
        missing = [name for name in names if name not in there]
        if missing:
            raise BrokenCatalogue(*(Reason("workbook.sheet_missing", {"sheet": s}, self.name) for s in missing))

    def first_sheet(self) -> str:
        """Return the name of the first sheet that is not hidden; raise BrokenCatalogue where there is none."""
        for sheet in self._workbook.sheets_metadata:
            if str(sheet.visible).endswith("Visible") and str(sheet.typ).endswith("WorkSheet"):
                return str(sheet.name)
        raise BrokenCatalogue(Reason("workbook.sheet_missing", {"sheet": ""}, self.name))

    def other_sheets(self, name: str) -> list[str]:
        """Return the names of the other sheets of rows, hidden ones too."""
        return [
            str(one.name)
            for one in self._workbook.sheets_metadata
            if str(one.typ).endswith("WorkSheet") and one.name != name
        ]

    def sheet(self, name: str) -> Any:
        """Return the parsed sheet; long, and other threads go on meanwhile."""
        return _parsed(f"{self.name}: {name}", lambda: self._workbook.get_sheet_by_name(name))


class Rows:
    """The rows of one sheet below its header, each with the cells in the order of ``columns``."""

    def __init__(
        self,
        sheet: Any,
        file: str,
        name: str,
        columns: Sequence[str],
        header_row: int,
        correct: Callable[[str, int, Sequence[str], Sequence[Cell]], Sequence[Cell]] | None = None,
    ) -> None:
        self.name = name
        self._columns = columns
        self._correct = correct
        self.problems: list[RowProblem] = []
        first = (sheet.start or (0, 0))[0] + 1
        cells = enumerate(sheet.iter_rows(), start=first)
        header: Sequence[Cell] = next((row for number, row in cells if number >= header_row), [])
        found = [" ".join(str(cell).split()) for cell in header]
        self._check(found, f"{file}: {name}, row {header_row}", columns, header_row)
        self._order = None if found == list(columns) else itemgetter(*(found.index(column) for column in columns))
        self._cells = cells

    def __iter__(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield the number of each row as a reader of the workbook sees it, with its cells; blank rows are passed."""
        if self._correct is None:
            yield from self._as_they_are()
            return
        for number, cells in self._as_they_are():
            yield number, self._correct(self.name, number, self._columns, cells)

    def _as_they_are(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        order = self._order
        for number, row in self._cells:
            if row[0] == "" and not any(cell != "" for cell in row):
                continue
            yield number, row if order is None else order(row)

    def _check(self, found: list[str], where: str, columns: Sequence[str], header_row: int) -> None:
        reasons = [Reason("workbook.column_missing", {"column": c}, where) for c in columns if c not in found]
        reasons += [Reason("workbook.column_twice", {"column": c}, where) for c in columns if found.count(c) > 1]
        if reasons:
            raise BrokenCatalogue(*reasons)
        self.problems += [
            RowProblem(self.name, header_row, column, "import.unknown_column", severity=Severity.WARNING)
            for column in found
            if column and column not in columns
        ]


def plain(row: Sequence[Cell]) -> tuple[Sequence[Cell], bytes]:
    """Return the row with single spaces and no blank around its texts, and all of it as JSON for its digest."""
    text = msgspec.json.encode(row)
    # What JSON holds when spaces are not plain: doubled, at an end, escaped, or others than " ". Written out, since
    # this runs for every row and a loop takes five times as long.
    if (
        b"  " in text or b'" ' in text or b' "' in text or b"\\" in text
        or (not text.isascii() and (b"\xc2\xa0" in text or b"\xe2\x80" in text or b"\xe3\x80\x80" in text))
    ):  # fmt: skip
        row = [" ".join(cell.split()) if isinstance(cell, str) else cell for cell in row]
        text = msgspec.json.encode(row)
    return row, text


def _parsed(where: str, parse: Any) -> Any:
    try:
        return parse()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        # The parser is written in Rust; on some damaged files it panics, which is no Exception to Python.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise BrokenCatalogue(Reason("workbook.unreadable", {"detail": str(error)[:200]}, where)) from error

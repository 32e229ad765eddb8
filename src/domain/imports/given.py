"""The rows of a file about people, as they were given: nothing of them is read yet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason
from ..shared.ids import ImportId
from .catalogue_import import RowProblem, Severity
from .corrections import Corrections

LARGEST_FILE = 20_000_000
"""In bytes; what is larger is refused before it is read."""
MOST_ROWS = 50_000
LONGEST_LINE = 100_000
BATCH = 200
"""So many rows are one unit of work, with the checkpoint behind them."""


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A row of the file by its number, its cells in the order of the header."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GivenTable:
    """One sheet: the names of its columns as they stand in its header, in row ``header_row``, and its rows.

    ``problems`` say how it was read where that is not the usual way.
    """

    sheet: str
    header: tuple[str, ...]
    rows: tuple[GivenRow, ...]
    header_row: int = 1
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row that waits to be taken, kept until a day; ``about`` is what tells whom it is about, or blank."""

    import_id: ImportId
    number: int
    cells: tuple[str, ...]
    about: str
    until: datetime


def corrected(
    sheet: str, header: Sequence[str], rows: Sequence[GivenRow], corrections: Corrections
) -> tuple[list[GivenRow], list[RowProblem]]:
    """Return the rows as they are to be read, and a problem for each correction that found no cell."""
    left = {place: dict(cells) for place, cells in corrections.rows.items()}
    read = [_laid_upon(row, header, left.get((sheet, row.number), {})) for row in rows]
    return read, list(_unused(left))


def _laid_upon(row: GivenRow, header: Sequence[str], given: dict[str, str]) -> GivenRow:
    if not given:
        return row
    cells = [given.pop(name, cell) for name, cell in zip(header, row.cells, strict=True)]
    return GivenRow(row.number, tuple(cells))


def _unused(left: Mapping[tuple[str, int], Mapping[str, str]]) -> Iterator[RowProblem]:
    for (sheet, number), cells in left.items():
        for column, text in cells.items():
            params = {"given": text[:60]}
            yield RowProblem(sheet, number, column, "import.correction_unused", params, Severity.WARNING)


def bounded(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a CSV; raise csv.Error for one that is longer than any row of such a file."""
    for line in lines:
        if len(line) > LONGEST_LINE:
            raise csv.Error(f"a line has more than {LONGEST_LINE} signs")
        yield line


def filled(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV reader that are not blank, each with the line on which it ends."""
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def table_of(sheet: str, lines: list[tuple[int, list[str]]], file_name: str) -> GivenTable:
    """Return the table whose first line is its header; raise Invalid where it cannot be one."""
    if not lines:
        raise Invalid(Reason("csv.empty", {}, file_name))
    (header_row, names), *rows = lines
    header = tuple(name.strip() for name in names)
    problems = list(_problems(header, rows, f"{file_name}:{header_row}"))
    if problems:
        raise Invalid(*problems)
    return GivenTable(sheet, header, tuple(_row(number, cells, header) for number, cells in rows), header_row)


def _problems(header: tuple[str, ...], rows: list[tuple[int, list[str]]], where: str) -> Iterator[Reason]:
    for name in {name for name in header if name and header.count(name) > 1}:
        yield Reason("csv.column_twice", {"column": name[:60]}, where)
    if len(rows) > MOST_ROWS:
        yield Reason("import.too_many_rows", {"at_most": MOST_ROWS}, where)
    for number, cells in rows[:MOST_ROWS]:
        if any(cell.strip() for cell in cells[len(header) :]):
            yield Reason(
                "csv.cell_count", {"cells": len(cells), "columns": len(header)}, f"{where.rpartition(':')[0]}:{number}"
            )
            return


def _row(number: int, cells: list[str], header: tuple[str, ...]) -> GivenRow:
    wide = [cell.strip() for cell in cells[: len(header)]]
    return GivenRow(number, tuple(wide + [""] * (len(header) - len(wide))))

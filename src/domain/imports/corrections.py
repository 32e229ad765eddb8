"""Corrections of a file: which cell of which row is to be read as what, without anybody changing the file itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from itertools import islice

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason, refuse_if_any

EMPTY = "[empty]"
"""What stands for a cell that is to be read as empty: an empty correction is none."""
LARGEST_CORRECTIONS = 5_000_000
_MOST_REASONS = 100
_COLUMNS = ("sheet", "row", "column", "correction")
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Corrections:
    """By sheet and row, what the cells of some columns are to be read as."""

    rows: Mapping[tuple[str, int], Mapping[str, str]]


def read_corrections(content: bytes, file_name: str) -> Corrections:
    """Return what a CSV in UTF-8 corrects: its columns are sheet, row, column and correction, as in the report of an
    import, and others are passed over; a row without a correction corrects nothing.

    Raises Invalid with each place that cannot be understood, one hundred at most.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"{content[error.start]:#04x}"
        line = content.count(b"\n", 0, error.start) + 1
        raise Invalid(Reason("csv.not_utf8", {"byte": byte}, f"{file_name}:{line}")) from error
    reader = csv.reader((f"{line}\n" for line in text.split("\n")), strict=True)
    found: dict[tuple[str, int], dict[str, str]] = {}
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        where = f"{file_name}:1"
        refuse_if_any(
            (Reason("csv.column_missing", {"column": c}, where) for c in _COLUMNS if c not in header), Invalid
        )
        places = [header.index(column) for column in _COLUMNS]
        reasons = list(islice(_problems(reader, places, len(header), found, file_name), _MOST_REASONS))
    except csv.Error as error:
        place = f"{file_name}:{reader.line_num}"
        raise Invalid(Reason("csv.unreadable", {"detail": str(error)}, place)) from error
    refuse_if_any(reasons, Invalid)
    if not found:
        raise Invalid(Reason("corrections.none", {}, file_name))
    return Corrections(found)


def shown(text: str) -> str:
    """Return the text as a cell of a report, which no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_SIGNS) else text


def _problems(
    reader: Iterator[list[str]],
    places: list[int],
    width: int,
    found: dict[tuple[str, int], dict[str, str]],
    file_name: str,
) -> Iterator[Reason]:
    """Gather the corrections in ``found``, and yield what is wrong with the rest."""
    for cells in reader:
        if not any(cells):
            continue
        where = f"{file_name}:{reader.line_num}"  # type: ignore[attr-defined]
        if len(cells) != width:
            yield Reason("csv.cell_count", {"cells": len(cells), "columns": width}, where)
        elif (correction := cells[places[3]].strip()) != "":
            sheet, row, column = (_unquoted(cells[place].strip()) for place in places[:3])
            if reason := _wrong(sheet, row, column, found, where):
                yield reason
            else:
                text = "" if correction == EMPTY else _unquoted(correction)
                found.setdefault((sheet, int(row)), {})[column] = text


def _wrong(
    sheet: str, row: str, column: str, found: dict[tuple[str, int], dict[str, str]], where: str
) -> Reason | None:
    if not (row.isascii() and row.isdigit() and len(row) < 8 and int(row)):
        return Reason("corrections.no_row", {"given": row[:60]}, where)
    if not column:
        return Reason("corrections.no_column", {}, where)
    if column in found.get((sheet, int(row)), {}):
        return Reason("corrections.cell_twice", {"row": int(row), "column": column[:60]}, where)
    return None


def _unquoted(text: str) -> str:
    """Return the text without the apostrophe that ``shown`` has put in front of it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_SIGNS) else text


def together(all_of_them: list[Corrections]) -> Corrections:
    """Return several as one, in which a later one counts before an earlier one."""
    rows: dict[tuple[str, int], dict[str, str]] = {}
    for one in all_of_them:
        for place, cells in one.rows.items():
            rows.setdefault(place, {}).update(cells)
    return Corrections(rows)

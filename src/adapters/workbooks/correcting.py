"""Lays corrections upon the rows of a file as they are read, and remembers which ones found their cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...domain.imports.catalogue_import import RowProblem, Severity
from ...domain.imports.corrections import Corrections


class Correcting:
    """The corrections of one file while it is read once."""

    def __init__(self, corrections: Corrections) -> None:
        self._left = {place: dict(cells) for place, cells in corrections.rows.items()}

    def corrected(
        self,
        sheet: str,
        number: int,
        columns: Sequence[str],
        cells: Sequence[Any],
        numeric: frozenset[str] = frozenset(),
    ) -> Sequence[Any]:
        """Return the cells of the row as they are to be read; in ``numeric`` columns a number is one."""
        given = self._left.get((sheet, number))
        if not given:
            return cells
        row = list(cells)
        for index, column in enumerate(columns):
            if column in given and index < len(row):
                text = given.pop(column)
                row[index] = _number(text) if column in numeric else text
        return row

    def unused(self) -> Iterator[RowProblem]:
        """Yield a problem for each correction that found no cell."""
        for (sheet, number), cells in self._left.items():
            for column, text in cells.items():
                params = {"given": text[:60]}
                yield RowProblem(sheet, number, column, "import.correction_unused", params, Severity.WARNING)


def _number(text: str) -> float | str:
    """Return the number as a workbook holds it, or the text where it is none: the reader then says so."""
    whole, _, part = text.partition(".")
    digits = whole.removeprefix("-") + part
    return float(text) if digits.isascii() and digits.isdigit() and whole and len(digits) < 16 else text

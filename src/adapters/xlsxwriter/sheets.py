"""Tables as workbooks (Office Open XML), written to a file of the system's row by row and read from there."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ...ports.sheets import SheetCell

_A_PIECE = 64 * 1024
_MOST_ROWS = 1_048_575
_MOST_SIGNS = 32_767
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AT_ONCE = 200
_WIDTH = 24
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


class XlsxSheets:
    """Writes tables as workbooks of one sheet, with the head frozen."""

    async def written(
        self, title: str, head: Sequence[str], rows: AsyncIterator[Sequence[SheetCell]], on: date
    ) -> AsyncIterator[bytes]:
        with tempfile.TemporaryDirectory(prefix="higherstudy-sheet-") as folder:
            path = Path(folder) / "table.xlsx"
            book = _Book(path, title, head, on, folder)
            lot: list[Sequence[SheetCell]] = []
            try:
                async for row in rows:
                    lot.append(row)
                    if len(lot) == _AT_ONCE:
                        await asyncio.to_thread(book.add, lot)
                        lot = []
            finally:  # which closes what the library has open, also where the rows broke off
                await asyncio.to_thread(book.end, lot)
            with path.open("rb") as file:
                while piece := await asyncio.to_thread(file.read, _A_PIECE):
                    yield piece


class _Book:
    """One workbook that is being written."""

    def __init__(self, path: Path, title: str, head: Sequence[str], on: date, folder: str) -> None:
        import xlsxwriter  # type: ignore[import-untyped] # noqa: PLC0415 - when the first is written

        self._book: Any = xlsxwriter.Workbook(str(path), {**_OPTIONS, "tmpdir": folder})
        self._book.set_properties({"title": _text(title), "created": datetime(on.year, on.month, on.day)})  # noqa: DTZ001
        self._sheet = self._book.add_worksheet()
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_column(0, max(0, len(head) - 1), _WIDTH)
        self._row = 0
        bold = self._book.add_format({"bold": True})
        for at, one in enumerate(head):
            self._sheet.write_string(0, at, _text(one), bold)

    def add(self, rows: Sequence[Sequence[SheetCell]]) -> None:
        """Write the rows below those that are there, as many as a sheet holds."""
        for row in rows:
            if self._row == _MOST_ROWS:
                return
            self._row += 1
            for at, cell in enumerate(row):
                self._write(at, cell)

    def _write(self, at: int, cell: SheetCell) -> None:
        match cell:
            case None:
                pass
            case str():
                self._sheet.write_string(self._row, at, _text(cell))
            case date():
                self._sheet.write_datetime(self._row, at, cell, self._day)
            case int() | Decimal():
                self._sheet.write_number(self._row, at, cell)

    def end(self, rows: Sequence[Sequence[SheetCell]]) -> None:
        """Write the last rows and the file."""
        self.add(rows)
        self._book.close()


def _text(text: str) -> str:
    return _NOT_XML.sub("", text)[:_MOST_SIGNS]

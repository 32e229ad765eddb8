"""Tables as comma-separated values, in UTF-8 with the mark by which spreadsheet programs know it."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import date

from ...ports.sheets import SheetCell

_MARK = "\ufeff"
_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_A_PIECE = 64 * 1024


class CsvSheets:
    """Writes tables as CSV; a text that a program would take for a formula begins with an apostrophe."""

    async def written(
        self, title: str, head: Sequence[str], rows: AsyncIterator[Sequence[SheetCell]], on: date
    ) -> AsyncIterator[bytes]:
        out = io.StringIO(_MARK, newline="")
        out.seek(0, io.SEEK_END)
        lines = csv.writer(out)
        lines.writerow([_cell(one) for one in head])
        async for row in rows:
            lines.writerow([_cell(one) for one in row])
            if out.tell() >= _A_PIECE:
                yield out.getvalue().encode()
                out.seek(0)
                out.truncate()
        if rest := out.getvalue():
            yield rest.encode()


def _cell(cell: SheetCell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if cell.startswith(_AS_FORMULA) else cell
        case date():
            return cell.isoformat()
    return f"{cell}"

"""The report of an import as lines of CSV, which can be filled in and sent back as corrections."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from ..adapters.bundled.messages import Messages
from ..domain.imports.catalogue_import import RowProblem
from ..domain.imports.corrections import shown

_COLUMNS = (
    "number", "sheet", "row", "column", "severity", "code", "value", "suggestion", "message", "correction",
)  # fmt: skip


def header() -> bytes:
    """Return the first line, with the mark by which spreadsheets know UTF-8."""
    return b"\xef\xbb\xbf" + ",".join(_COLUMNS).encode() + b"\r\n"


def lines(problems: Iterable[RowProblem], words: Messages) -> bytes:
    """Return a line for each problem; no cell begins as a formula does."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for one in problems:
        told = (one.value or "", one.suggestion or "", words.sentence(one.code, one.params), "")
        cells = (one.number, one.sheet, one.row, one.column, one.severity.value, one.code, *told)
        writer.writerow([shown(cell) if isinstance(cell, str) else cell for cell in cells])
    return text.getvalue().encode("utf-8", "replace")

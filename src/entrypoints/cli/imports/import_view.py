"""The report of an import as it is shown: plain values that the page and ``--json`` are both made from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableCounts:
    """Rows of one table. What was read is what was added, changed, unchanged or refused; removed stood before."""

    table: str
    read: int
    added: int
    changed: int
    removed: int
    unchanged: int
    refused: int


@dataclass(frozen=True, slots=True)
class RowView:
    """What is wrong with one row, and where."""

    sheet: str
    row: int
    column: str
    severity: str
    code: str
    says: str


@dataclass(frozen=True, slots=True)
class ImportView:
    """What an import counted, and every row that was not taken or was doubted."""

    id: str
    file: str
    kind: str
    origin: str
    edition: str
    dry_run: bool
    changed_nothing: bool
    counts: tuple[TableCounts, ...]
    problems: tuple[RowView, ...]
    state: str = "finished"

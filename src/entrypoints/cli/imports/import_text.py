"""The page of an import's report."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from ..screen import Whole, heading, item, unbroken
from ..words import counted
from .import_view import ImportView, RowView

_COLUMNS = ("read", "added", "changed", "removed", "unchanged", "refused")
_SHOWN = 10


def import_page(view: ImportView) -> Iterator[RenderableType]:
    """Yield the report from top to bottom."""
    edition = f", {view.origin} {view.edition}".rstrip() if view.origin else ""
    yield unbroken((f"{view.file}{edition}", "bold"))
    yield Text(_outcome(view))
    yield heading("Counts")
    yield _counts(view)
    errors = [problem for problem in view.problems if problem.severity != "warning"]
    doubts = [problem for problem in view.problems if problem.severity == "warning"]
    yield heading("Rows that were not taken", "sheet, row, column: why")
    for problem in errors:
        yield Whole(f"  {_place(problem)}: {problem.says}")
    if not errors:
        yield Text("  None.")
    if doubts:
        yield heading("Rows that were taken with a doubt", "each one with --json")
        yield from _doubts(doubts)


def _doubts(doubts: list[RowView]) -> Iterator[RenderableType]:
    """Yield doubts of one kind together, since a register repeats its own by the hundred."""
    together: dict[tuple[str, str, str], list[RowView]] = {}
    for doubt in doubts:
        together.setdefault((doubt.sheet, doubt.column, doubt.says), []).append(doubt)
    for (sheet, column, says), rows in together.items():
        some = ", ".join(str(row.row) for row in rows[:_SHOWN]) + (" ..." if len(rows) > _SHOWN else "")
        place = ", ".join(filter(None, (sheet, column)))
        yield item("-", f"{place}: {says} {counted(len(rows), 'row')}: {some}")


def _outcome(view: ImportView) -> str:
    if view.dry_run and view.state == "finished":
        return "A dry run: this is what an import would do, and nothing was changed."
    if view.state in ("waiting", "running"):
        return "A job of the server will take it, and this is how far it is; --follow waits for its end."
    if view.state != "finished":
        return f"It did not come to its end ({view.state.replace('_', ' ')})."
    if view.kind in ("students", "applications"):
        return "Nothing had to be changed." if view.changed_nothing else "The rows were taken as counted here."
    return "Nothing had to be changed." if view.changed_nothing else "The catalogue is now what the file says."


def _counts(view: ImportView) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for counts in view.counts:
        table.add_row(counts.table, *(f"{getattr(counts, name):,}" for name in _COLUMNS))
    return table


def _place(problem: RowView) -> str:
    row = f"row {problem.row}" if problem.row else ""
    return ", ".join(filter(None, (problem.sheet, row, problem.column)))

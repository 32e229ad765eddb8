"""The page of an import's report."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from .import_view import ImportView, RowView
from .screen import Whole, heading

_COLUMNS = ("read", "added", "changed", "removed", "unchanged", "refused")


def import_page(view: ImportView) -> Iterator[RenderableType]:
    """Yield the report from top to bottom."""
    edition = f", {view.origin} {view.edition}".rstrip() if view.origin else ""
    yield Text(f"{view.file}{edition}", style="bold")
    yield Text(_outcome(view))
    yield heading("Counts")
    yield _counts(view)
    yield heading("Rows", "sheet, row, column: what is wrong")
    for problem in view.problems:
        yield Whole(_row(problem))
    if not view.problems:
        yield Text("  Every row was taken.")


def _outcome(view: ImportView) -> str:
    if view.dry_run:
        return "A dry run: this is what an import would do, and nothing was changed."
    return "Nothing had to be changed." if view.changed_nothing else "The catalogue is now what the file says."


def _counts(view: ImportView) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for counts in view.counts:
        table.add_row(counts.table, *(f"{getattr(counts, name):,}" for name in _COLUMNS))
    return table


def _row(problem: RowView) -> str:
    place = [problem.sheet, f"row {problem.row}" if problem.row else "", problem.column]
    doubt = "taken, but: " if problem.severity == "warning" else ""
    return f"  {', '.join(filter(None, place))}: {doubt}{problem.says}"

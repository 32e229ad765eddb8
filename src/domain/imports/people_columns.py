"""Which column of a file about people is which."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason, refuse_if_any
from . import application_rows, student_rows
from .catalogue_import import ImportKind, RowProblem, Severity

_NEAR = 0.75
_APART = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Matched:
    """Which of our columns stand at which places of a row, and what was odd about the header."""

    places: Mapping[str, int]
    headers: Mapping[str, str]
    problems: tuple[RowProblem, ...] = ()

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        """Return the cells of a row by the names of our columns."""
        return {name: row[place] for name, place in self.places.items()}


def matched_header(kind: ImportKind, header: Sequence[str], file_name: str) -> Matched:
    """Return which column is which; one that is unknown is left out with a warning.

    Raises Invalid with each required column that is missing and each that comes twice.
    """
    rows = student_rows if kind is ImportKind.STUDENTS else application_rows
    known = {_folded(name): name for name in rows.COLUMNS}
    found = [(known.get(_folded(name)), place, name) for place, name in enumerate(header)]
    names = [name for name, _, _ in found if name]
    reasons = [Reason("csv.column_missing", {"column": name}, file_name) for name in rows.REQUIRED if name not in names]
    reasons += [Reason("csv.column_twice", {"column": name}, file_name) for name in set(names) if names.count(name) > 1]
    refuse_if_any(reasons, Invalid)
    free = [name for name in rows.COLUMNS if name not in names]
    problems = tuple(_unknown(name, free) for known_as, _, name in found if known_as is None and name)
    return Matched(
        {name: place for name, place, _ in found if name}, {name: head for name, _, head in found if name}, problems
    )


def _unknown(name: str, free: Sequence[str]) -> RowProblem:
    near = get_close_matches(_folded(name), [_folded(one) for one in free], 1, _NEAR)
    params = {"suggestion": next(one for one in free if _folded(one) == near[0])} if near else {}
    return RowProblem("", 0, name, "import.unknown_column", params, Severity.WARNING)


def _folded(name: str) -> str:
    return _APART.sub(" ", name.strip().casefold())

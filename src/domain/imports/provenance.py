"""Where each value of a programme comes from: which import brought it, from which row of its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..shared.dataclass import dataclass
from ..shared.ids import ImportId


@dataclass(frozen=True, slots=True)
class Stood:
    """What something was for a while: its values by name, the import that made it so, and the row of the file.

    Nested values have names with dots, such as ``requirement.any_of``; what was unknown is left out. ``row`` is 0
    where the form of the file has no rows, or where an import of an earlier release kept none.
    """

    values: Mapping[str, Any]
    import_id: ImportId
    row: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The import that a value comes from, and the row of its file."""

    import_id: ImportId
    row: int


def origins_of(history: Sequence[Stood]) -> dict[str, Origin]:
    """Return for each value of what stands now, by name, since which import it has been what it is."""
    return dict(_origins(history))


def _origins(history: Sequence[Stood]) -> Iterator[tuple[str, Origin]]:
    if not history:
        return
    now = history[-1]
    for name, value in now.values.items():
        since = now
        for stood in reversed(history):
            if name not in stood.values or stood.values[name] != value:
                break
            since = stood
        yield name, Origin(since.import_id, since.row)

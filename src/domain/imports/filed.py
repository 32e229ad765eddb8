"""What a counsellor's file says of an application, beside what happened here.

A file moves no application: what was sent elsewhere has no receipt here, and what was sent here has its own history. It
begins a draft where there is none, and tells which state, deadline and reference the portal shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ..shared.dataclass import dataclass
from ..shared.ids import ApplicationId, ImportId, StudentId
from .offer import ImportedFrom

FIELDS = ("state", "deadline", "portal_reference")


@dataclass(frozen=True, slots=True)
class Filed:
    """What one row said of an application: ``says`` by FIELDS, ``columns`` where in the row each stood.

    ``began`` says that the row began the application, whose version it left at ``application_version``. A deadline is
    a local time with its zone, as in ``2027-01-31T23:59 Europe/Berlin``.
    """

    import_id: ImportId
    row: int
    application_id: ApplicationId
    student_id: StudentId
    at: datetime
    says: Mapping[str, str]
    columns: Mapping[str, str]
    began: bool
    application_version: int
    undone: bool = False


def said_last(filed: Sequence[Filed]) -> dict[str, tuple[str, ImportedFrom]]:
    """Return for each field what files say of one application now, and the row that it is so since; given is everything
    that was said of it, the oldest first."""
    standing = [one for one in filed if not one.undone]
    if not standing:
        return {}
    found: dict[str, tuple[str, ImportedFrom]] = {}
    for name, value in standing[-1].says.items():
        since = standing[-1]
        for one in reversed(standing):
            if one.says.get(name) != value:
                break
            since = one
        found[name] = value, ImportedFrom(since.import_id, since.row, (since.columns.get(name, ""),))
    return found

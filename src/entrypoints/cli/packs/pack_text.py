"""Impact reports and editions as they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import RenderableType

from ..screen import item, unbroken
from ..words import say


def impact_page(report: Any) -> Iterator[RenderableType]:
    """Yield the whole in one sentence, then every student with what changes for her, the worst first."""
    yield report["summary"]
    for student in report["items"]:
        yield ""
        yield unbroken(say("impact_student", id=student["student_id"]))
        for change in student["changes"]:
            yield item("-", change["message"])
    yield ""
    yield unbroken(say("impact_report", id=report["id"]))


def edition_lines(editions: Iterable[Any]) -> Iterator[RenderableType]:
    """Yield each edition with its name, since when it is in force, by whose word and why."""
    for one in editions:
        since = say("edition_since", id=one["sha256"], given=one["activated_at"])
        yield unbroken(f"{one['number']}  {since}")
        why = one["reason"] or (say("edition_by_report", id=one["impact"]) if one["impact"] else "")
        who = say("edition_by", id=one["by"]) if one["by"] else say("edition_as_shipped")
        yield item("-", ": ".join(filter(None, (who, why))))

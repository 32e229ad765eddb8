"""Impact reports and editions as they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import RenderableType

from ..screen import item, unbroken


def impact_page(report: Any) -> Iterator[RenderableType]:
    """Yield the whole in one sentence, then every student with what changes for her, the worst first."""
    yield report["summary"]
    for student in report["items"]:
        yield ""
        yield unbroken(f"student {student['student_id']}")
        for change in student["changes"]:
            yield item("-", change["message"])
    yield ""
    yield unbroken(f"report {report['id']}")


def edition_lines(editions: Iterable[Any]) -> Iterator[RenderableType]:
    """Yield each edition with its name, since when it is in force, by whose word and why."""
    for one in editions:
        yield unbroken(f"{one['number']}  {one['sha256']}, in force since {one['activated_at']}")
        why = one["reason"] or (f"by report {one['impact']}" if one["impact"] else "")
        who = f"by {one['by']}" if one["by"] else "as shipped"
        yield item("-", ": ".join(filter(None, (who, why))))

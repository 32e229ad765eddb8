"""The command ``queue``: whom of one's students to see to first, and what to send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from .connection import asked_of_server
from .screen import heading, indented, item, print_json, show
from .words import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType


def queue(
    *,
    limit: int = 10,
    cursor: str | None = None,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Say whom of your students to see to first, why, and what to send; a counsellor or an administrator may.

    Parameters
    ----------
    limit
        How many students, 1 to 100.
    cursor
        Where the queue goes on, as the command before has said.
    server
        The server, as one who is signed in there; by default that of the last sign-in.
    json
        Print everything as JSON.
    """
    page = asked_of_server(server, lambda api: api.get("/v1/queue", limit=limit, cursor=cursor))
    if json:
        print_json(page)
    else:
        show(_told(page))
    return 0


def _told(page: dict[str, Any]) -> Iterator[RenderableType]:
    if not page["items"]:
        yield say("queue_empty" if page["students"] else "queue_no_students")
    for one in page["items"]:
        yield heading(one["student_name"] or one["student_id"], one["student_id"] if one["student_name"] else "")
        for need in one["needs"]:
            yield item("!" if need["matter"] == "window" or (need["slack"] or 0) < 0 else "-", need["why"]["message"])
        yield indented(say("queue_to_send", text=one["needs"][0]["to_send"]["text"]), by=4)
    if page["next"] is not None:
        yield ""
        yield say("queue_more", known=f"--cursor {page['next']}")

"""The command ``invariants``: whether every sentence holds that must, and which rows break one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from .connection import asked_of_server
from .invariants_here import looked_here
from .screen import indented, print_json, show, unbroken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from .api import Api


Flag = Annotated[bool, Parameter(negative=())]


def invariants(*, here: Flag = False, server: str | None = None, json: Flag = False) -> int:
    """Show whether what must hold over everything stored does; exit code 1 where a sentence is broken.

    Parameters
    ----------
    here
        Look now, over the database of this machine's settings, as whoever operates it; otherwise what the last run
        found is shown.
    server
        The server, as an administrator who is signed in there; otherwise that of the last sign-in, or the one kept
        on this machine.
    json
        Print everything as JSON.
    """
    found = looked_here() if here else asked_of_server(server, _asked)
    if json:
        print_json(found)
    else:
        show(_told(found))
    return int(any(one["holds"] is False for one in found["items"]))


async def _asked(api: Api) -> Any:
    return dict(await api.get("/v1/invariants"))


def _told(found: Any) -> Iterator[RenderableType]:
    if found["finished_at"] is None:
        yield "Nobody has looked yet; a schedule does, every hour."
        return
    yield f"Looked at {found['finished_at']}; what to do: {found['runbook']}"
    for one in found["items"]:
        if one["holds"] is None:
            yield unbroken(f"?     {one['id']}: not looked at {one['failure']}".rstrip())
        elif one["holds"]:
            yield unbroken(
                f"holds {one['id']}, over {one['looked_at']} {'rows' if one['way'] == 'rows' else 'of a sample'}"
            )
        else:
            yield unbroken(f"BROKEN {one['id']} by {one['breaches']} ({one['severity']})")
            yield indented(one["sentence"])
            for breach in one["broken"]:
                yield indented(f"{one['rows']} {breach['row']}, since {breach['first_seen']}")

"""The command ``export``: everything that is kept about oneself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

from cyclopts import Parameter

from ..connection import asked_of_server
from ..errors import NEGATIVE, refused
from ..program import program
from ..screen import print_json
from ..words import local, named, say

if TYPE_CHECKING:
    from ..api import Api

_HERE = "/v1/students/me/exports"


def export(
    action: Literal["ask", "list", "take"] = "list",
    which: Annotated[str | None, Parameter(show_default=False)] = None,
    /,
    *,
    to: Path = Path("my-data.zip"),
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Have everything that is kept about you: ask for it, see how far it is, and take the file.

    Parameters
    ----------
    action
        ask has the file made; list shows what was asked for; take gets the file.
    which
        The id of the export, for take; by default the newest that is ready.
    to
        Where take keeps the file.
    server
        The server's web address; by default the one of the last sign-in.
    json
        Print everything as JSON.
    """
    if action == "take":
        try:
            asked_of_server(server, lambda api: _taken(api, which, to))
        except OSError as error:
            raise refused(to, "cannot_keep_data", detail=error.strerror) from None
        print(say("export_kept", given=str(to)))
        return 0
    found = asked_of_server(server, lambda api: _asked(api, action))
    if json:
        print_json(found)
    elif action == "ask":
        print(say("export_made", known=f"{program()} export take {found['id']}"))
    else:
        for one in found["items"]:
            state = named("state", one["state"])
            print(say("export_line", id=one["id"], on=local(one["asked_at"]), detail=state))
    return 0


async def _asked(api: Api, action: str) -> Any:
    return dict(await (api.post(_HERE) if action == "ask" else api.get(_HERE)))


async def _taken(api: Api, which: str | None, to: Path) -> None:
    if which is None:
        ready = [one["id"] for one in (await api.get(_HERE))["items"] if one["state"] == "ready"]
        if not ready:
            raise refused(api.place, "export_none", exit_code=NEGATIVE)
        which = ready[0]
    await api.download(f"{_HERE}/{quote(which, safe='')}/file", to)

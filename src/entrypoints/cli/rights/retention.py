"""The command ``retention``: how long what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from ..connection import asked_of_server
from ..program import program
from ..screen import print_json
from ..words import say

if TYPE_CHECKING:
    from ..api import Api


def retention(
    action: Literal["show", "apply"] = "show",
    /,
    *,
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Show how long what is kept and why, or have taken away what is over; for administrators.

    Parameters
    ----------
    action
        show lists the rules with what would go now; apply takes it away in the background.
    dry_run
        With apply: say what would go, and take nothing away.
    server
        The server, as an administrator who is signed in there; otherwise that of the last sign-in, or the one kept
        on this machine.
    json
        Print everything as JSON.
    """
    applies = action == "apply" and not dry_run
    found = asked_of_server(server, lambda api: _asked(api, applies=applies))
    if json:
        print_json(found)
    elif applies:
        print(say("job_begun", known=f"{program()} jobs show {found['job_id']}"))
    else:
        for one in found["items"]:
            print(say("retention_line", given=one["kept"], number=one["days"], detail=one["count"]))
            print(f"  {one['why']} ({one['source']})")
    return 0


async def _asked(api: Api, *, applies: bool) -> Any:
    return dict(await (api.post("/v1/retention/application") if applies else api.get("/v1/retention")))

"""The command ``consent``: what one's data may be used for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

from cyclopts import Parameter

from ..connection import asked_of_server
from ..errors import refused
from ..screen import print_json
from ..words import say

if TYPE_CHECKING:
    from ..api import Api

_HERE = "/v1/students/me/consents"


def consent(
    action: Literal["list", "give", "withdraw"] = "list",
    purpose: Annotated[str | None, Parameter(show_default=False)] = None,
    /,
    *,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """See what your data is used for, and allow a use or withdraw that.

    Parameters
    ----------
    action
        list shows every purpose with its text; give allows one; withdraw takes that back.
    purpose
        The purpose, for give and withdraw.
    server
        The server's web address; by default the one of the last sign-in.
    json
        Print everything as JSON.
    """
    if (purpose is None) != (action == "list"):
        raise refused(f"consent {action}", "id_expected" if purpose is None else "no_id_expected")
    found = asked_of_server(server, lambda api: _asked(api, action, purpose or ""))
    if json:
        print_json(found)
        return 0
    for one in found["items"]:
        state = "consent_needed" if one["needed"] else "consent_given" if one["holds"] else "consent_withdrawn"
        print(say("consent_said", given=f"{one['purpose']} ({one['title']})", detail=say(state)))
        print(f"  {one['text']}")
    return 0


async def _asked(api: Api, action: str, purpose: str) -> Any:
    page = await api.get(_HERE)
    if action != "list":
        wording = next((one["wording"] for one in page["items"] if one["purpose"] == purpose), "")
        await api.put(f"{_HERE}/{quote(purpose, safe='')}", {"given": action == "give", "wording": wording})
        page = await api.get(_HERE)
    return dict(page)

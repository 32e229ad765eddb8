"""The command ``offers``: what others have prepared for one's record, taken or refused."""

from __future__ import annotations

import json as jsons
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

from cyclopts import Parameter

from .connection import asked_of_server
from .errors import refused
from .program import program
from .screen import indented, print_json, show, unbroken
from .words import local, say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .api import Api


def offers(
    action: Literal["list", "accept", "decline"] = "list",
    which: Annotated[str | None, Parameter(show_default=False)] = None,
    /,
    *,
    take: Annotated[list[str] | None, Parameter(show_default=False, negative=())] = None,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """See what others have prepared for your record, and take or refuse it.

    Parameters
    ----------
    action
        list shows each value beside what you state yourself; accept takes those that you name; decline takes none.
    which
        The id of the offer, for accept and decline.
    take
        A part that you take, such as name; may be repeated. What you state yourself is never overwritten.
    server
        The server, as one who is signed in there; by default that of the last sign-in.
    json
        Print everything as JSON.
    """
    if (which is None) != (action == "list"):
        raise refused(f"offers {action}", "no_id_expected" if which else "id_expected")
    if bool(take) != (action == "accept"):
        raise refused(f"offers {action}", "no_take_expected" if take else "take_expected")
    found = asked_of_server(server, lambda api: _asked(api, action, quote(which or "", safe=""), take or []))
    if json:
        print_json(found)
    else:
        show(_offered(found) if action == "list" else _answered(found))
    return 0


async def _asked(api: Api, action: str, which: str, take: list[str]) -> Any:
    if action == "accept":
        return await api.post(f"/v1/record-offers/{which}/acceptance", {"take": take})
    if action == "decline":
        return await api.post(f"/v1/record-offers/{which}/refusal")
    items = (await api.get("/v1/me/record-offers"))["items"]
    if (await api.get("/v1/me"))["email_confirmed_at"] is None:
        print(say("grants_after_confirming", known=f"{program()} confirm-email"), file=sys.stderr)
    return items


def _offered(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    if not found:
        yield say("grants_none")
    for one in found:
        yield unbroken(f"{one['id']}  {one['sender']}: {say('grant_offered', on=local(one['until']))}")
        for value in one["values"]:
            beside = "" if value["stated"] is None else f" ({say('offer_stated', detail=_plain(value['stated']))})"
            yield indented(f"{value['part']}: {_plain(value['value'])}{beside}")


def _answered(found: dict[str, Any]) -> Iterator[RenderableType]:
    yield say(f"offer_{found['state']}")
    for value in found["values"]:
        yield indented(f"{value['part']}: {say('offer_' + value['outcome'])}")


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else jsons.dumps(value, ensure_ascii=False)

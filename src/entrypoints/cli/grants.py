"""The command ``grants``: whom one lets help with one's record, and whom one helps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

from cyclopts import Parameter

from .connection import asked_of_server
from .errors import refused
from .screen import indented, print_json, show, unbroken
from .words import moment, say
from .words import scope as scope_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from .api import Api

_NEEDS = {"give": "address_expected", "accept": "id_expected", "end": "id_expected"}


def grants(
    action: Literal["list", "give", "received", "accept", "end"] = "list",
    whom: Annotated[str | None, Parameter(show_default=False)] = None,
    /,
    *,
    scope: Annotated[list[str] | None, Parameter(show_default=False, negative=())] = None,
    days: int = 180,
    note: str = "",
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Let somebody help with your record, see who may do what, and end it.

    Parameters
    ----------
    action
        list shows whom you let help and who took access; give lets somebody help; received shows whom you help or
        could; accept accepts what was offered to your address; end ends what you gave, hold or were offered.
    whom
        The e-mail address for give, the id of the grant for accept and end.
    scope
        What she may do, for give; may be repeated: read_plan (as it is when left out), read_papers, upload,
        change_profile, act, pay.
    days
        For how many days, for give.
    note
        What she reads in the mail, for give.
    server
        The server, as one who is signed in there; by default that of the last sign-in.
    json
        Print everything as JSON.
    """
    needs = _NEEDS.get(action)
    if (whom is None) != (needs is None):
        raise refused(f"grants {action}", needs or "no_id_expected")
    until = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    offer = {"email": whom, "scopes": scope or ["read_plan"], "until": until, "note": note}
    found = asked_of_server(server, lambda api: _asked(api, action, quote(whom or "", safe=""), offer))
    if json:
        print_json(found)
    else:
        show(_told(found))
    return 0


async def _asked(api: Api, action: str, grant: str, offer: dict[str, Any]) -> list[dict[str, Any]]:
    if action == "end":
        await api.delete(f"/v1/grants/{grant}")
        return []
    if action == "give":
        return [{"grant": await api.post("/v1/students/me/grants", offer)}]
    if action == "accept":
        return [{"grant": await api.post(f"/v1/grants/{grant}/acceptance")}]
    if action == "received":
        return list((await api.get("/v1/me/grants"))["items"])
    return [{"grant": one} for one in (await api.get("/v1/students/me/grants"))["items"]]


def _told(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    if not found:
        yield say("grants_none")
    for one in found:
        grant = one["grant"]
        state = _state(grant)
        when = moment(datetime.fromisoformat(grant["ended_at"] or grant["until"]).astimezone())
        yield unbroken(f"{grant['id']}  {one.get('student_name') or grant['email']}: {say(f'grant_{state}', on=when)}")
        scopes = "; ".join(map(scope_words, grant["scopes"]))
        yield indented(scopes if grant["kind"] == "given" else say("grant_taken", parts=scopes))
        if grant["reason"]:
            yield indented(grant["reason"])


def _state(grant: dict[str, Any]) -> str:
    if grant["ended_at"] is not None:
        return "ended"
    if datetime.fromisoformat(grant["until"]) <= datetime.now(UTC):
        return "over"
    return "live" if grant["accepted_at"] else "offered"

"""The commands ``grants`` and ``access``: whom one lets help with one's record, whom one helps, and who has to look."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

from cyclopts import Parameter

from .connection import asked_of_server
from .errors import refused
from .program import program
from .screen import indented, print_json, show, unbroken
from .words import local, say
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
    elif action == "end":
        print(say("grant_is_over"))
    else:
        show(_told(found))
    return 0


def access(
    student: str,
    /,
    *,
    reason: str,
    scope: Annotated[list[str] | None, Parameter(show_default=False, negative=())] = None,
    minutes: int = 30,
    server: str | None = None,
) -> int:
    """Take access to a student's record, in your own name and for a stated reason; an administrator may.

    Parameters
    ----------
    student
        The id of the student.
    reason
        Why. The student reads it.
    scope
        What you need; may be repeated: read_plan, read_papers (as it is when left out), upload, change_profile, act.
    minutes
        For how many minutes, at most 60.
    server
        The server, as an administrator who is signed in there; by default that of the last sign-in.
    """
    asked = {"scopes": scope or ["read_papers"], "minutes": minutes, "reason": reason}
    path = f"/v1/students/{quote(student, safe='')}/accesses"
    taken = asked_of_server(server, lambda api: api.post(path, asked))
    print(say("grant_access_taken", until=local(taken["until"]), known=f"{program()} grants end {taken['id']}"))
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
        items = list((await api.get("/v1/me/grants"))["items"])
        if (await api.get("/v1/me"))["email_confirmed_at"] is None:
            print(say("grants_after_confirming", known=f"{program()} confirm-email"), file=sys.stderr)
        return items
    return [{"grant": one} for one in (await api.get("/v1/students/me/grants"))["items"]]


def _told(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    if not found:
        yield say("grants_none")
    for one in found:
        grant = one["grant"]
        state = _state(grant)
        when = local(grant["ended_at"] or grant["until"])
        yield unbroken(f"{grant['id']}  {one.get('student_name') or grant['email']}: {say(f'grant_{state}', on=when)}")
        scopes = "; ".join(map(scope_words, grant["scopes"]))
        yield indented(scopes if grant["kind"] == "given" else say("grant_taken", parts=scopes))
        if "student_name" in one:
            yield indented(say("account_record", id=grant["student_id"]))
        if grant["reason"]:
            yield indented(grant["reason"])


def _state(grant: dict[str, Any]) -> str:
    if grant["ended_at"] is not None:
        return "ended"
    if datetime.fromisoformat(grant["until"]) <= datetime.now(UTC):
        return "over"
    return "live" if grant["accepted_at"] else "offered"

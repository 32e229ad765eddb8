"""The commands ``erasure`` and ``hold``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

from cyclopts import Parameter

from ..connection import asked_of_server
from ..errors import refused
from ..program import program
from ..screen import print_json
from ..sign_in import hidden
from ..words import local, named, say

if TYPE_CHECKING:
    from ..api import Api


def erasure(
    action: Literal["ask", "show", "cancel", "order", "again"] = "show",
    student: Annotated[str | None, Parameter(show_default=False)] = None,
    /,
    *,
    reason: str | None = None,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Have everything about you erased, or see and cancel that; administrators order it for others.

    Asking needs the password, which is asked for, or read from the first line of the input where that is no terminal.

    Parameters
    ----------
    action
        ask has you erased after some days; show says how far it is; cancel takes it back; order erases a student at
        once, for a stated reason; again erases anew whom a backup has brought back.
    student
        The id of the student, for order.
    reason
        Why, for order. The audit trail keeps it: write no names.
    server
        The server's web address; by default the one of the last sign-in.
    json
        Print everything as JSON.
    """
    if (action == "order") and student is None:
        raise refused(f"erasure {action}", "id_expected")
    if action == "order" and not reason:
        raise refused("erasure order", "reason_expected")
    password = hidden(f"{say('ask_password_again')} ") if action == "ask" else ""
    found = asked_of_server(server, lambda api: _erasure(api, action, student, reason or "", password))
    if json:
        print_json(found)
    else:
        print(_told(found))
    return 0


def hold(
    action: Literal["list", "place", "lift"],
    student: str,
    which: Annotated[str | None, Parameter(show_default=False)] = None,
    /,
    *,
    reason: str | None = None,
    until: str | None = None,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Keep a student's record from being erased while the law demands it; for administrators.

    Parameters
    ----------
    action
        list shows the holds on a record; place puts one on it; lift ends one before its time.
    student
        The id of the student.
    which
        The id of the hold, for lift.
    reason
        Why, for place.
    until
        Until when, for place: a moment with its zone, such as 2027-03-31T12:00:00Z.
    server
        The server's web address; by default the one of the last sign-in.
    json
        Print everything as JSON.
    """
    if (which is None) == (action == "lift"):
        raise refused(f"hold {action}", "id_expected" if which is None else "no_id_expected")
    if action == "place" and not reason:
        raise refused("hold place", "reason_expected")
    if action == "place" and not until:
        raise refused("hold place", "until_expected")
    found = asked_of_server(server, lambda api: _hold(api, action, student, which or "", reason, until))
    if json:
        print_json(found)
        return 0
    for one in found:
        told = say("hold_lifted") if one["lifted_at"] else one["reason"]
        print(say("hold_line", id=one["id"], until=local(one["until"]), detail=told))
    return 0


async def _erasure(api: Api, action: str, student: str | None, reason: str, password: str) -> Any:
    here = f"/v1/students/{quote(student or 'me', safe='')}/erasure"
    match action:
        case "ask":
            return dict(await api.post(here, {"password": password}))
        case "cancel":
            return dict(await api.delete(here))
        case "order":
            return dict(await api.post(f"{here}/order", {"reason": reason}))
        case "again":
            return dict(await api.post("/v1/erasures/repetition"))
    return dict(await api.get(here))


async def _hold(
    api: Api, action: str, student: str, which: str, reason: str | None, until: str | None
) -> list[dict[str, Any]]:
    here = f"/v1/students/{quote(student, safe='')}/holds"
    if action == "place":
        return [dict(await api.post(here, {"reason": reason, "until": until}))]
    if action == "lift":
        return [dict(await api.delete(f"{here}/{quote(which, safe='')}"))]
    return list((await api.get(here))["items"])


def _told(found: Any) -> str:
    if "job_id" in found:
        return say("job_begun", known=f"{program()} jobs show {found['job_id']}")
    if found["held_until"]:
        return say("erasure_held", until=local(found["held_until"]))
    asked, due = local(found["asked_at"]), local(found["due_at"])
    if found["state"] == "waiting":
        return say("erasure_waits", until=due, known=f"{program()} erasure cancel")
    return say("erasure_state", id=found["id"], detail=named("state", found["state"]), begun=asked, until=due)

"""The commands ``account``, ``change-password`` and ``activity``: who one is there, and what was done and seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from .connection import asked_of_server
from .errors import refused
from .screen import indented, print_json, show, unbroken
from .sign_in import hidden
from .words import listed, local, named, say

if TYPE_CHECKING:
    from rich.console import RenderableType

    from .api import Api

_AT_MOST = 1000
_PAGE = 100
Flag = Annotated[bool, Parameter(negative=())]


def account(*, server: str | None = None, json: Flag = False) -> int:
    """Show as whom you are signed in: address, roles, and the ids that others may need.

    Parameters
    ----------
    server
        The server's web address; by default the one of the last sign-in.
    json
        Print everything as JSON.
    """
    found = asked_of_server(server, lambda api: api.get("/v1/me"))
    if json:
        print_json(found)
    else:
        show(_account(found))
    return 0


def change_password(*, server: str | None = None) -> int:
    """Choose another password. You are signed out everywhere else, and a mail tells you of it.

    The present and the new one are asked for, or read from a line each of the input where that is no terminal.

    Parameters
    ----------
    server
        The server's web address; by default the one of the last sign-in.
    """
    given = {
        "current": hidden(f"{say('ask_current_password')} "),
        "new": hidden(f"{say('ask_new_password')} "),
    }
    asked_of_server(server, lambda api: api.put("/v1/me/password", given))
    print(say("password_changed"))
    return 0


def activity(*, most: int = 50, server: str | None = None, json: Flag = False) -> int:
    """Show who did or saw what of your record, the latest first, with the reason where one was stated.

    Parameters
    ----------
    most
        How many at most, 1 to 1000.
    server
        The server's web address; by default the one of the last sign-in.
    json
        Print everything as JSON.
    """
    if not 1 <= most <= _AT_MOST:
        raise refused("--most", "number_between", at_most=_AT_MOST, given=most)
    found = asked_of_server(server, lambda api: _activity(api, most))
    if json:
        print_json(found)
    else:
        show(_done(found))
    return 0


async def _activity(api: Api, most: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async for one in api.items("/v1/students/me/activity", limit=min(most, _PAGE)):
        found.append(one)
        if len(found) == most:
            break
    return found


def _account(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    confirmed = found["email_confirmed_at"]
    state = say("account_confirmed", on=local(confirmed)) if confirmed else say("account_not_confirmed")
    yield unbroken(f"{found['email']}, {state}")
    yield indented(listed([named("role", role) for role in found["roles"]]))
    yield indented(say("account_line", id=found["id"]))
    if found["student_id"]:
        yield indented(say("account_record", id=found["student_id"]))


def _done(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    if not found:
        yield say("activity_none")
    for one in found:
        who = one["email"] or one["by_words"]
        yield say("activity_line", on=local(one["at"]), who=who, detail=one["message"])
        if one["reason"]:
            yield indented(say("activity_reason", detail=one["reason"]))

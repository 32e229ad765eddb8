"""The commands ``audit verify``, ``audit search`` and ``audit export``."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from ..connection import asked_of_server
from ..errors import NEGATIVE, refused
from ..screen import indented, print_json, show, unbroken
from ..words import locale, moment, say
from .here import export_here, search_here, verify_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.console import RenderableType

    from ..api import Api

_PAGE = 100
_AT_MOST = 1000
Flag = Annotated[bool, Parameter(negative=())]
Asked = Annotated[str | None, Parameter(show_default=False)]


def verify(*, since: int = 1, here: Flag = False, server: str | None = None, json: Flag = False) -> int:
    """Verify the audit trail: entries against seals, seals against one another and their signatures, and their end
    against what was noted outside the database. The exit code is 1 where anything is wrong.

    Parameters
    ----------
    since
        The seal to begin at; those before it are trusted.
    here
        Look at the database of this machine's settings, as whoever operates it.
    server
        The server, as an auditor who is signed in there; otherwise that of the last sign-in.
    json
        Print everything as JSON.
    """
    if not 1 <= since <= 2**62:
        raise refused("--since", "number_between", at_most=2**62, given=since)
    found = verify_here(since) if here else asked_of_server(server, lambda api: _verified(api, since))
    if json:
        print_json(found)
    else:
        show(_verification(found))
    return NEGATIVE if found["findings"] else 0


def search(
    *,
    actor: Asked = None,
    student: Asked = None,
    action: Asked = None,
    subject: Asked = None,
    request: Asked = None,
    since: Asked = None,
    until: Asked = None,
    most: int = 50,
    here: Flag = False,
    server: str | None = None,
    json: Flag = False,
) -> int:
    """Search the audit trail, the latest first.

    Parameters
    ----------
    actor
        Only what the account of this id did.
    student
        Only what concerns the record of this id.
    action
        Only this action, such as document.added, or all that begin so: document.
    subject
        Only what was done to the thing of this id.
    request
        Only what the request of this id did.
    since
        Only from this moment on, such as 2027-01-31T00:00:00Z.
    until
        Only from before this moment.
    most
        How many at most, up to 1000.
    here
        Look at the database of this machine's settings, as whoever operates it.
    server
        The server, as an auditor who is signed in there; otherwise that of the last sign-in.
    json
        Print everything as JSON.
    """
    asked = _asked(actor, student, action, subject, request, since, until)
    limit = max(1, min(most, _AT_MOST))
    found = search_here(asked, limit) if here else asked_of_server(server, lambda api: _searched(api, asked, limit))
    if json:
        print_json(found)
    else:
        show(_entries(found))
    return 0


def export(
    file: Path,
    /,
    *,
    actor: Asked = None,
    student: Asked = None,
    action: Asked = None,
    subject: Asked = None,
    request: Asked = None,
    since: Asked = None,
    until: Asked = None,
    here: Flag = False,
    server: str | None = None,
) -> int:
    """Write the audit trail to a file: CSV where its name ends in .csv, else JSON Lines. No file is written over.

    Parameters
    ----------
    file
        The new file.
    actor
        Only what the account of this id did.
    student
        Only what concerns the record of this id.
    action
        Only this action, such as document.added, or all that begin so: document.
    subject
        Only what was done to the thing of this id.
    request
        Only what the request of this id did.
    since
        Only from this moment on, such as 2027-01-31T00:00:00Z.
    until
        Only from before this moment.
    here
        Look at the database of this machine's settings, as whoever operates it.
    server
        The server, as an auditor who is signed in there; otherwise that of the last sign-in.
    """
    asked = _asked(actor, student, action, subject, request, since, until)
    form: Literal["csv", "jsonl"] = "csv" if file.suffix.lower() == ".csv" else "jsonl"
    try:
        with file.open("xb") as target:
            if here:
                export_here(asked, form, target)
            else:
                kind = "text/csv" if form == "csv" else "application/jsonl"
                target.write(
                    asked_of_server(server, lambda api: api.file("/v1/audit/export", kind, format=form, **asked))
                )
    except FileExistsError:
        raise refused(file, "file_exists") from None
    except OSError as error:
        raise refused(file, "file_unwritable", exit_code=NEGATIVE, detail=error.strerror) from None
    except BaseException:
        file.unlink(missing_ok=True)  # half of an export could be taken for all of it
        raise
    print(say("audit_written", known=str(file)), file=sys.stderr)
    return 0


def _asked(
    actor: str | None,
    student: str | None,
    action: str | None,
    subject: str | None,
    request: str | None,
    since: str | None,
    until: str | None,
) -> dict[str, str]:
    """Return what is asked for, as the server calls it."""
    given = {
        "actor": actor,
        "student_id": student,
        "action": action,
        "subject_id": subject,
        "request_id": request,
        "since": since,
        "until": until,
    }
    return {name: value for name, value in given.items() if value is not None}


async def _verified(api: Api, since: int) -> dict[str, Any]:
    whole: dict[str, Any] = {"seals": 0, "entries": 0, "anchors": 0, "findings": []}
    cursor = None
    while True:
        step = await api.get("/v1/audit/verification", since=since, cursor=cursor)
        for name in ("seals", "entries", "anchors"):
            whole[name] += step[name]
        whole["findings"] += step["findings"]
        cursor = step["next"]
        if cursor is None:
            return whole


async def _searched(api: Api, asked: Mapping[str, str], limit: int) -> list[Any]:
    found = []
    async for entry in api.items("/v1/audit/entries", limit=min(limit, _PAGE), **asked):
        found.append(entry)
        if len(found) == limit:
            break
    return found


def _verification(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    counted = {name: found[name] for name in ("entries", "seals", "anchors")}
    yield say("audit_checked", **counted)
    if not found["findings"]:
        yield say("audit_whole")
    for one in found["findings"]:
        places = (("seal", one["seal"]), ("place", one["place"]), ("entry", one["entry_id"]))
        yield unbroken(", ".join(say(f"audit_{name}", id=str(value)) for name, value in places if value is not None))
        yield indented(one["message"])


def _entries(found: list[Any]) -> Iterator[RenderableType]:
    if not found:
        yield say("audit_nothing_found")
    for entry in found:
        at = moment(datetime.fromisoformat(entry["at"]).astimezone())
        yield unbroken(f"{locale().digits(at)}  {entry['action']}  {entry['subject_id'] or ''}".rstrip())
        yield indented(entry["message"])
        for name in ("actor", "on_behalf_of", "student_id", "request_id", "address", "reason"):
            if entry[name]:
                yield indented(f"{name} {entry[name]}")
        for name, value in entry["details"].items():
            yield indented(f"{name} {value}")

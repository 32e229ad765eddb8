"""The command ``import``: bring a catalogue up to what a file says."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ..errors import refused
from ..program import program
from ..screen import print_json, show
from ..session import current_session
from .import_text import import_page
from .import_view import ImportView

_KINDS = (".xlsx", ".csv", ".toml")
_OF_PEOPLE = (".csv", ".xlsx")


def import_catalogue(
    file: Path,
    /,
    *,
    of: Literal["catalogue", "students", "applications"] = "catalogue",
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    follow: Annotated[bool, Parameter(negative=())] = False,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Bring in what a file says, and report every row that could not be taken.

    Running it again with the same file changes nothing.

    Parameters
    ----------
    file
        The Australian register's workbook as issued (.xlsx), or a catalogue as CSV or TOML; rows of students or of
        applications as CSV or as a workbook.
    of
        What the file holds. Students are invited to look at what it says of them; an application counts where its
        student lets you act on applications. Both are taken by a job of the server.
    dry_run
        Report the same, and change nothing.
    follow
        Let a job of the server take the file, and show how far it is until its end. On the database of this machine
        the bar shows that anyway.
    server
        The server to import into, as an administrator who is signed in there; otherwise that of the last sign-in,
        or the database that is kept on this machine, also while `higherstudy serve` runs on it.
    json
        Print everything as JSON.
    """
    _look_at(file, of)
    view = asyncio.run(_import(file, server, of, dry_run=dry_run, follow=follow))
    if json:
        print_json(asdict(view))
    else:
        show(import_page(view))
    return 0


def _look_at(file: Path, of: str) -> None:
    """Refuse at once what can be no such file, before anything is started or sent."""
    known = _KINDS if of == "catalogue" else _OF_PEOPLE
    if file.suffix.lower() not in known:
        raise refused(file, "no_catalogue" if of == "catalogue" else "no_rows", known=", ".join(known))
    try:
        if not file.is_file():
            raise refused(file, "not_a_file" if file.exists() else "no_file")
        with file.open("rb"):
            pass
    except OSError as error:
        raise refused(file, "file_unreadable", detail=error.strerror) from None


async def _import(file: Path, server: str | None, of: str, *, dry_run: bool, follow: bool) -> ImportView:
    session = current_session(server)
    if session is not None:
        from .remote_import import remote_import  # noqa: PLC0415 - slow

        return await remote_import(session, file, dry_run=dry_run, follow=follow, of=of)
    if of != "catalogue":
        raise refused(file, "server_needed", known=f"{program()} sign-in")
    from .embedded_import import embedded_import  # noqa: PLC0415 - starts the whole server in here

    return await embedded_import(file, dry_run=dry_run)

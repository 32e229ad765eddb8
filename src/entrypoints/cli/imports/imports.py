"""The command ``imports``: what was brought in, corrected, taken once more, tried again and undone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

from cyclopts import Parameter

from ..connection import asked_of_server
from ..errors import refused
from ..screen import print_json, show, unbroken
from ..words import local, say
from .following import closed, problems_of
from .import_text import import_page
from .remote_import import import_view

if TYPE_CHECKING:
    from rich.console import RenderableType

    from ..api import Api

_ASKED = {"again": "repetitions", "undo": "undo", "retry": "retry"}
"""Where what is done with an import is asked for, below its address."""


def imports(
    action: Literal["list", "show", "correct", "again", "retry", "undo"] = "list",
    which: Annotated[str | None, Parameter(show_default=False)] = None,
    file: Annotated[Path | None, Parameter(show_default=False)] = None,
    /,
    *,
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    follow: Annotated[bool, Parameter(negative=())] = False,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """List imports, and correct, repeat, retry or undo one.

    Parameters
    ----------
    action
        list shows your imports; show one with every row that was not taken; correct takes its file once more with
        corrections; again takes it as it is, for good after a dry run; retry goes on with one that has failed; undo
        takes back what it brought, as far as nobody has changed it since.
    which
        The id of the import.
    file
        The corrections, for correct: a CSV with the columns sheet, row, column and correction, as in problems.csv.
    dry_run
        Report the same, and change nothing.
    follow
        Show how far it is until its end.
    server
        The server, as one who is signed in there; by default that of the last sign-in.
    json
        Print everything as JSON.
    """
    if (which is None) != (action == "list"):
        raise refused(f"imports {action}", "no_id_expected" if which else "id_expected")
    if (file is None) == (action == "correct"):
        raise refused(f"imports {action}", "file_expected" if file is None else "no_file_expected")
    if action == "list":
        found = asked_of_server(server, _listed)
        print_json(found) if json else show(_lines(found))
        return 0
    corrections = None if file is None else _content(file)
    run, problems = asked_of_server(
        server, lambda api: _done(api, action, str(which), corrections, dry_run=dry_run, follow=follow)
    )
    view = import_view(Path(run["file_name"]), run, problems)
    print_json(asdict(view)) if json else show(import_page(view))
    return 0


async def _listed(api: Api) -> list[Any]:
    return [one async for one in api.items("/v1/imports", limit=100)]


async def _done(
    api: Api, action: str, which: str, corrections: bytes | None, *, dry_run: bool, follow: bool
) -> tuple[Any, list[Any]]:
    path = f"/v1/imports/{quote(which, safe='')}"
    params = {"dry_run": "true" if dry_run else "false"}
    if corrections is not None:
        run = await api.post(f"{path}/corrections", content=_once(corrections), params=params)
    elif action in _ASKED:
        run = await api.post(f"{path}/{_ASKED[action]}", params=None if action == "retry" else params)
    else:
        run = await api.get(path)
    if follow:
        run = await closed(api, run, run["file_name"])
    return run, await problems_of(api, run["id"])


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise refused(file, "file_unreadable", detail=error.strerror) from None


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _lines(found: list[Any]) -> Iterator[RenderableType]:
    if not found:
        yield say("grants_none")
    for one in found:
        tried = f", {say('import_tried')}" if one["dry_run"] else ""
        state = say(f"import_{one['state']}")
        yield unbroken(f"{one['id']}  {local(one['started_at'])}  {one['file_name']}: {state}{tried}")

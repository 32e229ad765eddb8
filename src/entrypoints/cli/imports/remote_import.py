"""Importing into a server that runs elsewhere: the file is streamed there, and the report fetched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from ..api import Api, remote
from ..errors import refused
from ..progress import Advance, bar
from ..session import Session
from .following import closed, problems_of
from .import_view import ImportView, RowView, TableCounts

_PIECE = 256 * 1024


async def remote_import(
    session: Session, file: Path, *, dry_run: bool, follow: bool = False, of: str = "catalogue"
) -> ImportView:
    """Return the report; raise CommandFailed with the server's own sentences when it refuses the file."""
    async with remote(session) as api:
        try:
            run = await _send(api, file, dry_run=dry_run, follow=follow, of=of)
            if follow:
                run = await closed(api, run, file.name)
            return import_view(file, run, await problems_of(api, run["id"]))
        except (KeyError, TypeError) as error:
            raise refused(api.place, "unknown_form") from error


async def _send(api: Api, file: Path, *, dry_run: bool, follow: bool, of: str) -> Any:
    size = (await asyncio.to_thread(file.stat)).st_size
    params = {"file_name": file.name, "dry_run": "true" if dry_run else "false"}
    if follow and of == "catalogue":
        params["background"] = "true"
    path = "/v1/imports" if of == "catalogue" else f"/v1/imports/{of}"
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
    with bar("Sending bytes", size) as advance:
        return await api.post(path, content=_pieces(file, advance), params=params, headers=headers)


async def _pieces(file: Path, advance: Advance) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        while piece := await asyncio.to_thread(source.read, _PIECE):
            yield piece
            advance(len(piece))


def import_view(file: Path, run: Any, problems: list[Any]) -> ImportView:
    """Return the server's report as it is shown."""
    return ImportView(
        id=run["id"],
        file=str(file),
        kind=run["kind"],
        state=run["state"],
        origin=run["origin"],
        edition=run["edition"],
        dry_run=run["dry_run"],
        changed_nothing=run["changed_nothing"],
        counts=tuple(TableCounts(table, **counts) for table, counts in run["counts"].items()),
        problems=tuple(
            RowView(one["sheet"], one["row"], one["column"], one["severity"], one["code"], one["message"])
            for one in problems
        ),
    )

"""Importing into a server that runs elsewhere: the file is streamed there, and the report fetched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from ..api import Api, remote
from ..errors import CommandFailed, refused
from ..progress import Advance, bar
from ..session import Session
from .import_view import ImportView, RowView, TableCounts

_PIECE = 256 * 1024
_PAGE = 100
_LOOK_EVERY = 0.5


async def remote_import(session: Session, file: Path, *, dry_run: bool, follow: bool = False) -> ImportView:
    """Return the report; raise CommandFailed with the server's own sentences when it refuses the file."""
    async with remote(session) as api:
        try:
            run = await _send(api, file, dry_run=dry_run, follow=follow)
            if follow:
                run = await _closed(api, run, file.name)
            return import_view(file, run, await _problems(api, run["id"]))
        except (KeyError, TypeError) as error:
            raise refused(api.place, "unknown_form") from error


async def _closed(api: Api, run: Any, file_name: str) -> Any:
    """Return the import once it has come to its end, showing meanwhile how many rows have been read."""
    with bar("Reading rows", None) as advance:
        seen = 0
        while run["state"] in ("waiting", "running"):
            job = run["job"] or {}
            if job.get("status") == "parked":
                raise CommandFailed(job["error"])
            await asyncio.sleep(_LOOK_EVERY)
            run = await api.get(f"/v1/imports/{run['id']}")
            read = (run["job"] or {}).get("rows_read", seen)
            advance(read - seen)
            seen = read
    if run["state"] != "finished":
        problems = await _problems(api, run["id"])
        lines = [f"{one['sheet']}: {one['message']}" for one in problems]
        raise CommandFailed(*lines or [f"{file_name}: {run['state']}"])
    return run


async def _send(api: Api, file: Path, *, dry_run: bool, follow: bool) -> Any:
    size = (await asyncio.to_thread(file.stat)).st_size
    params = {"file_name": file.name, "dry_run": "true" if dry_run else "false"}
    if follow:
        params["background"] = "true"
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
    with bar("Sending bytes", size) as advance:
        return await api.post("/v1/imports", content=_pieces(file, advance), params=params, headers=headers)


async def _pieces(file: Path, advance: Advance) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        while piece := await asyncio.to_thread(source.read, _PIECE):
            yield piece
            advance(len(piece))


async def _problems(api: Api, import_id: str) -> list[Any]:
    return [problem async for problem in api.items(f"/v1/imports/{import_id}/problems", limit=_PAGE)]


def import_view(file: Path, run: Any, problems: list[Any]) -> ImportView:
    """Return the server's report as it is shown."""
    return ImportView(
        id=run["id"],
        file=str(file),
        kind=run["kind"],
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

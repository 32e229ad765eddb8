"""Waiting for an import that a job of the server takes, with a bar for its rows."""

from __future__ import annotations

import asyncio
from typing import Any

from ..api import Api
from ..errors import NEGATIVE, CommandFailed, refused
from ..program import program
from ..progress import bar

LOOK_EVERY = 0.5
_PAGE = 100


async def closed(api: Api, run: Any, file_name: str) -> Any:
    """Return the import once it has come to its end, showing meanwhile how many rows have been read.

    Raises CommandFailed with its reasons where it was refused, has failed or was set aside.
    """
    with bar("Reading rows", None) as advance:
        seen = 0
        while run["state"] in ("waiting", "running"):
            job = run["job"] or {}
            if job.get("status") == "parked":
                known = f"{program()} imports retry {run['id']}"
                raise refused(file_name, "import_set_aside", exit_code=NEGATIVE, known=known)
            await asyncio.sleep(LOOK_EVERY)
            run = await api.get(f"/v1/imports/{run['id']}")
            read = (run["job"] or {}).get("rows_read", seen)
            advance(read - seen)
            seen = read
    if run["state"] != "finished":
        problems = await problems_of(api, run["id"])
        lines = [f"{one['sheet'] or file_name}: {one['message']}" for one in problems]
        raise CommandFailed(*lines or [f"{file_name}: {run['state']}"])
    return run


async def problems_of(api: Api, import_id: str) -> list[Any]:
    """Return everything that is wrong with rows of the import."""
    return [problem async for problem in api.items(f"/v1/imports/{import_id}/problems", limit=_PAGE)]

"""The command ``pack``: what a rule pack would change, told before it is switched on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter
from rich.console import RenderableType

from ..bundle import read_text
from ..connection import asked_of_server
from ..progress import doing
from ..screen import indented, print_json, show, unbroken

if TYPE_CHECKING:
    from ..api import Api

_PAGE = 100
_LOOK_AGAIN = 0.3  # seconds


def pack(
    action: Literal["impact"],
    file: Path,
    /,
    *,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Say what a rule pack would change for every student, before it is switched on.

    Parameters
    ----------
    action
        impact sends the pack to the server, has every student and plan worked out with it and without it, and prints
        who is affected and how, the worst first. Nothing is switched on.
    file
        The pack, as a TOML file.
    server
        The server, as an administrator who is signed in there; otherwise that of the last sign-in, or the one kept
        on this machine.
    json
        Print everything as JSON.
    """
    text = read_text(file)
    found = asked_of_server(server, lambda api: _impact(api, file.name, text))
    if json:
        print_json(found)
    else:
        show(_page(found))
    return 0


async def _impact(api: Api, name: str, text: str) -> Any:
    """Return the finished report with all of its students."""
    kept = await api.post(
        "/v1/rulebook/packs",
        content=_whole(text),
        params={"file_name": name},
        headers={"Content-Type": "application/toml"},
    )
    report = await api.post("/v1/rulebook/impacts", {"packs": [kept["sha256"]]})
    path = f"/v1/rulebook/impacts/{report['id']}"
    with doing() as tell:
        while report["state"] == "running":
            tell(f"{report['totals']['students']} students worked out")
            await asyncio.sleep(_LOOK_AGAIN)
            report = await api.get(path, limit=1)
    students = [student async for student in api.items(path, limit=_PAGE)]
    return {**report, "items": students, "next": None}


async def _whole(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


def _page(report: Any) -> Iterator[RenderableType]:
    yield report["summary"]
    for student in report["items"]:
        yield ""
        yield unbroken(f"student {student['student_id']}")
        for change in student["changes"]:
            yield indented(f"- {change['message']}")
    yield ""
    yield unbroken(f"report {report['id']}, from edition {report['before'][:12]} to {report['after'][:12]}")

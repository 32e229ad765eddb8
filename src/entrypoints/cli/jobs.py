"""The command ``jobs``: jobs that were set aside are listed, looked at and tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote

from cyclopts import Parameter

from .connection import asked_of_server
from .errors import refused
from .screen import indented, print_json, show, unbroken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from .api import Api

_PAGE = 100


def jobs(
    action: Literal["parked", "show", "requeue"],
    job: Annotated[str | None, Parameter(show_default=False)] = None,
    /,
    *,
    server: str | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Look after jobs: list those that were set aside, show one, or let one be tried again.

    Parameters
    ----------
    action
        parked lists the jobs that were set aside, since they kept failing; show says how far one job is; requeue
        lets one that was set aside be tried again.
    job
        The id of the job, for show and requeue.
    server
        The server, as an administrator who is signed in there; otherwise that of the last sign-in, or the one kept
        on this machine.
    json
        Print everything as JSON.
    """
    if (job is None) != (action == "parked"):
        raise refused(f"jobs {action}", "id_expected" if job is None else "no_id_expected")
    found = asked_of_server(server, lambda api: _asked(api, action, quote(job or "", safe="")))
    if json:
        print_json(found)
    else:
        show(_list(found) if action == "parked" else _one(found))
    return 0


async def _asked(api: Api, action: str, job: str) -> Any:
    if action == "parked":
        return [job async for job in api.items("/v1/jobs", status="parked", limit=_PAGE)]
    found = await (api.get(f"/v1/jobs/{job}") if action == "show" else api.post(f"/v1/jobs/{job}/requeue"))
    return {**found, "progress": dict(found["progress"])}


def _list(found: list[Any]) -> Iterator[RenderableType]:
    if not found:
        yield "No job is set aside."
    for job in found:
        yield unbroken(f"{job['id']}  {job['name']}, {_times(job['attempts'])}, last at {job['ended_at']}")
        yield indented(job["error"])


def _one(job: Any) -> Iterator[RenderableType]:
    yield unbroken(
        f"{job['id']}  {job['name']}, {job['status']}, {job['priority']} priority, {_times(job['attempts'])}"
    )
    progress = job["progress"]
    if progress["since"] is not None:
        of = "" if progress["of"] is None else f" of {progress['of']}"
        yield f"  {progress['done']}{of} done since {progress['since']}"
    yield f"  due {job['due_at']}" if job["ended_at"] is None else f"  ended {job['ended_at']}"
    if job["request_id"]:
        yield f"  caused by request {job['request_id']}"
    if job.get("error"):
        yield indented(f"last error: {job['error']}")


def _times(attempts: int) -> str:
    return f"tried {attempts} time{'' if attempts == 1 else 's'}"

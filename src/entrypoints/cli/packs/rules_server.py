"""Changing the rules of a server that runs elsewhere, or of the one whose data are kept on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ....domain.shared.errors import Conflict
from ....domain.shared.ids import ImpactId
from ..api import Api
from ..connection import asked_of_server
from ..errors import NEGATIVE, refused
from ..progress import doing
from ..session import current_session
from ..words import say

_PAGE = 100
_LOOK_AGAIN = 0.3  # seconds
WorkOut = Callable[[str], Awaitable[None]]


async def _by_its_workers(_: str) -> None:
    """Let the server's own workers carry out the job."""


@dataclass(frozen=True)
class Keeper:
    """The API as an administrator, and who works out a report that was asked for."""

    api: Api
    work_out: WorkOut = _by_its_workers

    async def take_in(self, name: str, text: str) -> str:
        """Send the pack, and return its hash; raise CommandFailed with each problem of a broken one."""
        headers = {"Content-Type": "application/toml"}
        kept = await self.api.post(
            "/v1/rulebook/packs", content=_whole(text), params={"file_name": name}, headers=headers
        )
        return str(kept["sha256"])


Question = Callable[[Keeper], Awaitable[Any]]


def asked_as_keeper(server: str | None, question: Question) -> Any:
    """Return the server's answer to an administrator; raise CommandFailed with its own sentences when it refuses."""
    if current_session(server) is not None:
        return asked_of_server(server, lambda api: question(Keeper(api)))
    return asyncio.run(_asked_here(question))


async def _asked_here(question: Question) -> Any:
    from ..embedded import api_of, system_here  # noqa: PLC0415 - starts the whole server in here

    async with system_here() as (system, sign_ins), api_of(system, sign_ins.admin) as api:

        async def work_out(impact_id: str) -> None:
            with suppress(Conflict):  # a server that runs beside this command was first
                await system.use_cases.work_out_impact()(ImpactId(UUID(impact_id)), _unheard, _breathe)

        try:
            return await question(Keeper(api, work_out))
        except (KeyError, TypeError, ValueError) as error:
            raise refused(api.place, "unknown_form_of", exit_code=NEGATIVE, detail=repr(error)) from error


async def impact_of_pack(keeper: Keeper, name: str, text: str) -> Any:
    """Return the finished report of what the pack would change, with all of its students."""
    sha256 = await keeper.take_in(name, text)
    report = await keeper.api.post("/v1/rulebook/impacts", {"packs": [sha256]})
    path = f"/v1/rulebook/impacts/{report['id']}"
    await keeper.work_out(report["id"])
    with doing() as tell:
        while report["state"] == "running":
            report = await keeper.api.get(path, limit=1)
            tell(say("impact_worked_out", count=report["totals"]["students"]))
            await asyncio.sleep(_LOOK_AGAIN if report["state"] == "running" else 0)
        tell("")
    students = [student async for student in keeper.api.items(path, limit=_PAGE)]
    return {**report, "items": students, "next": None}


async def with_current(keeper: Keeper, body: Mapping[str, Any]) -> Any:
    """Return the edition that is in force now by this body, over the one that was in force just before."""
    current = await keeper.api.get("/v1/rulebook/editions/current")
    headers = {"If-Match": f'"{current["number"]}"'}
    return await keeper.api.post("/v1/rulebook/editions", body, headers=headers)


async def _whole(text: str) -> AsyncIterator[bytes]:
    yield text.encode()


async def _unheard(_: int) -> None:
    return


async def _breathe() -> None:
    await asyncio.sleep(0)

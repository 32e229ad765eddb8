"""What a server loads after it has opened, and what becomes of it when that fails."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from higherstudy.entrypoints.cli.processes import serving
from higherstudy.entrypoints.parts.database import Units, _dispose
from higherstudy.entrypoints.parts.later import Later


@dataclass
class Parts:
    """Parts of a server that fail to load, or to be brought up to date, where told so."""

    fails: str = ""
    done: list[str] = field(default_factory=list)

    async def load(self) -> None:
        """Load."""
        await self._do("load")

    async def tidy(self) -> None:
        """Bring up to date."""
        await self._do("tidy")

    async def _do(self, what: str) -> None:
        if what == self.fails:
            raise LookupError(what)
        self.done.append(what)


def a_server(*, started: bool = True) -> Any:
    return SimpleNamespace(started=started, server_state=SimpleNamespace(tasks=set()), should_exit=False)


async def test_a_server_that_cannot_load_its_parts_ends_and_says_why() -> None:
    server, parts = a_server(), Parts(fails="load")

    with capture_logs() as told, pytest.raises(LookupError):
        await serving._prepare(parts, server)  # type: ignore[arg-type]

    assert (server.should_exit, parts.done) == (True, [])
    assert [line["log_level"] for line in told] == ["error"]


async def test_a_server_whose_units_of_work_cannot_be_made_ends_without_another_error() -> None:
    def fail() -> Units:
        raise LookupError("no engine")

    units = Later(fail)
    with pytest.raises(LookupError):
        await units.get()

    await _dispose(units)

    assert units.made is None


async def test_what_cannot_be_brought_up_to_date_ends_no_server() -> None:
    server, parts = a_server(), Parts(fails="tidy")

    with capture_logs() as told:
        await serving._prepare(parts, server)  # type: ignore[arg-type]

    assert (server.should_exit, parts.done) == (False, ["load"])
    assert [line["log_level"] for line in told] == ["error"]


async def test_whoever_waits_at_the_door_comes_before_the_loading() -> None:
    server, parts = a_server(), Parts()
    server.server_state.tasks = {"somebody"}

    preparing = asyncio.create_task(serving._prepare(parts, server))  # type: ignore[arg-type]
    await asyncio.sleep(3 * serving._MOMENT)
    meanwhile = list(parts.done)
    server.server_state.tasks = set()
    await preparing

    assert (meanwhile, parts.done) == ([], ["load", "tidy"])

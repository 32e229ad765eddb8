"""The audit trail in the database of this machine's settings, for whoever operates it: no sign-in is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, TypeVar
from uuid import UUID

from ..errors import CommandFailed
from ..here import use_cases_here
from ..words import sentence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ....domain.audit.chain import Kept
    from ....domain.audit.query import Query
    from ...audit_lines import Form
    from ...wiring.containers.every import UseCases

T = TypeVar("T")


def verify_here(since: int) -> dict[str, Any]:
    """Return the whole verification as the server would, step after step."""

    async def verify(use: UseCases) -> dict[str, Any]:
        from ....domain.audit.use_cases.verifying import verified  # noqa: PLC0415

        found = await verified(use.verify_trail(), since)
        return {
            "seals": found.seals,
            "entries": found.entries,
            "anchors": found.anchors,
            "findings": [
                {
                    "code": one.flaw.value,
                    "message": sentence(f"audit.{one.flaw.value}"),
                    "seal": one.seal,
                    "place": one.place,
                    "entry_id": None if one.entry_id is None else str(one.entry_id),
                }
                for one in found.findings
            ],
        }

    return asyncio.run(_with(verify))


def search_here(asked: Mapping[str, str], limit: int) -> list[Any]:
    """Return at most so many entries that are all of what was asked for."""
    query = _query(asked)

    async def search(use: UseCases) -> list[Any]:
        found: list[Any] = []
        async for page in await use.export_trail().by_operator("audit.searched", query):
            found += map(_shown, page)
            if len(found) >= limit:
                break
        return found[:limit]

    return asyncio.run(_with(search))


def export_here(asked: Mapping[str, str], form: Form, target: BinaryIO) -> None:
    """Write all entries that are all of what was asked for."""
    query = _query(asked)

    async def export(use: UseCases) -> None:
        from ...audit_lines import beginning, lines  # noqa: PLC0415

        target.write(beginning(form))
        async for page in await use.export_trail().by_operator("audit.exported", query):
            target.write(lines(form, page))

    asyncio.run(_with(export))


async def _with(ask: Callable[[UseCases], Awaitable[T]]) -> T:
    async with use_cases_here() as use:
        return await ask(use)


def _query(asked: Mapping[str, str]) -> Query:
    """Return the query; raise CommandFailed naming what is no id or no moment."""
    import msgspec  # noqa: PLC0415

    from ....domain.audit.query import Query  # noqa: PLC0415

    kinds = {
        "actor": UUID,
        "student_id": UUID,
        "subject_id": UUID,
        "since": Annotated[datetime, msgspec.Meta(tz=True)],
        "until": Annotated[datetime, msgspec.Meta(tz=True)],
    }
    found: dict[str, Any] = {}
    for name, given in asked.items():
        try:
            found[name] = msgspec.convert(given, kinds.get(name, str))
        except msgspec.ValidationError:
            code = "data.not_an_id" if kinds[name] is UUID else "data.not_a_moment"
            place = f"--{name.removesuffix('_id')}"
            raise CommandFailed(f"{place}: {sentence(code, given=given)}") from None
    return Query(**found)


def _shown(kept: Kept) -> dict[str, Any]:
    from ...audit_lines import fields_of  # noqa: PLC0415

    return {**fields_of(kept), "message": sentence(kept.entry.action)}

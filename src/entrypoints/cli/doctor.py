"""The command ``doctor``: what is wrong with this installation, why, and what mends it."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ...domain.shared.errors import DomainError
from .progress import doing
from .screen import indented, print_json, show, unbroken
from .words import say, sentences_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from ..doctor.finding import Finding


def doctor(*, json: Annotated[bool, Parameter(negative=())] = False) -> int:
    """Look at the settings, the home, the database, the services, the work and the files of this installation, and say
    of each thing that is wrong why, and what mends it. Nothing is changed. Exit code 1 where something is broken.
    On the machine and with the settings of the server, while it runs or not.

    Parameters
    ----------
    json
        Print everything as JSON.
    """
    from ..doctor.finding import Level  # noqa: PLC0415 - its weight is kept out of help and other commands

    found = asyncio.run(_found())
    if json:
        print_json([_told(one) for one in found])
    else:
        show(_page(found))
    return int(any(one.level is Level.BROKEN for one in found))


async def _found() -> list[Finding]:
    from ..doctor.looking import look  # noqa: PLC0415
    from ..watching.logs import log_to_stderr  # noqa: PLC0415

    log_to_stderr("critical", "text")  # what goes wrong is said by the findings
    with doing() as tell:
        found = [finding async for finding in look(os.environ, tell)]
        tell("")
    return found


def _told(one: Finding) -> dict[str, str]:
    return {"code": one.code, "level": one.level.value, "cause": _sentence(one), "mend": _mend(one)}


def _page(found: list[Finding]) -> Iterator[RenderableType]:
    if not found:
        yield say("nothing_is_wrong")
    for one in found:
        yield unbroken(f"{say(f'doctor_{one.level.value}')}: {_sentence(one)}")
        yield indented(_mend(one))


def _sentence(one: Finding) -> str:
    return " ".join(sentences_of(DomainError(one.cause)))


def _mend(one: Finding) -> str:
    return " ".join(sentences_of(DomainError(one.mend)))

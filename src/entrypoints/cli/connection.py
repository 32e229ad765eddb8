"""Reaching a server: one that runs elsewhere, or the one whose data are kept on this machine, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from .errors import NEGATIVE, refused
from .session import current_session

if TYPE_CHECKING:
    from .api import Api

T = TypeVar("T")


def asked_of_server(server: str | None, question: Callable[[Api], Awaitable[T]]) -> T:
    """Return the server's answer to the question; raise CommandFailed when it speaks another language than ours."""

    async def ask() -> T:
        async with connected(server) as api:
            try:
                return await question(api)
            except (KeyError, TypeError, ValueError) as error:
                raise refused(api.place, "unknown_form_of", exit_code=NEGATIVE, detail=repr(error)) from error

    return asyncio.run(ask())


@asynccontextmanager
async def connected(server: str | None) -> AsyncIterator[Api]:
    """Give the API of the named server, of the last sign-in's, or else of the one kept on this machine."""
    from .api import remote  # noqa: PLC0415 - slow, and not needed for case files

    session = current_session(server)
    if session is not None:
        async with remote(session) as api:
            yield api
        return
    from .embedded import embedded  # noqa: PLC0415 - starts the whole server in here

    async with embedded() as api:
        yield api

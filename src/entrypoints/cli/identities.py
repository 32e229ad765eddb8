"""The command ``identities``: which providers sign one in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .connection import asked_of_server
from .proving import proven
from .words import moment, say

if TYPE_CHECKING:
    from .api import Api


def identities(*, remove: str | None = None, server: str | None = None) -> int:
    """List which providers sign you in to your account, or remove one. Signing in at one, and linking, takes a browser.

    Parameters
    ----------
    remove
        The id of what is to sign you in no more; a mail tells you of it.
    server
        The server's web address; by default the one of the last sign-in.
    """

    async def ask(api: Api) -> list[str]:
        if remove is not None:
            await proven(api, lambda: api.delete(f"/v1/me/identities/{quote(remove, safe='')}"))
        return [_line_of(one) for one in (await api.get("/v1/me/identities"))["items"]]

    for line in asked_of_server(server, ask) or [say("identity_none")]:
        print(line)
    return 0


def _line_of(one: Mapping[str, Any]) -> str:
    linked = moment(datetime.fromisoformat(one["linked_at"]).astimezone())
    return f"{one['id']}  {say('identity_line', known=one['name'], begun=linked)}"

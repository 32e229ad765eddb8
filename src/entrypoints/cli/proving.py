"""Showing once more that it is oneself, where the server wants that before something is changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from .errors import CommandFailed
from .sign_in import asked, factor_shown, hidden
from .words import say

if TYPE_CHECKING:
    from .api import Api

_FACTORS = "/v1/me/factors"


async def proven(api: Api, change: Callable[[], Awaitable[Any]]) -> Any:
    """Make the change, after a proof where the server wants one."""
    try:
        return await change()
    except CommandFailed as failure:
        if failure.code != "proof_needed":
            raise
    has_factor = bool((await api.get(_FACTORS))["items"])
    await api.post("/v1/me/proof", factor_shown(asked(f"{say('ask_factor')} ")) if has_factor else _password())
    return await change()


def _password() -> Mapping[str, str]:
    return {"password": hidden(f"{say('ask_password')} ")}

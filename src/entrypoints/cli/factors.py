"""The commands ``factors`` and ``lost-factors``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .connection import asked_of_server
from .program import program
from .proving import proven
from .sign_in import asked
from .words import local, say

if TYPE_CHECKING:
    from .api import Api

_FACTORS = "/v1/me/factors"


def factors(
    *,
    add_app: bool = False,
    label: str = "",
    remove: str | None = None,
    recovery_codes: bool = False,
    server: str | None = None,
) -> int:
    """List your second factors, set up an app that makes codes, or remove one.

    Where a proof is needed that it is you, a code or the password is asked for, or read from a line of the input where
    that is no terminal. Passkeys are added in a browser.

    Parameters
    ----------
    add_app
        Set up an app that makes codes, and confirm it by its first code.
    label
        What you call it.
    remove
        The id of the factor to remove.
    recovery_codes
        Make new recovery codes; those before are good no more. They are printed once.
    server
        The server's web address; by default the one of the last sign-in.
    """

    async def ask(api: Api) -> list[str]:
        codes: list[str] = []
        if add_app:
            codes = await _add(api, label)
        if remove is not None:
            await proven(api, lambda: api.delete(f"{_FACTORS}/{quote(remove, safe='')}"))
        if recovery_codes:
            codes = (await proven(api, lambda: api.post("/v1/me/recovery-codes")))["recovery_codes"]
        page = await api.get(_FACTORS)
        if not page["items"]:
            return [say("factors_none", known=f"{program()} factors --add-app")]
        left = say("recovery_codes_left", number=page["recovery_codes_left"])
        return [*_told(codes), *(_line_of(one) for one in page["items"]), left]

    for told in asked_of_server(server, ask):
        print(told)
    return 0


def lost_factors(email: str, /, *, reason: str, server: str | None = None) -> int:
    """Remove all second factors of somebody who has lost them and the recovery codes; an administrator may, who has
    made sure that it is she who asks. She is signed out everywhere and told by mail.

    Parameters
    ----------
    email
        The e-mail address of the account.
    reason
        Why, and how you made sure. She reads it.
    server
        The server, as an administrator who is signed in there; by default that of the last sign-in.
    """
    asked = {"email": email, "reason": reason}
    asked_of_server(server, lambda api: proven(api, lambda: api.post("/v1/lost-factors", asked)))
    print(say("lost_factors_removed", given=email))
    return 0


async def _add(api: Api, label: str) -> list[str]:
    begun = await proven(api, lambda: api.post(f"{_FACTORS}/totp", {"label": label}))
    print(say("app_begun", known=begun["secret"], given=begun["address"]), file=sys.stderr)
    code = asked(f"{say('ask_app_code')} ")
    added = await api.post(f"{_FACTORS}/{begun['id']}/confirmation", {"code": code.strip()})
    codes: list[str] = added["recovery_codes"]
    return codes


def _told(codes: list[str]) -> list[str]:
    return [say("recovery_codes_made"), *codes, ""] if codes else []


def _line_of(one: Mapping[str, Any]) -> str:
    return f"{one['id']}  {say('factor_' + one['kind'], begun=local(one['made_at']))}  {one['label']}".rstrip()

"""The commands ``keys``, ``service-accounts`` and ``roles``: which programs may ask, and who may what."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .connection import asked_of_server
from .proving import proven
from .words import moment, say

if TYPE_CHECKING:
    from .api import Api


def list_keys(*, service_account: str | None = None, server: str | None = None) -> int:
    """List your API keys, or those of a program's account, with their last use.

    Parameters
    ----------
    service_account
        The id of the program's account; you are an administrator then.
    server
        The server's web address; by default the one of the last sign-in.
    """

    async def ask(api: Api) -> list[str]:
        return [_key(one) for one in (await api.get(_keys(service_account)))["items"]]

    return _print(asked_of_server(server, ask))


def add_key(
    name: str,
    /,
    *,
    scope: list[str],
    until: datetime | None = None,
    network: list[str] | None = None,
    service_account: str | None = None,
    server: str | None = None,
) -> int:
    """Make an API key, and print it: this is the one time that it is shown.

    Parameters
    ----------
    name
        What the key is for.
    scope
        What it may be used for, such as plans:read; repeat it for more.
    until
        When it ends, as 2027-01-31; left out, not by itself.
    network
        An address range that it may be used from, such as 192.0.2.0/24; repeat it for more. Left out: any.
    service_account
        The id of the program's account that it is for; left out, your own.
    server
        The server's web address; by default the one of the last sign-in.
    """
    body: dict[str, Any] = {"name": name, "scopes": scope, "networks": network or []}
    if until is not None:
        body["until"] = until.astimezone().isoformat()

    async def ask(api: Api) -> str:
        return str((await proven(api, lambda: api.post(_keys(service_account), body)))["key"])

    key = asked_of_server(server, ask)
    print(say("key_shown_once"), file=sys.stderr)
    print(key)
    return 0


def revoke_key(key: str, /, *, service_account: str | None = None, server: str | None = None) -> int:
    """Let an API key be good no more.

    Parameters
    ----------
    key
        The id of the key, as in the list.
    service_account
        The id of the program's account that it is of; left out, your own.
    server
        The server's web address; by default the one of the last sign-in.
    """
    asked_of_server(server, lambda api: api.delete(f"{_keys(service_account)}/{quote(key, safe='')}"))
    return _print([say("key_revoked")])


def list_service_accounts(*, server: str | None = None) -> int:
    """List the accounts of programs; an administrator may.

    Parameters
    ----------
    server
        The server's web address; by default the one of the last sign-in.
    """

    async def ask(api: Api) -> list[str]:
        return [_service(one) for one in (await api.get("/v1/service-accounts"))["items"]]

    return _print(asked_of_server(server, ask))


def add_service_account(name: str, /, *, server: str | None = None) -> int:
    """Make an account for a program, which has keys alone; an administrator may.

    Parameters
    ----------
    name
        What the program is called.
    server
        The server's web address; by default the one of the last sign-in.
    """

    async def ask(api: Api) -> str:
        return _service(await api.post("/v1/service-accounts", {"name": name}))

    return _print([asked_of_server(server, ask)])


def close_service_account(account: str, /, *, server: str | None = None) -> int:
    """Close an account of a program for good, with all of its keys; an administrator may.

    Parameters
    ----------
    account
        The id of the account, as in the list.
    server
        The server's web address; by default the one of the last sign-in.
    """
    asked_of_server(server, lambda api: api.delete(f"/v1/service-accounts/{quote(account, safe='')}"))
    return _print([say("account_closed")])


def give_role(account: str, role: str, /, *, server: str | None = None) -> int:
    """Give an account a role; an administrator may.

    Parameters
    ----------
    account
        The id of the account.
    role
        counsellor, admin or auditor.
    server
        The server's web address; by default the one of the last sign-in.
    """

    async def ask(api: Api) -> list[str]:
        return list((await api.post(f"/v1/accounts/{quote(account, safe='')}/roles", {"role": role}))["roles"])

    return _print([", ".join(asked_of_server(server, ask))])


def take_role(account: str, role: str, /, *, server: str | None = None) -> int:
    """Take a role from an account; an administrator may.

    Parameters
    ----------
    account
        The id of the account.
    role
        The role that it has.
    server
        The server's web address; by default the one of the last sign-in.
    """
    path = f"/v1/accounts/{quote(account, safe='')}/roles/{quote(role, safe='')}"
    asked_of_server(server, lambda api: api.delete(path))
    return _print([say("role_taken")])


def _keys(service_account: str | None) -> str:
    if service_account is None:
        return "/v1/me/keys"
    return f"/v1/service-accounts/{quote(service_account, safe='')}/keys"


def _key(one: Mapping[str, Any]) -> str:
    used = say("key_never_used") if one["used_at"] is None else say("key_used", used=_moment(one["used_at"]))
    over = "" if one["live"] else f"  {say('key_over')}"
    return f"{one['id']}  {one['name']}  {', '.join(one['scopes'])}  {used}{over}"


def _service(one: Mapping[str, Any]) -> str:
    over = "" if one["closed_at"] is None else f"  {say('account_closed')}"
    return f"{one['id']}  {one['name']}  {', '.join(one['roles'])}{over}"


def _moment(sent: str) -> str:
    return moment(datetime.fromisoformat(sent).astimezone())


def _print(lines: list[str]) -> int:
    for line in lines:
        print(line)
    return 0

"""The commands ``sign-in`` and ``sign-out``."""

from __future__ import annotations

import asyncio
import getpass
import sys
from typing import Any

from .api import remote
from .errors import refused
from .session import Session, forget, keep, server_address
from .words import say


def sign_in(*, server: str = "http://127.0.0.1:8000", email: str | None = None) -> int:
    """Sign in to a server, for the commands that follow. The token is kept where only you can read it.

    The password is asked for, or read from the first line of the input where that is no terminal.

    Parameters
    ----------
    server
        The server's web address.
    email
        The e-mail address of the account; asked for when it is left out.
    """
    address = server_address(server)
    name = email or _asked(f"{say('ask_email')} ")
    password = getpass.getpass(f"{say('ask_password')} ") if sys.stdin.isatty() else _line()
    answer = asyncio.run(_sign_in(address, name, password))
    file = keep(Session(address, answer["access_token"], name))
    print(say("signed_in", id=address, given=name, minutes=answer["expires_in"] // 60, known=str(file)))
    return 0


def sign_out() -> int:
    """Forget the server and the sign-in."""
    print(say("signed_out") if forget() else say("nobody_signed_in"))
    return 0


async def _sign_in(address: str, email: str, password: str) -> dict[str, Any]:
    async with remote(Session(address)) as api:
        answer: dict[str, Any] = await api.post("/v1/sessions", {"email": email, "password": password})
        return answer


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        return _line()
    print(question, end="", file=sys.stderr, flush=True)
    return _line()


def _line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise refused("sign-in", "sign_in_lines")
    return line.rstrip("\r\n")

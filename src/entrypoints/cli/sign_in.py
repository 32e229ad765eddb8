"""The commands ``register``, ``sign-in``, ``sign-out``, ``sessions``, ``reset-password`` and ``confirm-email``."""

from __future__ import annotations

import asyncio
import getpass
import sys
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from cyclopts import Parameter

from .api import Api, keep_tokens, remote
from .connection import asked_of_server
from .errors import CommandFailed, complain, refused
from .program import program
from .session import (
    NEAR,
    Session,
    chosen_server,
    current_session,
    device_token,
    forget,
    keep_device,
    server_address,
    session_file,
)
from .words import local, say


def sign_in(*, server: str = NEAR, email: str | None = None) -> int:
    """Sign in to a server, for the commands that follow. The token is kept where only you can read it.

    The password, and where the account has a second factor a code, are asked for, or read from a line each of the
    input where that is no terminal.

    Parameters
    ----------
    server
        The server's web address.
    email
        The e-mail address of the account; asked for when it is left out.
    """
    address = server_address(server)
    name = email or asked(f"{say('ask_email')} ")
    _signed_in(address, name, hidden(f"{say('ask_password')} "))
    return 0


def register(*, server: str | None = None, email: str | None = None, name: str | None = None) -> int:
    """Open an account on a server, with an empty record behind it, and sign in. A mail brings a code, by which
    confirm-email confirms the address.

    What is left out is asked for, and the password, or read from a line each of the input where that is no terminal.

    Parameters
    ----------
    server
        The server's web address; by default the one of the last sign-in.
    email
        The e-mail address.
    name
        Your name, as in the passport.
    """
    address = server_address(chosen_server(server))
    given = email or asked(f"{say('ask_email')} ")
    called = asked(f"{say('ask_name')} ") if name is None else name
    password = hidden(f"{say('ask_new_password')} ")
    asyncio.run(_post(address, "/v1/accounts", email=given, name=called, password=password))
    print(say("registered", given=given, known=f"{program()} confirm-email"))
    _signed_in(address, given, password)
    return 0


def sign_out() -> int:
    """End the sign-in on the server, and forget both."""
    session = current_session(None)
    if session is None or not session.token:
        print(say("signed_out") if forget() else say("nobody_signed_in"))
        return 0
    try:
        asyncio.run(_sign_out(session))
    except CommandFailed as failure:  # it is forgotten here in any case, and ends there by itself
        complain(failure.lines)
    forget()
    print(say("signed_out"))
    return 0


def sessions(*, end: str | None = None, end_others: bool = False, server: str | None = None) -> int:
    """List where you are signed in, or sign out somewhere else.

    Parameters
    ----------
    end
        The id of the session to sign out of.
    end_others
        Sign out everywhere but here.
    server
        The server's web address; by default the one of the last sign-in.
    """

    async def ask(api: Api) -> list[str]:
        if end is not None:
            await api.delete(f"/v1/sessions/{quote(end, safe='')}")
        if end_others:
            await api.delete("/v1/sessions", others="true")
        return [_line_of(one) for one in (await api.get("/v1/sessions"))["items"]]

    for line in asked_of_server(server, ask):
        print(line)
    return 0


def reset_password(*, server: str | None = None, email: str | None = None, code: bool = False) -> int:
    """Ask for a mail with a code, then set a new password by it. All sign-ins of the account end.

    Code and password are asked for, or read from a line each of the input where that is no terminal.

    Parameters
    ----------
    server
        The server's web address; by default the one of the last sign-in.
    email
        The e-mail address of the account; asked for when it is left out.
    code
        The mail is there already: take its code, and send no other.
    """
    address = server_address(chosen_server(server))
    if not code:
        name = email or asked(f"{say('ask_email')} ")
        asyncio.run(_post(address, "/v1/password-resets", email=name))
        print(say("code_sent", given=name), file=sys.stderr)
    given = asked(f"{say('ask_code')} ")
    password = hidden(f"{say('ask_new_password')} ")
    asyncio.run(_post(address, "/v1/password-resets/completion", code=given, password=password))
    print(say("password_set"))
    return 0


def confirm_email(*, again: Annotated[bool, Parameter(negative=())] = False, server: str | None = None) -> int:
    """Confirm the e-mail address of the account that is signed in, by the code of a mail.

    The code is asked for, or read from the first line of the input where that is no terminal.

    Parameters
    ----------
    again
        Have another mail sent, and ask for no code.
    server
        The server's web address; by default the one of the last sign-in.
    """
    if again:
        asked_of_server(server, lambda api: api.post("/v1/me/email-confirmation"))
        print(say("confirmation_sent"))
        return 0
    code = asked(f"{say('ask_code')} ")
    asked_of_server(server, lambda api: api.post("/v1/email-confirmations", {"code": code}))
    print(say("email_confirmed"))
    return 0


async def _post(address: str, path: str, **body: str) -> None:
    async with remote(Session(address)) as api:
        await api.post(path, body)


def _signed_in(address: str, email: str, password: str) -> None:
    until = asyncio.run(_sign_in(address, email, password))
    print(say("signed_in", id=address, given=email, until=local(until), known=str(session_file())))


async def _sign_in(address: str, email: str, password: str) -> str:
    async with remote(Session(address)) as api:
        known = device_token(address, email)
        device = {"device_token": known} if known else {}
        answer = await api.post("/v1/sessions", {"email": email, "password": password, **device})
        if "ticket" in answer:
            shown = factor_shown(asked(f"{say('ask_factor')} "))
            answer = await api.post("/v1/sessions/second-factor", {"ticket": answer["ticket"], **shown, **device})
        keep_tokens(Session(address, email=email), answer)
        if answer.get("device_token"):
            keep_device(address, email, answer["device_token"])
        if answer.get("waiting_roles"):
            print(say("roles_wait", given=", ".join(answer["waiting_roles"])), file=sys.stderr)
        return str(answer["until"])


async def _sign_out(session: Session) -> None:
    async with remote(session) as api:
        ours = [one["id"] for one in (await api.get("/v1/sessions"))["items"] if one["current"]]
        for session_id in ours:
            await api.delete(f"/v1/sessions/{session_id}")


def _line_of(one: Mapping[str, Any]) -> str:
    place = "session_here" if one["current"] else "session_elsewhere"
    told = say(place, begun=local(one["begun_at"]), used=local(one["used_at"]))
    return f"{one['id']}  {told}  {one['device']}".rstrip()


def factor_shown(typed: str) -> dict[str, str]:
    """Return what was typed as the server takes it: six digits are an app's code, anything else a recovery code."""
    code = typed.strip()
    return {"code": code} if code.isascii() and code.isdigit() else {"recovery_code": code}


def asked(question: str) -> str:
    """Return what is typed after the question, or the next line of the input where that is no terminal."""
    if sys.stdin.isatty():
        print(question, end="", file=sys.stderr, flush=True)
    return _line(question)


def hidden(question: str) -> str:
    """Return the same of what nobody is to read over a shoulder."""
    return getpass.getpass(question) if sys.stdin.isatty() else _line(question)


def _line(question: str) -> str:
    """Return the next line of the input; raise CommandFailed that names the question where there is none."""
    found = sys.stdin.readline()
    if not found:
        raise refused(question.rstrip(": "), "line_expected")
    return found.rstrip("\r\n")

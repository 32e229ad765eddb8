"""The command ``accounts``."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from cyclopts import Parameter

from .connection import asked_of_server
from .errors import refused
from .program import program
from .words import say


def sign_out_account(
    account: Annotated[str | None, Parameter(show_default=False)] = None,
    /,
    *,
    reason: str,
    keys: bool = False,
    everybody: bool = False,
    server: str | None = None,
) -> int:
    """End every sign-in of an account at once, or of all accounts; an administrator may. Holders are told by mail, and
    may sign in again.

    Parameters
    ----------
    account
        The id of the account; none with --everybody.
    reason
        Why. The audit trail keeps it, and a student reads it in her activity: write no names.
    keys
        Revoke its API keys too, for good. Without it programs of the holder's go on.
    everybody
        Sign out all accounts, after a leak, your own too. API keys go on.
    server
        The server's web address; by default the one of the last sign-in.
    """
    if everybody:
        if account is not None or keys:
            raise refused("accounts sign-out", "everybody_alone")
        begun = asked_of_server(server, lambda api: api.post("/v1/accounts/sign-out", {"reason": reason}))
        print(say("job_begun", known=f"{program()} jobs show {begun['job_id']}"))
        return 0
    if account is None:
        raise refused("accounts sign-out", "id_expected")
    path = f"/v1/accounts/{quote(account, safe='')}/sign-out"
    done = asked_of_server(server, lambda api: api.post(path, {"reason": reason, "keys": keys}))
    print(say("account_signed_out", sessions=done["sessions"], keys=done["keys"]))
    return 0

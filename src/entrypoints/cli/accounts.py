"""The command ``accounts``."""

from __future__ import annotations

from urllib.parse import quote

from .connection import asked_of_server
from .words import say


def sign_out_account(account: str, /, *, reason: str, keys: bool = False, server: str | None = None) -> int:
    """End every sign-in of an account at once; an administrator may. Its holder is told by mail, and may sign in again.

    Parameters
    ----------
    account
        The id of the account.
    reason
        Why. The audit trail keeps it, and a student reads it in her activity: write no names.
    keys
        Revoke its API keys too, for good. Without it programs of the holder's go on.
    server
        The server's web address; by default the one of the last sign-in.
    """
    path = f"/v1/accounts/{quote(account, safe='')}/sign-out"
    done = asked_of_server(server, lambda api: api.post(path, {"reason": reason, "keys": keys}))
    print(say("account_signed_out", sessions=done["sessions"], keys=done["keys"]))
    return 0

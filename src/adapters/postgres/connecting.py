"""What every connection needs to know, and what the server's codes say; all of it without SQLAlchemy."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import quote, unquote

# https://www.postgresql.org/docs/current/errcodes-appendix.html
SHUT_DOWN = {"57P01", "57P02"}  # by the administrator, after a crash; the connection ends with it
NOT_NOW = {
    "55P03",  # lock not available: lock_timeout ran out
    "57014",  # query cancelled: statement_timeout ran out
    "25P03",  # idle in transaction for too long
    "25P04",  # in one transaction for too long
    "53100",  # disk full
    "53200",  # out of memory
    "53300",  # too many connections
    "57P03",  # cannot connect now: starting up
    "25006",  # read-only: a standby was promoted elsewhere
}

_URL = re.compile(
    r"postgres(?:ql)?(?:\+\w+)?://(?:(?P<user>[^:/@]*)(?::(?P<password>[^@]*))?@)?(?P<place>[^?]*)(?P<query>.*)"
)


def plain_url(url: str) -> str:
    """Return the URL as the driver itself takes it, whichever ``postgres...`` scheme was given and whatever letters the
    password has; what is no such URL is returned as it is."""
    found = _URL.fullmatch(url)
    if found is None:
        return url
    who = quote(unquote(found["user"] or ""), safe="")
    if found["password"] is not None:
        who = f"{who}:{quote(unquote(found['password']), safe='')}"
    query = re.sub(r"(?<=[?&])ssl=", "sslmode=", found["query"])
    return f"postgresql://{who}{'@' if found['user'] is not None else ''}{found['place']}{query}"


def server_settings(
    *,
    statement_timeout: timedelta = timedelta(seconds=15),
    lock_timeout: timedelta = timedelta(seconds=3),
    name: str = "higherstudy",
    role: str | None = None,
) -> dict[str, str]:
    """Return what every connection tells the server of itself."""
    return {
        "application_name": name,
        "statement_timeout": milliseconds(statement_timeout),
        "lock_timeout": milliseconds(lock_timeout),
        "idle_in_transaction_session_timeout": milliseconds(statement_timeout * 2),
        "timezone": "UTC",
        **({"role": role} if role else {}),
    }


def sqlstate(error: Exception) -> str:
    """Return the server's five-letter code of this error, or nothing when it came from the driver."""
    return str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")


def is_for_now(error: Exception) -> bool:
    """Whether the server only cannot do it now."""
    state = sqlstate(error)
    return state[:2] == "08" or state in SHUT_DOWN or state in NOT_NOW


def milliseconds(span: timedelta) -> str:
    """Return the span as the server takes it for a limit."""
    return str(max(1, int(span.total_seconds() * 1000)))  # 0 would mean no limit at all

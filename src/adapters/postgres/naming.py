"""Saying which database cannot be used, and why, to whoever has set it up."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from ...domain.shared.errors import Reason
from ...ports.errors import Unavailable
from .connecting import plain_url, sqlstate

_ERRNO = re.compile(r"\[Errno (\d+)\]")


@contextmanager
def naming(url: str, setting: str) -> Iterator[None]:
    """Raise Unavailable naming the setting, the host, the port, the database and the reason; never a password.

    For the first look at a database that somebody else runs, where only who has set it up can help.
    """
    try:
        yield
    except Unavailable as error:
        code, detail = _said_by(error.__cause__)
        raise Unavailable(_reason(code, url, setting, detail)) from error
    except Exception as error:
        if not sqlstate(error):  # nothing that the server has said
            raise
        code, detail = _said_by(error)
        raise Unavailable(_reason(code, url, setting, detail)) from error


def _reason(code: str, url: str, setting: str, detail: str) -> Reason:
    place = urlsplit(plain_url(url))
    host = place.hostname or parse_qs(place.query).get("host", ["localhost"])[0]
    database = place.path.removeprefix("/")
    return Reason(code, {"host": host, "port": place.port or 5432, "database": database, "detail": detail}, setting)


def _said_by(cause: BaseException | None) -> tuple[str, str]:
    """Return the code for what went wrong, and the words of the server or of the operating system for it."""
    if isinstance(cause, Exception) and sqlstate(cause):
        return "database.refused", str(getattr(cause, "orig", cause)).strip().partition("\n")[0].rstrip(".")
    if isinstance(cause, TimeoutError):
        return "database.not_reached", "nothing that speaks PostgreSQL has answered in time"
    if isinstance(cause, socket.gaierror):
        return "database.not_reached", "there is no host of this name"
    number = getattr(cause, "errno", None) or next(iter(map(int, _ERRNO.findall(str(cause)))), None)
    return "database.not_reached", os.strerror(number) if number else "what answers there is no PostgreSQL"

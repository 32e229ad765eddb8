"""Connections to the server, and what its errors mean to the domain."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import asyncpg
import msgspec
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ...domain.shared.errors import Conflict, DomainError, Invalid, Reason
from ...ports.errors import NotKept, RolledBack, Unavailable

DRIVER = "postgresql+asyncpg"

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_SOMEBODY_WAS_FIRST = {"23505", "23P01"}  # unique, exclusion
_UNDONE = {"40001", "40P01"}  # serialization, deadlock
_SHUT_DOWN = {"57P01", "57P02"}  # by the administrator, after a crash; the connection ends with it
_NOT_NOW = {
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
_ERRNO = re.compile(r"\[Errno (\d+)\]")


def driver_url(url: str) -> URL:
    """Return the URL with our driver, whichever ``postgres...`` scheme was given."""
    parsed = make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername=DRIVER)
    # Hosted databases hand out sslmode, as PostgreSQL's own programs take it; the driver's argument is called ssl.
    mode = parsed.query.get("sslmode")
    return parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode}) if mode else parsed


def plain_url(url: str) -> str:
    """Return the URL as the driver itself takes it, without SQLAlchemy between."""
    parsed = driver_url(url).set(drivername="postgresql")
    mode = parsed.query.get("ssl")
    if mode:
        parsed = parsed.difference_update_query(["ssl"]).update_query_dict({"sslmode": mode})
    return parsed.render_as_string(hide_password=False)


def create_engine(
    url: str,
    *,
    pool_size: int = 8,
    overflow: int = 4,
    pool_wait: timedelta = timedelta(seconds=5),
    statement_timeout: timedelta = timedelta(seconds=15),
    lock_timeout: timedelta = timedelta(seconds=3),
    connect_timeout: timedelta = timedelta(seconds=5),
    role: str | None = None,
    name: str = "higherstudy",
) -> AsyncEngine:
    """Return an engine that connects when first used; with ``role`` each connection acts with that role's rights."""
    server = server_settings(statement_timeout=statement_timeout, lock_timeout=lock_timeout, name=name, role=role)
    return create_async_engine(
        driver_url(url),
        pool_size=pool_size,
        max_overflow=overflow,
        pool_timeout=pool_wait.total_seconds(),
        connect_args={"server_settings": server, "timeout": connect_timeout.total_seconds()},
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        hide_parameters=True,  # what students have said must not stand in a log
    )


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


@contextmanager
def translated() -> Iterator[None]:
    """Raise what it means to the domain, with the cause kept, for what server, driver or pool raise inside.

    Conflict, Unavailable or Invalid; of these NotKept for a connection that was lost, and RolledBack where the server
    has undone the transaction for the sake of another.
    """
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable from error
    except (DBAPIError, asyncpg.PostgresError) as error:
        if meant := _meaning(error):
            raise meant from error
        raise
    except StatementError as error:
        if _is_about_a_value(error):
            raise Invalid(Reason("data.cannot_be_kept")) from error
        raise
    except asyncpg.InterfaceError as error:  # the driver's own
        if "closed" in str(error):
            raise NotKept from error
        raise
    except asyncpg.InternalClientError as error:  # the server went away in the middle of an answer
        raise NotKept from error
    except (ConnectionError, TimeoutError, OSError) as error:
        raise Unavailable from error


def _meaning(error: DBAPIError | asyncpg.PostgresError) -> DomainError | None:
    """Return what the domain is told of the error, None for one that only a mistake of ours brings about."""
    state = sqlstate(error)
    if getattr(error, "connection_invalidated", False) or state[:2] == "08" or state in _SHUT_DOWN:
        return NotKept()
    if state in _NOT_NOW:
        return Unavailable()
    if state in _UNDONE:
        return RolledBack()
    if state in _SOMEBODY_WAS_FIRST:
        return Conflict()
    return Invalid(Reason("data.cannot_be_kept")) if _is_about_a_value(error) else None


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
    except DBAPIError as error:
        code, detail = _said_by(error)
        raise Unavailable(_reason(code, url, setting, detail)) from error


def _reason(code: str, url: str, setting: str, detail: str) -> Reason:
    place = driver_url(url)
    host = place.host or str(place.query.get("host", "localhost"))
    port, database = place.port or 5432, place.database or ""
    return Reason(code, {"host": host, "port": port, "database": database, "detail": detail}, setting)


def _said_by(cause: BaseException | None) -> tuple[str, str]:
    """Return the code for what went wrong, and the words of the server or of the operating system for it."""
    if isinstance(cause, DBAPIError):
        return "database.refused", str(cause.orig).strip().partition("\n")[0].rstrip(".")
    if isinstance(cause, PoolTimeout | TimeoutError):
        return "database.not_reached", "nothing that speaks PostgreSQL has answered in time"
    if isinstance(cause, socket.gaierror):
        return "database.not_reached", "there is no host of this name"
    number = getattr(cause, "errno", None) or next(iter(map(int, _ERRNO.findall(str(cause)))), None)
    return "database.not_reached", os.strerror(number) if number else "what answers there is no PostgreSQL"


def _is_about_a_value(error: Exception) -> bool:
    """Whether a value cannot be written at all: a null character, half a letter, a number out of range."""
    said = getattr(error, "orig", error)
    causes = (said, getattr(said, "__cause__", None))
    return str(getattr(said, "sqlstate", None) or "").startswith("22") or any(
        isinstance(cause, asyncpg.DataError | UnicodeError) for cause in causes
    )


def sqlstate(error: Exception) -> str:
    """Return the server's five-letter code of this error, or nothing when it came from the driver."""
    return str(getattr(getattr(error, "orig", error), "sqlstate", None) or "")


def is_for_now(error: Exception) -> bool:
    """Whether the server only cannot do it now."""
    state = sqlstate(error)
    return state[:2] == "08" or state in _SHUT_DOWN or state in _NOT_NOW


def milliseconds(span: timedelta) -> str:
    """Return the span as the server takes it for a limit."""
    return str(max(1, int(span.total_seconds() * 1000)))  # 0 would mean no limit at all

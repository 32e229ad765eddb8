"""Connections to the server, and what its errors mean to the domain."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import asyncpg
import msgspec
from sqlalchemy import URL, make_url
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio.engine import AsyncEngine, create_async_engine

from ...domain.shared.errors import Conflict, DomainError, Invalid, Reason
from ...ports.errors import NotKept, RolledBack, Unavailable
from .connecting import NOT_NOW, SHUT_DOWN, server_settings, sqlstate

DRIVER = "postgresql+asyncpg"

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_SOMEBODY_WAS_FIRST = {"23505", "23P01"}  # unique, exclusion
_UNDONE = {"40001", "40P01"}  # serialization, deadlock


def driver_url(url: str) -> URL:
    """Return the URL with our driver, whichever ``postgres...`` scheme was given."""
    parsed = make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername=DRIVER)
    # Hosted databases hand out sslmode, as PostgreSQL's own programs take it; the driver's argument is called ssl.
    mode = parsed.query.get("sslmode")
    return parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode}) if mode else parsed


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
    if getattr(error, "connection_invalidated", False) or state[:2] == "08" or state in SHUT_DOWN:
        return NotKept()
    if state in NOT_NOW:
        return Unavailable()
    if state in _UNDONE:
        return RolledBack()
    if state in _SOMEBODY_WAS_FIRST:
        return Conflict()
    return Invalid(Reason("data.cannot_be_kept")) if _is_about_a_value(error) else None


def _is_about_a_value(error: Exception) -> bool:
    """Whether a value cannot be written at all: a null character, half a letter, a number out of range."""
    said = getattr(error, "orig", error)
    causes = (said, getattr(said, "__cause__", None))
    return str(getattr(said, "sqlstate", None) or "").startswith("22") or any(
        isinstance(cause, asyncpg.DataError | UnicodeError) for cause in causes
    )

"""Many rows at once, through the driver's own COPY."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from ...domain.shared.errors import Conflict, Invalid, Reason
from ...ports.errors import Unavailable


async def driver_of(connection: AsyncConnection) -> Any:
    """Return the driver's connection, inside the same transaction."""
    return (await connection.get_raw_connection()).driver_connection


async def copy_rows(connection: AsyncConnection, table: str, columns: Sequence[str], rows: Iterable[Any]) -> None:
    """Append the rows to the table; JSON is given as text."""
    driver = await driver_of(connection)
    with driver_translated():
        await driver.copy_records_to_table(table, columns=columns, records=rows)


@contextmanager
def driver_translated() -> Iterator[None]:
    """Say in the domain's words what the driver raises inside, with the cause kept."""
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        if (error.constraint_name or "").endswith("_key"):  # two catalogues use the same key
            raise Invalid(Reason("import.key_taken", {"detail": error.detail or ""}, error.table_name or "")) from error
        raise Conflict from error
    except (asyncpg.DataError, UnicodeError) as error:  # a null character, half a letter, a number out of range
        raise Invalid(Reason("data.cannot_be_kept")) from error
    except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
        raise Conflict from error
    except (asyncpg.OperatorInterventionError, asyncpg.InsufficientResourcesError, asyncpg.LockNotAvailableError) as e:
        raise Unavailable from e
    except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionError, TimeoutError) as error:
        raise Unavailable from error

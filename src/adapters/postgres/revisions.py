"""Which versions of the schema this code knows, and at which one a database is: known without loading Alembic."""

from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from .engine import sqlstate, translated

_STEPS = Path(__file__).parent / "migrations" / "versions"
_NO_SUCH_TABLE = "42P01"


@cache
def known() -> tuple[str, ...]:
    """Return the revisions, oldest first: the first word of each step's file."""
    return tuple(sorted(file.name.partition("_")[0] for file in _STEPS.glob("[0-9]*.py")))


def is_newer(revision: str | None) -> bool:
    """Return whether it is a revision that this code has never heard of."""
    return revision is not None and revision not in known()


async def is_current(engine: AsyncEngine) -> bool:
    """Return whether the database is at the newest revision that this code knows, or at one of a newer release.

    Every step leaves room for the release before, so that a release can be rolled out process by process.
    """
    return is_enough(await revision_of(engine))


def is_enough(revision: str | None) -> bool:
    """Return whether this code can work with a database of that revision."""
    return revision == known()[-1] or is_newer(revision)


async def revision_of(engine: AsyncEngine) -> str | None:
    """Return the database's revision, None before the first; raise Unavailable when it does not answer."""
    with translated():
        async with engine.connect() as connection:
            try:
                found = await connection.scalar(text("SELECT version_num FROM alembic_version"))
            except ProgrammingError as error:
                if sqlstate(error) != _NO_SUCH_TABLE:
                    raise
                return None
    return None if found is None else str(found)

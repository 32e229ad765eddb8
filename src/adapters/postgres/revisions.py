"""Which versions of the schema this code knows, and at which one a database is: known without loading Alembic."""

from functools import cache
from pathlib import Path

import asyncpg

from .reading import Reading

_STEPS = Path(__file__).parent / "migrations" / "versions"


@cache
def known() -> tuple[str, ...]:
    """Return the revisions, oldest first: the first word of each step's file."""
    return tuple(sorted(file.name.partition("_")[0] for file in _STEPS.glob("[0-9]*.py")))


def is_newer(revision: str | None) -> bool:
    """Return whether it is a revision that this code has never heard of."""
    return revision is not None and revision not in known()


async def is_current(reading: Reading) -> bool:
    """Return whether the database is at the newest revision that this code knows, or at one of a newer release.

    Every step leaves room for the release before, so that a release can be rolled out process by process.
    """
    return is_enough(await revision_of(reading))


def is_enough(revision: str | None) -> bool:
    """Return whether this code can work with a database of that revision."""
    return revision == known()[-1] or is_newer(revision)


async def revision_of(reading: Reading) -> str | None:
    """Return the database's revision, None before the first; raise Unavailable when it does not answer."""
    try:
        found = await reading.fetch("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    return str(found[0][0]) if found else None

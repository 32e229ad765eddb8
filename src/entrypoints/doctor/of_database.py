"""The database: whether it can be used, by whom, and whether it keeps what it is given."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from ...adapters.postgres.health import ServerState, asked
from ...adapters.postgres.revisions import is_enough, is_newer, known, revision_of
from ...adapters.postgres.skew import skew_of
from ...ports.clock import Clock
from ..parts.database import Database
from ..settings import Settings
from .finding import Finding, broken, warning

_APART = 5.0  # seconds
_PROCESSES = 3
"""Those that an installation has at least: one that answers, one that relays, one that works."""
_WRAPAROUND = 1_500_000_000


async def of_database(settings: Settings, database: Database, clock: Clock) -> AsyncIterator[Finding]:
    """Yield what is wrong with the database, which answers."""
    stands = await revision_of(database.reading)
    if stands is None or not is_enough(stands):
        yield broken("schema_older", stands=stands or "none", needed=known()[-1])
    elif is_newer(stands):
        yield warning("schema_newer", stands=stands, known=known()[-1])
    state = await asked(database.reading)
    for finding in (*_of_safety(state), *_of_use(state)):
        yield finding
    if settings.database_url is not None:
        for finding in _of_a_given_one(settings, state):
            yield finding
    skew = await skew_of(clock, database.reading)
    if skew.at_least > _APART:
        yield broken("clock_apart", seconds=round(skew.at_least))


def _of_safety(state: ServerState) -> Iterator[Finding]:
    """Yield by what something that was said to be kept may be lost."""
    for name in state.unsafe:
        yield broken("unsafe_setting", setting=name)
    if state.no_vacuum:
        yield broken("no_vacuum")
    if state.transaction_age > _WRAPAROUND:
        yield broken("wraparound", transactions=state.transaction_age)


def _of_use(state: ServerState) -> Iterator[Finding]:
    """Yield what stands in the way of working with it."""
    for table in state.unreadable:
        yield broken("right_missing", table=table)
    for name in state.invalid_indexes:
        yield broken("index_invalid", index=name)
    if state.read_only:
        yield broken("read_only")
    for pid, minutes in state.idle_in_transaction:
        yield warning("idle_in_transaction", pid=pid, minutes=minutes)


def _of_a_given_one(settings: Settings, state: ServerState) -> Iterator[Finding]:
    """Yield what is wrong with how a database of somebody else's is given."""
    if state.owns:
        yield warning("application_owns", role=state.role)
    needed = _PROCESSES * (settings.database_connections + settings.database_extra_connections)
    if state.connections < needed:
        yield warning("few_connections", connections=state.connections, needed=needed)

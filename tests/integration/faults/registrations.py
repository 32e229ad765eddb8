"""Events of which mail follows, committed without the API, and what came of them."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path

import asyncpg

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.identity.account import Account, Role
from higherstudy.domain.shared.ids import AccountId

_OPEN = "SELECT (SELECT count(*) FROM outbox WHERE passed_on_at IS NULL) + "
_OPEN += "(SELECT count(*) FROM jobs WHERE status <> 'done')"


class TakenBack(Exception):
    """This transaction is not to be."""


async def register(transactions: PostgresTransactions, ids: Sequence[AccountId], *, keep: bool = True) -> None:
    """Register one account for each id in one transaction; raise TakenBack before its commit if it is not to be."""
    async with transactions() as work:
        for one in ids:
            account = Account(
                one, f"{one}@example.org", "no hash", frozenset({Role.STUDENT}), None, registered_at=work.now
            )
            await work.accounts.add(account)
            work.record(account.registered(), account.version)
        if not keep:
            raise TakenBack


@dataclass
class Registrations:
    """Registrations that are committed, and the mail that each one is owed."""

    transactions: PostgresTransactions
    connection: asyncpg.Connection
    outbox: Path
    committed: list[str] = field(default_factory=list)

    async def commit(self, count: int) -> None:
        """Register so many, in transactions of ten."""
        for begin in range(0, count, 10):
            ids = [AccountId(SystemIds().new()) for _ in range(min(10, count - begin))]
            await register(self.transactions, ids)
            self.committed += [f"{one}@example.org" for one in ids]

    async def record_again(self, ids: Sequence[AccountId], version: int) -> None:
        """Record one more event of each of these accounts, in one transaction."""
        async with self.transactions() as work:
            for one in ids:
                work.record((await work.accounts.get(one)).registered(), version)

    def mailed(self) -> list[str]:
        """Return to whom mail was written, as often as it was."""
        return sorted(
            re.sub("[<>]", "", str(message_from_bytes(path.read_bytes())["To"])) for path in self.outbox.glob("*.eml")
        )

    async def open(self) -> int:
        """Return how many events and jobs are not done with."""
        return int(await self.connection.fetchval(_OPEN))

    async def all_done(self) -> bool:
        """Whether nothing is left to do."""
        return await self.open() == 0

    async def again(self) -> int:
        """Return how many jobs were begun more than once."""
        return int(await self.connection.fetchval("SELECT count(*) FROM jobs WHERE token > 1"))


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Give a connection to the database."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def registrations(database_url: str, home: Path) -> AsyncIterator[Registrations]:
    """Give a way to register people in this database, whose mail is written below the home."""
    engine = create_engine(database_url)
    try:
        async with connected(database_url) as connection:
            yield Registrations(PostgresTransactions(engine, SystemIds()), connection, home / "outbox")
    finally:
        await engine.dispose()

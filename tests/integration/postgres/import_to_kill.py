"""A process that imports a catalogue, says at one place that it is there, and stands still."""

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.imports.catalogue_import import ImportKind, Table
from higherstudy.domain.imports.rows import Batch, Edition
from higherstudy.domain.imports.use_cases.importing import ImportCatalogue
from higherstudy.domain.shared.ids import AccountId
from higherstudy.ports.contracts.catalogue_rows import an_institution

KEEPER = Asker(AccountId(SystemIds().new()), frozenset({Role.ADMIN}))


@dataclass
class SlowCatalogue:
    """A catalogue of one institution that takes its time at one place, until it may go on."""

    origin: str
    place: str
    there: asyncio.Event = field(default_factory=asyncio.Event)
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    kind = ImportKind.CATALOGUE_CSV
    file_name = "slow.csv"
    sha256 = "0" * 64

    async def open(self) -> Edition:
        await self._stand_still("opening")
        return Edition(self.origin, "Slow", "1")

    async def read(self) -> AsyncIterator[Batch]:
        yield Batch(Table.INSTITUTIONS, (an_institution(self.origin),), read=1)
        await self._stand_still("reading")

    async def _stand_still(self, place: str) -> None:
        if place == self.place:
            self.there.set()
            await self.may_go_on.wait()


async def main(url: str, origin: str, place: str) -> None:
    source = SlowCatalogue(origin, place)
    transactions = PostgresTransactions(create_engine(url), SystemIds())
    importing = asyncio.create_task(ImportCatalogue(transactions, SystemIds())(KEEPER, source))
    await source.there.wait()
    sys.stdout.write(place + "\n")
    sys.stdout.flush()
    await importing


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))

"""The import as the server does it, in a process of its own."""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from higherstudy.adapters.postgres.engine import create_engine
from higherstudy.adapters.postgres.transactions import PostgresTransactions
from higherstudy.adapters.system.ids import SystemIds
from higherstudy.adapters.workbooks.cricos import CricosWorkbook
from higherstudy.domain.identity.account import Asker, Role
from higherstudy.domain.imports.use_cases.importing import ImportCatalogue
from higherstudy.domain.shared.ids import AccountId


async def main(path: str, url: str, what: str = "import") -> None:
    """Print how long it took and how much memory at most; or only migrate the database."""
    if what == "migrate":
        from higherstudy.adapters.postgres.migrate import upgrade  # noqa: PLC0415  the importer does not need it

        await upgrade(url)
        print("{}")
        return
    ids = SystemIds()
    engine = create_engine(url)
    transactions = PostgresTransactions(engine, ids)
    async with transactions():  # connected before the clock runs, as the peer is
        pass
    start = time.perf_counter()
    asker = Asker(AccountId(ids.new()), frozenset({Role.ADMIN}))
    await ImportCatalogue(transactions, ids)(asker, CricosWorkbook(Path(path)))
    seconds = time.perf_counter() - start
    await engine.dispose()
    print(json.dumps({"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

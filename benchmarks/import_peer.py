"""The bare limit: parse the workbook, give each cell its type, and copy the rows into tables without any index."""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import asyncpg
from python_calamine import CalamineWorkbook

TEXT, COUNT, MONEY, FLAG, HOURS = "text", "integer", "numeric(12, 2)", "boolean", "double precision"
TABLES = {
    "Institutions": [*[TEXT] * 4, COUNT, *[TEXT] * 8],
    "Locations": [TEXT] * 11,
    "Courses": [
        *[TEXT] * 5, FLAG, *[TEXT] * 7, FLAG, FLAG, HOURS, HOURS, HOURS, TEXT, COUNT, MONEY, MONEY, MONEY, FLAG,
    ],
    "Course Locations": [TEXT] * 6,
}  # fmt: skip
_TYPED: dict[str, Callable[[Any], Any]] = {
    TEXT: lambda cell: cell or None,
    COUNT: lambda cell: None if cell == "" else int(cell),
    MONEY: lambda cell: None if cell == "" else Decimal(str(cell)),
    FLAG: lambda cell: cell == "Yes",
    HOURS: lambda cell: None if cell == "" else float(cell),
}


async def main(path: str, url: str) -> None:
    """Print how long it took and how much memory at most."""
    connection = await asyncpg.connect(url)
    start = time.perf_counter()
    workbook = CalamineWorkbook.from_path(path)
    async with connection.transaction():
        for sheet, types in TABLES.items():
            table = sheet.lower().replace(" ", "_")
            columns = ", ".join(f"c{number} {kind}" for number, kind in enumerate(types))
            await connection.execute(f"CREATE TABLE {table} ({columns})")
            rows = workbook.get_sheet_by_name(sheet).to_python()[3:]
            await connection.copy_records_to_table(table, records=_typed(rows, types))
    seconds = time.perf_counter() - start
    await connection.close()
    print(json.dumps({"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def _typed(rows: list[list[Any]], types: list[str]) -> Iterator[list[Any]]:
    convert = [_TYPED[kind] for kind in types]
    for row in rows:
        yield [change(cell) for change, cell in zip(convert, row, strict=True)]


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

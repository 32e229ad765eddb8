"""Tables with a tab between cells, for tests."""

from collections.abc import AsyncIterator, Sequence
from datetime import date

from ...ports.sheets import SheetCell


class MemorySheets:
    """Writes each row as it comes; cells are shown as Python shows them, so that a text is seen to be one."""

    async def written(
        self, title: str, head: Sequence[str], rows: AsyncIterator[Sequence[SheetCell]], on: date
    ) -> AsyncIterator[bytes]:
        yield "\n".join((title, on.isoformat(), "\t".join(map(repr, head)), "")).encode()
        async for row in rows:
            yield ("\t".join(map(repr, row)) + "\n").encode()

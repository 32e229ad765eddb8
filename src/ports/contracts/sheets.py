"""What anything that writes tables must do."""

import tracemalloc
from collections.abc import AsyncIterator, Sequence
from datetime import date
from decimal import Decimal

import pytest

from ..sheets import SheetCell, Sheets

ON = date(2026, 11, 23)
HEAD = ("Name", "Days")
ROWS: list[list[SheetCell]] = [["Sample Student", 3], ["=1+1", -2], ["@a", None], ["নমস্কার", Decimal("0.5")], ["x", ON]]
SOME_MEGABYTES = 12_000_000


class SheetsContract:
    """Override ``sheets``."""

    @pytest.fixture
    def sheets(self) -> Sheets:
        """Return what writes tables."""
        raise NotImplementedError

    async def test_equal_tables_give_equal_bytes_and_others_do_not(self, sheets: Sheets) -> None:
        first, again = [await _whole(sheets, ROWS) for _ in range(2)]

        assert first == again
        assert first != await _whole(sheets, ROWS[:-1])

    async def test_a_table_without_rows_has_its_head(self, sheets: Sheets) -> None:
        assert await _whole(sheets, []) != b""

    async def test_what_the_rows_raise_is_raised(self, sheets: Sheets) -> None:
        async def broken() -> AsyncIterator[Sequence[SheetCell]]:
            yield ["x", 1]
            raise LookupError

        with pytest.raises(LookupError):
            async for _ in sheets.written("List", HEAD, broken(), ON):
                pass

    async def test_ten_thousand_rows_are_written_in_pieces_and_in_bounded_memory(self, sheets: Sheets) -> None:
        async def many() -> AsyncIterator[Sequence[SheetCell]]:
            for at in range(10_000):
                yield [f"Student {at:05} " + "x" * 200, at]

        await _whole(sheets, ROWS)  # what is loaded once
        tracemalloc.start()
        try:
            largest = 0
            async for piece in sheets.written("List", HEAD, many(), ON):
                largest = max(largest, len(piece))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

        assert largest < 1_000_000
        assert peak < SOME_MEGABYTES


async def _whole(sheets: Sheets, rows: Sequence[Sequence[SheetCell]]) -> bytes:
    async def given() -> AsyncIterator[Sequence[SheetCell]]:
        for row in rows:
            yield row

    return b"".join([piece async for piece in sheets.written("List", HEAD, given(), ON)])

"""What writes tables that spreadsheet programs read."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol, runtime_checkable

SheetCell = str | int | Decimal | date | None


@runtime_checkable
class Sheets(Protocol):
    """Writes one table as a file, in bounded memory however many rows there are."""

    def written(
        self, title: str, head: Sequence[str], rows: AsyncIterator[Sequence[SheetCell]], on: date
    ) -> AsyncIterator[bytes]:
        """Yield the file piece by piece; equal tables give equal bytes, in any process and on any day.

        ``on`` is the day that the file says it was made on. Numbers and days stay numbers and days where the form knows
        them. A text is a text whatever it begins with: no program takes it for a formula. What ``rows`` raises is
        raised as it is.
        """
        ...

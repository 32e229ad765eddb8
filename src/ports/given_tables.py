"""Files with rows about people, as they come: read whole, with nothing guessed."""

from typing import Protocol

from ..domain.imports.given import GivenTable


class GivenTables(Protocol):
    """Reads a file of rows under a header."""

    async def read(self, content: bytes, file_name: str) -> GivenTable:
        """Return the rows below the header, blank ones left out, each with as many cells as the header has.

        A cell is the text that stands in it; a day of a workbook is written YYYY-MM-DD and a number as its digits.
        Raises Invalid for a form that is not read, naming those that are, for what cannot be read, for a header with a
        name twice, and for more than MOST_ROWS rows.
        """
        ...

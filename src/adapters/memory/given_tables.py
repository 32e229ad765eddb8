"""Files about people read in memory: CSV in UTF-8 with commas, by the standard library alone."""

import csv
import io
from itertools import islice

from ...domain.imports.given import MOST_ROWS, GivenTable, bounded, filled, table_of
from ...domain.shared.errors import Invalid, Reason

SHEET = "csv"


class MemoryGivenTables:
    """Reads CSV; for tests, and for teams whose files have a form of their own."""

    async def read(self, content: bytes, file_name: str) -> GivenTable:
        """Return the rows; raise Invalid for any other form."""
        if not file_name.lower().endswith(".csv"):
            raise Invalid(Reason("import.unknown_form", {"known": ".csv"}, file_name))
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            byte = f"{content[error.start]:#04x}"
            line = content.count(b"\n", 0, error.start) + 1
            raise Invalid(Reason("csv.not_utf8", {"byte": byte}, f"{file_name}:{line}")) from error
        reader = csv.reader(bounded(io.StringIO(text, newline="\n")), strict=True)
        try:
            lines = list(islice(filled(reader), MOST_ROWS + 2))
        except csv.Error as error:
            raise Invalid(Reason("csv.unreadable", {"detail": str(error)}, f"{file_name}:{reader.line_num}")) from error
        return table_of(SHEET, lines, file_name)

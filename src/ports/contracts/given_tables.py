"""What any reader of files about people must do."""

import pytest

from ...domain.imports.given import GivenRow
from ...domain.shared.errors import Invalid
from ..given_tables import GivenTables

CONTENT = 'email, Full name ,Nationality\r\n\r\na@example.org,নুসরাত জাহান,BD\r\n,,\r\nb@example.org,"Omar, F."\r\n'


class GivenTablesContract:
    """Override ``tables``, which read CSV in UTF-8 with commas."""

    @pytest.fixture
    def tables(self) -> GivenTables:
        """Return what reads files."""
        raise NotImplementedError

    async def test_rows_come_with_the_numbers_that_a_reader_of_the_file_counts(self, tables: GivenTables) -> None:
        table = await tables.read(b"\xef\xbb\xbf" + CONTENT.encode(), "people.csv")

        assert (table.header, table.header_row) == (("email", "Full name", "Nationality"), 1)
        assert table.rows == (
            GivenRow(3, ("a@example.org", "নুসরাত জাহান", "BD")),
            GivenRow(5, ("b@example.org", "Omar, F.", "")),
        )

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "csv.empty"),
            (b"email,name,email\n", "csv.column_twice"),
            (b"email\na@example.org,more\n", "csv.cell_count"),
            (b"email\n\x81\n", "csv.not_utf8"),
            (b'email\n"a', "csv.unreadable"),
            (b"email\n" + b"," * 200_000, "csv.unreadable"),
        ],
    )
    async def test_what_cannot_be_read_is_refused_with_its_place(
        self, tables: GivenTables, content: bytes, code: str
    ) -> None:
        with pytest.raises(Invalid) as refused:
            await tables.read(content, "people.csv")

        assert [(one.code, one.where.partition(":")[0]) for one in refused.value.reasons] == [(code, "people.csv")]

    async def test_a_form_that_is_not_read_names_those_that_are(self, tables: GivenTables) -> None:
        with pytest.raises(Invalid) as refused:
            await tables.read(b"%PDF-1.7", "people.pdf")

        assert ".csv" in str(refused.value.reasons[0].params["known"])

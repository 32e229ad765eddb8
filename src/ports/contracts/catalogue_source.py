"""What any reader of catalogue files must do."""

import re
from collections.abc import Sequence

import pytest

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.imports.catalogue_import import ImportKind, Severity, Table
from ...domain.imports.rows import Batch, CampusRow, InstitutionRow, ProgrammeRow
from ..imports import CatalogueSource

_ORDER = (Table.INSTITUTIONS, Table.CAMPUSES, Table.PROGRAMMES)
_ROWS = {Table.INSTITUTIONS: InstitutionRow, Table.CAMPUSES: CampusRow, Table.PROGRAMMES: ProgrammeRow}


class CatalogueSourceContract:
    """Override ``source``, ``same_again`` with another reader of the very same content, and ``broken``.

    Set ``takes_some_rows`` to True where a file with a wrong row is taken without that row, and override
    ``with_a_wrong_row``; a form that is taken whole or not at all leaves it.
    """

    takes_some_rows = False

    @pytest.fixture
    def source(self) -> CatalogueSource:
        """Return a reader, not opened yet, of a file without a mistake that has a programme of an institution."""
        raise NotImplementedError

    @pytest.fixture
    def same_again(self) -> CatalogueSource:
        """Return another reader of the same content, not opened yet."""
        raise NotImplementedError

    @pytest.fixture
    def broken(self) -> CatalogueSource:
        """Return a reader of a file that cannot be used at all."""
        raise NotImplementedError

    @pytest.fixture
    def with_a_wrong_row(self) -> CatalogueSource:
        """Return a reader of a file with a wrong programme beside good ones."""
        raise NotImplementedError

    def test_a_file_says_what_it_is_before_it_is_opened(self, source: CatalogueSource) -> None:
        assert source.file_name
        assert source.kind in ImportKind
        assert re.fullmatch(r"[0-9a-f]{64}", source.sha256)

    async def test_a_file_says_which_edition_of_which_catalogue_it_is(self, source: CatalogueSource) -> None:
        edition = await source.open()

        assert edition.origin
        assert edition.title

    async def test_institutions_come_first_then_campuses_then_programmes(self, source: CatalogueSource) -> None:
        batches = await _read(source)

        tables = [_ORDER.index(batch.table) for batch in batches if batch.rows]
        assert tables == sorted(tables)
        assert {Table.INSTITUTIONS, Table.PROGRAMMES} <= {batch.table for batch in batches if batch.rows}
        assert all(isinstance(row, _ROWS[batch.table]) for batch in batches for row in batch.rows)

    async def test_each_key_comes_once(self, source: CatalogueSource) -> None:
        keys = [(batch.table, row.key) for batch in await _read(source) for row in batch.rows]

        assert sorted(keys) == sorted(set(keys))

    async def test_what_a_row_names_came_before_it(self, source: CatalogueSource) -> None:
        batches = await _read(source)
        institutions = _keys(batches, Table.INSTITUTIONS)
        campuses = _keys(batches, Table.CAMPUSES)

        named = [row for batch in batches for row in batch.rows if not isinstance(row, InstitutionRow)]

        assert {row.institution_key for row in named} <= institutions
        assert {key for row in named if isinstance(row, ProgrammeRow) for key in row.campuses} <= campuses

    async def test_a_file_without_a_mistake_loses_no_row(self, source: CatalogueSource) -> None:
        batches = await _read(source)

        assert [problem for batch in batches for problem in batch.problems] == []
        assert [(batch.read, batch.refused) for batch in batches if batch.refused] == []
        assert sum(batch.read for batch in batches if batch.table is Table.PROGRAMMES) == len(
            _keys(batches, Table.PROGRAMMES)
        )

    async def test_the_same_content_gives_the_same_rows(
        self, source: CatalogueSource, same_again: CatalogueSource
    ) -> None:
        first = [row for batch in await _read(source) for row in batch.rows]
        second = [row for batch in await _read(same_again) for row in batch.rows]

        assert first == second, "a row that changes by itself, its digest too, would be an update every time"
        assert source.sha256 == same_again.sha256

    async def test_what_cannot_be_used_is_refused_with_its_place(self, broken: CatalogueSource) -> None:
        with pytest.raises(BrokenCatalogue) as refused:
            await _read(broken)

        assert refused.value.reasons
        assert [reason for reason in refused.value.reasons if broken.file_name not in reason.where] == []

    async def test_a_wrong_row_is_left_out_and_what_stands_in_its_place_is_held(
        self, request: pytest.FixtureRequest
    ) -> None:
        if not self.takes_some_rows:
            pytest.skip("takes_some_rows is False: this form is taken whole or not at all")
        batches = await _read(request.getfixturevalue("with_a_wrong_row"))

        of_programmes = [batch for batch in batches if batch.table is Table.PROGRAMMES]
        held = {key for batch in of_programmes for key in batch.held}
        errors = [p for batch in of_programmes for p in batch.problems if p.severity is Severity.ERROR]
        assert held
        assert held & _keys(batches, Table.PROGRAMMES) == set()
        assert sum(batch.refused for batch in of_programmes) == 1
        assert errors
        assert all(problem.row > 0 and problem.code for problem in errors)
        assert _keys(batches, Table.PROGRAMMES)


async def _read(source: CatalogueSource) -> list[Batch]:
    await source.open()
    return [batch async for batch in source.read()]


def _keys(batches: Sequence[Batch], table: Table) -> set[str]:
    return {row.key for batch in batches if batch.table is table for row in batch.rows}

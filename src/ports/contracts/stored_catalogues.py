"""What any way from the store to the rows of a catalogue must do."""

from collections.abc import AsyncIterator

import pytest

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.imports.catalogue_import import ImportKind, RowProblem
from ...domain.imports.rows import ProgrammeRow
from ...domain.shared.errors import NotFound
from ..files import Files
from ..imports import CatalogueSource, StoredCatalogues

FILE = "coast.csv"
CONTENT = (
    b"key,institution_key,institution,country,name,level,source_title,retrieved_on,confidence\n"
    b"data,invented,Invented University,DE,Data,master,A page,2026-11-04,U\n"
)
"""A catalogue of one programme in our own CSV form; its name is in row 2."""
CORRECTION = b"sheet,row,column,correction\ncsv,2,name,Botany\n"
IN_VAIN = b"sheet,row,column,correction\ncsv,77,name,Botany\n"


class StoredCataloguesContract:
    """Override ``catalogues``, which read our CSV form, and ``files``, an empty store."""

    @pytest.fixture
    def catalogues(self) -> StoredCatalogues:
        """Return what reads stored catalogues."""
        raise NotImplementedError

    @pytest.fixture
    def files(self) -> Files:
        """Return a store."""
        raise NotImplementedError

    def test_the_form_is_told_by_the_name(self, catalogues: StoredCatalogues) -> None:
        assert catalogues.kind_of(FILE) is ImportKind.CATALOGUE_CSV
        with pytest.raises(BrokenCatalogue):
            catalogues.kind_of("coast.docx")

    async def test_what_the_store_keeps_is_read(self, catalogues: StoredCatalogues, files: Files) -> None:
        kept = await _kept(files, CONTENT)

        async with catalogues.fetched(files, kept, FILE) as source:
            names, problems = await _read(source)

        assert (names, problems) == (["Data"], [])

    async def test_corrections_lie_upon_the_file_and_the_last_one_counts(
        self, catalogues: StoredCatalogues, files: Files
    ) -> None:
        kept, first = await _kept(files, CONTENT), await _kept(files, CORRECTION)
        second = await _kept(files, CORRECTION.replace(b"Botany", b"Zoology"))

        async with catalogues.fetched(files, kept, FILE, [first, second]) as source:
            names, problems = await _read(source)

        assert (names, problems) == (["Zoology"], [])

    async def test_a_correction_of_what_is_not_there_is_named(self, catalogues: StoredCatalogues, files: Files) -> None:
        kept, correction = await _kept(files, CONTENT), await _kept(files, IN_VAIN)

        async with catalogues.fetched(files, kept, FILE, [correction]) as source:
            names, problems = await _read(source)

        assert names == ["Data"]
        assert [(one.row, one.column, one.code) for one in problems] == [(77, "name", "import.correction_unused")]

    async def test_what_the_store_does_not_keep_is_not_found(self, catalogues: StoredCatalogues, files: Files) -> None:
        with pytest.raises(NotFound):
            async with catalogues.fetched(files, "0" * 64, FILE) as source:
                await _read(source)


async def _kept(files: Files, content: bytes) -> str:
    async def pieces() -> AsyncIterator[bytes]:
        yield content

    return (await files.store(pieces(), at_most=1_000_000)).sha256


async def _read(source: CatalogueSource) -> tuple[list[str], list[RowProblem]]:
    await source.open()
    batches = [batch async for batch in source.read()]
    names = [row.name for batch in batches for row in batch.rows if isinstance(row, ProgrammeRow)]
    return names, [problem for batch in batches for problem in batch.problems]

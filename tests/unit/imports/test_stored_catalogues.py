"""Catalogues in the store are read as those on the disk are, and bytes that are not what was sent are refused."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from higherstudy.adapters.memory.files import MemoryFiles
from higherstudy.adapters.memory.stored_catalogues import MemoryStoredCatalogues
from higherstudy.adapters.workbooks.catalogue_csv import CatalogueCsv
from higherstudy.adapters.workbooks.stored import WorkbooksStoredCatalogues
from higherstudy.domain.catalogue.errors import BrokenCatalogue
from higherstudy.domain.imports.corrections import Corrections
from higherstudy.ports.contracts.stored_catalogues import CONTENT, CORRECTION, FILE, StoredCataloguesContract
from higherstudy.ports.files import Files
from higherstudy.ports.imports import CatalogueSource, StoredCatalogues


class _Files:
    @pytest.fixture
    def files(self) -> Files:
        return MemoryFiles()


class TestWorkbooksStoredCatalogues(_Files, StoredCataloguesContract):
    @pytest.fixture
    def catalogues(self) -> StoredCatalogues:
        return WorkbooksStoredCatalogues()


class TestMemoryStoredCatalogues(_Files, StoredCataloguesContract):
    @pytest.fixture
    def catalogues(self, tmp_path: Path) -> StoredCatalogues:
        def read(content: bytes, name: str, corrections: Corrections | None) -> CatalogueSource:
            path = tmp_path / "file"
            path.write_bytes(content)
            return CatalogueCsv(path, name, corrections=corrections)

        return MemoryStoredCatalogues(read)


class _Changing(MemoryFiles):
    """A store that gives other bytes than it was given."""

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        async for piece in super().read(sha256):
            yield piece.replace(b"Data", b"Dada")


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_bytes_that_changed_in_the_store_are_refused() -> None:
    files = _Changing()
    kept = await files.store(once(CONTENT), at_most=1000)

    with pytest.raises(BrokenCatalogue) as refused:
        async with WorkbooksStoredCatalogues().fetched(files, kept.sha256, FILE):
            pass

    assert [reason.code for reason in refused.value.reasons] == ["import.file_changed"]


async def test_a_catalogue_that_is_taken_whole_takes_no_corrections() -> None:
    files = MemoryFiles()
    kept, correction = [await files.store(once(one), at_most=1000) for one in (b"x", CORRECTION)]

    with pytest.raises(BrokenCatalogue) as refused:
        async with WorkbooksStoredCatalogues().fetched(files, kept.sha256, "coast.toml", [correction.sha256]):
            pass

    assert [reason.code for reason in refused.value.reasons] == ["corrections.not_here"]

"""Catalogues that lie in the store, read in memory by a function that is given."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.imports.catalogue_import import ImportKind
from ...domain.imports.corrections import Corrections, read_corrections, together
from ...domain.shared.errors import Reason
from ...ports.files import Files
from ...ports.imports import CatalogueSource

Read = Callable[[bytes, str, Corrections | None], CatalogueSource]
"""Makes a source of content, the file's name and what lies upon it."""


class MemoryStoredCatalogues:
    """Holds each file whole in memory; for tests, and for teams whose catalogues have a form of their own."""

    def __init__(self, read: Read, ending: str = ".csv", kind: ImportKind = ImportKind.CATALOGUE_CSV) -> None:
        self._read = read
        self._ending = ending
        self._kind = kind

    def kind_of(self, file_name: str) -> ImportKind:
        """Return the one form that is read here; raise BrokenCatalogue for a name with another ending."""
        if not file_name.lower().endswith(self._ending):
            raise BrokenCatalogue(Reason("file.unknown_kind", {"known": self._ending}, file_name))
        return self._kind

    @asynccontextmanager
    async def fetched(
        self, files: Files, sha256: str, file_name: str, corrections: Sequence[str] = ()
    ) -> AsyncIterator[CatalogueSource]:
        """Yield the source of what lies in the store."""
        content = await _whole(files, sha256)
        texts = [await _whole(files, one) for one in corrections]
        upon = together([read_corrections(text, file_name) for text in texts]) if texts else None
        yield self._read(content, file_name, upon)


async def _whole(files: Files, sha256: str) -> bytes:
    return b"".join([piece async for piece in files.read(sha256)])

"""A catalogue that is at hand as rows."""

import hashlib
from collections.abc import AsyncIterator, Sequence

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.imports.catalogue_import import ImportKind
from ...domain.imports.rows import Batch, Edition
from ...domain.shared.errors import Reason


class MemoryCatalogueSource:
    """Gives the batches that it is given; for tests, and for teams that have their catalogue in a form of their own."""

    def __init__(
        self,
        edition: Edition,
        batches: Sequence[Batch],
        *,
        file_name: str = "catalogue",
        kind: ImportKind = ImportKind.CATALOGUE_CSV,
    ) -> None:
        self._edition = edition
        self._batches = tuple(batches)
        self._file_name = file_name
        self._kind = kind

    @property
    def kind(self) -> ImportKind:
        return self._kind

    @property
    def file_name(self) -> str:
        return self._file_name

    @property
    def sha256(self) -> str:
        """The hash of the edition and all that its batches say."""
        return hashlib.sha256(repr((self._edition, self._batches)).encode("utf-8", "backslashreplace")).hexdigest()

    async def open(self) -> Edition:
        """Return the edition; raise BrokenCatalogue where it has no origin."""
        if not self._edition.origin:
            raise BrokenCatalogue(Reason("data.missing", {}, f"{self._file_name}: origin"))
        return self._edition

    async def read(self) -> AsyncIterator[Batch]:
        for batch in self._batches:
            yield batch

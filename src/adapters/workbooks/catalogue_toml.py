"""Our TOML form of a catalogue, which is taken whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import cached_property
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.catalogue.reading import CatalogueFile, read_catalogue
from ...domain.imports.catalogue_import import ImportKind, Table
from ...domain.imports.programmes import institution_row, programme_row
from ...domain.imports.rows import Batch, Edition
from ...domain.shared.errors import Reason
from .batches import in_thread, sha256_of

_LARGEST_FILE = 10_000_000


class CatalogueToml:
    """A catalogue in a TOML file; implements the port CatalogueSource."""

    kind = ImportKind.CATALOGUE_TOML

    def __init__(self, path: Path, file_name: str = "", *, at_most: int = _LARGEST_FILE) -> None:
        self.path = path
        self.file_name = file_name or path.name
        self.at_most = at_most
        self._file: CatalogueFile | None = None

    @cached_property
    def sha256(self) -> str:
        """The hash of the file."""
        return sha256_of(self.path, self.file_name)

    async def open(self) -> Edition:
        """Read the file and return which catalogue it is; raise BrokenCatalogue with every problem at once."""
        self._file = file = await asyncio.to_thread(self._parsed)
        return Edition(file.id, file.title, file.edition)

    def read(self) -> AsyncIterator[Batch]:
        """Yield the institutions, then the programmes."""
        return in_thread(self._batches())

    def _batches(self) -> Iterator[Batch]:
        assert self._file is not None, "open() comes first"  # noqa: S101
        institutions = tuple(map(institution_row, self._file.institutions))
        yield Batch(Table.INSTITUTIONS, institutions, read=len(institutions))
        programmes = tuple(map(programme_row, self._file.programmes))
        yield Batch(Table.PROGRAMMES, programmes, read=len(programmes))

    def _parsed(self) -> CatalogueFile:
        try:
            if (size := self.path.stat().st_size) > self.at_most:
                reason = Reason("catalogue.too_large", {"bytes": size, "at_most": self.at_most}, self.file_name)
                raise BrokenCatalogue(reason)
            text = self.path.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise BrokenCatalogue(Reason("catalogue.not_utf8", {"position": error.start}, self.file_name)) from error
        # Ids are given when a row is kept; until then any will do.
        return read_catalogue(text, self.file_name, lambda key: uuid5(NAMESPACE_URL, key))

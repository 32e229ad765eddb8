"""Catalogues that lie in the store: fetched into a file of our own for as long as they are read."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, aclosing, asynccontextmanager
from pathlib import Path

from ...domain.catalogue.errors import BrokenCatalogue
from ...domain.imports.catalogue_import import ImportKind
from ...domain.imports.corrections import read_corrections, together
from ...domain.shared.errors import Reason
from ...ports.errors import Unavailable
from ...ports.files import Files
from ...ports.imports import CatalogueSource
from .choosing import kind_of, source_of


class WorkbooksStoredCatalogues:
    """Reads stored files by the readers of this package, which want a file on the disk."""

    def kind_of(self, file_name: str) -> ImportKind:
        """Return the form of the file, going by the end of its name; raise BrokenCatalogue where there is none."""
        return kind_of(file_name)

    @asynccontextmanager
    async def fetched(
        self, files: Files, sha256: str, file_name: str, corrections: Sequence[str] = ()
    ) -> AsyncIterator[CatalogueSource]:
        """Yield the source; its file lasts for the block."""
        texts = [b"".join([piece async for piece in files.read(one)]) for one in corrections]
        with ExitStack() as stack:
            try:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="higherstudy-import-"))
                path = Path(folder) / "catalogue"
                came = await _written(files, sha256, path)
            except OSError as error:  # full, read-only, or no folder for such files at all
                raise Unavailable from error
            if came != sha256:
                raise BrokenCatalogue(Reason("import.file_changed", {}, file_name))
            upon = together([read_corrections(text, file_name) for text in texts]) if texts else None
            yield source_of(path, file_name, upon)


async def _written(files: Files, sha256: str, path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        async with aclosing(files.read(sha256)) as pieces:  # type: ignore[type-var]
            async for piece in pieces:
                digest.update(piece)
                await asyncio.to_thread(file.write, piece)
    return digest.hexdigest()

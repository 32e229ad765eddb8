"""The bytes of papers, as they are kept: sealed under keys of the student's own."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable

from ....ports.errors import Unreadable
from ....ports.files import Files, StoredFile
from ....ports.vault import Place, StudentKeys
from ...shared.ids import DocumentId
from ..document import Version
from .looking import Watched

_KIND = "paper"


async def store_sealed(
    files: Files,
    keys: StudentKeys,
    document_id: DocumentId,
    content: Watched,
    look: Callable[[Watched], Awaitable[None]],
) -> str:
    """Keep the content sealed, read once, and return the name under which it is kept.

    ``look`` is called once all of ``content`` was read, and gets the very bytes that would be kept, opened again. What
    it raises is raised, and then nothing was kept.
    """
    place = place_of(document_id)

    async def opened_look(_: StoredFile, sealed: AsyncIterator[bytes]) -> None:
        await look(Watched(keys.opening(place, sealed)))

    stored = await files.store(keys.sealing(place, content.pieces()), at_most=sys.maxsize, look=opened_look)
    return stored.sha256


def version_content(files: Files, keys: StudentKeys, document_id: DocumentId, version: Version) -> AsyncIterator[bytes]:
    """Yield the content of the version, piece by piece; raise NotFound where its file is gone, Unreadable for a file
    that is not the one which was uploaded, at the latest after the last piece."""
    if not version.sealed_as:
        return files.read(version.sha256)
    return opened(files, keys, document_id, version.sealed_as, version.sha256)


async def opened(
    files: Files, keys: StudentKeys, document_id: DocumentId, stored_as: str, sha256: str
) -> AsyncIterator[bytes]:
    """Yield the content of the sealed file whose content has that hash; raise as ``version_content`` does."""
    content = Watched(keys.opening(place_of(document_id), files.read(stored_as)))
    async for piece in content.pieces():
        yield piece
    if content.sha256 != sha256:  # another version of the same paper
        raise Unreadable


def place_of(document_id: DocumentId) -> Place:
    """Return where the files of the paper open."""
    return Place(_KIND, str(document_id))

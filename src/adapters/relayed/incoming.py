"""Uploads that arrive in one place and are kept in another."""

import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime

from ...domain.documents.upload import Announced, not_as_announced
from ...domain.shared.errors import NotFound, RuleBroken
from ...ports.files import Files, StoredFile
from ...ports.incoming import Incoming, Ticket


class RelayedIncoming:
    """Takes uploads as ``incoming`` does, and carries what may stay over to ``files``, a store of any other kind."""

    def __init__(self, incoming: Incoming, files: Files) -> None:
        self._incoming = incoming
        self._files = files

    async def ticket(self, name: str, announced: Announced, until: datetime) -> Ticket:
        return await self._incoming.ticket(name, announced, until)

    async def arrived(self, name: str, announced: Announced) -> None:
        await self._incoming.arrived(name, announced)

    def read(self, name: str) -> AsyncIterator[bytes]:
        return self._incoming.read(name)

    async def keep(self, name: str, sha256: str) -> None:
        async def look(stored: StoredFile, _: AsyncIterator[bytes]) -> None:
            if stored.sha256 != sha256:
                raise RuleBroken(not_as_announced("sha256", sha256, stored.sha256))

        with suppress(NotFound):
            await self._files.store(self._incoming.read(name), at_most=sys.maxsize, look=look)
            return
        # It was carried over before: storing it anew is what makes it count as stored now.
        await self._files.store(self._files.read(sha256), at_most=sys.maxsize, look=look)

    async def drop(self, name: str) -> None:
        await self._incoming.drop(name)

    def left_before(self, moment: datetime) -> AsyncIterator[str]:
        return self._incoming.left_before(moment)

"""Where the bytes of papers are kept."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Protocol, runtime_checkable

from ..domain.shared.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it is kept: its SHA-256 names it, so equal content is kept once."""

    sha256: str
    size: int
    head: bytes
    """The first bytes (at most 4,096), from which its content type is judged."""


Look = Callable[[StoredFile, AsyncIterator[bytes]], Awaitable[None]]
"""Looks at content before it is kept, and raises for what may not be kept."""


@runtime_checkable
class Files(Protocol):
    """Keeps files by their hash and hands out links that end. A text that is no hash names no file.

    Equal content may be stored, read and deleted at once, by many processes: whoever has stored it, or reads it to its
    end, never meets half of it.
    """

    async def store(self, content: AsyncIterator[bytes], *, at_most: int, look: Look | None = None) -> StoredFile:
        """Keep the streamed content and return what it is; raise RuleBroken(file.too_large) past ``at_most`` bytes
        and RuleBroken(file.empty) for no bytes. ``look`` gets what came and its content before that counts as kept;
        what it raises is raised, and then the content was never kept. Nothing half-written is left behind, and memory
        stays bounded. What ``content`` raises is raised as it is. Content that is kept already counts as stored anew.
        Raises Unavailable when the store does not answer."""
        ...

    def read(self, sha256: str) -> AsyncIterator[bytes]:
        """Yield the content in pieces; raise NotFound where there is no such file, Unavailable when the store does
        not answer. It is an asynchronous generator: who does not read to the end closes it."""
        ...

    async def delete(self, sha256: str, *, stored_before: datetime | None = None) -> None:
        """Remove the file for good; removing one that is not there changes nothing.

        With ``stored_before``, one that was stored again since that moment stays, however late this is carried out:
        whoever stored it may count on it.
        """
        ...

    async def link(self, sha256: str, *, file_name: str, content_type: str, until: datetime) -> str:
        """Return a signed link that opens this file under the name until that moment, for whoever has the link.

        Nobody looks whether the file is there. A link without a host leads to our own API.
        """
        ...

    def kept_before(self, moment: datetime) -> AsyncIterator[str]:
        """Yield the hash of each file that was last stored before the moment, by the store's own clock, in any order.

        A store that knows whole seconds only leaves out those of which it cannot tell. Files that are stored or
        deleted meanwhile may be among them or not.
        """
        ...

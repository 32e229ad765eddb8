"""Where texts of rule packs are kept, and which of them came into force when."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from ..domain.rulebook.editions import Edition, StoredPack


class RuleEditions(Protocol):
    """All texts of packs and all editions; nothing of it is ever changed or removed."""

    async def add_pack(self, pack: StoredPack, text: str) -> bool:
        """Keep the text; return False and change nothing where a text with this hash is kept already."""
        ...

    async def pack(self, sha256: str) -> StoredPack:
        """Return what is kept beside the text; raise NotFound where there is none."""
        ...

    async def packs(self, after: str | None, limit: int) -> Sequence[StoredPack]:
        """Return packs, newest first, from just after the one with that hash on, at most ``limit``.

        Of packs of the same moment the lesser hash goes first. After what is no pack comes none.
        """
        ...

    async def texts(self, hashes: Collection[str]) -> Mapping[str, str]:
        """Return the texts by their hashes; raise NotFound naming every one that is not kept."""
        ...

    async def latest(self) -> Edition | None:
        """Return the edition that came into force last, None before the first."""
        ...

    async def find(self, sha256: str) -> Edition | None:
        """Return the newest edition of that name, or None."""
        ...

    async def editions(self, before: int | None, limit: int) -> Sequence[Edition]:
        """Return editions, newest first, from just before the one of that number on, at most ``limit``."""
        ...

    async def add(self, edition: Edition) -> None:
        """Let the edition come into force; raise Conflict where one of its number did already.

        Every process that hears of it has it in force within moments of the commit.
        """
        ...

"""Editions: which packs are in force together, since when, by whose word and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from ..shared.dataclass import dataclass
from ..shared.ids import AccountId, EditionId, ImpactId
from .events import EditionActivated

if TYPE_CHECKING:
    from .pack import RulePack


@dataclass(frozen=True, slots=True)
class StoredPack:
    """One text of a pack that was taken in, without the text; its SHA-256 names it. ``by`` is None for what ships."""

    sha256: str
    pack_id: str
    version: str
    title: str
    size: int
    uploaded_at: datetime
    by: AccountId | None

    @classmethod
    def of(cls, pack: RulePack, text: str, at: datetime, by: AccountId | None) -> StoredPack:
        """Return what is kept beside the text."""
        return cls(pack.sha256, pack.id, pack.version, pack.title, len(text.encode()), at, by)


@dataclass(frozen=True, slots=True)
class Edition:
    """All packs that are in force together from a moment on, by their hashes, in their order.

    ``chosen`` are those that somebody laid over what ships; ``number`` counts the editions in the order in which they
    came into force. ``by`` is None where the shipped packs themselves had changed.
    """

    id: EditionId
    number: int
    packs: tuple[str, ...]
    chosen: tuple[str, ...]
    activated_at: datetime
    by: AccountId | None
    reason: str = ""
    impact: ImpactId | None = None

    @property
    def sha256(self) -> str:
        """What names the edition: equal packs in equal order have one name, on whichever machine."""
        return edition_of(self.packs)

    def activated(self, before: str) -> EditionActivated:
        """Return what it means to others that this edition took the place of the one named ``before``."""
        return EditionActivated(self.id, self.number, before, self.sha256)


def edition_of(packs: Iterable[str]) -> str:
    """Return the SHA-256 that names the edition of these packs, in this order.

    A pack is given by its hash, or by its whole name as decisions record it (``tests@2026.1:0a1b...``).
    """
    return hashlib.sha256("\n".join(name.rpartition(":")[2] for name in packs).encode()).hexdigest()

"""Texts of rule packs and their editions in memory."""

from collections.abc import Collection, Mapping, Sequence

from ...domain.rulebook.editions import Edition, StoredPack
from ...domain.shared.errors import Conflict, NotFound, Reason
from .tables import Table


class RuleStore:
    """What rules keep between units of work."""

    def __init__(self) -> None:
        self.packs: Table[str, StoredPack] = Table()
        self.texts: Table[str, str] = Table()
        self.editions: Table[int, Edition] = Table()

    @property
    def latest(self) -> Edition | None:
        """The edition that came into force last."""
        return max(self.editions.rows(), key=lambda edition: edition.number, default=None)

    def keep(self) -> None:
        """Let the changes of the unit count."""
        for part in (self.packs, self.texts, self.editions):
            part.keep()

    def discard(self) -> None:
        """Forget the changes of the unit."""
        for part in (self.packs, self.texts, self.editions):
            part.discard()


class MemoryRuleEditions:
    """The packs and editions as the open unit sees them."""

    def __init__(self, store: RuleStore) -> None:
        self._store = store

    async def add_pack(self, pack: StoredPack, text: str) -> bool:
        if self._store.packs.get(pack.sha256) is not None:
            return False
        self._store.packs.put(pack.sha256, pack)
        self._store.texts.put(pack.sha256, text)
        return True

    async def pack(self, sha256: str) -> StoredPack:
        found = self._store.packs.get(sha256)
        if found is None:
            raise _unknown(sha256)
        return found

    async def packs(self, after: str | None, limit: int) -> Sequence[StoredPack]:
        found = sorted(self._store.packs.rows(), key=lambda pack: pack.sha256)
        found.sort(key=lambda pack: pack.uploaded_at, reverse=True)
        if after is not None:
            places = [place for place, pack in enumerate(found, start=1) if pack.sha256 == after]
            found = found[places[0] :] if places else []
        return found[:limit]

    async def texts(self, hashes: Collection[str]) -> Mapping[str, str]:
        found = {sha256: text for sha256 in hashes if (text := self._store.texts.get(sha256)) is not None}
        missing = sorted(set(hashes) - found.keys())
        if missing:
            raise _unknown(*missing)
        return found

    async def latest(self) -> Edition | None:
        return self._store.latest

    async def find(self, sha256: str) -> Edition | None:
        named = self._store.editions.rows(lambda edition: edition.sha256 == sha256)
        return max(named, key=lambda edition: edition.number, default=None)

    async def editions(self, before: int | None, limit: int) -> Sequence[Edition]:
        found = self._store.editions.rows(lambda edition: before is None or edition.number < before)
        return sorted(found, key=lambda edition: edition.number, reverse=True)[:limit]

    async def add(self, edition: Edition) -> None:
        if self._store.editions.get(edition.number) is not None:
            raise Conflict(Reason("edition.somebody_was_first"))
        self._store.editions.put(edition.number, edition)


def _unknown(*hashes: str) -> NotFound:
    return NotFound(*(Reason("edition.unknown_pack", {"sha256": one}, "packs") for one in hashes))

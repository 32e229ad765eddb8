"""Rule packs from texts at hand."""

from __future__ import annotations

from collections.abc import Mapping

from ...domain.rulebook.errors import BrokenPack
from ...domain.rulebook.pack import Rulebook, RulePack
from ...domain.rulebook.reading import read_pack
from ...domain.shared.errors import NotFound, Reason
from ...ports.rule_packs import RulePacks
from .rule_editions import RuleStore


class MemoryRulePacks:
    """Holds packs given as TOML texts by their names; for tests and for teams that keep packs where they like."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Read every text; raise BrokenPack with the problems of all of them."""
        packs = _read(texts)
        self._rulebook = Rulebook(packs)
        self._texts = {pack.sha256: text for pack, (_, text) in zip(packs, sorted(texts.items()), strict=True)}

    def rulebook(self) -> Rulebook:
        return self._rulebook

    def edition(self, sha256: str) -> Rulebook:
        if sha256 != self._rulebook.edition_id:
            raise NotFound(Reason("edition.unknown", {"given": sha256[:80]}, "edition"))
        return self._rulebook

    def shipped(self) -> Rulebook:
        return self._rulebook

    def text(self, sha256: str) -> str:
        if sha256 not in self._texts:
            raise NotFound(Reason("edition.unknown_pack", {"sha256": sha256[:80]}))
        return self._texts[sha256]


class MemoryStoredRulePacks:
    """The packs that a store in memory has in force, over others; a change counts as soon as it is kept."""

    def __init__(self, over: RulePacks, store: RuleStore) -> None:
        self._over = over
        self._store = store
        self._made: dict[tuple[str, ...], Rulebook] = {}

    def rulebook(self) -> Rulebook:
        latest = self._store.latest
        if latest is None or not latest.chosen:
            return self._over.rulebook()
        if latest.chosen not in self._made:
            self._made[latest.chosen] = self.shipped().with_packs(self._packs(latest.chosen))
        return self._made[latest.chosen]

    def edition(self, sha256: str) -> Rulebook:
        for edition in self._store.editions.rows():
            if edition.sha256 == sha256:
                return Rulebook(self._packs(edition.packs))
        if sha256 == self.rulebook().edition_id:
            return self.rulebook()
        return self._over.edition(sha256)

    def shipped(self) -> Rulebook:
        return self._over.shipped()

    def text(self, sha256: str) -> str:
        return self._over.text(sha256)

    def _packs(self, hashes: tuple[str, ...]) -> tuple[RulePack, ...]:
        return tuple(read_pack(self._store.texts.get(one) or "", one) for one in hashes)


def _read(texts: Mapping[str, str]) -> tuple[RulePack, ...]:
    packs: list[RulePack] = []
    problems: list[Reason] = []
    for name, text in sorted(texts.items()):
        try:
            packs.append(read_pack(text, name))
        except BrokenPack as error:
            problems.extend(error.reasons)
    if problems:
        raise BrokenPack(*problems)
    return tuple(packs)

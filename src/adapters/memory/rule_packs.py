"""Rule packs from texts at hand."""

from collections.abc import Mapping

from ...domain.rulebook.errors import BrokenPack
from ...domain.rulebook.pack import Rulebook, RulePack
from ...domain.rulebook.reading import read_pack
from ...domain.shared.errors import Reason


class MemoryRulePacks:
    """Holds packs given as TOML texts by their names; for tests and for teams that keep packs where they like."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Read every text; raise BrokenPack with the problems of all of them."""
        self._rulebook = Rulebook(_read(texts))

    def rulebook(self) -> Rulebook:
        return self._rulebook


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

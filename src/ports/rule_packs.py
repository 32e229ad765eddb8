"""Where rule packs come from."""

from typing import Protocol, runtime_checkable

from ..domain.rulebook.pack import Rulebook


@runtime_checkable
class RulePacks(Protocol):
    """Gives the packs that are in force as one rulebook."""

    def rulebook(self) -> Rulebook:
        """Return the packs in force; raise BrokenPack when one of them cannot be used."""
        ...

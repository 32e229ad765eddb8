"""Where rule packs come from."""

from typing import Protocol, runtime_checkable

from ..domain.rulebook.pack import Rulebook


@runtime_checkable
class RulePacks(Protocol):
    """Gives the packs that are in force as one rulebook."""

    def rulebook(self) -> Rulebook:
        """Return the packs in force; raise BrokenPack with the problems of all that cannot be used.

        Asked with nearly every question, so answered from memory. The answer may change while the process runs; whoever
        needs one edition for several questions keeps what this returned.
        """
        ...
